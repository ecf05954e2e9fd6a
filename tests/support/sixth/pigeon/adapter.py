"""Pigeon post as the worker sees it: letters are files in a loft that pigeons come home to."""

from __future__ import annotations

import base64
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account, Check
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.messages import Delivery
from helpdesk_tui.domain.messaging.parts import PartLimits, PlannedPart, Reply, plan
from helpdesk_tui.domain.messaging.received import Medium, Received, StatusNews
from helpdesk_tui.domain.received import Summary
from helpdesk_tui.services.messaging.messages import Messaging
from helpdesk_tui.sync.channels.adapter import Adapter
from helpdesk_tui.sync.channels.errors import AuthFailed, Retry
from helpdesk_tui.sync.channels.messaging.provider import Accepted, OutgoingPart
from helpdesk_tui.sync.channels.messaging.sender import MessagingSender
from helpdesk_tui.sync.loop import Loop
from helpdesk_tui.sync.receiving import Password, ReceiveLoop

SPEC = CHANNELS["pigeon"]


class Loft:
    """What talks to the provider: the only part that knows how."""

    def __init__(self, account: Account, password: Password) -> None:
        self._folder = Path(json.loads(account.settings)["loft"])
        self._key = password(account, "token")

    def enter(self) -> Path:
        """Return the loft, once the key fits; raises AuthFailed or Retry."""
        try:
            key = (self._folder / "key").read_text()
        except OSError as error:
            raise Retry("provider.unreachable") from error
        if key != self._key:
            raise AuthFailed("provider.credentials")
        return self._folder


class LoftLoop(ReceiveLoop):
    """Reads the letters that have come home."""

    def __init__(self, account: Account, store: Store, password: Password) -> None:
        super().__init__(account, store, password)
        self._messaging = Messaging(store)
        self._summary = Summary()

    @property
    def summary(self) -> Summary:
        """What became of the letters so far."""
        return self._summary

    def fetch(self) -> None:
        """Store what is new, and only then let go of it."""
        letters = sorted((Loft(self.account, self._password).enter() / "in").glob("*.json"))
        raw = {letter.stem: letter.read_bytes() for letter in letters}
        news = [_received(name, json.loads(data)) for name, data in raw.items()]
        self._summary += self._messaging.ingest(self.account, news, raw=raw)
        for letter in letters:
            letter.unlink()
        self.went_well()

    def drop(self) -> None:
        """Nothing is kept open."""

    def pause(self) -> float:
        """Return how long to wait until the next look."""
        return 2.0


def _received(name: str, said: dict[str, Any]) -> Received:
    files = tuple(
        Medium(
            source={"letter": name},
            name=file["name"],
            content_type=file["type"],
            data=base64.b64decode(file["data"]),
        )
        for file in said.get("files", ())
    )
    moment = datetime.fromisoformat(said["at"])
    return Received(name, moment, said["from"], said["text"], name=said["name"], media=files)


class Pigeons:
    """Sends letters: the part of sending that is the provider's own."""

    needs_url = False
    can_find = True
    polls_status = False

    def __init__(self, account: Account, password: Password) -> None:
        self._loft = Loft(account, password)

    def plan(self, reply: Reply) -> list[PlannedPart]:
        """Return the letters that a reply takes: a pigeon carries little."""
        limits = PartLimits(text=100, files=1, caption=20, caption_kinds=frozenset("*"))
        return plan(reply, limits)

    def pace(self, address: str) -> float:
        """There are pigeons enough."""
        return 0.0

    def send(self, part: OutgoingPart) -> Accepted:
        """Let a pigeon fly."""
        loft = self._loft.enter()
        if (loft / "storm").exists():
            (loft / "storm").unlink()
            raise Retry("provider.busy", after=0.1)
        files = [
            {"name": file.name, "data": base64.b64encode(file.read()).decode()}
            for file in part.files
        ]
        letter = {"to": part.address, "text": part.text, "files": files}
        place = loft / "out" / f"{part.reference}.json"
        place.with_suffix(".new").write_text(json.dumps(letter))
        place.with_suffix(".new").rename(place)
        return Accepted(part.reference, Delivery.DELIVERED)

    def find(self, part: OutgoingPart) -> str | None:
        """Return the id of a letter that may have left, if it has."""
        place = self._loft.enter() / "out" / f"{part.reference}.json"
        return part.reference if place.exists() else None

    def status(self, part: OutgoingPart) -> StatusNews | None:
        """Pigeons tell nothing more."""
        return None

    def read(self, address: str, external_id: str) -> None:
        """Nobody can tell a pigeon that its letter was read."""

    def close(self) -> None:
        """Nothing is kept open."""


def _beside(receiver: ReceiveLoop, store: Store, password: Password) -> tuple[Loop, ...]:
    return ()


def _sender(store: Store, password: Password) -> MessagingSender:
    return MessagingSender(SPEC, store, password, Pigeons)


def _test(account: Account, password: Password) -> list[Check]:
    try:
        Loft(account, password).enter()
    except HelpdeskError as error:
        return [Check("login", ok=False, code=error.code)]
    return [Check("login", ok=True)]


ADAPTER = Adapter(spec=SPEC, receiver=LoftLoop, beside=_beside, sender=_sender, test=_test)

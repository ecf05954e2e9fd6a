"""A desk that answers by a provider, and a provider in memory that goes wrong when told to."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.actor import SYSTEM, Actor, ActorKind
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.messages import Delivery
from helpdesk_tui.domain.messaging.parts import PartLimits, PlannedPart, Reply, plan
from helpdesk_tui.domain.messaging.received import StatusNews
from helpdesk_tui.domain.times import to_us
from helpdesk_tui.services.outbox import Outbox
from helpdesk_tui.services.replies import Replies
from helpdesk_tui.sync.channels.adapter import Adapter
from helpdesk_tui.sync.channels.errors import AuthFailed, Rejected, Retry, Uncertain
from helpdesk_tui.sync.channels.messaging.provider import Accepted, OutgoingPart, TooFast
from helpdesk_tui.sync.channels.messaging.sender import MessagingSender
from helpdesk_tui.sync.delivery import DeliveryLoop
from tests.support.store import (
    START,
    FakeClock,
    add_agent,
    add_message,
    add_profile,
    add_ticket,
    make_store,
)

OURS = "+15550001111"
CUSTOMER = "+15557770001"
PROVIDERS = {"sms": "twilio", "whatsapp": "meta", "instagram": "instagram-login"}


class Killed(BaseException):
    """The process ends here."""


@dataclass
class Cloud:
    """What is on the provider's side, whichever process of ours talks to it."""

    clock: FakeClock
    limits: PartLimits = field(default_factory=lambda: PartLimits(text=40, files=1))
    can_find: bool = True
    polls_status: bool = False
    needs_url: bool = False
    faults: deque[str] = field(default_factory=deque)
    """What happens to the next requests: ``429``, ``lost`` (refused silently), ``unanswered``
    (taken, no answer), ``auth``, ``refused``, ``too-fast``, ``dies-before``, ``dies-after``."""
    taken: list[OutgoingPart] = field(default_factory=list)
    lists_after: timedelta = timedelta()
    """How late what was taken can be found."""
    at: list[datetime] = field(default_factory=list)
    wait: dict[str, float] = field(default_factory=dict)

    @property
    def references(self) -> list[str]:
        """What was taken, in its order."""
        return [part.reference for part in self.taken]

    @property
    def texts(self) -> list[str]:
        """The texts that were taken, in their order."""
        return [part.text for part in self.taken]


class FakeProvider:
    """One connection to a :class:`Cloud`."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.needs_url = cloud.needs_url
        self.can_find = cloud.can_find
        self.polls_status = cloud.polls_status

    def plan(self, reply: Reply) -> list[PlannedPart]:
        return plan(reply, self.cloud.limits)

    def pace(self, address: str) -> float:
        return self.cloud.wait.pop(address, 0.0)

    def send(self, part: OutgoingPart) -> Accepted:
        fault = self.cloud.faults.popleft() if self.cloud.faults else ""
        refusals: dict[str, Exception] = {
            "429": Retry("provider.busy", after=2.0),
            "lost": Uncertain("provider.uncertain"),
            "auth": AuthFailed("provider.credentials"),
            "refused": Rejected("twilio.21610", text="blocked"),
            "too-fast": TooFast("meta.131056", after=6.0),
        }
        if fault in refusals:
            raise refusals[fault]
        if fault == "dies-before":
            raise Killed
        for file in part.files:
            file.read()
        self.cloud.taken.append(part)
        self.cloud.at.append(self.cloud.clock())
        if fault == "unanswered":
            raise Uncertain("provider.uncertain")
        if fault == "dies-after":
            raise Killed
        return Accepted(id_of(part), Delivery.SENT)

    def find(self, part: OutgoingPart) -> str | None:
        for taken, at in zip(self.cloud.taken, self.cloud.at, strict=True):
            is_listed = self.cloud.clock() >= at + self.cloud.lists_after
            if taken.reference == part.reference and is_listed:
                return id_of(taken)
        return None

    def status(self, part: OutgoingPart) -> StatusNews | None:
        return None

    def read(self, address: str, external_id: str) -> None:
        return

    def close(self) -> None:
        return


def id_of(part: OutgoingPart) -> str:
    """Return the id that a :class:`Cloud` gives."""
    return f"id-{part.reference}"


class KillingStore(Store):
    """A store whose process ends at the n-th transaction that writes, before or after it."""

    def __init__(self, root: Path, kill_at: int, *, after: bool) -> None:
        super().__init__(root)
        self.left = kill_at
        self._after = after

    @contextmanager
    def write(self, *, bulk: bool = False, lasting: bool = True) -> Iterator[Connection]:
        self.left -= 1
        if self.left == 0 and not self._after:
            raise Killed
        with super().write(bulk=bulk, lasting=lasting) as connection:
            yield connection
        if self.left == 0:
            raise Killed


class World:
    """A desk with one account of a messaging channel, an agent, and a customer who wrote."""

    def __init__(self, folder: Path, channel: str = "sms", **settings: Any) -> None:
        self.clock = FakeClock(START + timedelta(hours=1))
        self.store = make_store(folder)
        self.spec = CHANNELS[channel]
        self.cloud = Cloud(self.clock)
        self.account = self.add_account(channel, settings)
        self.agent = Actor(ActorKind.AGENT, add_agent(self.store, "anna"), "anna")
        self.ticket = self.add_ticket(CUSTOMER)
        if self.spec.needs_consent:
            self.consent("given")
        self.replies = Replies(self.store, self.agent, now=self.clock)

    def add_account(self, channel: str, settings: dict[str, Any], name: str = "line") -> int:
        packed = json.dumps({"provider": PROVIDERS[channel], **settings})
        with self.store.write() as connection:
            return int(
                connection.execute(
                    "INSERT INTO channel_account (name, channel, address, settings, created_at)"
                    " VALUES (?, ?, ?, ?, 1) RETURNING id",
                    (name, channel, OURS, packed),
                ).fetchone()[0]
            )

    def add_ticket(self, address: str, *, heard_at: datetime = START) -> int:
        profile = add_profile(self.store, address)
        ticket = add_ticket(
            self.store, channel=self.spec.name, channel_account_id=self.account, email=address,
            recipient=OURS, subject="", profile_id=profile, waiting_since=START,
        )  # fmt: skip
        with self.store.write() as connection:
            connection.execute(
                "INSERT INTO contact (channel_account_id, address, profile_id, ticket_id, heard_at)"
                " VALUES (?, ?, ?, ?, ?)",
                (self.account, address, profile, ticket, to_us(heard_at)),
            )
        add_message(self.store, ticket, channel=self.spec.name, text="hi", sender=address)
        return ticket

    def consent(self, state: str, address: str = CUSTOMER) -> None:
        with self.store.write() as connection:
            connection.execute(
                "INSERT INTO consent (channel, address, ours, state, source, at)"
                " VALUES (?, ?, '', ?, 'keyword', ?)",
                (self.spec.name, address, state, to_us(self.clock())),
            )

    def reply(self, text: str, ticket: int = 0, **more: Any) -> int:
        """Queue a reply that leaves at once; return its message id."""
        return self.replies.reply(ticket or self.ticket, text, undo=False, **more).message_id

    def loop(self, store: Store | None = None) -> DeliveryLoop:
        """Return a worker's loop of delivery, as it begins."""
        store = store or self.store

        def make(_account: Account, _password: object) -> FakeProvider:
            return FakeProvider(self.cloud)

        def sender(of: Store, password: Any) -> MessagingSender:
            return MessagingSender(
                self.spec, of, password, make, now=self.clock,
                ticks=lambda: self.clock().timestamp(),
            )  # fmt: skip

        adapter = Adapter(
            self.spec,
            receiver=lambda *_: None,  # type: ignore[arg-type]
            beside=lambda *_: (),
            sender=sender,
            test=lambda *_: [],
        )
        loop = DeliveryLoop(
            store, f"worker-{id(store)}", lambda *_: "secret", adapter=adapter, look_again_after=0.0
        )
        loop._outbox = Outbox(store, SYSTEM, now=self.clock)
        return loop

    def run(self, loop: DeliveryLoop | None = None, *, seconds: int = 300) -> None:
        """Let a worker deliver for a while."""
        loop = loop or self.loop()
        for _ in range(seconds):
            loop.deliver()
            if not self.waiting():
                return
            self.clock.advance(seconds=1)

    def waiting(self) -> int:
        with self.store.read() as connection:
            return int(
                connection.execute(
                    "SELECT count(*) FROM message WHERE delivery IN ('queued', 'sending')"
                ).fetchone()[0]
            )

    def message(self, message_id: int) -> dict[str, Any]:
        return self.rows(f"SELECT * FROM message WHERE id = {message_id}")[0]

    def parts(self, message_id: int) -> list[dict[str, Any]]:
        return self.rows(
            f"SELECT * FROM message_part WHERE message_id = {message_id} ORDER BY position"
        )

    def rows(self, query: str) -> list[dict[str, Any]]:
        with self.store.read() as connection:
            cursor = connection.execute(query)
            names = [part[0] for part in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

"""Instagram messaging as the program sees it: webhooks, and conversations that can be read."""

from __future__ import annotations

import itertools
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.providers.postman import Postman
from tests.support.providers.values import Hook, Sent, SimFile
from tests.support.providers.whatsapp import SECRET, signed

TOKEN = "token-of-instagram-in-tests-0123456789"
IG_ID = "17840000000000001"
PAGE_ID = "600000000000001"
HANDLE = "acme_outdoor"
_SECOND = 0.85
"""A network may squeeze calls together a little."""


@dataclass(slots=True)
class SimDirect:
    """One message of a conversation."""

    mid: str
    sender: str
    to: str
    text: str
    at: datetime
    files: list[tuple[str, SimFile]] = field(default_factory=list)
    """Tokens of their addresses with the files."""
    story: dict[str, Any] | None = None
    """As the conversations API shows it."""
    is_unsent: bool = False
    is_unsupported: bool = False
    reactions: dict[str, str] = field(default_factory=dict)


class Instagram:
    """The side that tests talk to; ``InstagramRoutes`` is the other."""

    def __init__(self, postman: Postman) -> None:
        self.url = ""
        self.token = TOKEN
        self.ig_id = IG_ID
        self.page_id = PAGE_ID
        self.handle = HANDLE
        self.hook = Hook(secret=SECRET)
        self.people: dict[str, str] = {}
        """User name by id."""
        self.messages: list[SimDirect] = []
        self.files: dict[str, SimFile] = {}
        """By the token of their address."""
        self.uploads: dict[str, SimFile] = {}
        self.sent: list[Sent] = []
        self.seen_marks: list[str] = []
        self.refusals: dict[str, tuple[int, int]] = {}
        """Code and subcode that a send to a person is refused with."""
        self.has_window = True
        self.has_human_agent = True
        self.has_nested_fields = True
        """Whether a conversation shows its messages' fields at once."""
        self.echoes = True
        """Whether news tell of what we send ourselves."""
        self.is_subscribed = True
        self.refreshed = 0
        self.calls_per_second = 2
        """Calls of the conversations API; 0: any number."""
        self.too_fast = 0
        """How often it was called too fast."""
        self._calls: deque[float] = deque()
        self._postman = postman
        self._numbers = itertools.count(1)
        self.lock = threading.RLock()

    def next_id(self, prefix: str) -> str:
        """Return an id that was not there before."""
        with self.lock:
            return f"{prefix}{next(self._numbers):010d}"

    # what people do

    def customer_sends(
        self,
        sender: str,
        text: str = "",
        *,
        handle: str = "",
        files: Sequence[SimFile] = (),
        at: datetime | None = None,
        story: str = "",
        mentions: str = "",
        quotes: str = "",
        is_unsupported: bool = False,
    ) -> str:
        """Let a person write; return the message's id.

        Args:
            sender: Their id for our account.
            text: What they write.
            handle: Their user name.
            files: What they attach.
            at: When, by the provider's clock.
            story: Id of our story that they answer.
            mentions: Id of their story that mentions us.
            quotes: Id of the message that they answer.
            is_unsupported: It is something that no program gets.
        """
        message = self._add(sender, self.ig_id, text, files, at)
        message.is_unsupported = is_unsupported
        told = self._told(message)
        if story or mentions:
            kind = "reply_to" if story else "mention"
            place = self._place(SimFile(b"\x89PNG\r\n\x1a\nstory", "image/png"))
            message.story = {kind: {"id": story or mentions, "link": place}}
            if story:
                told["reply_to"] = {"story": {"id": story, "url": place}}
            else:
                told["attachments"] = [{"type": "story_mention", "payload": {"url": place}}]
        if quotes:
            told["reply_to"] = {"mid": quotes}
        with self.lock:
            self.people.setdefault(sender, handle or f"person{sender[-4:]}")
        self._event(sender, self.ig_id, message.at, {"message": told})
        return message.mid

    def owner_sends(self, to: str, text: str, at: datetime | None = None) -> str:
        """Let somebody of ours answer from the phone app; return the message's id."""
        message = self._add(self.ig_id, to, text, (), at)
        self.echo(message)
        return message.mid

    def echo(self, message: SimDirect) -> None:
        """Tell of a message of our side."""
        told = {**self._told(message), "is_echo": True}
        self._event(self.ig_id, message.to, message.at, {"message": told})

    def unsends(self, mid: str) -> None:
        """Let the writer take a message back: no list shows it any more."""
        with self.lock:
            message = next(one for one in self.messages if one.mid == mid)
            message.is_unsent = True
        told = {"mid": mid, "is_deleted": True}
        self._event(message.sender, message.to, datetime.now(UTC), {"message": told})

    def customer_reacts(self, sender: str, mid: str, emoji: str = "❤") -> None:
        """Let a person put a sign to a message; an empty one takes it away."""
        told = {"mid": mid, "action": "react" if emoji else "unreact"}
        more = {"reaction": "love", "emoji": emoji} if emoji else {}
        self._event(sender, self.ig_id, datetime.now(UTC), {"reaction": {**told, **more}})

    def customer_reads(self, sender: str, mid: str) -> None:
        """Let a person have seen a message of ours."""
        self._event(sender, self.ig_id, datetime.now(UTC), {"read": {"mid": mid}})

    # state

    def _add(
        self, sender: str, to: str, text: str, files: Sequence[SimFile], at: datetime | None
    ) -> SimDirect:
        message = SimDirect(self.next_id("aWdSIM"), sender, to, text, at or datetime.now(UTC))
        message.files = [(self._token(file), file) for file in files]
        with self.lock:
            self.messages.append(message)
        return message

    def add_ours(self, to: str, text: str, files: Sequence[SimFile]) -> SimDirect:
        """Keep a message that the program has sent."""
        return self._add(self.ig_id, to, text, files, None)

    def _token(self, file: SimFile) -> str:
        token = self.next_id("cdn")
        with self.lock:
            self.files[token] = file
        return token

    def _place(self, file: SimFile) -> str:
        return self.address_of(self._token(file))

    def address_of(self, token: str) -> str:
        """Return where a file is for a while."""
        return f"{self.url}/cdn/{token}"

    def heard(self, person: str) -> datetime | None:
        """Return when a person last wrote."""
        with self.lock:
            times = [one.at for one in self.messages if one.sender == person]
        return max(times, default=None)

    def is_allowed(self, person: str, tag: str) -> bool:
        """Tell whether a reply to a person is allowed now."""
        heard = self.heard(person)
        if heard is None:
            return False
        if not self.has_window:
            return True
        since = datetime.now(UTC) - heard
        with_tag = tag == "HUMAN_AGENT" and self.has_human_agent
        return since < (timedelta(days=7) if with_tag else timedelta(hours=24))

    def is_too_fast(self, at: float) -> bool:
        """Count a call of the conversations API; tell whether it is one too many."""
        with self.lock:
            while self._calls and at - self._calls[0] > _SECOND:
                self._calls.popleft()
            is_early = 0 < self.calls_per_second <= len(self._calls)
            if is_early:
                self.too_fast += 1
            else:
                self._calls.append(at)
            return is_early

    # news

    def _told(self, message: SimDirect) -> dict[str, Any]:
        told: dict[str, Any] = {"mid": message.mid}
        if message.is_unsupported:
            told["is_unsupported"] = True
        if message.text:
            told["text"] = message.text
        if message.files:
            told["attachments"] = [
                {"type": kind_of(file), "payload": {"url": self.address_of(token)}}
                for token, file in message.files
            ]
        return told

    def _event(self, sender: str, to: str, at: datetime, what: Mapping[str, Any]) -> None:
        moment = int(at.timestamp() * 1000)
        event = {"sender": {"id": sender}, "recipient": {"id": to}, "timestamp": moment, **what}
        entry = {"id": self.ig_id, "time": moment, "messaging": [event]}
        self._postman.bring_json(self.hook, {"object": "instagram", "entry": [entry]}, signed)


def kind_of(file: SimFile) -> str:
    """Return what Instagram calls a file."""
    main = file.content_type.partition("/")[0]
    return main if main in ("image", "video", "audio") else "file"

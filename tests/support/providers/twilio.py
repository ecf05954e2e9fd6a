"""Twilio as the program sees it: one account, its numbers, messages of people and of ours."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode

from tests.support.providers.postman import Postman
from tests.support.providers.values import Hook, Sent, SimFile

SID = "AC" + "0" * 31 + "1"
TOKEN = "token-of-twilio-in-tests-0123456789"
NUMBER = "+15550001111"
_STOP = frozenset(("STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"))
_START = frozenset(("START", "YES", "UNSTOP"))
_HELP = frozenset(("HELP", "INFO"))
BASE = "/2010-04-01/Accounts"


@dataclass(slots=True)
class SimMessage:
    """One message of the account."""

    sid: str
    sender: str
    to: str
    body: str
    direction: str
    status: str
    at: datetime
    files: list[SimFile] = field(default_factory=list)
    media_sids: list[str] = field(default_factory=list)
    error_code: int | None = None
    error_message: str | None = None
    service: str | None = None
    callback: str = ""
    next_statuses: list[str] = field(default_factory=list)
    """What becomes of it, one at each time it is asked for."""
    fate: int | None = None
    """Code that its end is told with."""


class Twilio:
    """The side that tests talk to; ``TwilioRoutes`` is the other."""

    def __init__(self, postman: Postman) -> None:
        self.url = ""
        """Set once it listens."""
        self.account_sid = SID
        self.token = TOKEN
        self.keys: dict[str, str] = {}
        """Secrets of API keys."""
        self.account_status = "active"
        self.numbers = [NUMBER]
        self.services = ["MG" + "0" * 31 + "1"]
        self.messages: list[SimMessage] = []
        """Oldest first, by when they became visible."""
        self.unlisted: list[SimMessage] = []
        """Those that only webhooks told of."""
        self.sent: list[Sent] = []
        self.opted_out: set[tuple[str, str]] = set()
        """Pairs of (customer, our number or service)."""
        self.refusals: dict[str, tuple[int, str]] = {}
        """What a send to an address is refused with at once."""
        self.outcomes: dict[str, tuple[str, int | None]] = {}
        """What becomes of messages to an address: last status and code; else delivered."""
        self.steps: tuple[str, ...] = ()
        """Statuses before the last one, each told once; empty: the end comes at once."""
        self.has_window = False
        """Refuse WhatsApp messages outside 24 hours, as the real one."""
        self.hook = Hook(secret=TOKEN)
        self.page_most = 1000
        self.between_pages: Callable[[int], None] = lambda page: None
        """Called once a page has been read: what tests let happen meanwhile."""
        self._postman = postman
        self._numbers = itertools.count(1)
        self.lock = threading.RLock()

    # what customers do

    def customer_sends(
        self,
        sender: str,
        text: str = "",
        *,
        to: str = "",
        files: Sequence[SimFile] = (),
        at: datetime | None = None,
        name: str = "",
        is_polled: bool = True,
    ) -> str:
        """Let a customer write to one of our numbers; return the message's SID.

        Args:
            sender: Their number; ``whatsapp:`` before it for WhatsApp, on both sides.
            text: What they write.
            to: One of our numbers; empty: the first, or the same over WhatsApp.
            files: What they attach.
            at: When, by Twilio's clock; an earlier moment sorts below what is there already.
            name: How they call themselves on WhatsApp.
            is_polled: Whether the list of messages shows it; else only the webhook tells.
        """
        prefix = "whatsapp:" if sender.startswith("whatsapp:") else ""
        to = to or prefix + self.numbers[0]
        with self.lock:
            message = self.make(sender, to, text, "inbound", "received", at, files)
            opt_out = self._keyword(sender, to, text)
            (self.messages if is_polled else self.unlisted).append(message)
        self._push_received(message, name, opt_out)
        return message.sid

    def _keyword(self, sender: str, to: str, text: str) -> str:
        if sender.startswith("whatsapp:"):
            return ""
        word = text.strip().upper()
        if word in _STOP:
            self.opted_out.add((sender, to))
            return "STOP"
        if word in _START:
            self.opted_out.discard((sender, to))
            return "START"
        return "HELP" if word in _HELP else ""

    def make(
        self,
        sender: str,
        to: str,
        text: str,
        direction: str,
        status: str,
        at: datetime | None,
        files: Sequence[SimFile],
    ) -> SimMessage:
        number = next(self._numbers)
        sid = f"{'MM' if files else 'SM'}{number:032x}"
        media = [f"ME{number:028x}{position:04x}" for position in range(len(files))]
        moment = at or datetime.now(UTC)
        return SimMessage(sid, sender, to, text, direction, status, moment, list(files), media)

    def media_holders(self) -> list[SimMessage]:
        """Return the messages that came with files, also those that no list shows."""
        with self.lock:
            return [*self.messages, *self.unlisted]

    def message(self, sid: str) -> SimMessage:
        """Return a message."""
        with self.lock:
            return next(one for one in self.messages if one.sid == sid)

    def becomes(self, sid: str, status: str, code: int | None = None, reason: str = "") -> None:
        """Let a message of ours get a status, and tell the hook if it asked for that."""
        with self.lock:
            message = self.message(sid)
            message.next_statuses = []
            self.set_status(message, status, code, reason)

    # what goes out to hooks

    def _push_received(self, message: SimMessage, name: str, opt_out: str) -> None:
        told = {
            "ApiVersion": "2010-04-01",
            "AccountSid": self.account_sid,
            "MessageSid": message.sid,
            "SmsSid": message.sid,
            "SmsMessageSid": message.sid,
            "SmsStatus": "received",
            "NumSegments": "1",
            "NumMedia": str(len(message.files)),
            "From": message.sender,
            "To": message.to,
            "Body": message.body,
        }
        for position, file in enumerate(message.files):
            told[f"MediaUrl{position}"] = self.url + self.media_path(message, position)
            told[f"MediaContentType{position}"] = file.content_type
        if message.sender.startswith("whatsapp:"):
            told["ProfileName"] = name or "Ada Example"
            told["WaId"] = message.sender.removeprefix("whatsapp:+")
        if opt_out:
            told["OptOutType"] = opt_out
        self._push(self.hook, told)

    def _push(self, hook: Hook, told: Mapping[str, str]) -> None:
        url = hook.url

        def sign(body: bytes, secret: str) -> Mapping[str, str]:
            text = url + "".join(name + told[name] for name in sorted(told))
            found = hmac.new(secret.encode(), text.encode(), hashlib.sha1).digest()
            return {"X-Twilio-Signature": base64.b64encode(found).decode()}

        body = urlencode(told).encode()
        self._postman.bring(hook, body, sign, "application/x-www-form-urlencoded")

    def media_path(self, message: SimMessage, position: int) -> str:
        at = f"{BASE}/{self.account_sid}/Messages/{message.sid}/Media"
        return f"{at}/{message.media_sids[position]}"

    def set_status(
        self, message: SimMessage, status: str, code: int | None = None, reason: str = ""
    ) -> None:
        message.status = status
        message.error_code = code
        message.error_message = reason or None
        if message.callback:
            told = {
                "AccountSid": self.account_sid,
                "MessageSid": message.sid,
                "MessageStatus": status,
                "From": message.sender,
                "To": message.to,
                **({"ErrorCode": str(code)} if code else {}),
                **({"EventType": "READ"} if status == "read" else {}),
            }
            hook = Hook(url=message.callback, secret=self.hook.secret, is_held=self.hook.is_held)
            self._push(hook, told)

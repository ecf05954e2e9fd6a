"""The customers' end of each channel in a soak: they write on and on, and read what comes."""

from __future__ import annotations

import email
import email.policy
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from functools import partial
from typing import Any

import httpx

from tests.support.dovecot import USER, Dovecot
from tests.support.providers.running import Providers
from tests.support.relay import Running
from tests.support.smtp import MailServer

BEGIN = datetime.now(UTC) - timedelta(hours=3)
"""When the first message was written; each one comes a second after the one before it."""


def moment(number: int) -> datetime:
    """Return when a message was written."""
    return BEGIN + timedelta(seconds=number)


class End(ABC):
    """One channel's customers."""

    channel = ""

    @abstractmethod
    def write(self, person: int, text: str, number: int, *, twice: bool) -> None:
        """Let a person write; ``twice`` lets it be delivered once more."""

    @abstractmethod
    def came(self) -> list[str]:
        """Return the texts that came to anybody, in their order."""


class SmsEnd(End):
    """People with telephones."""

    channel = "sms"

    def __init__(self, sim: Providers) -> None:
        self._sim = sim

    @staticmethod
    def address(person: int) -> str:
        """Return a person's number."""
        return f"+1555700{person:04d}"

    def write(self, person: int, text: str, number: int, *, twice: bool) -> None:
        # now: what comes hours late is looked for once an hour only
        self._sim.twilio.customer_sends(self.address(person), text)
        if twice:
            self._sim.postmen[0].repeat()

    def came(self) -> list[str]:
        return [one.text for one in self._sim.twilio.sent]


class WhatsAppEnd(End):
    """People with WhatsApp."""

    channel = "whatsapp"

    def __init__(self, sim: Providers) -> None:
        self._sim = sim

    def write(self, person: int, text: str, number: int, *, twice: bool) -> None:
        self._sim.whatsapp.customer_sends(f"+1555800{person:04d}", text, at=moment(number))
        if twice:
            self._sim.postmen[1].repeat()

    def came(self) -> list[str]:
        return [one.text for one in self._sim.whatsapp.sent]


class InstagramEnd(End):
    """People on Instagram."""

    channel = "instagram"

    def __init__(self, sim: Providers) -> None:
        self._sim = sim

    def write(self, person: int, text: str, number: int, *, twice: bool) -> None:
        self._sim.instagram.customer_sends(f"99{person:013d}", text, at=moment(number))
        if twice:
            self._sim.postmen[2].repeat()

    def came(self) -> list[str]:
        return [one.text for one in self._sim.instagram.sent]


class EmailEnd(End):
    """People with mail."""

    channel = "email"

    def __init__(self, imap: Dovecot, smtp: MailServer) -> None:
        self._imap, self._smtp = imap, smtp
        self._counts: dict[int, int] = {}

    def write(self, person: int, text: str, number: int, *, twice: bool) -> None:
        count = self._counts[person] = self._counts.get(person, 0) + 1
        mail = EmailMessage()
        mail["From"] = f"Person {person} <p{person}@customer.example>"
        mail["To"], mail["Subject"] = USER, f"Order {person}"
        mail["Date"] = format_datetime(moment(number))
        mail["Message-ID"] = f"<p{person}.{count}@customer.example>"
        if count > 1:
            mail["In-Reply-To"] = mail["References"] = f"<p{person}.1@customer.example>"
        mail.set_content(text)
        self._imap.deliver([mail.as_bytes()] * (2 if twice else 1))

    def came(self) -> list[str]:
        return [_first_line(taken.raw) for taken in self._smtp.taken]


def _first_line(raw: bytes) -> str:
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).partition("\n")[0].strip()


class ChatEnd(End):
    """Visitors of the shop; their relay may be away for a while."""

    channel = "webchat"

    def __init__(self, relay: Running) -> None:
        self._relay = relay
        self._visitors: dict[int, httpx.Client] = {}
        self._count = 0

    def write(self, person: int, text: str, number: int, *, twice: bool) -> None:
        self._count += 1
        body = {"client_id": f"v{self._count}", "text": text}
        for _ in range(2 if twice else 1):
            self._asked(lambda: self._visitor(person).post("/v1/chat/messages", json=body))

    def came(self) -> list[str]:
        told: list[dict[str, Any]] = []
        for person in self._visitors:
            answer = self._asked(partial(self._chat, person))
            told += answer.json()["messages"]
        return [one["text"] for one in told if one["from"] == "agent"]

    def _chat(self, person: int) -> httpx.Response:
        return self._visitor(person).get("/v1/chat")

    def close(self) -> None:
        """Let everybody go."""
        for visitor in self._visitors.values():
            visitor.close()

    def _visitor(self, person: int) -> httpx.Client:
        if person not in self._visitors:
            name = {"sub": f"visitor-{person}", "email": f"v{person}@customer.example"}
            self._visitors[person] = self._relay.visitor(**name)
        return self._visitors[person]

    def _asked(self, ask: Callable[[], httpx.Response]) -> httpx.Response:
        """Ask until the relay answers: it may have been killed, and keeps what it has promised."""
        deadline = time.monotonic() + 60
        while True:
            try:
                return ask().raise_for_status()
            except (httpx.TransportError, httpx.HTTPStatusError):
                assert time.monotonic() < deadline, "the relay does not come back"
                time.sleep(0.05)

"""What was received and made no ticket, as the intake list shows it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from helpdesk_tui.domain.mail import Address, Forwarded, ParsedMail
from helpdesk_tui.domain.own import OwnAddresses
from helpdesk_tui.domain.received import Received

BY_HAND = "forwarded-by-hand"
"""The reason of a mail that a colleague forwarded instead of the mail server."""


_MESSAGES = frozenset(("keyword", "outside-first", "unreadable"))
"""Reasons of what came through a provider of messages and not by mail."""


@dataclass(frozen=True, slots=True)
class IntakeRow:
    """One received mail that made no ticket, and why."""

    id: int
    received_at: datetime
    reason: str
    """Code: ``own-mail``, ``bounce``, ``out-of-office``, ``forwarded-by-hand``, ``empty``."""
    evidence: tuple[tuple[str, str], ...]
    """What the reason rests on: codes with their details."""
    sender: str
    subject: str
    account: str
    """Name of the channel account; empty for what was imported."""
    external_id: str
    """Message-ID, where it has one."""
    ticket_id: int | None
    """The ticket that an agent made of it."""
    preview: str = ""
    """The beginning of its text; of a forwarded mail, the beginning of what is inside."""
    customer: Address | None = None
    """Whose ticket it could become, as found in it."""
    is_done: bool = False
    """Dismissed, or made a ticket."""

    @property
    def is_message(self) -> bool:
        """Whether it came by SMS, WhatsApp or Instagram and not by mail."""
        return self.reason in _MESSAGES

    @property
    def text(self) -> str:
        """The words of a message; what is known of them where it could not be read."""
        return dict(self.evidence).get("text", self.preview)


@dataclass(frozen=True, slots=True)
class IntakePage:
    """Some rows of the list, newest first."""

    rows: tuple[IntakeRow, ...]
    has_more: bool
    """True if older rows follow; they stand after the id of the last one here."""


@dataclass(frozen=True, slots=True)
class Adoption:
    """A rejected mail taken apart, ready to become a ticket."""

    received: Received
    """What the customer wrote; its sender is the customer."""
    outer: ParsedMail
    """The mail that came in: where to answer from, and whether its sender is proven."""
    note: str = ""
    """What a colleague wrote above the customer's mail."""
    note_files: tuple[tuple[str, str, int, str], ...] = ()
    """The colleague's own files: name, content type, size, SHA-256."""
    is_passed_on: bool = False
    """The customer's mail was inside: only the colleague vouches for who wrote it."""


def customers_mail(found: Forwarded, own: OwnAddresses) -> Forwarded:
    """Return the mail of the customer inside a forward that went from one of us to the next.

    What each of us wrote above it stands in its ``message``, the last words first.
    """
    while found.inner is not None and found.sender.addr in own:
        words = "\n\n".join(filter(None, (found.message, found.inner.message)))
        found = replace(found.inner, message=words)
    return found

"""What was received and made no ticket, as the intake list shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


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


@dataclass(frozen=True, slots=True)
class IntakePage:
    """Some rows of the list, newest first."""

    rows: tuple[IntakeRow, ...]
    has_more: bool
    """True if older rows follow; they stand after the id of the last one here."""

"""Values of customers: who they are, who may be the same person, and who is blocked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from helpdesk_tui.domain.tickets import TicketRow


@dataclass(frozen=True, slots=True)
class Profile:
    """What the store knows of one customer."""

    id: int
    name: str
    email: str
    phone: str
    handles: tuple[tuple[str, str], ...]
    """Other identities as (kind, value), e.g. ("instagram", "lena.doe")."""
    location: str
    timezone: str
    created_at: datetime
    ticket_count: int
    tickets: tuple[TicketRow, ...]
    """The newest tickets of this person on all channels, newest first (at most ten)."""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A customer who may be the same person as another one."""

    id: int
    name: str
    email: str
    phone: str
    why: str = ""
    """What they have in common: ``name``, ``email`` or ``phone``; empty: they were looked for."""


@dataclass(frozen=True, slots=True)
class BlockRow:
    """A sender whose mail stays unseen."""

    id: int
    kind: str
    """``email``, ``phone`` …"""
    value: str
    agent: str
    """Who blocked them; empty for the system."""
    at: datetime

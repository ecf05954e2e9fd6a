"""Values of presence: which agent is where, and which visitor of a chat is there, now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PresenceState(StrEnum):
    """What an agent is doing, the most telling first."""

    TYPING = "typing"
    VIEWING = "viewing"
    HERE = "here"
    """The program is open, on no ticket."""
    IDLE = "idle"
    """The program is open, and no key was pressed for some minutes."""


@dataclass(frozen=True, slots=True)
class Present:
    """One agent as the others see it."""

    agent_id: int
    agent: str
    state: PresenceState
    ticket_id: int | None
    since: datetime
    """Since when on this ticket (or in the list)."""


@dataclass(frozen=True, slots=True)
class VisitorNow:
    """The visitor of a running chat."""

    online: bool
    typing: bool = False

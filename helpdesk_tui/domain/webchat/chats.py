"""What is known of the conversation behind a webchat ticket, and what the responder does in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

CLOSING = timedelta(seconds=10)
"""How long the end of a chat can be taken back before its visitor is told."""


class Responder(StrEnum):
    """What the automatic responder has to do with a chat."""

    NONE = ""
    """It never spoke."""
    ANSWERING = "answering"
    HANDED_OVER = "handed-over"
    """Agents have it; the responder is silent from then on."""
    SOLVED = "solved"
    ELSEWHERE = "elsewhere"
    """It went to another system than this inbox."""


class EndedBy(StrEnum):
    """Who ended a chat."""

    NONE = ""
    VISITOR = "visitor"
    AGENT = "agent"
    RESPONDER = "responder"
    CHANNEL = "channel"
    """The channel was switched off."""


@dataclass(frozen=True, slots=True)
class Talk:
    """What of a conversation follows from the status and the flags of its ticket."""

    closing_at: datetime | None = None
    responder: Responder = Responder.NONE


@dataclass(frozen=True, slots=True)
class ChatInfo:
    """One conversation, as its ticket shows it."""

    conversation: str
    """Its id at the relay."""
    started_at: datetime
    visitor: str = ""
    """The customer's id in the shop; empty for one who is not signed."""
    language: str = ""
    """Language tag of the visitor's browser."""
    timezone: str = ""
    """Zone name of the visitor's browser."""
    page: str = ""
    """Where the visitor was when the chat began."""
    offline_since: datetime | None = None
    """None while the visitor is there."""
    ended_at: datetime | None = None
    """From here on it is final for both sides."""
    ended_by: EndedBy = EndedBy.NONE
    closing_at: datetime | None = None
    """An agent closed it and the visitor is told then; until then it can be taken back."""
    responder: Responder = Responder.NONE

    @property
    def is_running(self) -> bool:
        """Whether either side can still write."""
        return self.ended_at is None

    @property
    def is_closing(self) -> bool:
        """Whether an agent has closed it and the visitor was not told yet."""
        return self.is_running and self.closing_at is not None

    @property
    def is_there(self) -> bool:
        """Whether the visitor is there and the chat runs."""
        return self.is_running and self.offline_since is None

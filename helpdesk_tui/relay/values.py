"""What the relay's store gives: frozen values, no rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from helpdesk_tui.domain.webchat.wire import Site, WireFile

VISITOR = "visitor"
"""Author of a message that the visitor wrote; the others are those of the wire."""


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that the relay knows by its token."""

    hash: bytes
    site: str
    visitor: int | None
    """Key of the visitor; None: not identified, may read but not write."""
    name: str
    expires: datetime


@dataclass(frozen=True, slots=True)
class Running:
    """A running conversation, as presence and the live list need it."""

    visitor: int
    site: str
    conversation: str
    left: bool
    """The box was told that nobody is there."""


@dataclass(slots=True)
class Outcome:
    """What one transaction changed: who has to be woken after its commit."""

    visitors: set[int] = field(default_factory=set)
    """Their streams have something new to read."""
    boxes: set[str] = field(default_factory=set)
    """Sites with new events for the box."""
    sites: dict[str, Site] = field(default_factory=dict)
    """Sites that were published anew."""
    sessions: set[bytes] = field(default_factory=set)
    """Hashes of sessions that ended: their streams end, too."""
    running: dict[int, Running | None] = field(default_factory=dict)
    """Visitor → running conversation as it is now; None: it ended."""

    def add(self, other: Outcome) -> None:
        """Take in what another part of the same transaction changed."""
        self.visitors |= other.visitors
        self.boxes |= other.boxes
        self.sites.update(other.sites)
        self.sessions |= other.sessions
        self.running.update(other.running)


@dataclass(frozen=True, slots=True)
class Said:
    """What a visitor writes."""

    client_id: str
    text: str
    files: tuple[str, ...] = ()
    """Ids of own uploads."""
    faq: str = ""
    language: str = ""
    timezone: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message of the visitor that is stored."""

    seq: int
    conversation: str
    at: str


@dataclass(frozen=True, slots=True)
class Chat:
    """The newest conversation of a visitor; running while ``ended_seq`` is 0."""

    id: str
    started_seq: int
    started_at: str
    ended_seq: int
    ended_at: str
    ended_by: str
    agent_seen: int
    """Number of the last message of the visitor that agents have read."""
    agent_seen_seq: int
    """When that was, in the order of things."""
    agent_seen_id: str


@dataclass(frozen=True, slots=True)
class Line:
    """A message of either side."""

    seq: int
    conversation: str
    author: str
    id: str
    """Ours: the box's id; the visitor's: the one the browser made."""
    name: str
    text: str
    at: str
    is_seen: bool
    """The visitor's: agents have read it."""
    files: tuple[WireFile, ...]


@dataclass(frozen=True, slots=True)
class History:
    """What happened to a visitor's conversations after a point, oldest first."""

    chats: tuple[Chat, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file a visitor sent up."""

    id: str
    site: str
    visitor: int
    file: WireFile


@dataclass(frozen=True, slots=True)
class Health:
    """How one site stands at the relay."""

    is_known: bool
    events: int
    oldest: str
    conversations: int


@dataclass(frozen=True, slots=True)
class Identified:
    """A session as it is opened: its token is known only now."""

    token: str
    visitor: int | None
    """Key of the visitor; None: nobody."""
    name: str

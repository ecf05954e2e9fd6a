"""Values of a thread: messages, attachments, events, drafts and delivery states."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from helpdesk_tui.domain.mail import Fold, Notice
from helpdesk_tui.domain.ticket_details import TicketDetail


class Direction(StrEnum):
    """Which way a message went; a note stays in the building."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    NOTE = "note"


class Delivery(StrEnum):
    """The visible delivery state of a message."""

    RECEIVED = "received"
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    UNKNOWN = "unknown"


class AuthorKind(StrEnum):
    """Who wrote a message."""

    CUSTOMER = "customer"
    AGENT = "agent"
    AUTO = "auto"
    AI = "ai"
    CAMPAIGN = "campaign"
    SYSTEM = "system"


class FileState(StrEnum):
    """Whether the bytes of a file are here."""

    HERE = ""
    PENDING = "pending"
    """Being fetched from the provider."""
    EXPIRED = "expired"
    """The provider no longer holds it."""
    REFUSED = "refused"
    """Not fetched: too large, or not what it claims to be."""
    FAILED = "failed"
    """Could not be fetched; can be tried again."""


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """A file of a message; its bytes stay in the store until they are asked for."""

    id: int
    filename: str
    content_type: str
    size: int
    sha256: str
    inline: bool
    state: FileState = FileState.HERE
    error_code: str = ""
    """Why its bytes are not here."""
    is_remote: bool = False
    """The provider may still hold it: it can be fetched again."""


@dataclass(frozen=True, slots=True)
class ShortLinkRow:
    """A link that a message left with in short, and how often it was followed."""

    url: str
    clicks: int
    last_click_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message of a thread."""

    id: int
    ticket_id: int
    direction: Direction
    channel: str
    author_kind: AuthorKind
    author_name: str
    sender: str
    """Address or number of the sender."""
    text: str
    folds: tuple[Fold, ...]
    has_html: bool
    sent_at: datetime
    received_at: datetime
    delivery: Delivery
    error_code: str
    """Empty, or a code such as ``smtp.550`` …"""
    error_text: str
    """… with what the other side said, cleaned."""
    due_at: datetime | None
    """When a queued message leaves: until then it can be taken back."""
    automatic: bool
    external_id: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    flags: tuple[str, ...]
    """Codes: ``new-sender``, ``auth-failed``, ``from-own-address``, ``cut``, ``unreadable`` …"""
    links: tuple[tuple[str, str], ...]
    """Numbered links of an HTML body as (address, host shown)."""
    attachments: tuple[AttachmentRow, ...]
    notices: tuple[Notice, ...] = ()
    """What it carries beside text and files."""
    bcc: tuple[str, ...] = ()
    """Outbound: who got it without the others seeing that."""
    template: str = ""
    """Outbound: name of the approved template that it was sent as."""
    attributed_to: str = ""
    """Inbound: name of the campaign or flow that it answers."""
    short_links: tuple[ShortLinkRow, ...] = ()
    """Outbound: its links that left in short."""

    @property
    def reply_text(self) -> str:
        """What the sender newly wrote: the text without its folded quotes and signature."""
        return unfolded(self.text, self.folds)


@dataclass(frozen=True, slots=True)
class EventRow:
    """A state change in a thread: who did what, when."""

    id: int
    at: datetime
    kind: str
    """Activity kind such as ``ticket.closed``."""
    actor_kind: str
    actor_name: str
    before: dict[str, object]
    after: dict[str, object]


@dataclass(frozen=True, slots=True)
class Thread:
    """An opened ticket: its newest messages with the notes and events between them."""

    ticket: TicketDetail
    messages: tuple[MessageRow, ...]
    """Oldest first."""
    events: tuple[EventRow, ...]
    """Oldest first, none older than the oldest message shown (all if nothing is left out)."""
    older: int | None
    """Message id to ask older messages before, or None when all are here."""


class DraftKind(StrEnum):
    """What a draft will become."""

    REPLY = "reply"
    NOTE = "note"
    FORWARD = "forward"


@dataclass(frozen=True, slots=True)
class Draft:
    """Unsent text of one agent in one ticket."""

    ticket_id: int
    agent_id: int
    kind: DraftKind
    text: str
    files: tuple[AttachmentRow, ...]
    updated_at: datetime
    to: tuple[str, ...] = ()
    """Of a message taken back: whom it would have gone to …"""
    cc: tuple[str, ...] = ()
    """… who would have got a copy …"""
    bcc: tuple[str, ...] = ()
    """… and who would have got one unseen."""
    macros: tuple[tuple[int, str], ...] = ()
    """Macros, by id and language, whose actions follow when it is sent."""


def unfolded(text: str, folds: tuple[Fold, ...]) -> str:
    """Return ``text`` without the folded ranges, trimmed."""
    out, position = [], 0
    for part in folds:
        out.append(text[position : part.start])
        position = max(position, part.end)
    out.append(text[position:])
    return "".join(out).strip()


@dataclass(frozen=True, slots=True)
class MentionRow:
    """A note that names an agent."""

    message_id: int
    ticket_id: int
    author: str
    """As customers would see the name."""
    at: datetime
    is_seen: bool = False
    subject: str = ""
    """Of the ticket."""
    text: str = ""
    """What the note says; with the rows of the list only."""

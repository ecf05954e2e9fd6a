"""Values of a past that is written into a store as a whole: tickets with all that happened."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from helpdesk_tui.domain.actor import Role
from helpdesk_tui.domain.mail import Fold, Notice
from helpdesk_tui.domain.messages import AuthorKind, Delivery, Direction
from helpdesk_tui.domain.tickets import Priority, Status


@dataclass(frozen=True, slots=True)
class PastFile:
    """A file of a message with its bytes."""

    filename: str
    content_type: str
    data: bytes
    inline: bool = False


@dataclass(frozen=True, slots=True)
class PastMessage:
    """One message or note as it came or went."""

    at: datetime
    direction: Direction
    text: str
    author_kind: AuthorKind
    author_name: str
    agent: str = ""
    """Name of the agent who wrote it; empty for customers."""
    sender: str = ""
    folds: tuple[Fold, ...] = ()
    has_html: bool = False
    links: tuple[tuple[str, str], ...] = ()
    delivery: Delivery = Delivery.RECEIVED
    error_code: str = ""
    error_text: str = ""
    flags: tuple[str, ...] = ()
    automatic: bool = False
    files: tuple[PastFile, ...] = ()
    notices: tuple[Notice, ...] = ()
    answers: tuple[str, str] | None = None
    """Name and text of the campaign that a message answers."""


@dataclass(frozen=True, slots=True)
class PastEvent:
    """One state change: an activity row."""

    at: datetime
    kind: str
    agent: str = ""
    """Empty: the system did it."""
    before: dict[str, object] = field(default_factory=dict)
    after: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PastCustomer:
    """A customer and the ways to reach them."""

    name: str
    email: str = ""
    phone: str = ""
    handle: str = ""
    location: str = ""
    timezone: str = ""


@dataclass(frozen=True, slots=True)
class PastTicket:
    """A ticket with its thread; what follows from the messages is computed when it is written."""

    customer: PastCustomer
    channel: str
    account: str
    """Name of the channel account it came in by."""
    subject: str
    address: str
    recipient: str
    messages: tuple[PastMessage, ...]
    """Oldest first, never empty."""
    events: tuple[PastEvent, ...] = ()
    status: Status = Status.OPEN
    assignee: str = ""
    spam: bool = False
    unread: bool = False
    priority: Priority = Priority.NORMAL
    tags: tuple[str, ...] = ()
    automatic: bool = False
    snoozed_until: datetime | None = None
    snooze_zone: str = ""
    closed_at: datetime | None = None

    @property
    def shown(self) -> tuple[PastMessage, ...]:
        """The messages that left or entered the building: notes do not count."""
        return tuple(m for m in self.messages if m.direction is not Direction.NOTE)

    @property
    def waiting_since(self) -> datetime | None:
        """The first customer message that nobody has answered, or None."""
        since: datetime | None = None
        for message in self.shown:
            if message.direction is Direction.OUTBOUND:
                since = None
            elif since is None and not message.automatic:
                since = message.at
        return None if self.status is Status.CLOSED or self.spam else since


@dataclass(frozen=True, slots=True)
class PastAgent:
    """A member of the team."""

    name: str
    full_name: str
    email: str
    role: Role
    signature: str


@dataclass(frozen=True, slots=True)
class PastAccount:
    """A channel account, switched off: nothing is fetched or sent by it."""

    name: str
    channel: str
    address: str


@dataclass(frozen=True, slots=True)
class PastDesk:
    """A whole desk: its name, its team, its channels, and everything that happened."""

    name: str
    agents: tuple[PastAgent, ...]
    accounts: tuple[PastAccount, ...]
    tickets: tuple[PastTicket, ...]

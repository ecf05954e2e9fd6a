"""Values of tickets as lists show them, and of the team that works them.

The interface starts on these: what an opened ticket holds is in ``ticket_details``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Status(StrEnum):
    """Where a ticket stands."""

    OPEN = "open"
    SNOOZED = "snoozed"
    CLOSED = "closed"


class Priority(StrEnum):
    """How urgent a ticket is."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class View(StrEnum):
    """The views every desk has."""

    MINE = "mine"
    UNASSIGNED = "unassigned"
    ALL = "all"
    SPAM = "spam"


DEFAULT_STATUS: dict[View, Status | None] = {
    View.MINE: Status.OPEN,
    View.UNASSIGNED: Status.OPEN,
    View.ALL: None,
    View.SPAM: None,
}
"""The status filter a view opens with; ``None`` is any."""


class Sort(StrEnum):
    """Orders of a ticket list."""

    NEWEST = "newest"
    OLDEST = "oldest"
    WAITING = "waiting"
    """Whoever waits longest for a person first; nobody waiting last, newest first."""
    PRIORITY = "priority"
    """Urgent first, the newest of equal ones first."""
    CREATED = "created"
    """The last one made first."""


@dataclass(frozen=True, slots=True)
class ViewFilter:
    """What a ticket list shows: a built-in view (or a search) under a status filter."""

    view: View
    status: Status | None = None
    agent_id: int | None = None
    """The agent of ``View.MINE``."""
    query: str = ""
    """A search in the query language; empty for the plain view."""
    sort: Sort = Sort.NEWEST
    saved_id: int = 0
    """The saved view this is; 0 for none."""

    @property
    def takes_new(self) -> bool:
        """Whether tickets that come to fit join the list as it stands, as in no search."""
        return not self.query or self.saved_id != 0


@dataclass(frozen=True, slots=True)
class TicketRow:
    """One ticket as a list shows it."""

    id: int
    subject: str
    channel: str
    status: Status
    spam: bool
    unread: bool
    customer_name: str
    preview: str
    tags: tuple[str, ...]
    priority: Priority
    assignee_id: int | None
    assignee: str | None
    last_message_at: datetime
    waiting_since: datetime | None
    snoozed_until: datetime | None
    has_media: bool
    has_draft: bool
    message_count: int
    version: int
    flags: tuple[str, ...] = ()
    """Codes of what is unusual about it, such as ``auth-failed``."""
    team_id: int | None = None
    team: str | None = None
    """Whose queue it is in, with or without an assignee."""
    held_at: datetime | None = None
    """When an agent last said "still looking into it"; None where nobody did since it was new."""

    closing_at: datetime | None = None
    """An agent closed this chat and its visitor is told then; until then it can be taken back."""

    @property
    def timer_since(self) -> datetime | None:
        """Where the timer of a customer who waits starts; None while nobody waits."""
        if self.waiting_since is None or self.held_at is None:
            return self.waiting_since
        return max(self.waiting_since, self.held_at)


@dataclass(frozen=True, slots=True, order=True)
class SortKey:
    """The place of a row in a list: pages start after such a key (keyset paging)."""

    at: int
    """Microseconds since 1970 of the last message."""
    id: int


@dataclass(frozen=True, slots=True)
class TicketPage:
    """A page of a ticket list, in list order."""

    rows: tuple[TicketRow, ...]
    first: SortKey | None
    """Key of the first row: the page before ends just before it."""
    last: SortKey | None
    """Key of the last row: the next page starts just after it."""
    has_more: bool
    """True if there are rows beyond ``last`` (or before ``first`` when paging backwards)."""
    partial: bool = False
    """True if a search stopped at its time limit: it goes on from ``last`` (``first`` when paging
    backwards), which is then the place it came to and not a row."""


@dataclass(frozen=True, slots=True)
class ViewCount:
    """How many tickets a view holds under each status, and its badge."""

    unread: int
    """Unread tickets that count for the badge: open or snoozed, not spam (spam: its own)."""
    by_status: dict[Status, int]

    def total(self, status: Status | None) -> int:
        """Return the number of tickets under a status filter."""
        return sum(self.by_status.values()) if status is None else self.by_status.get(status, 0)


@dataclass(frozen=True, slots=True)
class AgentRow:
    """One member of the team."""

    id: int
    name: str
    full_name: str
    email: str
    role: str
    signature: str
    active: bool
    available: bool = True
    """Takes part when work is shared out."""


@dataclass(frozen=True, slots=True)
class TeamRow:
    """Agents who share work."""

    id: int
    name: str
    members: tuple[str, ...]
    """Names of its active agents."""


@dataclass(frozen=True, slots=True)
class Workload:
    """How many open tickets agents and teams have, by their ids; counted up to a limit."""

    agents: Mapping[int, int]
    teams: Mapping[int, int]

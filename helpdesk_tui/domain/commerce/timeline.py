"""Everything that happened between a customer and a shop, in one row: messages, orders, events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from helpdesk_tui.domain.commerce.facts import CustomerEvent, Order, Subscription


class EntryKind(StrEnum):
    """What an entry is; those of one moment stand in this order."""

    MESSAGE = "message"
    ORDER = "order"
    SUBSCRIPTION = "subscription"
    EVENT = "event"


RANKS = tuple(EntryKind)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a page of the timeline ended: what is older comes behind."""

    at: int
    """Microseconds since 1970."""
    rank: int
    id: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened; its texts came from outside."""

    kind: EntryKind
    id: int
    """The number of the row in the store."""
    at: datetime
    source_id: int = 0
    """Who told of it; 0: our own messages."""
    ticket_id: int = 0
    channel: str = ""
    who: str = ""
    """Who wrote a message."""
    is_ours: bool = False
    is_note: bool = False
    title: str = ""
    text: str = ""
    first_words: str = ""
    """How a message begins, without quotes and signature."""
    value: Order | Subscription | CustomerEvent | None = None

    @property
    def url(self) -> str:
        """Where it is seen outside, by people of the shop before customers."""
        if isinstance(self.value, Order):
            return self.value.admin_url or self.value.url
        return "" if self.value is None else self.value.url


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """Entries, the newest first, and where the next page begins; None at the end."""

    entries: tuple[Entry, ...]
    next: Place | None

"""What the store knows of a customer from all sources: what sidebar, macros and scripts read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from helpdesk_tui.domain.commerce.actions import Action
from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.facts import (
    CustomerEvent,
    Order,
    ProfileFacts,
    Section,
    SectionState,
    Segment,
    Subscription,
    Value,
)
from helpdesk_tui.domain.commerce.identities import Identity, Match


@dataclass(frozen=True, slots=True)
class Word:
    """How one source stands to one section of a customer."""

    source_id: int
    state: SectionState
    fetched_at: datetime | None
    """How old what is shown is; None: never fetched."""
    code: str = ""
    """Why the last try failed."""
    values: Mapping[str, str] = field(default_factory=dict)
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EventFilter:
    """A saved filter of events."""

    id: int
    name: str
    metrics: tuple[str, ...]
    is_shared: bool = False


@dataclass(frozen=True, slots=True)
class CustomerContext:
    """A customer over all sources, as far as it is shown: newest first, the rest is paged."""

    profile_id: int
    sources: tuple[ConnectedSource, ...] = ()
    words: Mapping[Section, tuple[Word, ...]] = field(default_factory=dict)
    matches: tuple[tuple[int, Match], ...] = ()
    """(source id, match): who they are there."""
    profiles: tuple[tuple[int, ProfileFacts], ...] = ()
    segments: tuple[tuple[int, Segment], ...] = ()
    values: tuple[tuple[int, Value], ...] = ()
    """The source that knows most comes first."""
    orders: tuple[tuple[int, Order], ...] = ()
    order_count: int | None = None
    """How many there are at the sources; None: nobody knows."""
    subscriptions: tuple[tuple[int, Subscription], ...] = ()
    subscription_count: int | None = None
    events: tuple[tuple[int, CustomerEvent], ...] = ()
    event_count: int = 0
    """How many are kept, after the filter."""
    metrics: tuple[tuple[str, int], ...] = ()
    """Kinds of event with how many are kept, the most frequent first."""
    actions: tuple[Action, ...] = ()
    """Changes that are under way, that nobody can tell of, or that ended within minutes."""
    claims: tuple[Identity, ...] = ()
    """Addresses that they only say are theirs: nothing was looked up by them."""
    same: tuple[int, ...] = ()
    """Other profiles of ours that a source holds for the same person: an offer to link them."""

    def source(self, source_id: int) -> ConnectedSource | None:
        """Return a connected source by its number."""
        return next((one for one in self.sources if one.id == source_id), None)

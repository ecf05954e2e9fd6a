"""The filters of events that agents keep: which kinds are shown beside a ticket."""

from __future__ import annotations

from collections.abc import Sequence

from helpdesk_tui.db.commerce import event_filters as rows
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.commerce.context import EventFilter
from helpdesk_tui.domain.errors import Conflict, NotFound, UsageError
from helpdesk_tui.domain.text import clean

_LONGEST = 60
_MOST_METRICS = 100


class EventFilters:
    """Keeps an agent's filters; every call blocks and is one transaction."""

    def __init__(self, store: Store, actor: Actor) -> None:
        self._store = store
        self._actor = actor

    def all(self) -> tuple[EventFilter, ...]:
        """Return the agent's own filters and everybody's, by name."""
        with self._store.read() as connection:
            return rows.load_filters(connection, self._actor.agent_id)

    def save(self, name: str, metrics: Sequence[str]) -> EventFilter:
        """Keep a filter, over one of the same name.

        Raises:
            UsageError: if it has no name, or shows nothing.
        """
        name = _named(name)
        kinds = tuple(dict.fromkeys(metrics))[:_MOST_METRICS]
        if not name or not kinds:
            raise UsageError("event-filter.empty")
        with self._store.write() as connection:
            kept = rows.save_filter(connection, self._actor.agent_id, name, kinds)
        return EventFilter(kept, name, kinds)

    def rename(self, filter_id: int, name: str) -> str:
        """Name a filter of this agent anew, and return the name.

        Raises:
            UsageError: if that is no name.
            Conflict: if another filter of theirs has it.
            NotFound: if there is none of theirs.
        """
        name = _named(name)
        if not name:
            raise UsageError("event-filter.no-name")
        with self._store.write() as connection:
            if rows.is_taken(connection, self._actor.agent_id, name, filter_id):
                raise Conflict("event-filter.taken", name=name)
            if not rows.rename_filter(connection, self._actor.agent_id, filter_id, name):
                raise NotFound("event-filter.missing", id=filter_id)
        return name

    def delete(self, filter_id: int) -> None:
        """Delete a filter of this agent.

        Raises:
            NotFound: if there is none of theirs.
        """
        with self._store.write() as connection:
            if not rows.delete_filter(connection, self._actor.agent_id, filter_id):
                raise NotFound("event-filter.missing", id=filter_id)


def _named(name: str) -> str:
    return " ".join(clean(name).split())[:_LONGEST]

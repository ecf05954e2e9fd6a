"""Searches as ticket lists; loaded when the first one is made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from helpdesk_tui.db.reads import lists
from helpdesk_tui.db.reads.completion import COUNTED, load_counts_of, load_values, load_views
from helpdesk_tui.db.reads.criteria import Criteria, criteria_of
from helpdesk_tui.db.reads.hits import load_hits
from helpdesk_tui.db.reads.rows import assemble
from helpdesk_tui.db.reads.search import count, find, passing
from helpdesk_tui.db.reads.search_sql import Walk
from helpdesk_tui.db.reads.search_walks import Found
from helpdesk_tui.db.reads.targets import load_found
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.query.cursor import (
    Completion,
    Proposal,
    ProposalKind,
    Spot,
    fixed_values,
    operators_for,
    quoted_value,
    spot_at,
)
from helpdesk_tui.domain.query.hits import Hit
from helpdesk_tui.domain.query.misses import Missed, alone, wider_than
from helpdesk_tui.domain.query.parsing import Query, QueryError, parse_query
from helpdesk_tui.domain.tickets import Sort, SortKey, TicketPage, TicketRow, ViewFilter
from helpdesk_tui.services.clock import Clock

if TYPE_CHECKING:
    import sqlite3

_CAPPED = ("tag", "team", "channel", "priority", "customer", "from", "to", "cc", "email")
"""Fields whose counts end at 1,000."""


class Searches:
    """Pages of views that have a query; every call blocks, for a fraction of a second at most.

    All calls raise :class:`~helpdesk_tui.domain.query.parsing.QueryError` for a query that cannot
    be understood. The keys of their pages are those of hits, not of rows: page on with them.
    """

    def __init__(self, store: Store, agent_id: int | None, now: Clock, zone: str) -> None:
        self._store = store
        self._agent_id = agent_id
        self._now = now
        self._zone = zone

    def page(
        self, where: ViewFilter, *, beyond: SortKey | None, backwards: bool, limit: int
    ) -> TicketPage:
        """Return hits beyond a key in list order; partial where the time was up."""
        with self._store.read() as connection:
            criteria = self._criteria(connection, where)
            descending = (criteria.sort is not Sort.OLDEST) is not backwards
            if criteria.limit is None:
                found = find(connection, criteria, Walk(beyond, descending, limit + 1))
            else:
                found = _of_first(connection, criteria, Walk(beyond, descending, limit + 1))
            keys = list(found.keys[:limit])
            if backwards:
                keys.reverse()
            raws = lists.load_any(connection, [key.id for key in keys])
            rows = assemble(connection, raws, self._agent_id)
        first, last = (keys[0], keys[-1]) if keys else (found.place, found.place)
        if found.place is not None:
            first, last = (found.place, last) if backwards else (first, found.place)
        return TicketPage(
            rows=rows,
            first=first,
            last=last,
            has_more=found.place is not None or len(found.keys) > limit,
            partial=found.place is not None,
        )

    def everything(self, where: ViewFilter) -> Iterator[list[tuple[int, int]]]:
        """Give (id, version) of all hits in the order of the list, part by part."""
        with self._store.read() as connection:
            yield from load_found(connection, self._criteria(connection, where))

    def rows(self, ids: Sequence[int], where: ViewFilter) -> tuple[TicketRow, ...]:
        """Return those of the named tickets that still are what is asked for."""
        with self._store.read() as connection:
            criteria = self._criteria(connection, where)
            kept = passing(connection, criteria, ids)
            raws = lists.load_any(connection, [one for one in ids if one in kept])
            return assemble(connection, raws, self._agent_id)

    def height(self, where: ViewFilter) -> int:
        """Return the number of hits, counted up to 1,000."""
        with self._store.read() as connection:
            return count(connection, self._criteria(connection, where))

    def next_unread(self, where: ViewFilter, after: SortKey) -> TicketRow | None:
        """Return the first unread hit after a key."""
        with self._store.read() as connection:
            criteria = self._criteria(connection, where)
            criteria.conditions.append("unread = 1")
            found = find(connection, criteria, Walk(after, criteria.sort is not Sort.OLDEST, 1))
            raws = lists.load_any(connection, [key.id for key in found.keys])
            rows = assemble(connection, raws, self._agent_id)
        return rows[0] if rows else None

    def hits(self, ids: Sequence[int], where: ViewFilter, *, width: int = 80) -> dict[int, Hit]:
        """Return what the words of a query found in some tickets: a line and what to mark in it."""
        with self._store.read() as connection:
            criteria = self._criteria(connection, where)
            query = parse_query(where.query, now=self._now(), zone=self._zone)
            return load_hits(connection, criteria, query, ids, width)

    def missed(self, where: ViewFilter) -> Missed:
        """Return which parts of a query without hits find nothing, and where there would be some.

        Each part is looked for by itself, for a moment only.
        """
        now = self._now()
        query = parse_query(where.query, now=now, zone=self._zone)
        with self._store.read() as connection:

            def found(asked: ViewFilter, of: Query) -> int:
                try:
                    criteria = criteria_of(connection, asked, of, self._agent_id, now)
                except QueryError:
                    return 0
                return count(connection, criteria)

            parts = tuple(
                part for part in query.root.parts
                if not part.negated and not found(where, alone(query, part))
            )  # fmt: skip
            for wider in wider_than(where, query):
                of = parse_query(wider.where.query, now=now, zone=self._zone)
                if hits := found(wider.where, of):
                    return Missed(parts, replace(wider, count=hits))
        return Missed(parts, None)

    def complete(self, text: str, cursor: int) -> Completion:
        """Return what could stand at a place of a query being typed, for a few milliseconds."""
        spot = spot_at(text, cursor)
        if spot is None:
            return Completion(cursor, cursor, ())
        with self._store.read() as connection:
            if spot.field is None:
                found = self._words(connection, text, spot)
            else:
                found = self._values(connection, spot)
        return Completion(spot.start, spot.end, found, cursor)

    def _words(self, connection: sqlite3.Connection, text: str, spot: Spot) -> tuple[Proposal, ...]:
        found = operators_for(spot.typed)
        if text.strip() != spot.typed:
            return found
        views = load_views(connection, spot.typed, self._agent_id)
        return found + tuple(Proposal(ProposalKind.VIEW, query, name) for name, query in views)

    def _values(self, connection: sqlite3.Connection, spot: Spot) -> tuple[Proposal, ...]:
        field = spot.field.name if spot.field is not None else ""
        values = load_values(connection, field, spot.typed, self._agent_id)
        if values is None:
            names = fixed_values(spot)
            counts = load_counts_of(connection, field, names, self._agent_id)
            values = [(name, counts.get(name)) for name in names]
        return tuple(
            Proposal(
                ProposalKind.VALUE,
                quoted_value(name),
                name,
                None if count is None else min(count, COUNTED) if field in _CAPPED else count,
                count is not None and field in _CAPPED and count > COUNTED,
            )
            for name, count in values
        )

    def _criteria(self, connection: sqlite3.Connection, where: ViewFilter) -> Criteria:
        now = self._now()
        query = parse_query(where.query, now=now, zone=self._zone)
        return criteria_of(connection, where, query, self._agent_id, now)


def _of_first(connection: sqlite3.Connection, criteria: Criteria, walk: Walk) -> Found:
    """Return the part of a list that ends after ``limit:`` hits."""
    down = criteria.sort is not Sort.OLDEST
    found = find(connection, criteria, Walk(None, down, criteria.limit or 0))
    keys, beyond = list(found.keys), walk.beyond
    if walk.descending is not down:
        keys.reverse()
    if beyond is not None:
        keys = [key for key in keys if (key < beyond if walk.descending else key > beyond)]
    is_partial = walk.descending is down and len(keys) < walk.limit
    return Found(tuple(keys[: walk.limit]), found.place if is_partial else None)

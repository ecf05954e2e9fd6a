"""Ticket lists: counts, pages and searches."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from helpdesk_tui.db.reads import lists, search
from helpdesk_tui.db.reads.counts import load_counts, load_total
from helpdesk_tui.db.reads.criteria import Criteria, criteria_of
from helpdesk_tui.db.reads.rows import Raw, assemble, key_of
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.query import parse_query
from helpdesk_tui.domain.tickets import (
    Sort,
    SortKey,
    TicketPage,
    TicketRow,
    View,
    ViewCount,
    ViewFilter,
)
from helpdesk_tui.services.clock import Clock, utc_now

PAGE = 50
"""Rows of a page where the caller names no number."""


class Inbox:
    """Reads ticket lists; every call blocks, none of them longer for a longer list."""

    def __init__(
        self, store: Store, actor: Actor, *, now: Clock = utc_now, zone: str = "UTC"
    ) -> None:
        self._store = store
        self._actor = actor
        self._now = now
        self._zone = zone

    def counts(self) -> dict[View, ViewCount]:
        """Return how many tickets each view holds, and its badge."""
        with self._store.read() as connection:
            return load_counts(connection, self._actor.agent_id)

    def page(
        self,
        where: ViewFilter,
        *,
        after: SortKey | None = None,
        before: SortKey | None = None,
        limit: int = PAGE,
    ) -> TicketPage:
        """Return the rows that follow ``after`` or precede ``before``, in list order.

        Without a key these are the first rows of the list.
        """
        beyond, backwards = (before, True) if before is not None else (after, False)
        return self._walk(where, beyond=beyond, backwards=backwards, limit=limit)

    def last_page(self, where: ViewFilter, limit: int = PAGE) -> TicketPage:
        """Return the end of the list; ``has_more`` says whether rows come before it."""
        return self._walk(where, beyond=None, backwards=True, limit=limit)

    def seek(self, where: ViewFilter, fraction: float, limit: int = PAGE) -> TicketPage:
        """Return a page about ``fraction`` of the way down the list, without counting rows.

        The place is interpolated between the times of the first and the last row.
        """
        if fraction <= 0:
            return self.page(where, limit=limit)
        if fraction >= 1:
            return self.last_page(where, limit=limit)
        span = self._span(where)
        if span is None:
            return TicketPage((), None, None, has_more=False)
        first, last = span
        at = first.at + round((last.at - first.at) * fraction)
        return self.page(where, after=SortKey(at, 0), limit=limit)

    def rows(self, ids: Sequence[int], where: ViewFilter) -> dict[int, TicketRow | None]:
        """Return the named tickets as they are now; None for those no longer in this view."""
        with self._store.read() as connection:
            criteria = self._criteria(connection, where)
            scope = lists.scope_of(self._whose(where))
            if criteria is not None:
                scope = lists.Scope(criteria.where, criteria.all_params)
            found = lists.load_rows(connection, scope, ids)
            rows = assemble(connection, list(found.values()), self._actor.agent_id)
        current: dict[int, TicketRow | None] = dict.fromkeys(ids)
        return current | {row.id: row for row in rows}

    def height(self, where: ViewFilter) -> int:
        """Return how many tickets a view holds; hits of a search are counted up to 1,000."""
        with self._store.read() as connection:
            criteria = self._criteria(connection, where)
            if criteria is None:
                return load_total(connection, self._whose(where))
            return search.count(connection, criteria)

    def next_unread(self, where: ViewFilter, after: SortKey) -> TicketRow | None:
        """Return the first unread ticket that follows a key, or None."""
        with self._store.read() as connection:
            criteria = self._criteria(connection, where)
            if criteria is None:
                found = lists.load_next_unread(connection, self._whose(where), after)
                raws = [] if found is None else [found]
            else:
                criteria.conditions.append("unread = 1")
                walk = search.Walk(after, where.sort is Sort.NEWEST, 1)
                hits = search.find(connection, criteria, walk)
                raws = lists.load_any(connection, [key.id for key in hits.keys])
            rows = assemble(connection, raws, self._actor.agent_id)
        return rows[0] if rows else None

    def _whose(self, where: ViewFilter) -> ViewFilter:
        """Return the filter with the agent of ``View.MINE`` filled in."""
        if where.view is not View.MINE or where.agent_id is not None:
            return where
        return ViewFilter(where.view, where.status, self._actor.agent_id, where.query, where.sort)

    def _walk(
        self, where: ViewFilter, *, beyond: SortKey | None, backwards: bool, limit: int
    ) -> TicketPage:
        limit = max(1, limit)
        with self._store.read() as connection:
            criteria = self._criteria(connection, where)
            if criteria is not None:
                descending = (where.sort is Sort.NEWEST) is not backwards
                walk = search.Walk(beyond, descending, limit + 1)
                return self._hits(connection, criteria, walk, backwards=backwards)
            found = lists.load_page(
                connection,
                self._whose(where),
                beyond=beyond,
                backwards=backwards,
                limit=limit + 1,
            )
            return self._page(connection, found, backwards=backwards, limit=limit)

    def _criteria(self, connection: sqlite3.Connection, where: ViewFilter) -> Criteria | None:
        """Return what a search asks for; None for a plain view."""
        if not where.query.strip():
            return None
        query = parse_query(where.query, now=self._now(), zone=self._zone)
        return criteria_of(connection, self._whose(where), query, self._actor.agent_id)

    def _span(self, where: ViewFilter) -> tuple[SortKey, SortKey] | None:
        """Return the keys of the first and the last row."""
        if not where.query.strip():
            with self._store.read() as connection:
                return lists.load_span(connection, self._whose(where))
        first, last = self.page(where, limit=1).first, self.last_page(where, limit=1).last
        return None if first is None or last is None else (first, last)

    def _hits(
        self,
        connection: sqlite3.Connection,
        criteria: Criteria,
        walk: search.Walk,
        *,
        backwards: bool,
    ) -> TicketPage:
        found = search.find(connection, criteria, walk)
        keys = list(found.keys[: walk.limit - 1])
        if backwards:
            keys.reverse()
        raws = lists.load_any(connection, [key.id for key in keys])
        first, last = (keys[0], keys[-1]) if keys else (found.place, found.place)
        if found.place is not None:
            first, last = (found.place, last) if backwards else (first, found.place)
        return TicketPage(
            rows=assemble(connection, raws, self._actor.agent_id),
            first=first,
            last=last,
            has_more=found.place is not None or len(found.keys) >= walk.limit,
            partial=found.place is not None,
        )

    def _page(
        self, connection: sqlite3.Connection, found: list[Raw], *, backwards: bool, limit: int
    ) -> TicketPage:
        has_more = len(found) > limit
        shown = found[:limit]
        if backwards:
            shown.reverse()
        if not shown:
            return TicketPage((), None, None, has_more=False)
        return TicketPage(
            rows=assemble(connection, shown, self._actor.agent_id),
            first=key_of(shown[0]),
            last=key_of(shown[-1]),
            has_more=has_more,
        )

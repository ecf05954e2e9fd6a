"""Ticket lists: counts, pages and searches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from helpdesk_tui.db.reads import lists
from helpdesk_tui.db.reads.counts import load_counts, load_total
from helpdesk_tui.db.reads.rows import assemble, key_of
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import Actor
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

if TYPE_CHECKING:
    from helpdesk_tui.services.searches import Searches

PAGE = 50
"""Rows of a page where the caller names no number."""


class Inbox:
    """Reads ticket lists; every call blocks, none of them longer for a longer list.

    A view with a query is a search: every call with one may raise
    :class:`~helpdesk_tui.domain.query.parsing.QueryError`.
    """

    def __init__(
        self, store: Store, actor: Actor, *, now: Clock = utc_now, zone: str = "UTC"
    ) -> None:
        self._store = store
        self._agent_id = actor.agent_id
        self._now = now
        self._zone = zone

    @cached_property
    def searches(self) -> Searches:
        """Everything about queries: pages, hits in context, completion."""
        from helpdesk_tui.services.searches import Searches

        return Searches(self._store, self._agent_id, self._now, self._zone)

    def counts(self) -> dict[View, ViewCount]:
        """Return how many tickets each view holds, and its badge."""
        with self._store.read() as connection:
            return load_counts(connection, self._agent_id)

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

        The place is interpolated between those of the first and the last row.
        """
        if fraction <= 0:
            return self.page(where, limit=limit)
        if fraction >= 1:
            return self.last_page(where, limit=limit)
        first = self.page(where, limit=1).first
        last = self.last_page(where, limit=1).last
        if first is None or last is None:
            return TicketPage((), None, None, has_more=False)
        at = first.at + round((last.at - first.at) * fraction)
        return self.page(where, after=SortKey(at, 0), limit=limit)

    def rows(self, ids: Sequence[int], where: ViewFilter) -> dict[int, TicketRow | None]:
        """Return the named tickets as they are now; None for those no longer in this view."""
        current: dict[int, TicketRow | None] = dict.fromkeys(ids)
        where = self._whose(where)
        if _is_search(where):
            rows = self.searches.rows(ids, where)
        else:
            with self._store.read() as connection:
                found = lists.load_rows(connection, lists.scope_of(where), ids)
                rows = assemble(connection, list(found.values()), self._agent_id)
        return current | {row.id: row for row in rows}

    def height(self, where: ViewFilter) -> int:
        """Return how many tickets a view holds; hits of a search are counted up to 1,000."""
        where = self._whose(where)
        if where.query.strip():
            return self.searches.height(where)
        with self._store.read() as connection:
            return load_total(connection, where)

    def next_unread(self, where: ViewFilter, after: SortKey) -> TicketRow | None:
        """Return the first unread ticket that follows a key, or None."""
        where = self._whose(where)
        if _is_search(where):
            return self.searches.next_unread(where, after)
        with self._store.read() as connection:
            found = lists.load_next_unread(connection, where, after)
            return assemble(connection, [found], self._agent_id)[0] if found else None

    def _whose(self, where: ViewFilter) -> ViewFilter:
        """Return the filter with the agent of ``View.MINE`` filled in."""
        if where.view is not View.MINE or where.agent_id is not None:
            return where
        return replace(where, agent_id=self._agent_id)

    def _walk(
        self, where: ViewFilter, *, beyond: SortKey | None, backwards: bool, limit: int
    ) -> TicketPage:
        where, limit = self._whose(where), max(1, limit)
        if _is_search(where):
            return self.searches.page(where, beyond=beyond, backwards=backwards, limit=limit)
        with self._store.read() as connection:
            found = lists.load_page(
                connection, where, beyond=beyond, backwards=backwards, limit=limit + 1
            )
            shown = found[:limit]
            if backwards:
                shown.reverse()
            rows = assemble(connection, shown, self._agent_id)
        if not shown:
            return TicketPage((), None, None, has_more=False)
        return TicketPage(rows, key_of(shown[0]), key_of(shown[-1]), has_more=len(found) > limit)


def _is_search(where: ViewFilter) -> bool:
    return bool(where.query.strip()) or where.sort not in (Sort.NEWEST, Sort.OLDEST)

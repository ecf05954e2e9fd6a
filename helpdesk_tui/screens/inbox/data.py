"""Loads what the inbox lists: pages, counts and changed rows, never on the UI thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.list_places import place_of
from helpdesk_tui.domain.tickets import (
    DEFAULT_STATUS,
    Sort,
    SortKey,
    Status,
    TicketPage,
    TicketRow,
    View,
    ViewCount,
    ViewFilter,
)
from helpdesk_tui.screens.jobs import Jobs
from helpdesk_tui.services.clock import utc_now
from helpdesk_tui.services.opening import PAGE, FirstReads, Loaded, load_view
from helpdesk_tui.widgets.tickets.list import TicketList

_Refreshed = tuple[dict[int, TicketRow | None], TicketRow | None, dict[View, ViewCount] | None]
"""Changed rows, the one under the cursor if it left the list, and the numbers of the views."""


class InboxReads(FirstReads, Protocol):
    """What the list needs of the inbox service."""

    def last_page(self, where: ViewFilter, limit: int = 50) -> TicketPage:
        """Return the end of a list."""
        ...

    def seek(self, where: ViewFilter, fraction: float, limit: int = 50) -> TicketPage:
        """Return rows from some way down a list."""
        ...

    def rows(self, ids: Sequence[int], where: ViewFilter) -> dict[int, TicketRow | None]:
        """Return tickets as they are now; None where one left the list."""
        ...

    def next_unread(self, where: ViewFilter, after: SortKey) -> TicketRow | None:
        """Return the next unread ticket after a key."""
        ...


class InboxData:
    """Keeps one ticket list filled from the inbox service."""

    def __init__(
        self,
        inbox: InboxReads,
        jobs: Jobs,
        tickets: TicketList,
        *,
        agent_id: int | None,
        counted: Callable[[Mapping[View, ViewCount]], None],
        shown: Callable[[Loaded], None],
    ) -> None:
        self._inbox = inbox
        self._jobs = jobs
        self._tickets = tickets
        self._agent_id = agent_id
        self._counted = counted
        self._shown = shown
        self.where = self.filter_of(View.MINE)
        self.searched_from = self.where
        """The list that was shown before the search."""
        self.reached: SortKey | None = None
        """Where a search that ran out of time goes on, if it did."""
        self.extended: Callable[[TicketPage], object] = lambda _: None
        """Hears of every page that was added below."""
        self.expected: Callable[[], object] = lambda: None
        """Hears that another list was asked for."""
        self.settled: Callable[[], object] = lambda: None
        """Hears that it is shown, or will not come."""

    def filter_of(self, view: View, status: Status | None = None) -> ViewFilter:
        """Return a view as it opens: under its own status filter where none is given."""
        return ViewFilter(
            view,
            status if status is not None else DEFAULT_STATUS[view],
            self._agent_id if view is View.MINE else None,
        )

    def open(
        self,
        where: ViewFilter,
        *,
        keep: int | None = None,
        failed: Callable[[HelpdeskError], None] | None = None,
    ) -> None:
        """Load and show a list; ``keep`` names a ticket the cursor shall stand on."""
        if where != self.where:
            self.expected()
        self.where = where

        def show(loaded: Loaded) -> None:
            if loaded.where != self.where:
                return  # another list was asked for meanwhile
            self.reached = loaded.page.last if loaded.page.partial else None
            self._tickets.show(loaded.where, loaded.page, loaded.height, keep=keep)
            self._counted(loaded.counts)
            self._shown(loaded)
            self.settled()

        def undone(error: HelpdeskError) -> None:
            if where != self.where:
                return  # what was asked for since is still to come
            self.where = self._tickets.where or where
            self.settled()
            if failed is not None:
                failed(error)

        self._jobs.start(
            lambda: load_view(self._inbox, where),
            show,
            undone if failed is not None else None,
            group="view",
            exclusive=True,
        )

    def reload(self, *, keep: int | None = None) -> None:
        """Load the list that is shown again, from its top."""
        self.open(self.where, keep=keep)

    def search(self, query: str, failed: Callable[[HelpdeskError], None]) -> None:
        """Show the hits of a query as a list."""
        if self.where.takes_new:
            self.searched_from = self.where
        from helpdesk_tui.domain.query.order import order_of

        sort = order_of(query, Sort.NEWEST, utc_now())
        self.open(ViewFilter(View.ALL, None, None, query, sort), failed=failed)

    def with_status(self, status: Status | None) -> ViewFilter:
        """Return the filter of the list that is shown under another status."""
        return replace(self.where, status=status)

    def with_sort(self, sort: Sort) -> ViewFilter:
        """Return the filter of the list that is shown in another order."""
        return replace(self.where, sort=sort)

    def to_end(self) -> None:
        """Show the end of the list."""
        where = self.where
        if self._tickets.window.at_end:
            self._select_last()
            return

        def load() -> tuple[TicketPage, int]:
            return self._inbox.last_page(where, limit=PAGE), self._inbox.height(where)

        self._jobs.start(load, lambda got: self._tickets.show_end(*got), group="page")

    def to_start(self) -> None:
        """Show the top of the list with the cursor on its first ticket."""
        window = self._tickets.window
        if window.at_top and window.rows:
            self._tickets.select(window.rows[0].id)
            return
        self.reload()

    def _select_last(self) -> None:
        if self._tickets.window.rows:
            self._tickets.select(self._tickets.window.rows[-1].id)

    def load_wanted(self, wanted: TicketList.Wanted) -> None:
        """Load the part of the list that came near or into sight."""
        where = wanted.where
        if where != self.where:
            return
        if wanted.fraction is not None:
            self._jump(where, wanted.fraction)
            return

        is_below = wanted.after is not None
        # behind its last row it would look through the same again
        after = self.reached or wanted.after if is_below else None

        def show(page: TicketPage) -> None:
            if where != self.where:
                return
            if is_below:
                self.reached = page.last if page.partial else None
            self._tickets.extend(page, after=is_below)
            self.extended(page)

        def failed(_: HelpdeskError) -> None:
            self._tickets.give_up()

        self._jobs.start(
            lambda: self._inbox.page(where, after=after, before=wanted.before, limit=PAGE),
            show,
            failed,
            group="page",
        )

    def go_on(self) -> None:
        """Let a search that ran out of time go on where it stopped."""
        self.load_wanted(TicketList.Wanted(self.where, after=self.reached))

    def _jump(self, where: ViewFilter, fraction: float) -> None:
        def load() -> tuple[TicketPage, int]:
            return self._inbox.seek(where, fraction, limit=PAGE), self._inbox.height(where)

        def show(got: tuple[TicketPage, int]) -> None:
            if where == self.where:
                self._tickets.show_part(got[0], fraction, got[1])

        self._jobs.start(load, show, group="page")

    def refresh(self, ids: Sequence[int], *, counts: bool = True) -> None:
        """Load tickets that changed and lay them over the list."""
        where, cursor = self.where, self._tickets.cursor_id

        def load() -> _Refreshed:
            rows = self._inbox.rows(ids, where)
            gone = cursor if cursor in rows and rows[cursor] is None else None
            return rows, self._anywhere(gone), (self._inbox.counts() if counts else None)

        def show(got: _Refreshed) -> None:
            rows, gone, numbers = got
            if where == self.where and self._tickets.where == where:
                self._tickets.merge(rows, insert=where.takes_new)
                if gone is not None:
                    self._tickets.redraw(gone)
            if numbers is not None:
                self._counted(numbers)

        self._jobs.start(load, show, group="rows")

    def _anywhere(self, ticket_id: int | None) -> TicketRow | None:
        """Return a ticket that left the list: it stands there until the cursor moves on."""
        if ticket_id is None:
            return None
        for view in (View.ALL, View.SPAM):
            row = self._inbox.rows([ticket_id], ViewFilter(view))[ticket_id]
            if row is not None:
                return row
        return None

    def refresh_counts(self) -> None:
        """Read the numbers of the views anew."""
        self._jobs.start(self._inbox.counts, self._counted, group="counts", exclusive=True)

    def next_unread(self, found: Callable[[TicketRow | None], None]) -> None:
        """Look for the next unread ticket below the cursor."""
        row, where = self._tickets.cursor_row, self.where
        if row is None:
            found(None)
            return
        key = place_of(row, where.sort)
        self._jobs.start(lambda: self._inbox.next_unread(where, key), found, group="unread")

    def open_ticket(
        self, ticket_id: int, entered: Callable[[], object], missing: Callable[[], object]
    ) -> None:
        """Put the cursor on a ticket, in the list that is shown or else in one that holds it."""
        if self._tickets.window.index_of(ticket_id) is not None:
            self._tickets.select(ticket_id)
            entered()
            return

        def load() -> tuple[TicketRow, Loaded, TicketPage] | None:
            row = self._anywhere(ticket_id)
            if row is None:
                return None
            where = ViewFilter(View.SPAM if row.spam else View.ALL)
            after = self._inbox.page(where, after=place_of(row, where.sort), limit=PAGE)
            return row, load_view(self._inbox, where), after

        def show(got: tuple[TicketRow, Loaded, TicketPage] | None) -> None:
            if got is None:
                missing()
                return
            row, loaded, after = got
            self.where = loaded.where
            self._tickets.show(loaded.where, loaded.page, loaded.height, keep=ticket_id)
            self._counted(loaded.counts)
            self._shown(loaded)
            if self._tickets.cursor_id != ticket_id:
                self._show_from(row, after, loaded.height)
            entered()

        self._jobs.start(load, show, group="view", exclusive=True)

    def _show_from(self, row: TicketRow, after: TicketPage, height: int) -> None:
        """Show a part of the list that begins with a ticket, with the cursor on it."""
        first = place_of(row, self.where.sort)
        page = TicketPage((row, *after.rows), first, after.last, after.has_more)
        index = self._tickets.window.end
        self._tickets.show_part(page, index / max(1, height - 1), height)
        self._tickets.select(row.id)

    def show_at(self, row: TicketRow) -> None:
        """Put the cursor on a ticket that may be outside the window."""
        if self._tickets.window.index_of(row.id) is not None:
            self._tickets.select(row.id)
            return
        where, key = self.where, place_of(row, self.where.sort)

        def load() -> tuple[TicketPage, int]:
            after = self._inbox.page(where, after=key, limit=PAGE)
            return after, self._inbox.height(where)

        def show(got: tuple[TicketPage, int]) -> None:
            if where == self.where:
                self._show_from(row, *got)

        self._jobs.start(load, show, group="page")

"""What belongs to the list of a search: its hits in context, how far it got, why it is empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk_tui.domain.query.hits import Hit, Wanted, wanted_of
from helpdesk_tui.domain.query.misses import Beyond, Missed, Wider
from helpdesk_tui.domain.query.parsing import Query, QueryError, parse_query
from helpdesk_tui.domain.tickets import Sort
from helpdesk_tui.services.opening import PAGE, Loaded
from helpdesk_tui.widgets.words.language import _, ngettext
from helpdesk_tui.widgets.words.queries import describe, name_of, sort_words
from helpdesk_tui.widgets.words.view_names import empty_text

if TYPE_CHECKING:
    from helpdesk_tui.domain.messages import Thread
    from helpdesk_tui.domain.tickets import TicketPage, ViewFilter
    from helpdesk_tui.screens.inbox.data import InboxData
    from helpdesk_tui.screens.inbox.screen import InboxScreen
    from helpdesk_tui.services.desk import Desk

_COUNTED = 1000
_ROUND_LIST = 6
"""Cells of a row that no text of a hit takes."""


class SearchResults:
    """Completes the list of a search after its rows are on the screen; never blocks it."""

    def __init__(self, screen: InboxScreen, data: InboxData, desk: Desk) -> None:
        self._screen = screen
        self._data = data
        self._desk = desk
        self._where: ViewFilter | None = None
        self._query: Query | None = None
        self._wanted: tuple[Wanted, ...] = ()
        self._hits: dict[int, Hit] = {}
        self._height = 0
        self._wider: Wider | None = None
        data.extended = self._extended
        screen.tickets.counted = self._counted

    # the list --------------------------------------------------------------------------------

    def shown(self, loaded: Loaded) -> None:
        """A list is on the screen: complete it if it is one of hits."""
        where = loaded.where
        if where != self._where:
            self._hits = {}
            self._screen.tickets.show_hits({})
        self._where, self._wider = where, None
        self._query = self._understood(where)
        self._wanted = wanted_of(self._query) if self._query is not None else ()
        self._height = loaded.height
        self._remark()
        if self._query is None:
            return
        self._say_result()
        self._load_hits(loaded.page)
        if self._data.reached is not None and len(loaded.page.rows) < PAGE:
            self._data.go_on()
        elif not loaded.page.rows and self._data.reached is None:
            self._ask_why()

    def _understood(self, where: ViewFilter) -> Query | None:
        if not where.query:
            return None
        try:
            return parse_query(where.query, now=self._screen.now())
        except QueryError:
            return None

    def _counted(self, height: int) -> None:
        """Tickets left the list, or came back: say how many there are now."""
        window = self._screen.tickets.window
        # of more than a thousand hits the number was not known before either
        is_known = self._height < _COUNTED or (window.at_top and window.at_end)
        if self._where is None or self._where != self._screen.tickets.where or not is_known:
            return
        self._height = height
        self._say_result()

    def _extended(self, page: TicketPage) -> None:
        """A page was added: its hits come after it, and the search goes on where it stopped."""
        if self._query is None or self._where != self._data.where:
            return
        window = self._screen.tickets.window
        if window.at_end and window.at_top:
            self._height = len(window.rows)
        self._say_result()
        self._load_hits(page)
        if page.partial and len(page.rows) < PAGE:
            self._data.go_on()
        elif not window.rows and not page.partial:
            self._ask_why()

    def _load_hits(self, page: TicketPage) -> None:
        where = self._where
        ids = [row.id for row in page.rows if row.id not in self._hits]
        if not ids or not self._wanted or where is None:
            return
        width = max(24, self._screen.tickets.size.width - _ROUND_LIST)

        def found(hits: dict[int, Hit]) -> None:
            if where == self._data.where:
                self._hits |= hits
                self._screen.tickets.show_hits(self._hits)
                self._remark()

        self._screen.start(
            lambda: self._desk.inbox.searches.hits(ids, where, width=width),
            found,
            lambda _error: None,  # without them the rows show their subjects
            group="hits",
        )

    def _say_result(self) -> None:
        if self._query is None or self._where is None:
            return
        found, looking = self._height, self._data.reached is not None
        if looking:
            result = _("first results, still looking …")
        elif found >= _COUNTED:
            result = _("1,000+ tickets")
        else:
            result = ngettext("{count} ticket", "{count} tickets", found).format(count=found)
        words = describe(self._query)
        if self._query.sort is None and self._where.sort in (Sort.NEWEST, Sort.OLDEST):
            words = f"{words} · {sort_words(self._where.sort)}"
        self._screen.head.show_result(self._screen.signs.plain(result), words)
        self._screen.tickets.notice = (
            (_("Still looking …"), _("Back: press q")) if looking else empty_text(self._where)
        )

    # nothing found ---------------------------------------------------------------------------

    def _ask_why(self) -> None:
        where = self._where
        if where is None or where.takes_new:
            return

        def told(missed: Missed) -> None:
            if where != self._data.where or self._screen.tickets.window.rows:
                return
            self._wider = missed.wider
            self._screen.tickets.notice = self._notice(where, missed)
            self._screen.tickets.refresh()

        self._screen.start(
            lambda: self._desk.inbox.searches.missed(where),
            told,
            lambda _error: None,  # it stays at "nothing found"
            group="missed",
            exclusive=True,
        )

    def _notice(self, where: ViewFilter, missed: Missed) -> tuple[str, str]:
        """Return what an empty list says: what of the query finds nothing, and what would."""
        news, help_ = empty_text(where)
        parts = [name_of(part) for part in missed.parts]
        several = self._query is not None and len(self._query.root.parts) > 1
        if parts:
            news = _("Nothing found for {part}.").format(part=f" {_('or')} ".join(parts))
        elif several:
            news = _("Nothing has all of this at once; each part alone finds something.")
        if missed.wider is not None:
            count = "1,000+" if missed.wider.count >= _COUNTED else str(missed.wider.count)
            offers = {
                Beyond.SPAM: _("{count} in spam: enter shows them   Change it: /"),
                Beyond.STATUS: _("{count} under any status: enter shows them   Change it: /"),
            }
            help_ = offers[missed.wider.beyond].format(count=count)
        return news, help_

    def widen(self) -> bool:
        """Search where there would be something; False if that is not known."""
        wider = self._wider
        if wider is None or wider.where == self._data.where or self._screen.tickets.window.rows:
            return False
        self._data.open(wider.where, failed=self._screen.complain)
        return True

    # the thread ------------------------------------------------------------------------------

    def _remark(self) -> None:
        """Mark, or leave unmarked, the thread that stands beside the list already."""
        pane = self._screen.panes.thread
        if pane is not None and pane.thread is not None and self._screen.panes.current == "list":
            self.mark(pane.thread)

    def mark(self, thread: Thread) -> None:
        """Mark what was searched for in a thread; go to the message that was found."""
        pane = self._screen.panes.thread
        if pane is None:
            return
        is_search = self._query is not None and self._where == self._data.where
        hit = self._hits.get(thread.ticket.row.id) if is_search else None
        pane.view.mark(self._wanted if is_search else (), hit.message_id if hit else 0)

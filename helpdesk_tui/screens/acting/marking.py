"""Marking tickets by key: one, a range, what is on the screen, the whole list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from helpdesk_tui.domain.list_places import place_of
from helpdesk_tui.domain.tickets import TicketRow, ViewFilter
from helpdesk_tui.widgets.tickets.marks import Marks
from helpdesk_tui.widgets.words.language import _, ngettext
from helpdesk_tui.widgets.words.locale_forms import number

if TYPE_CHECKING:
    from helpdesk_tui.screens.inbox.data import InboxData
    from helpdesk_tui.screens.inbox.screen import InboxScreen
    from helpdesk_tui.services.desk import Desk

_PAGE = 200
_LONGEST = 20_000
"""Tickets a range may have; the whole list has a key of its own."""


class Marking:
    """What the keys of marking do."""

    def __init__(self, screen: InboxScreen, data: InboxData, desk: Desk) -> None:
        self._screen = screen
        self._data = data
        self._desk = desk

    def handlers(self) -> dict[str, Callable[[], None]]:
        """Return what the keys do."""
        return {
            "select.toggle": self.toggle,
            "select.range": self.range,
            "select.page": self.page,
            "select.unread": self.unread,
            "select.none": self.none,
            "select.all": self.all,
        }

    def toggle(self) -> None:
        """Mark the ticket under the cursor, or take its mark off; in the list, go on."""
        tickets = self._screen.tickets
        row = tickets.cursor_row
        if row is None:
            return
        tickets.mark(lambda marks: marks.toggle(row))
        if self._screen.panes.current == "list":
            tickets.move(1)

    def range(self) -> None:
        """Begin a range of marks, or end it."""
        tickets = self._screen.tickets
        begin, end = tickets.range_from, tickets.cursor_row
        if begin is None:
            self._screen.panes.go("list")
            tickets.begin_range()
            self._screen.footer.say(_("move, then V marks to there · esc gives up"))
            return
        rows = tickets.end_range()
        if rows is not None:
            tickets.mark(lambda marks: marks.add(rows))
        elif end is not None:
            self._far(begin, end)

    def _far(self, begin: TicketRow, end: TicketRow) -> None:
        """Mark a range whose rows are not in memory any more."""
        where, inbox = self._data.where, self._desk.inbox

        def walk(first: TicketRow, last: TicketRow) -> dict[int, int] | None:
            found = {first.id: first.version}
            after = place_of(first, where.sort)
            while len(found) < _LONGEST:
                page = inbox.page(where, after=after, limit=_PAGE)
                for row in page.rows:
                    found[row.id] = row.version
                    if row.id == last.id:
                        return found
                if page.last is None or not page.has_more:
                    return None
                after = page.last
            return None

        def done(found: dict[int, int] | None) -> None:
            if found is None:
                self._screen.footer.say(_("too long a range: * A marks the whole list"))
            elif where == self._data.where:
                self._screen.tickets.mark(lambda marks: marks.add_versions(found))

        self._screen.start(lambda: walk(begin, end) or walk(end, begin), done, group="mark")

    def page(self) -> None:
        """Mark what is on the screen."""
        self._add(self._screen.tickets.in_sight())

    def unread(self) -> None:
        """Mark what is unread on the screen."""
        rows = [row for row in self._screen.tickets.in_sight() if row.unread]
        if not rows:
            self._screen.footer.say(_("nothing on the screen is unread"))
        self._add(rows)

    def _add(self, rows: Sequence[TicketRow]) -> None:
        self._screen.tickets.mark(lambda marks: marks.add(rows))

    def none(self) -> None:
        """Take all marks off."""
        tickets = self._screen.tickets
        tickets.end_range()
        tickets.mark(lambda marks: marks.clear())

    def all(self) -> None:
        """Mark the whole list; how long it really is is counted beside."""
        tickets = self._screen.tickets
        where = self._data.where
        if tickets.where != where or not tickets.window.rows:
            return
        tickets.end_range()
        height = tickets.window.height
        is_known = tickets.window.at_top and tickets.window.at_end
        tickets.mark(lambda marks: marks.mark_all(height, is_more=not is_known))
        if not is_known:
            self._count(where)

    def _count(self, where: ViewFilter) -> None:
        def count() -> int:
            if where.takes_new and not where.query:
                return self._desk.inbox.height(where)
            return len(self._desk.bulk.everything(where))

        def done(total: int) -> None:
            marks = self._screen.tickets.marks
            if where == self._data.where and marks.is_whole:
                marks.total, marks.is_more = total, False
                self._screen.tickets.mark(lambda _marks: None)

        self._screen.start(count, done, group="mark", exclusive=True)

    def give_up(self) -> bool:
        """End an open range, or else take all marks off; False if there are none."""
        tickets = self._screen.tickets
        if tickets.range_from is not None:
            tickets.end_range()
            return True
        if tickets.marks.is_any:
            count = tickets.marks.count
            self.none()
            self._screen.footer.say(dropped_words(count))
            return True
        return False


def show_marks(screen: InboxScreen, dropped: int) -> None:
    """Say above the list and below it how many tickets are marked, and how many no longer are."""
    words = marked_words(screen.tickets.marks)
    if screen.tickets.range_from is not None:
        words = " · ".join(part for part in (words, _("range open")) if part)
    screen.head.show_marked(words.partition(" · ")[2] or words)
    screen.footer.show_marked(words)
    if dropped:
        screen.footer.say(dropped_words(dropped))


def marked_words(marks: Marks, *, tickets: bool = False) -> str:
    """Return how many tickets are marked, as the list and the footer say it."""
    if not marks.is_any:
        return ""
    count = number(marks.count) + ("+" if marks.is_more else "")
    if tickets:
        return ngettext("{count} ticket", "{count} tickets", marks.count).format(count=count)
    return ngettext("{count} marked", "{count} marked", marks.count).format(count=count)


def dropped_words(count: int) -> str:
    """Return what is said when marks are taken off."""
    return ngettext("{count} mark taken off", "{count} marks taken off", count).format(
        count=number(count)
    )

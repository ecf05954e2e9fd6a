"""The ticket list: drawn line by line from the rows in memory, whatever the number of tickets."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.reactive import var

from helpdesk_tui.domain.tickets import SortKey, TicketPage, TicketRow, ViewFilter
from helpdesk_tui.widgets.signs import UNICODE, Signs
from helpdesk_tui.widgets.tickets.canvas import LINES, TicketCanvas
from helpdesk_tui.widgets.tickets.window import TicketWindow

_MARGIN = 60
"""Rows from an end of the window at which the next page is asked for."""
_NEAR = 200
"""Rows beyond the window that are still reached page by page; farther is a jump."""


class TicketList(TicketCanvas, can_focus=True, inherit_bindings=False):
    """A list of tickets with a cursor that is a ticket, not a row number."""

    DEFAULT_CSS = """
    TicketList {
        background: $background;
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
        scrollbar-background: $background;
        scrollbar-background-hover: $background;
        scrollbar-background-active: $background;
        scrollbar-color: $rules;
        scrollbar-color-hover: $dim;
        scrollbar-color-active: $accent;
    }
    """

    ALLOW_MAXIMIZE: ClassVar[bool] = False

    newer: var[int] = var(0)
    """Tickets that came in above the cursor and were not looked at."""

    @dataclass
    class Wanted(Message):
        """A part of the list that is not in memory should be shown."""

        where: ViewFilter
        after: SortKey | None = None
        before: SortKey | None = None
        fraction: float | None = None

    @dataclass
    class Moved(Message):
        """The cursor stands on another ticket, or on none."""

        row: TicketRow | None

        def can_replace(self, message: Message) -> bool:
            """Only the last place of a run of moves matters."""
            return isinstance(message, TicketList.Moved)

    @dataclass
    class Opened(Message):
        """A ticket was chosen with the mouse or the enter key."""

        row: TicketRow

    @dataclass
    class NewerChanged(Message):
        """Another number of unseen new tickets stands above."""

        count: int

    @dataclass
    class MarksChanged(Message):
        """Other tickets are marked; ``dropped`` marks went with the list they stood in."""

        dropped: int = 0

    def __init__(self, now: datetime, *, signs: Signs = UNICODE, id: str | None = None) -> None:
        super().__init__(now, signs=signs, id=id)
        self._asked: tuple[object, ...] | None = None
        self._fresh: set[int] = set()
        self._left: int | None = None  # under the cursor, but no longer of this list
        self.counted: Callable[[int], object] = lambda _: None
        """Hears how many tickets the list holds whenever it holds another number of them."""
        self._height_told = 0
        self.quickened: Callable[[], object] = lambda: None
        """Hears that from now on something in sight changes more often than before."""
        self._pace = 0

    # what is shown ---------------------------------------------------------------------------

    def show(
        self, where: ViewFilter, page: TicketPage, height: int, *, keep: int | None = None
    ) -> None:
        """Show a list from its first page; the cursor goes to ``keep`` if it is on that page."""
        if self.where is not None and replace(self.where, sort=where.sort) != where:
            self.drop_marks()
        self.where = where
        self.window = TicketWindow(sort=where.sort)
        self.window.show_first(page, height)
        self._fresh.clear()
        self._replaced(keep)

    def show_end(self, page: TicketPage, height: int) -> None:
        """Show the end of the list with the cursor on its last ticket."""
        self.window.show_last(page, height)
        self._replaced(page.rows[-1].id if page.rows else None)

    def show_part(self, page: TicketPage, fraction: float, height: int) -> None:
        """Show a part from inside the list; the cursor stays on its ticket, even out of sight."""
        index = round(fraction * max(0, height - 1))
        self.window.show_middle(page, index, height)
        self._asked = None
        self._resize()
        self.refresh()

    def recount(self, where: ViewFilter, height: int) -> None:
        """Take the true number of tickets of a list, if it is the one that is shown."""
        if where == self.where and self.window.recount(height):
            self._resize()
            self.refresh()

    def extend(self, page: TicketPage, *, after: bool) -> None:
        """Add a page that was wanted at one end."""
        self._asked = None
        if after:
            self.window.extend_after(page)
        else:
            shift = self.window.extend_before(page)
            if shift:
                self._scroll(self.scroll_offset.y + shift * LINES)
        self._resize()
        self.refresh()

    def _replaced(self, cursor: int | None) -> None:
        self._asked = self._left = None
        rows = self.window.rows
        self.marks.shown(rows)
        index = self.window.index_of(cursor)
        self.cursor_id = cursor if index is not None else (rows[0].id if rows else None)
        self._count_newer()
        self._resize()
        self._reveal()
        self.refresh()
        self.post_message(self.Moved(self.cursor_row))

    def merge(self, rows: Mapping[int, TicketRow | None], *, insert: bool) -> None:
        """Lay changed rows over the list without moving the cursor or what is being looked at."""
        if self.cursor_id is not None and self.cursor_id in rows:
            self._left = self.cursor_id if rows[self.cursor_id] is None else None
        self.marks.shown(row for row in rows.values() if row is not None)
        anchor, line = self._anchor()
        merged = self.window.merge(rows, pinned=self.cursor_id, insert=insert)
        if not merged.moved:
            for ticket_id in merged.changed:
                self._refresh_ticket(ticket_id)
            self._resize()
            self._look_at_pace()
            return
        # what comes back by an undo, or was read by a colleague, is no news
        self._fresh |= {one for one in merged.added if (row := rows[one]) and row.unread}
        if self.cursor_id is None and self.window.rows:
            self._replaced(None)
            return
        self._resize()
        index = self.window.index_of(anchor)
        # at the very top new tickets come into sight; anywhere else the picture stands still
        if index is not None and self.scroll_offset.y > 0:
            self._scroll(max(0, index * LINES - line))
        self._count_newer()
        self.refresh()
        self.fill()
        self._look_at_pace()

    def _look_at_pace(self) -> None:
        before, self._pace = self._pace, self.pace
        if self._pace > before:
            self.quickened()

    def redraw(self, row: TicketRow) -> None:
        """Draw a ticket as it is now, whether it still belongs to this list or not."""
        if self.window.replace(row):
            self._refresh_ticket(row.id)
            self._look_at_pace()

    def drop_left(self) -> None:
        """Let the ticket under the cursor go if it left the list while it was being worked on."""
        if self._left is not None:
            self.drop(self._left)

    def drop(self, ticket_id: int) -> None:
        """Take a ticket out of the list; the cursor goes to the one after it."""
        index = self.window.index_of(ticket_id)
        if index is None:
            return
        following = self.window.row_at(index + 1) or self.window.row_at(index - 1)
        self._left = None
        self.window.remove(ticket_id)
        self._resize()
        self.refresh()
        if ticket_id == self.cursor_id:
            self.cursor_id = following.id if following is not None else None
            self._reveal()
            self.post_message(self.Moved(following))

    def _anchor(self) -> tuple[int | None, int]:
        """Return the ticket that must not move on the screen, and its line there."""
        top = self.scroll_offset.y
        index = self.window.index_of(self.cursor_id)
        if index is None or not top <= index * LINES < top + self.size.height:
            index = -(-top // LINES)
        row = self.window.row_at(index)
        return (row.id if row is not None else None), index * LINES - top

    def _count_newer(self) -> None:
        cursor = self.window.index_of(self.cursor_id) or 0
        top = self.scroll_offset.y // LINES
        self._fresh = {
            ticket_id
            for ticket_id in self._fresh
            if (index := self.window.index_of(ticket_id)) is None or index < max(cursor, top)
        }
        if self.newer != len(self._fresh):
            self.newer = len(self._fresh)
            self.post_message(self.NewerChanged(self.newer))

    # the cursor ------------------------------------------------------------------------------

    def move(self, by: int) -> bool:
        """Move the cursor by some rows; False if it cannot move that way."""
        index = self.window.index_of(self.cursor_id)
        if index is None:
            first = self.scroll_offset.y // LINES
            target = self.window.row_at(first) or next(iter(self.window.rows), None)
            return target is not None and self.select(target.id)
        wanted = max(self.window.start, min(self.window.end - 1, index + by))
        row = self.window.row_at(wanted)
        return row is not None and self.select(row.id)

    def select(self, ticket_id: int) -> bool:
        """Put the cursor on a ticket of the window; False if it stands there already."""
        index = self.window.index_of(ticket_id)
        if index is None or ticket_id == self.cursor_id:
            return False
        old, self.cursor_id = self.cursor_id, ticket_id
        if not self._reveal() and self.range_from is None:
            self._refresh_ticket(old)
            self._refresh_ticket(ticket_id)
        if self.range_from is not None:
            self.refresh()
        if self._fresh:
            self._count_newer()
        if self._left is not None:
            self.drop_left()
            self._reveal()
        self._want_around(index)
        self.post_message(self.Moved(self.cursor_row))
        return True

    def fill(self) -> None:
        """Ask for more rows where many have left."""
        self._want_around(self.window.index_of(self.cursor_id) or self.window.start)

    def tell_marks(self, dropped: int = 0) -> None:
        """Tell the screen that other tickets are marked."""
        self.post_message(self.MarksChanged(dropped))

    def next_unmarked(self, leaving: Container[int]) -> bool:
        """Put the cursor on the next ticket that stays, or else on the one before."""
        index = self.window.index_of(self.cursor_id)
        if index is None or self.cursor_id not in leaving:
            return False
        around = (*range(index + 1, self.window.end), *range(index - 1, self.window.start - 1, -1))
        for place in around:
            row = self.window.row_at(place)
            if row is not None and row.id not in leaving:
                return self.select(row.id)
        return False

    def _reveal(self) -> bool:
        """Scroll so that the cursor is in sight; True if that moved anything."""
        index = self.window.index_of(self.cursor_id)
        if index is None:
            return False
        top, line = self.scroll_offset.y, index * LINES
        if line < top:
            return self._scroll(line)
        if line + LINES > top + self.size.height:
            return self._scroll(line + LINES - max(LINES, self.size.height))
        return False

    def _scroll(self, y: int) -> bool:
        before = self.scroll_offset.y
        self.scroll_to(y=y, animate=False, force=True)
        return self.scroll_offset.y != before

    # pages -----------------------------------------------------------------------------------

    def _want_around(self, index: int) -> None:
        """Ask for the next page where ``index`` comes close to an end of the window."""
        window = self.window
        if not window.rows or self.where is None:
            return
        if index >= window.end - _MARGIN and not window.at_end:
            self._ask(self.Wanted(self.where, after=window.last_key()))
        elif index < window.start + _MARGIN and not window.at_top:
            self._ask(self.Wanted(self.where, before=window.first_key()))

    def _ask(self, wanted: Wanted) -> None:
        key = (wanted.after, wanted.before, wanted.fraction)
        if self._asked is None or (wanted.fraction is not None and self._asked != key):
            self._asked = key
            self.post_message(wanted)

    def give_up(self) -> None:
        """Forget what was asked for, so that it can be asked again (a page failed to load)."""
        self._asked = None

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Ask for what comes into sight; far away by a jump, near by the next page."""
        super().watch_scroll_y(old_value, new_value)
        first = round(new_value) // LINES
        last = min(self.window.height, first + self.page_rows + 1)
        if self.where is None or (self.window.start <= first and last <= self.window.end):
            self._want_around(first)
            self._want_around(last)
        elif first > self.window.end + _NEAR or last < self.window.start - _NEAR:
            self._ask(self.Wanted(self.where, fraction=first / max(1, self.window.height - 1)))
        else:
            self._want_around(first if first < self.window.start else last)

    def _resize(self) -> None:
        self.fit(Size(self.size.width, self.window.height * LINES))
        if self.window.height != self._height_told:
            self._height_told = self.window.height
            self.counted(self._height_told)

    def on_resize(self, event: events.Resize) -> None:
        """Keep the cursor in sight."""
        self._resize()
        self._reveal()

    def on_click(self, event: events.Click) -> None:
        """A click selects a ticket, a second one opens it; with ctrl it marks, with shift to it."""
        row = self.window.row_at((event.y + self.scroll_offset.y) // LINES)
        if row is None:
            return
        if event.ctrl:
            self.mark(lambda marks: marks.toggle(row))
            self.select(row.id)
            return
        if event.shift:
            self.begin_range()
            self.select(row.id)
            rows = self.end_range() or ()
            self.mark(lambda marks: marks.add(rows))
            return
        if row.id == self.cursor_id or event.chain > 1:
            self.post_message(self.Opened(row))
        self.select(row.id)

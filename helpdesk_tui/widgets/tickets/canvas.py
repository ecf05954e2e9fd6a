"""Draws a run of tickets: which rows, how each looks, which of them are marked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import TYPE_CHECKING

from textual.geometry import Region
from textual.strip import Strip

from helpdesk_tui.domain.tickets import TicketRow, ViewFilter
from helpdesk_tui.widgets.cursor_bar import has_few_colors
from helpdesk_tui.widgets.ink import Ink, Palette, Tone
from helpdesk_tui.widgets.line_view import LineView
from helpdesk_tui.widgets.signs import UNICODE, Signs
from helpdesk_tui.widgets.tickets.lines import (
    Colleagues,
    RowStyle,
    counts_down,
    counts_seconds,
    draw_ticket,
)
from helpdesk_tui.widgets.tickets.marks import Marks
from helpdesk_tui.widgets.tickets.window import TicketWindow
from helpdesk_tui.widgets.wrap import cells, shorten_cells

if TYPE_CHECKING:
    from helpdesk_tui.domain.presence import VisitorNow
    from helpdesk_tui.domain.query.hits import Hit

LINES = 2
"""Lines a ticket takes."""
_CACHE = 400
"""Drawn rows kept; enough for a tall terminal and the pages around it."""


class TicketCanvas(LineView, can_focus=True, inherit_bindings=False):
    """The picture of a ticket list; how it moves and fills is the list's own business."""

    def __init__(self, now: datetime, *, signs: Signs = UNICODE, id: str | None = None) -> None:
        super().__init__(id=id)
        self.where: ViewFilter | None = None
        self.window = TicketWindow()
        self.cursor_id: int | None = None
        self.now = now
        self.hits: Mapping[int, Hit] = {}
        """What a search found, by ticket."""
        self.notice: tuple[str, str] = ("", "")
        """What stands in an empty list: the news, and what helps next."""
        self._signs = signs
        self._palette: Palette | None = None
        self.marks = Marks()
        self.range_from: TicketRow | None = None
        """Where a range of marks was begun that is still open."""
        self._drawn: dict[tuple[int, bool, bool], tuple[TicketRow, Strip, Strip]] = {}
        self._drawn_width = 0
        self.present: Mapping[int, Colleagues] = {}
        """Who else is on a ticket now."""
        self.visitors: Mapping[int, VisitorNow] = {}
        """The visitors of running chats."""

    @property
    def cursor_row(self) -> TicketRow | None:
        """The ticket under the cursor."""
        return self.window.find(self.cursor_id)

    @property
    def page_rows(self) -> int:
        """Tickets that fit on the screen."""
        return max(1, self.size.height // LINES)

    def tell_marks(self, dropped: int = 0) -> None:
        """Tell that other tickets are marked; the list says whom."""

    # marks -----------------------------------------------------------------------------------

    def mark(self, change: Callable[[Marks], object]) -> None:
        """Change which tickets are marked."""
        change(self.marks)
        self.refresh()
        self.tell_marks()

    def drop_marks(self) -> None:
        """Take all marks off: the list they stood in goes."""
        dropped = self.marks.count
        self.range_from = None
        if self.marks.is_any:
            self.marks.clear()
            self.tell_marks(dropped)

    def begin_range(self) -> None:
        """Mark from here to wherever the cursor goes."""
        self.range_from = self.cursor_row
        self.refresh()
        self.tell_marks()

    def end_range(self) -> Sequence[TicketRow] | None:
        """End an open range; return its rows, or None if it reaches beyond what is in memory."""
        bounds, cursor = self._range, self.cursor_row
        self.range_from = None
        self.refresh()
        self.tell_marks()
        if bounds is None:
            return () if cursor is None else None
        found = [self.window.row_at(index) for index in bounds]
        return [row for row in found if row is not None]

    @property
    def _range(self) -> range | None:
        """The places between the begin of an open range and the cursor."""
        if self.range_from is None:
            return None
        begin, end = self.window.index_of(self.range_from.id), self.window.index_of(self.cursor_id)
        return None if begin is None or end is None else range(min(begin, end), max(begin, end) + 1)

    def in_sight(self) -> Sequence[TicketRow]:
        """Return the tickets on the screen."""
        return list(self._in_sight())[: self.page_rows]

    # drawing ---------------------------------------------------------------------------------

    def set_now(self, now: datetime) -> None:
        """Let ages and waiting times be those of ``now``; only lines that differ are drawn."""
        self.now = now
        seen = {row.id for row in self._in_sight()}
        # what is out of sight is drawn when it comes into sight
        self._drawn = {key: drawn for key, drawn in self._drawn.items() if key[0] in seen}
        self._draw_anew(seen)

    @property
    def pace(self) -> int:
        """How soon something in sight changes: 0 within a minute, 1 in seconds, 2 in the next."""
        pace = 0
        for row in self._in_sight():
            if counts_down(row, self.now):
                return 2
            pace = pace or int(counts_seconds(row, self.now))
        return pace

    def _in_sight(self) -> Iterator[TicketRow]:
        first = self.scroll_offset.y // LINES
        for index in range(first, first + self.page_rows + 2):
            row = self.window.row_at(index)
            if row is not None:
                yield row

    def restyle(self) -> None:
        """Draw everything again in the colours of the theme in use."""
        self._palette = None
        self._drawn.clear()
        self.refresh()

    def _style(self) -> RowStyle:
        if self._palette is None:
            self._palette = Palette.of(self.app.theme_variables)
        show_assignee = self.where is not None and self.where.agent_id is None
        return RowStyle(
            self._palette,
            self._signs,
            self.size.width,
            show_assignee,
            self.hits,
            self.present,
            self.visitors,
            has_few_colors(self.app),
        )

    def show_hits(self, hits: Mapping[int, Hit]) -> None:
        """Show what a search found of each ticket in place of its subject."""
        if hits != self.hits:
            self.hits = dict(hits)
            self._drawn.clear()
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return one line of the screen: half of a ticket, or nothing."""
        index, half = divmod(y + self.scroll_offset.y, LINES)
        row = self.window.row_at(index)
        if row is None:
            return self._blank(y)
        picked = row.id == self.cursor_id
        bounds = self._range
        marked = self.marks.has(row.id) or (bounds is not None and index in bounds)
        if self._drawn_width != self.size.width:  # lines are asked for before a resize is told
            self._drawn.clear()
            self._drawn_width = self.size.width
        found = self._drawn.get((row.id, picked, marked))
        if found is None or found[0] is not row:
            if len(self._drawn) > _CACHE:
                self._drawn.clear()
            tone = Tone.PICKED if picked else Tone.BASE
            found = (row, *draw_ticket(row, self._style(), self.now, tone, marked=marked))
            self._drawn[row.id, picked, marked] = found
        return found[2] if half else found[1]

    def _blank(self, y: int) -> Strip:
        """Return a line without a ticket; in the middle of an empty list it says why."""
        palette, width = self._style().palette, self.size.width
        place = y - self.size.height // 3
        if self.window.rows or place not in (0, 2):
            return Strip.blank(width, palette.style(Ink.DIM, Tone.BASE))
        text = shorten_cells(self._signs.plain(self.notice[place // 2]), width - 4)
        pad = " " * max(2, (width - cells(text)) // 2)
        return palette.strip([(pad + text, Ink.SOFT if place else Ink.HEADING)], width, Tone.BASE)

    def show_present(self, present: Mapping[int, Colleagues]) -> None:
        """Show which colleagues are on which tickets; only rows that differ are drawn."""
        before, self.present = self.present, present
        self._draw_anew({one for one in {*before, *present} if before.get(one) != present.get(one)})

    def show_visitors(self, visitors: Mapping[int, VisitorNow]) -> None:
        """Show which visitors are there and who of them types; only rows that differ are drawn."""
        before, self.visitors = self.visitors, visitors
        both = {*before, *visitors}
        self._draw_anew({one for one in both if before.get(one) != visitors.get(one)})

    def _draw_anew(self, tickets: AbstractSet[int]) -> None:
        """Draw tickets again; only lines that differ are written."""
        if not tickets:
            return
        if self._drawn_width != self.size.width:
            self._drawn.clear()  # out of sight, or resized: what is asked for is drawn then
            return
        drawn, self._drawn = self._drawn, {}
        style = self._style()
        for key, (row, *old) in drawn.items():
            ticket_id, picked, marked = key
            if ticket_id not in tickets:
                self._drawn[key] = (row, old[0], old[1])
                continue
            tone = Tone.PICKED if picked else Tone.BASE
            new = draw_ticket(row, style, self.now, tone, marked=marked)
            self._drawn[key] = (row, *new)
            index = self.window.index_of(ticket_id)
            for half in range(LINES if index is not None else 0):
                if new[half] != old[half]:
                    y = (index or 0) * LINES + half - self.scroll_offset.y
                    self.refresh(Region(0, y, self.size.width, 1))

    def _refresh_ticket(self, ticket_id: int | None) -> None:
        index = self.window.index_of(ticket_id)
        if index is not None:
            y = index * LINES - self.scroll_offset.y
            self.refresh(Region(0, y, self.size.width, LINES))

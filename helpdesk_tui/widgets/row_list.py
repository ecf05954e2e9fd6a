"""A list of rows of a few lines each, one of them under the cursor, drawn line by line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from helpdesk_tui.widgets.cursor_bar import barred, has_few_colors
from helpdesk_tui.widgets.ink import Ink, Palette, Span, Tone
from helpdesk_tui.widgets.line_view import LineView
from helpdesk_tui.widgets.signs import UNICODE, Signs
from helpdesk_tui.widgets.wrap import cells, shorten_cells, wrap_line

T = TypeVar("T")
Draw = Callable[[T, int, bool], Sequence[Sequence[Span]]]
"""Draws a row as lines of spans: the row, the width, and whether the cursor is on it."""

_MARGIN = 5
"""Rows before the end at which more of them are wanted."""


class RowList(LineView, Generic[T], can_focus=True):
    """Shows rows by a function that draws one; the cursor stays on its row when they change."""

    DEFAULT_CSS = """
    RowList {
        background: $background; overflow-x: hidden; scrollbar-size-vertical: 1;
        scrollbar-size-horizontal: 0; scrollbar-color: $selection;
        scrollbar-background: $background; scrollbar-background-hover: $background;
        scrollbar-background-active: $background;
    }
    """

    class Moved(Message):
        """The cursor stands on another row, or its row has changed."""

    class Opened(Message):
        """The row under the cursor was clicked."""

    class MoreWanted(Message):
        """The cursor comes near the end of the rows."""

    @dataclass(frozen=True, slots=True)
    class Notice:
        """What stands in an empty list: the news, and what helps next."""

        news: str = ""
        help: str = ""

    def __init__(
        self,
        draw: Draw[T],
        key: Callable[[T], int],
        *,
        lines: int,
        signs: Signs = UNICODE,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._draw = draw
        self._key = key
        self._lines = lines
        self._signs = signs
        self._at = 0
        self._starts_anew = False
        self._painted: tuple[str, Palette] | None = None
        self.rows: tuple[T, ...] = ()
        self.notice = self.Notice()

    def start_anew(self) -> None:
        """Let the next rows be those of another question: a cursor without its row goes up."""
        self._starts_anew = True

    def show(self, rows: Sequence[T]) -> None:
        """Show rows; the cursor stays on its row, or else at its place."""
        before = self.current
        self.rows = tuple(rows)
        keys = [self._key(row) for row in self.rows]
        if before is not None and self._key(before) in keys:
            self._at = keys.index(self._key(before))
        elif self._starts_anew:
            self._at = 0
        self._starts_anew = False
        self._at = max(0, min(self._at, len(self.rows) - 1))
        self._fit()
        self._reveal()
        self.refresh()
        self.post_message(self.Moved())

    @property
    def current(self) -> T | None:
        """The row under the cursor."""
        return self.rows[self._at] if self._at < len(self.rows) else None

    def select(self, key: int) -> None:
        """Put the cursor on a row by its key."""
        for place, row in enumerate(self.rows):
            if self._key(row) == key:
                self._go(place)

    def move(self, by: int) -> None:
        """Move the cursor by some rows."""
        self._go(self._at + by)

    @property
    def page_rows(self) -> int:
        """Rows that fit on the screen."""
        return max(1, self.size.height // self._lines)

    def _go(self, place: int) -> None:
        place = max(0, min(place, len(self.rows) - 1))
        if place == self._at or not self.rows:
            return
        before, self._at = self._at, place
        top = self.scroll_offset.y
        self._reveal()
        if self.scroll_offset.y == top:
            self._refresh_row(before)
            self._refresh_row(place)
        self.post_message(self.Moved())
        if place >= len(self.rows) - _MARGIN:
            self.post_message(self.MoreWanted())

    def _refresh_row(self, place: int) -> None:
        y = place * self._lines - self.scroll_offset.y
        self.refresh(Region(0, y, self.size.width, self._lines))

    def _reveal(self) -> None:
        top, line = self.scroll_offset.y, self._at * self._lines
        if line < top:
            self.scroll_to(y=line, animate=False, force=True)
        elif line + self._lines > top + self.size.height > 0:
            self.scroll_to(y=line + self._lines - self.size.height, animate=False, force=True)

    def _fit(self) -> None:
        self.fit(Size(self.size.width, len(self.rows) * self._lines))

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self._fit()
        self._reveal()

    @property
    def _palette(self) -> Palette:
        theme = self.app.theme
        if self._painted is None or self._painted[0] != theme:
            self._painted = theme, Palette.of(self.app.theme_variables)
        return self._painted[1]

    def render_line(self, y: int) -> Strip:
        """Return one line of the screen."""
        width = self.size.width
        index, line = divmod(y + self.scroll_offset.y, self._lines)
        if index >= len(self.rows):
            return self._palette.strip(self._blank(y), width, Tone.BASE)
        picked = index == self._at
        spans = list(self._draw(self.rows[index], width, picked)[line])
        if picked and has_few_colors(self.app):
            spans = barred(spans)
        return self._palette.strip(spans, width, Tone.PICKED if picked else Tone.BASE)

    def _blank(self, y: int) -> list[Span]:
        """Return a line without a row; in the middle of an empty list it says why."""
        width = self.size.width
        if self.rows:
            return []
        said = [(line, Ink.HEADING) for line in wrap_line(self.notice.news, width - 4)]
        said.append(("", Ink.DIM))
        said += [(line, Ink.SOFT) for line in wrap_line(self.notice.help, width - 4)]
        place = y - self.size.height // 3
        if not 0 <= place < len(said):
            return []
        text = shorten_cells(self._signs.plain(said[place][0]), width - 2)
        return [(" " * max(1, (width - cells(text)) // 2), Ink.DIM), (text, said[place][1])]

    def on_click(self, event: events.Click) -> None:
        """A click selects a row, a second one opens it."""
        place = (event.y + self.scroll_offset.y) // self._lines
        if place >= len(self.rows):
            return
        if place == self._at:
            self.post_message(self.Opened())
        self._go(place)

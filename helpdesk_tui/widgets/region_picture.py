"""A picture in half-blocks on which regions are chosen, by keys or by mouse."""

from __future__ import annotations

from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from helpdesk_tui.domain.media.window import Window
from helpdesk_tui.domain.pictures import Thumbnail
from helpdesk_tui.widgets.ink import Ink, Palette, Tone, rich_color
from helpdesk_tui.widgets.thread.pictures import picture_segments

Area = tuple[float, float, float, float]
"""Left, top, right and bottom of a region, as parts of the whole picture."""


class RegionPicture(Widget):
    """Draws a part of a picture, the regions on it, and the one that is being chosen."""

    DEFAULT_CSS = """
    RegionPicture { height: auto; width: 1fr; background: $raised; }
    """

    @dataclass
    class Chosen(Message):
        """A region was drawn with the mouse."""

        area: Area

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._picture: Thumbnail | None = None
        self._window = Window()
        self.areas: list[Area] = []
        self._cursor = (0, 0)
        self._corner: tuple[int, int] | None = None
        self._is_dragging = False

    def show(self, picture: Thumbnail, window: Window) -> None:
        """Show another part of the picture; the cursor stays where it is on the screen."""
        is_first = self._picture is None
        self._picture, self._window = picture, window
        if is_first:
            self._cursor = (picture.columns // 2, picture.rows // 2)
        self._corner = None
        self.move(0, 0)
        self.refresh(layout=True)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """Return the rows of the picture."""
        return self._picture.rows if self._picture is not None else 1

    @property
    def is_choosing(self) -> bool:
        """True while one corner of a region is set."""
        return self._corner is not None

    def move(self, across: int, down: int) -> None:
        """Move the cursor within the picture."""
        if self._picture is not None:
            x, y = self._cursor[0] + across, self._cursor[1] + down
            self._cursor = (
                max(0, min(self._picture.columns - 1, x)),
                max(0, min(self._picture.rows - 1, y)),
            )
            self.refresh()

    def begin(self) -> None:
        """Set the first corner where the cursor is."""
        self._corner = self._cursor
        self.refresh()

    def leave(self) -> None:
        """Forget the first corner."""
        self._corner, self._is_dragging = None, False
        self.refresh()

    def take(self) -> Area | None:
        """Return the region between the two corners; None while there is no first one."""
        picture, corner = self._picture, self._corner
        self.leave()
        if picture is None or corner is None:
            return None
        (x, y), (to_x, to_y) = corner, self._cursor
        left, right = sorted((x, to_x))
        top, bottom = sorted((y, to_y))
        span = 1 / self._window.zoom
        begin_x, begin_y = self._window.x - span / 2, self._window.y - span / 2
        return (
            begin_x + left / picture.columns * span,
            begin_y + top / picture.rows * span,
            begin_x + (right + 1) / picture.columns * span,
            begin_y + (bottom + 1) / picture.rows * span,
        )

    # mouse -----------------------------------------------------------------------------------

    def _cell(self, event: events.MouseEvent) -> tuple[int, int] | None:
        picture = self._picture
        if picture is None:
            return None
        x, y = event.x - self._indent, event.y
        return (x, y) if 0 <= x < picture.columns and 0 <= y < picture.rows else None

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Set a corner."""
        event.stop()
        cell = self._cell(event)
        if cell is not None:
            self._cursor, self._is_dragging = cell, True
            self.begin()
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Draw the region up to here."""
        cell = self._cell(event)
        if self._is_dragging and cell is not None:
            self._cursor = cell
            self.refresh()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Take the region."""
        event.stop()
        self.release_mouse()
        if self._is_dragging:
            area = self.take()
            if area is not None:
                self.post_message(self.Chosen(area))

    # drawing ---------------------------------------------------------------------------------

    @property
    def _indent(self) -> int:
        return max(0, (self.size.width - self._picture.columns) // 2) if self._picture else 0

    def render_line(self, y: int) -> Strip:
        """Paint one row of cells."""
        palette, picture = Palette.of(self.app.theme_variables), self._picture
        blank = palette.style(Ink.TEXT, Tone.RAISED)
        width = self.size.width
        if picture is None or y >= picture.rows:
            return Strip.blank(width, blank)
        plain = Strip(picture_segments(picture, y, None))
        cells = [self._cell_segment(x, y, plain, palette) for x in range(picture.columns)]
        strip = Strip([*Strip.blank(self._indent, blank), *cells]).simplify()
        return strip.adjust_cell_length(width, blank)

    def _cell_segment(self, x: int, y: int, plain: Strip, palette: Palette) -> Segment:
        accent = rich_color(palette.colors["waiting"])
        if (x, y) == self._cursor:
            return Segment("╋", Style(color=accent, bgcolor="black", bold=True))
        if self._is_pending(x, y):
            return Segment("▒", Style(color=accent, bgcolor="black"))
        if self._is_covered(x, y):
            return Segment(" ", Style(bgcolor="black"))
        return next(iter(plain.crop(x, x + 1)))

    def _is_pending(self, x: int, y: int) -> bool:
        if self._corner is None:
            return False
        (from_x, from_y), (to_x, to_y) = self._corner, self._cursor
        return min(from_x, to_x) <= x <= max(from_x, to_x) and min(from_y, to_y) <= y <= max(
            from_y, to_y
        )

    def _is_covered(self, x: int, y: int) -> bool:
        if self._picture is None or not self.areas:
            return False
        span = 1 / self._window.zoom
        across = self._window.x - span / 2 + (x + 0.5) / self._picture.columns * span
        down = self._window.y - span / 2 + (y + 0.5) / self._picture.rows * span
        return any(
            left <= across < right and top <= down < bottom
            for left, top, right, bottom in self.areas
        )

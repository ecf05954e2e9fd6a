"""All files of a ticket as a grid of small pictures, drawn line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.segment import Segment
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from helpdesk_tui.domain.media.shelf import ShelvedFile
from helpdesk_tui.domain.pictures import Look, Thumbnail
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.cursor_bar import barred, has_few_colors
from helpdesk_tui.widgets.ink import Ink, Palette, Span, Tone
from helpdesk_tui.widgets.line_view import LineView
from helpdesk_tui.widgets.painted import fit, width_of
from helpdesk_tui.widgets.pixels.layer import layer_of
from helpdesk_tui.widgets.thread.pictures import picture_segments
from helpdesk_tui.widgets.words.files import file_details, file_sign, file_trouble
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.wrap import shorten_cells, wrap_line

TILE = 25
"""Cells of a tile, with the gap behind it."""
ROWS = 6
"""Lines of its picture."""
COLUMNS = TILE - 4
_HEIGHT = ROWS + 3
_NAME, _DETAILS = ROWS, ROWS + 1


class GalleryGrid(LineView, can_focus=True):
    """Draws the tiles; the chosen one stands on a lighter ground."""

    DEFAULT_CSS = """
    GalleryGrid {
        height: 1fr; background: $background; padding: 0 1; margin: 1 0 0 0; overflow-x: hidden;
        scrollbar-size-vertical: 1; scrollbar-size-horizontal: 0; scrollbar-gutter: stable;
        scrollbar-background: $background; scrollbar-color: $selection;
    }
    """

    class Moved(Message):
        """Another tile was chosen, or other tiles came in sight."""

    @dataclass
    class Chosen(Message):
        """A tile was clicked that was chosen already."""

    def __init__(self) -> None:
        super().__init__()
        self._files: tuple[ShelvedFile, ...] = ()
        self._looks: dict[int, Look] = {}
        self._is_loading = True
        self.place = 0
        """The chosen file, by its place."""
        self.marked: frozenset[int] = frozenset()
        """Files by their ids."""

    def show(self, files: Sequence[ShelvedFile]) -> None:
        """Show files; what was chosen and marked stays so."""
        self._files, self._is_loading = tuple(files), False
        self.place = max(0, min(self.place, len(self._files) - 1))
        self._fit()

    @property
    def files(self) -> tuple[ShelvedFile, ...]:
        """What is shown."""
        return self._files

    @property
    def across(self) -> int:
        """Tiles beside each other."""
        return max(1, self.scrollable_content_region.width // TILE)

    def choose(self, place: int) -> None:
        """Choose a tile and bring it in sight."""
        if not self._files:
            return
        self.place = max(0, min(place, len(self._files) - 1))
        top, first = self.place // self.across * _HEIGHT, self.scroll_offset.y
        height = self.size.height
        if top < first or top + _HEIGHT > first + height:
            self.jump(top if top < first else top + _HEIGHT - height)
        self.refresh()
        self.post_message(self.Moved())

    def in_sight(self) -> tuple[ShelvedFile, ...]:
        """Return the files whose tiles are on the screen."""
        first, across = self.scroll_offset.y // _HEIGHT, self.across
        last = (self.scroll_offset.y + self.size.height) // _HEIGHT + 1
        return self._files[first * across : last * across]

    @property
    def looks(self) -> dict[int, Look]:
        """The looks that were taken, by the file they are of."""
        return self._looks

    def show_looks(self, looks: dict[int, Look]) -> None:
        """Draw what looks at files have shown."""
        self._looks = {**self._looks, **looks}
        self.refresh()

    def mark(self, marked: frozenset[int]) -> None:
        """Mark just these files."""
        self.marked = marked
        self.refresh()

    def on_resize(self) -> None:
        """Put the tiles anew."""
        self._fit()

    def _fit(self) -> None:
        rows = -(-len(self._files) // self.across)
        self.fit(Size(max(1, self.scrollable_content_region.width), rows * _HEIGHT))
        self.choose(self.place)
        self.refresh()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Other tiles are in sight."""
        super().watch_scroll_y(old_value, new_value)
        self.post_message(self.Moved())

    def on_click(self, event: events.Click) -> None:
        """Choose a tile; a second click looks at it closely."""
        row, column = (event.y + self.scroll_offset.y) // _HEIGHT, (event.x - 1) // TILE
        place = row * self.across + column
        if not (0 <= column < self.across and 0 <= place < len(self._files)):
            return
        if place == self.place:
            self.post_message(self.Chosen())
        self.choose(place)

    def render_line(self, y: int) -> Strip:
        """Paint one line of a row of tiles."""
        palette, width = Palette.of(self.app.theme_variables), self.size.width
        blank = palette.style(Ink.TEXT, Tone.BASE)
        if not self._files:
            said = _("looking …") if self._is_loading else _("no files in this ticket")
            return palette.strip(((said, Ink.SOFT),) if y == 1 else (), width, Tone.BASE)
        row, line = divmod(y + self.scroll_offset.y, _HEIGHT)
        segments: list[Segment] = []
        for place in range(row * self.across, min((row + 1) * self.across, len(self._files))):
            segments += self._tile(place, line, palette)
        return Strip(segments).adjust_cell_length(width, blank)

    def _tile(self, place: int, line: int, palette: Palette) -> list[Segment]:
        """Return one line of a tile, as wide as all are."""
        file = self._files[place].file
        look = self._looks.get(file.id)
        is_chosen = place == self.place
        tone = Tone.PICKED if is_chosen and line < _HEIGHT - 1 else Tone.BASE
        ground = palette.style(Ink.TEXT, tone)
        inner = TILE - 2
        if line < ROWS and isinstance(look, Thumbnail) and line < look.rows:
            left = 1 + (COLUMNS - look.columns) // 2
            strip = Strip(
                [Segment(" " * left, ground), *picture_segments(look, line, layer_of(self.app))]
            ).adjust_cell_length(inner, ground)
            return [*strip, *palette.segments(((" " * (TILE - inner), Ink.TEXT),), Tone.BASE)]
        spans = fit([(" ", Ink.TEXT), *self._words(self._files[place], look, line)], inner)
        spans = [*spans, (" " * max(0, inner - width_of(spans)), Ink.TEXT)]
        if tone is Tone.PICKED and has_few_colors(self.app):
            spans = barred(spans)
        return [
            *palette.segments(spans, tone),
            *palette.segments(((" " * (TILE - inner), Ink.TEXT),), Tone.BASE),
        ]

    def _words(self, shelved: ShelvedFile, look: Look, line: int) -> list[Span]:
        file = shelved.file
        if line == _NAME:
            mark = "■ " if file.id in self.marked else ""
            name = shorten_cells(clean(file.filename) or _("unnamed file"), COLUMNS - len(mark) - 2)
            return [(mark, Ink.ACCENT), (file_sign(file), Ink.DIM), (name, Ink.TEXT)]
        if line == _DETAILS:
            return [(file_details(file, look), Ink.DIM)]
        has_picture = isinstance(look, Thumbnail) and look.rows
        if line < ROWS and not has_picture:
            said, ink = file_trouble(file, look)
            lines = wrap_line(said, COLUMNS) if said else []
            if not lines and line == ROWS // 2:
                return [(" " * ((COLUMNS - 2) // 2), Ink.DIM), (file_sign(file), Ink.SOFT)]
            return [(lines[line - 1], ink)] if 0 < line <= len(lines) else []
        return []

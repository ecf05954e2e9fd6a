"""A picture in half-blocks beside something else, and words where there is none."""

from __future__ import annotations

from textual.strip import Strip
from textual.widget import Widget

from helpdesk_tui.domain.pictures import Thumbnail
from helpdesk_tui.widgets.cursor_bar import has_few_colors
from helpdesk_tui.widgets.ink import Ink, Palette, Tone
from helpdesk_tui.widgets.thread.pictures import picture_segments
from helpdesk_tui.widgets.wrap import wrap_line


class PictureBox(Widget):
    """Draws one small picture in its middle."""

    DEFAULT_CSS = """
    PictureBox { height: auto; min-height: 1; background: $raised; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._picture: Thumbnail | None = None
        self._words = ""

    @property
    def can_draw(self) -> bool:
        """Whether half-blocks can be seen here: they need colours of their own, and the sign."""
        return not has_few_colors(self.app)

    def show(self, picture: Thumbnail | None, words: str = "") -> None:
        """Show a picture, or words instead."""
        self._picture = picture if self.can_draw else None
        self._words = words
        self.refresh(layout=True)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """Return the rows that the picture takes, or the words."""
        if self._picture is not None:
            return self._picture.rows
        return len(wrap_line(self._words, max(1, width)))

    def render_line(self, y: int) -> Strip:
        """Paint one row."""
        width, palette = self.size.width, Palette.of(self.app.theme_variables)
        picture = self._picture
        if picture is None:
            lines = wrap_line(self._words, max(1, width))
            return palette.strip(
                [(lines[y] if y < len(lines) else "", Ink.DIM)], width, Tone.RAISED
            )
        blank = palette.style(Ink.TEXT, Tone.RAISED)
        if y >= picture.rows:
            return Strip.blank(width, blank)
        before = max(0, (width - picture.columns) // 2)
        line = Strip([*Strip.blank(before, blank), *picture_segments(picture, y, None)])
        return line.adjust_cell_length(width, blank)

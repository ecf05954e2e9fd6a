"""A page of lines to read and scroll, made anew for each width."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.geometry import Size
from textual.strip import Strip

from helpdesk_tui.widgets.ink import Ink, Palette, Span, Tone
from helpdesk_tui.widgets.line_view import LineView
from helpdesk_tui.widgets.signs import UNICODE, Signs
from helpdesk_tui.widgets.wrap import cells, wrap_line, wrap_text

PageLines = list[list[Span]]
MEASURE = 84
"""Cells a line of text may be wide at most."""


class LinePage(LineView, can_focus=True):
    """Shows lines that a function makes for a width."""

    DEFAULT_CSS = """
    LinePage {
        background: $surface; overflow-x: hidden; padding: 1 2; scrollbar-size-vertical: 1;
        scrollbar-gutter: stable; scrollbar-size-horizontal: 0; scrollbar-color: $selection;
        scrollbar-background: $surface; scrollbar-background-hover: $surface;
        scrollbar-background-active: $surface;
    }
    """

    def __init__(
        self, *, signs: Signs = UNICODE, tone: Tone = Tone.PLAIN, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self._make: Callable[[int], PageLines] = _nothing
        self._signs = signs
        self._tone = tone
        self._lines: PageLines = []
        self._painted: tuple[str, Palette] | None = None

    def show(self, make: Callable[[int], PageLines], *, keep_place: bool = False) -> None:
        """Show other lines, from their top."""
        self._make = make
        self._lay_out()
        if not keep_place:
            self.scroll_to(y=0, animate=False, force=True)
        self.refresh()

    def on_resize(self) -> None:
        """Make the lines for another width."""
        self._lay_out()
        self.refresh()

    def _lay_out(self) -> None:
        # the bar has its column whether it is there or not: the width never hangs on the length
        width = self.scrollable_content_region.width
        self._lines = self._make(min(width, MEASURE)) if width > 0 else []
        self.fit(Size(width, len(self._lines)))

    def render_line(self, y: int) -> Strip:
        """Return one line of the screen."""
        theme = self.app.theme
        if self._painted is None or self._painted[0] != theme:
            self._painted = theme, Palette.of(self.app.theme_variables)
        index = y + self.scroll_offset.y
        spans = self._lines[index] if index < len(self._lines) else []
        plain = [(self._signs.plain(text), ink) for text, ink in spans]
        return self._painted[1].strip(plain, self.size.width, self._tone)


def _nothing(width: int) -> PageLines:
    return []


def paragraph(text: str, width: int, ink: Ink = Ink.TEXT) -> PageLines:
    """Return text wrapped to a width, line feeds kept."""
    return [[(line, ink)] for line in wrap_text(text, max(8, width))[0]]


def hanging(sign: Span, text: str, width: int, ink: Ink = Ink.TEXT) -> PageLines:
    """Return text wrapped behind a sign, all its lines equally far to the right."""
    indent = cells(sign[0])
    lines = wrap_line(text, max(8, width - indent))
    return [
        [sign if place == 0 else (" " * indent, Ink.DIM), (line, ink)]
        for place, line in enumerate(lines)
    ]


def pairs(rows: Sequence[tuple[str, str]], width: int) -> PageLines:
    """Return names with their values beside them, empty values left out."""
    shown = [(name, value) for name, value in rows if value]
    indent = max((cells(name) for name, _ in shown), default=0) + 2
    lines: PageLines = []
    for name, value in shown:
        lines += hanging((f"{name:<{indent}}", Ink.DIM), value, width)
    return lines

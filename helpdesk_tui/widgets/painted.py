"""Widgets that draw their own lines from spans: no layout engine, no markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.strip import Strip
from textual.widget import Widget

from helpdesk_tui.widgets.ink import Ink, Palette, Span, Tone
from helpdesk_tui.widgets.wrap import cells, shorten_cells


class Painted(Widget):
    """A widget whose lines are spans of ink."""

    TONE: ClassVar[Tone] = Tone.BASE

    _painted: tuple[str, Palette] | None = None

    @property
    def palette(self) -> Palette:
        """The inks of the theme in use."""
        theme = self.app.theme
        if self._painted is None or self._painted[0] != theme:
            self._painted = (theme, Palette.of(self.app.theme_variables))
        return self._painted[1]

    def spans(self, y: int) -> Sequence[Span]:
        """Return what stands in a line; subclasses draw here."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        """Paint one line."""
        return self.palette.strip(list(self.spans(y)), self.size.width, self.TONE)


def spread(left: Sequence[Span], right: Sequence[Span], width: int) -> list[Span]:
    """Return both ends of a line with the gap between; the right end goes if there is no room."""
    gap = width - width_of(left) - width_of(right)
    return [*left, (" " * gap, Ink.DIM), *right] if gap > 0 else list(left)


def width_of(spans: Sequence[Span]) -> int:
    """Return the cells that spans take."""
    return sum(cells(text) for text, _ in spans)


def fit(spans: Iterable[Span], room: int) -> list[Span]:
    """Cut spans to ``room`` cells together."""
    out: list[Span] = []
    for text, ink in spans:
        size = cells(text)
        if size > room:
            out.append((shorten_cells(text, room), ink))
            break
        out.append((text, ink))
        room -= size
    return out

"""The last net before the terminal: no control character gets through, no column is shifted."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.clusters import steady
from helpdesk_tui.widgets.pixels.cells import PLACEHOLDER, is_cell
from helpdesk_tui.widgets.signs import Twins


class LastNet(LineFilter):
    """Cleans every line that any widget draws, should a widget have forgotten to.

    Printable text, which is what the widgets give, costs one check.

    Args:
        ascii_only: The terminal has letters only: draw the plain twins of all signs.
    """

    def __init__(self, *, ascii_only: bool = False) -> None:
        super().__init__()
        self._twins = Twins() if ascii_only else None

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments with harmless text."""
        if all(text.isascii() and text.isprintable() for text, _, _ in segments):
            return segments
        return [
            segment
            if is_cell(segment) or (text := self._drawn(segment)) == segment.text
            else Segment(text, segment.style, segment.control)
            for segment in segments
        ]

    def _drawn(self, segment: Segment) -> str:
        text = _harmless(segment)
        return text if self._twins is None else text.translate(self._twins)


def _harmless(segment: Segment) -> str:
    """Clean a text without changing the cells it takes, so that the columns stay in line."""
    text = segment.text
    if not text.isprintable():
        from rich.cells import set_cell_size

        # only what a widget of ours draws may stand for a picture
        text = clean(text).replace(PLACEHOLDER, "\ufffd")
        text = set_cell_size(text, segment.cell_length)
    return steady(text)

"""The last net before the terminal: no control character of a text gets through."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from helpdesk_tui.domain.text import clean


class LastNet(LineFilter):
    """Cleans every line that any widget draws, should a widget have forgotten to.

    Printable text, which is what the widgets give, costs one check.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments with harmless text."""
        if all(text.isprintable() for text, _, _ in segments):
            return segments
        return [
            segment if segment.text.isprintable() else Segment(_harmless(segment), segment.style)
            for segment in segments
        ]


def _harmless(segment: Segment) -> str:
    """Clean a text without changing the cells it takes, so that the columns stay in line."""
    from rich.cells import set_cell_size

    return set_cell_size(clean(segment.text), segment.cell_length)

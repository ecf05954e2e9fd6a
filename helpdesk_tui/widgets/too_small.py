"""What a terminal shows that is too small to work in; everything else stays as it is behind it."""

from __future__ import annotations

from collections.abc import Sequence

from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.painted import Painted
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.wrap import shorten_cells

NEEDED_COLUMNS = 80
NEEDED_ROWS = 24


class TooSmall(Painted):
    """Covers the screen and says how large the terminal has to be."""

    DEFAULT_CSS = """
    TooSmall { layer: cover; width: 100%; height: 100%; background: $background; display: none; }
    """

    def spans(self, y: int) -> Sequence[Span]:
        """Return the one line that says it, in the middle."""
        width, height = self.size
        if y != height // 2:
            return []
        text = _("helpdesk needs {needed_columns}×{needed_rows} (now {width}×{height})").format(
            needed_columns=NEEDED_COLUMNS, needed_rows=NEEDED_ROWS, width=width, height=height
        )
        for candidate in (
            text,
            _("needs {needed_columns}×{needed_rows}").format(
                needed_columns=NEEDED_COLUMNS, needed_rows=NEEDED_ROWS
            ),
            "80×24",
        ):
            if len(candidate) <= width:
                pad = (width - len(candidate)) // 2
                return [(" " * pad + candidate, Ink.TEXT)]
        return [(shorten_cells("80×24", width), Ink.TEXT)]

"""The line above the ticket list: which list this is, and what is new above."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.tickets import Sort, ViewFilter
from helpdesk_tui.widgets.ink import Ink, Span, Tone
from helpdesk_tui.widgets.painted import Painted, spread
from helpdesk_tui.widgets.signs import UNICODE, Signs
from helpdesk_tui.widgets.view_names import NAMES, STATUS_NAMES
from helpdesk_tui.widgets.wrap import cells, shorten_cells


class ListHead(Painted):
    """Names the list."""

    TONE: ClassVar[Tone] = Tone.BASE

    DEFAULT_CSS = """
    ListHead { height: 1; background: $background; }
    """

    def __init__(self, *, signs: Signs = UNICODE, id: str | None = None) -> None:
        super().__init__(id=id)
        self._signs = signs
        self._where: ViewFilter | None = None
        self._newer = 0
        self._loading = False

    def show(self, where: ViewFilter, *, loading: bool = False) -> None:
        """Name the list that is shown."""
        if (where, loading) != (self._where, self._loading):
            self._where, self._loading = where, loading
            self.refresh()

    def show_newer(self, count: int) -> None:
        """Say how many new tickets came in above."""
        if count != self._newer:
            self._newer = count
            self.refresh()

    def spans(self, y: int) -> Sequence[Span]:
        """Return the line."""
        where = self._where
        if where is None:
            return []
        signs = self._signs
        right: list[Span] = []
        if self._newer:
            right = [(f"{self._newer} new {signs.newer} ", Ink.KEY)]
        elif self._loading:
            right = [(signs.plain("looking … "), Ink.DIM)]
        if where.query:
            query = shorten_cells(clean(where.query), max(8, self.size.width - 22))
            return spread([("  Search  ", Ink.HEADING), (query, Ink.FRESH)], right, self.size.width)
        order = "newest first" if where.sort is Sort.NEWEST else "oldest first"
        left: list[Span] = [
            (f"  {NAMES[where.view]}", Ink.HEADING),
            (f"   {STATUS_NAMES[where.status]} {signs.menu}", Ink.SOFT),
            (f"   {order}", Ink.DIM),
        ]
        # the order is said only where it fits as a whole
        if sum(cells(text) for text, _ in (*left, *right)) + 2 > self.size.width:
            left.pop()
        return spread(left, right, self.size.width)

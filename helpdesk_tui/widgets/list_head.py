"""The line above the ticket list: which list this is, and what is new above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.tickets import ViewFilter
from helpdesk_tui.widgets.ink import Ink, Span, Tone
from helpdesk_tui.widgets.painted import Painted, spread
from helpdesk_tui.widgets.signs import UNICODE, Signs
from helpdesk_tui.widgets.view_names import NAMES, STATUS_NAMES
from helpdesk_tui.widgets.view_words import SORT_NAMES
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
        self._names: Mapping[int, str] = {}

    def name_views(self, names: Mapping[int, str]) -> None:
        """Know the names of the saved views."""
        if names != self._names:
            self._names = names
            self.refresh()

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
        if not where.takes_new:
            return self._search(where, right or [("+ ", Ink.KEY), ("save ", Ink.DIM)])
        name = self._names.get(where.saved_id, "View") if where.saved_id else NAMES[where.view]
        name = shorten_cells(clean(name), max(8, self.size.width - 22))
        left: list[Span] = [
            (f"  {name}", Ink.HEADING),
            (f"   {STATUS_NAMES[where.status]} {signs.menu}", Ink.SOFT),
            (f"   {SORT_NAMES[where.sort]}", Ink.DIM),
        ]
        # the order is said only where it fits as a whole
        if sum(cells(text) for text, _ in (*left, *right)) + 2 > self.size.width:
            left.pop()
        return spread(left, right, self.size.width)

    def _search(self, where: ViewFilter, right: list[Span]) -> list[Span]:
        """Return the line over the hits of a search."""
        left: list[Span] = [("  Search  ", Ink.HEADING)]
        if where.status is not None:
            left.append((f"{STATUS_NAMES[where.status]} {self._signs.menu}  ", Ink.SOFT))
        taken = sum(cells(text) for text, _ in (*left, *right)) + 2
        left.append((shorten_cells(clean(where.query), max(8, self.size.width - taken)), Ink.FRESH))
        return spread(left, right, self.size.width)

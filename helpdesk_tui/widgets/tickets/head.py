"""The line above the ticket list: which list this is, and what is new above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.tickets import ViewFilter
from helpdesk_tui.widgets.ink import Ink, Span, Tone
from helpdesk_tui.widgets.painted import Painted, spread, width_of
from helpdesk_tui.widgets.signs import UNICODE, Signs
from helpdesk_tui.widgets.words.language import _, ngettext
from helpdesk_tui.widgets.words.locale_forms import number
from helpdesk_tui.widgets.words.view_names import status_name, view_name
from helpdesk_tui.widgets.words.views import SORT_NAMES
from helpdesk_tui.widgets.wrap import cells, shorten_cells


class ListHead(Painted):
    """Names the list."""

    TONE: ClassVar[Tone] = Tone.BASE

    DEFAULT_CSS = """
    ListHead { height: 1; background: $background; }
    ListHead.-two { height: 2; }
    """

    def __init__(self, *, signs: Signs = UNICODE, id: str | None = None) -> None:
        super().__init__(id=id)
        self._signs = signs
        self._where: ViewFilter | None = None
        self._newer = 0
        self._marked = ""
        self._loading = False
        self._names: Mapping[int, str] = {}
        self._result = ""
        self._in_words = ""

    def name_views(self, names: Mapping[int, str]) -> None:
        """Know the names of the saved views."""
        if names != self._names:
            self._names = names
            self.refresh()

    def show(self, where: ViewFilter, *, loading: bool = False) -> None:
        """Name the list that is shown."""
        if (where, loading) != (self._where, self._loading):
            self._where, self._loading = where, loading
            self._result = self._in_words = ""
            self.set_class(bool(where.query), "-two")
            self.refresh()

    def show_result(self, result: str, in_words: str = "") -> None:
        """Say how much a search found, and what of it was understood."""
        if (result, in_words) != (self._result, self._in_words):
            self._result, self._in_words = result, in_words
            self.refresh()

    def show_newer(self, count: int) -> None:
        """Say how many new tickets came in above."""
        if count != self._newer:
            self._newer = count
            self.refresh()

    def show_marked(self, words: str) -> None:
        """Say how many tickets are marked."""
        if words != self._marked:
            self._marked = words
            self.refresh()

    def spans(self, y: int) -> Sequence[Span]:
        """Return the line."""
        where = self._where
        if where is None:
            return []
        if y == 1:
            return self._second(where)
        signs = self._signs
        right: list[Span] = []
        if self._newer:
            right = [
                (
                    ngettext("{count} new", "{count} new", self._newer).format(
                        count=number(self._newer)
                    )
                    + f" {signs.newer} ",
                    Ink.KEY,
                )
            ]
        elif self._loading:
            right = [(signs.plain(_("looking …") + " "), Ink.DIM)]
        if self._marked:
            right.insert(0, (f"{signs.marked} {self._marked}  ", Ink.KEY))
        if not where.takes_new:
            return self._search(where, right or [("+ ", Ink.KEY), (_("save") + " ", Ink.DIM)])
        name = (
            self._names.get(where.saved_id, _("View")) if where.saved_id else view_name(where.view)
        )
        name = shorten_cells(clean(name), max(8, self.size.width - 22))
        left: list[Span] = [
            (f"  {name}", Ink.HEADING),
            (f"   {status_name(where.status)} {signs.menu}", Ink.SOFT),
            (f"   {_(SORT_NAMES[where.sort])}", Ink.DIM),
        ]
        # the order is said only where it fits as a whole
        if width_of([*left, *right]) + 2 > self.size.width:
            left.pop()
        return spread(left, right, self.size.width)

    def _second(self, where: ViewFilter) -> list[Span]:
        """Return the line below: of a saved view its query, of a search what it found."""
        if not where.query:
            return []
        if where.takes_new:
            right: list[Span] = [("/ ", Ink.KEY), (f"{_('edit')} ", Ink.DIM)]
            shown, ink = where.query, Ink.FRESH
        else:
            right, shown, ink = [], self._in_words, Ink.DIM
        left = f"  {self._result}   " if self._result else "  "
        taken = cells(left) + width_of(right) + 1
        room = max(0, self.size.width - taken)
        spans: list[Span] = [(left, Ink.SOFT), (shorten_cells(clean(shown), room), ink)]
        return spread(spans, right, self.size.width)

    def _search(self, where: ViewFilter, right: list[Span]) -> list[Span]:
        """Return the line over the hits of a search."""
        left: list[Span] = [("  " + _("Search") + "  ", Ink.HEADING)]
        if where.status is not None:
            left.append((f"{status_name(where.status)} {self._signs.menu}  ", Ink.SOFT))
        taken = width_of([*left, *right]) + 2
        left.append((shorten_cells(clean(where.query), max(8, self.size.width - taken)), Ink.FRESH))
        return spread(left, right, self.size.width)

"""Which view to open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.tickets import DEFAULT_STATUS, Sort, View, ViewCount
from helpdesk_tui.domain.views import (
    BUILT_IN_QUERIES,
    UNCOUNTED,
    SavedView,
    ViewUnread,
)
from helpdesk_tui.screens.dialogs.base import PickDialog
from helpdesk_tui.widgets.choices import ChoiceRow
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.keymap import Keymap
from helpdesk_tui.widgets.signs import Signs
from helpdesk_tui.widgets.words.language import N_, _
from helpdesk_tui.widgets.words.view_names import status_name, view_keys, view_name
from helpdesk_tui.widgets.words.views import SORT_NAMES, view_score
from helpdesk_tui.widgets.wrap import shorten_cells

_NAME_CELLS = 36
_QUERY_CELLS = 54
_VERBS: Mapping[str, str] = {
    "f2": "edit",
    "delete": "delete",
    "shift+up": "up",
    "shift+down": "down",
}


@dataclass(frozen=True, slots=True)
class Picked:
    """A view, and what shall be done with it."""

    verb: str
    """``open``, ``edit``, ``delete``, ``up`` or ``down``."""
    view: View | SavedView


class ViewPicker(PickDialog[Picked]):
    """Lists all views, with the query of the chosen one below."""

    TITLE_TEXT: ClassVar[str] = N_("views")
    OPENED_BY: ClassVar[str] = "view.pick"
    HINT: ClassVar[str] = N_("enter opens · f2 changes · del deletes · shift+↑↓ order")

    def __init__(
        self,
        saved: Sequence[SavedView],
        *,
        unread: Mapping[int, ViewUnread],
        counts: Mapping[View, ViewCount],
        current: View | SavedView | None,
        keymap: Keymap,
        signs: Signs,
    ) -> None:
        super().__init__()
        self._views: tuple[View | SavedView, ...] = (*View, *saved)
        self._keys = view_keys(keymap, saved)
        self._unread = unread
        self._counts = counts
        self._current = current
        self._signs = signs

    def parts(self) -> Sequence[Widget]:
        """Return the line, the rows, and what the chosen one shows."""
        return (
            *super().parts(),
            Static("", id="dialog-preview", classes="gap", markup=False),
            Static("", id="dialog-more", classes="hint", markup=False),
        )

    def prepare(self) -> None:
        """Choose the view that is open now."""
        super().prepare()
        if self._current in self._views:
            self.choices.move(self._views.index(self._current))
        self._preview()

    def rows(self, typed: str) -> Sequence[ChoiceRow]:
        """Return the views that fit what is typed, the likeliest first."""
        if not typed:
            return [self._row(view) for view in self._views]
        scored = [(view_score(typed, _name(view)), view) for view in self._views]
        fitting = [pair for pair in scored if pair[0]]
        fitting.sort(key=lambda pair: -pair[0])
        return [self._row(view) for _, view in fitting]

    def _row(self, view: View | SavedView) -> ChoiceRow:
        key = self._keys.get(view, "")
        left: list[Span] = [
            (f"{key:>2} ", Ink.KEY),
            (shorten_cells(clean(_name(view)), _NAME_CELLS), Ink.BRIGHT),
        ]
        if isinstance(view, SavedView) and view.is_shared:
            left.append(("  " + _("shared"), Ink.DIM))
        badge = self._signs.plain(self._badge(view))
        ink = Ink.FRESH if badge[:1].isdigit() else Ink.DIM
        right: list[Span] = [(badge, ink)]
        if view == self._current:
            right.insert(0, (_("now") + "  " if badge else _("now"), Ink.DIM))
        return ChoiceRow(tuple(left), tuple(right), view)

    def _badge(self, view: View | SavedView) -> str:
        if isinstance(view, SavedView):
            return self._unread.get(view.id, UNCOUNTED).badge
        count = self._counts.get(view)
        return str(count.unread) if count is not None and count.unread else ""

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter as it is typed, and show the first one's query."""
        event.prevent_default()  # the library calls the handler of the base class as well
        super().on_input_changed(event)
        self._preview()

    def before_typing(self, event: events.Key) -> bool:
        """Move, or do something with the chosen view. True: not to be typed."""
        verb = _VERBS.get(event.key)
        row = self.choices.current
        if verb is not None and row is not None and not (verb == "delete" and self.input.value):
            self._answer(verb, row)
            return True
        is_taken = super().before_typing(event)
        if is_taken and self.is_attached:
            self._preview()
        return is_taken

    def take(self, row: ChoiceRow) -> None:
        """Open the view."""
        self._answer("open", row)

    def _answer(self, verb: str, row: ChoiceRow) -> None:
        if isinstance(row.value, View | SavedView):
            self.dismiss(Picked(verb, row.value))

    def _preview(self) -> None:
        """Show the query of the chosen view, its status and its order."""
        row = self.choices.current
        view = row.value if row is not None else None
        query, more = "", ""
        if isinstance(view, View):
            query = BUILT_IN_QUERIES[view]
            more = f"{status_name(DEFAULT_STATUS[view])} · {_(SORT_NAMES[Sort.NEWEST])}"
        elif isinstance(view, SavedView):
            query = view.query
            whose = _("for everybody") if view.is_shared else _("yours alone")
            more = f"{status_name(view.status)} · {_(SORT_NAMES[view.sort])} · {whose}"
        shown = shorten_cells(clean(query), _QUERY_CELLS) or (_("every ticket") if view else "")
        self.query_one("#dialog-preview", Static).update(Content(self._signs.plain(shown)))
        self.query_one("#dialog-more", Static).update(Content(self._signs.plain(more)))


def _name(view: View | SavedView) -> str:
    return view_name(view) if isinstance(view, View) else view.name

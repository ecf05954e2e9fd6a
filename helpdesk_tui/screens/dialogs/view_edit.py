"""A view that is saved or changed: its name, its query, its status, its order, its key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Generic, TypeVar

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.query.parsing import QueryError, parse_query
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.tickets import Sort, Status, View
from helpdesk_tui.domain.views import PINS, SORTS, SavedView, ViewDraft
from helpdesk_tui.screens.dialogs.base import Dialog
from helpdesk_tui.widgets.choices import CleanInput
from helpdesk_tui.widgets.ink import Ink, Span, Tone
from helpdesk_tui.widgets.painted import Painted, spread
from helpdesk_tui.widgets.query_line import Complete, Proposals, QueryLine
from helpdesk_tui.widgets.words.errors import sentence
from helpdesk_tui.widgets.words.language import N_, _
from helpdesk_tui.widgets.words.view_names import status_name, view_name
from helpdesk_tui.widgets.words.views import SORT_NAMES
from helpdesk_tui.widgets.wrap import shorten_cells

_LABEL_CELLS = 10
_STATUSES = (Status.OPEN, Status.SNOOZED, Status.CLOSED, None)
_NAME_CELLS = 20
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Kept:
    """What shall be kept."""

    draft: ViewDraft
    over: SavedView | None
    """The view that becomes it; None for a new one."""


Save = Callable[[Kept, Callable[[], object], Callable[[HelpdeskError], None]], None]
"""Keeps a view elsewhere, and says that it is done, or why it was refused."""


class Setting(Painted, Generic[V], can_focus=True):
    """One of a few values; left, right and space go through them."""

    TONE: ClassVar[Tone] = Tone.RAISED

    DEFAULT_CSS = """
    Setting { height: 1; background: $raised; }
    """

    class Changed(Message):
        """Another value was chosen."""

    def __init__(self, label: str, values: Sequence[tuple[V, str]], value: V, *, id: str) -> None:
        super().__init__(id=id)
        self._label = label
        self._values = tuple(values)
        known = [each for each, _ in self._values]
        self._at = known.index(value) if value in known else 0

    @property
    def value(self) -> V:
        """The value that is chosen."""
        return self._values[self._at][0]

    def turn(self, step: int) -> None:
        """Choose another value; the ends meet."""
        self._at = (self._at + step) % len(self._values)
        self.refresh()
        self.post_message(self.Changed())

    def on_focus(self) -> None:
        """Show that the keys go here."""
        self.refresh()

    def on_blur(self) -> None:
        """Show that they do not."""
        self.refresh()

    def on_click(self) -> None:
        """Choose the next value."""
        self.turn(1)

    def spans(self, y: int) -> Sequence[Span]:
        """Return the label and the value."""
        here, several = self.has_focus, len(self._values) > 1
        left: list[Span] = [
            ("▌" if here else " ", Ink.ACCENT),
            (f"{self._label:<{_LABEL_CELLS}}", Ink.DIM),
            (self._values[self._at][1], Ink.BRIGHT if several else Ink.SOFT),
        ]
        right: list[Span] = [("← → ", Ink.KEY)] if here and several else []
        return spread(left, right, self.size.width)

    def render_line(self, y: int):  # type: ignore[no-untyped-def]  # noqa: ANN201  as in the base
        """Paint the line, on the selection colour while it has the keys."""
        tone = Tone.PICKED if self.has_focus else self.TONE
        return self.palette.strip(list(self.spans(y)), self.size.width, tone)


class ViewDialog(Dialog[None]):
    """Asks how a view shall be; it stays open until the view is kept."""

    DEFAULT_CSS = """
    ViewDialog CleanInput, ViewDialog CleanInput.-textual-compact {
        background: $surface; padding: 0 1;
    }
    ViewDialog CleanInput:focus { background: $selection; padding: 0 1; }
    ViewDialog .label { color: $dim; padding: 0 0 0 1; }
    ViewDialog Proposals { background: $surface; }
    ViewDialog #view-status { margin: 1 0 0 0; }
    """
    HINT: ClassVar[str] = N_("enter saves · tab next line · ←→ other value · esc closes")

    def __init__(
        self,
        draft: ViewDraft,
        view: SavedView | None,
        *,
        is_new: bool,
        keys: Mapping[str, View | SavedView],
        may_share: bool,
        may_own: bool,
        now: datetime,
        save: Save,
        complete: Complete,
    ) -> None:
        super().__init__()
        self._proposals = Proposals()
        self._query_line = QueryLine(
            draft.query, _("every ticket"), self._proposals, complete, id="view-query"
        )
        self._query_line.asks_on_tab = False
        self._draft = draft
        self._view = view
        self._is_new = is_new
        self._keys = keys
        self._may_share = may_share
        self._may_own = may_own
        self._now = now
        self._save = save

    def parts(self) -> Sequence[Widget]:
        """Return the lines."""
        draft = self._draft
        order = [(sort, _(SORT_NAMES[sort])) for sort in SORTS]
        settings: list[Setting[object]] = [
            Setting(_("status"), [(one, status_name(one)) for one in _STATUSES], draft.status,
                    id="view-status"),
            Setting(_("order"), order, draft.sort, id="view-order"),
            Setting(_("key"), [("", _("none")), *((pin, self._pin_words(pin)) for pin in PINS)],
                    draft.pin, id="view-pin"),
            Setting(_("for"), self._whose(), draft.is_shared, id="view-whose"),
        ]  # fmt: skip
        if self._view is not None and self._is_new:
            name = shorten_cells(clean(self._view.name), _NAME_CELLS)
            over = [
                (False, _("a new view")),
                (True, _("{name}, with this query").format(name=name)),
            ]
            settings.insert(0, Setting(_("save as"), over, False, id="view-over"))
        return (
            Static(Content(_("name")), classes="label"),
            CleanInput(draft.name, _("such as Refunds"), id="view-name"),
            Static(Content(_("query")), classes="label"),
            self._query_line,
            self._proposals,
            *settings,
            Static("", id="dialog-news", classes="problem gap", markup=False),
        )

    def _whose(self) -> list[tuple[bool, str]]:
        found = [(False, _("me alone"))] if self._may_own else []
        return [*found, (True, _("everybody"))] if self._may_share else found

    def _pin_words(self, pin: str) -> str:
        there = self._keys.get(pin)
        if there is None or there == self._view:
            return pin
        name = view_name(there) if isinstance(there, View) else clean(there.name)
        return _("{pin}, instead of {name}").format(pin=pin, name=shorten_cells(name, _NAME_CELLS))

    def prepare(self) -> None:
        """Be ready to type the name."""
        super().prepare()
        is_change = self._view is not None and not self._is_new
        title = _("change view") if is_change else _("save view")
        self.query_one("#dialog-box").border_title = Content(title)
        self.query_one("#dialog-news").display = False
        self._name_line.first = self._query_line.elsewhere = self._moves
        (self._query_line if is_change else self._name_line).focus()

    @property
    def _name_line(self) -> CleanInput:
        return self.query_one("#view-name", CleanInput)

    def _moves(self, event: events.Key) -> bool:
        """Go to another line. True: not to be typed."""
        steps = {"tab": 1, "down": 1, "shift+tab": -1, "up": -1}
        if event.key not in steps:
            return False
        lines = [*self.query(CleanInput), *self.query(Setting)]
        place = next((at for at, line in enumerate(lines) if line.has_focus), 0)
        lines[(place + steps[event.key]) % len(lines)].focus()
        return True

    def press(self, event: events.Key) -> None:
        """Move, choose, save or close."""
        if self._moves(event):
            event.stop()
            event.prevent_default()
        elif isinstance(self.focused, Setting) and event.key in ("left", "right", "space"):
            event.stop()
            self.focused.turn(-1 if event.key == "left" else 1)
        elif isinstance(self.focused, Setting) and event.key == "enter":
            event.stop()
            self._keep()
        else:
            super().press(event)

    def on_setting_changed(self, message: Setting.Changed) -> None:
        """Name the view that is written over."""
        message.stop()
        name = self._name_line
        if self._over is not None and not name.value:
            name.value = self._over.name
        elif self._view is not None and self._is_new and self._over is None:
            name.value = "" if name.value == self._view.name else name.value

    @property
    def _over(self) -> SavedView | None:
        if not self._is_new:
            return self._view
        chosen = [setting.value for setting in self.query("#view-over").results(Setting)]
        return self._view if chosen == [True] else None

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what is wrong with the query while it is typed."""
        event.stop()
        self._say("")
        if event.input is self._query_line:
            if event.value != self._draft.query:
                self._query_line.typed()
            try:
                parse_query(event.value, now=self._now)
            except QueryError as error:
                if error.code != "query.unfinished":
                    self._say(sentence(error))

    def on_choices_clicked(self, message: Proposals.Clicked) -> None:
        """Take the clicked proposal."""
        message.stop()
        self._query_line.take(message.row)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Save it."""
        event.stop()
        self._keep()

    def _keep(self) -> None:
        status, order, pin, whose = (
            self.query_one(f"#view-{name}", Setting).value
            for name in ("status", "order", "pin", "whose")
        )
        draft = ViewDraft(
            self._name_line.value,
            self._query_line.value,
            is_shared=bool(whose),
            status=status if isinstance(status, Status) else None,
            sort=order if isinstance(order, Sort) else Sort.NEWEST,
            pin=str(pin),
        )
        self._save(Kept(draft, self._over), self._kept, self._refused)

    def _kept(self) -> None:
        if self.is_attached:
            self.dismiss(None)

    def _refused(self, error: HelpdeskError) -> None:
        """Say why, in the line it is about."""
        if not self.is_attached:
            return
        self._say(sentence(error))
        line = self._query_line if isinstance(error, QueryError) else self._name_line
        line.focus()
        position = error.values.get("position")
        if isinstance(position, int):
            line.cursor_position = position

    def _say(self, problem: str) -> None:
        news = self.query_one("#dialog-news", Static)
        news.display = bool(problem)
        news.update(Content(clean(problem)))

"""A change on its way to a yes: a form, what it would do, the confirmation, then how it stands."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, ClassVar

from textual import events
from textual.containers import VerticalScroll
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, Static

from helpdesk_tui.domain.commerce.actions import Action, ActionKind, ActionRequest, Preview
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.screens.commerce.estimate import Estimate
from helpdesk_tui.screens.commerce.following import Case, FollowDialog
from helpdesk_tui.widgets.choices import CleanInput
from helpdesk_tui.widgets.commerce.change_page import change_rows, confirm_rows
from helpdesk_tui.widgets.commerce.fields import Field
from helpdesk_tui.widgets.commerce.span_lines import SpanLines
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.ordering import VERBS, title_of

REST = 0.45
"""Seconds without a key before it is asked what a change would cost."""


_BESIDE_FORM, _BESIDE_PAGE, _NEWS = 7, 4, 2
"""Lines beside the form, beside the page of a confirmation, and of what is wrong."""


class Stage(StrEnum):
    """How far an agent is."""

    FORM = "form"
    WORKING = "working"
    """The agent goes on; what it would do is still being worked out."""
    CONFIRM = "confirm"
    ASKING = "asking"
    FOLLOW = "follow"


class ChangeDialog(FollowDialog):
    """Asks what shall be changed and how; nothing is done before a yes to all of it.

    Subclasses give the fields of the form and the request they make.
    """

    DEFAULT_CSS = """
    ChangeDialog #case-form CleanInput, ChangeDialog #case-form CleanInput.-textual-compact {
        background: $surface; padding: 0 1; height: 1;
    }
    ChangeDialog #case-form CleanInput:focus { background: $selection; padding: 0 1; }
    ChangeDialog #case-typed, ChangeDialog #case-typed.-textual-compact {
        background: $surface; padding: 0 1; margin: 1 0 0 0; height: 1;
    }
    ChangeDialog #case-typed:focus { background: $selection; padding: 0 1; }
    ChangeDialog .label { color: $dim; padding: 0 0 0 1; height: 1; }
    ChangeDialog .apart { margin: 1 0 0 0; }
    ChangeDialog #case-live { margin: 1 0 0 0; }
    """
    KIND: ClassVar[ActionKind]
    TYPES_NAME: ClassVar[bool] = False
    """Whether the yes is the name, typed."""
    IS_LIVE: ClassVar[bool] = False
    """Whether what it would do is worked out while the form is filled in."""

    def __init__(self, case: Case, chosen: Mapping[str, Any] | None = None) -> None:
        """Make the dialog.

        Args:
            case: What it is about.
            chosen: What was chosen before, where it is asked for anew.
        """
        super().__init__(case)
        self.chosen: Mapping[str, Any] = chosen or {}
        self.stage = Stage.FORM
        self._key = secrets.token_hex(16)
        self._estimate = Estimate(case.source.name)
        self._rest: Timer | None = None
        self._left: Widget | None = None

    # what subclasses say ---------------------------------------------------------------------

    def fields(self) -> Sequence[Widget]:
        """Return the lines of the form."""
        return ()

    @property
    def called(self) -> str:
        """What the order or subscription is called."""
        raise NotImplementedError

    def request(self, key: str) -> ActionRequest:
        """Return the request that the form makes now.

        Raises:
            HelpdeskError: why it makes none.
        """
        raise NotImplementedError

    def form_hint(self) -> str:
        """Return what the keys of the form do."""
        return _("↑↓ move · ←→ choose · enter goes on · esc closes")

    # the parts -------------------------------------------------------------------------------

    def parts(self) -> Sequence[Widget]:
        """Return the head, the form, what it would do, and the confirmation."""
        head, page, news = super().parts()
        return (
            head,
            VerticalScroll(*self.fields(), id="case-form", can_focus=False),
            SpanLines(id="case-live"),
            page,
            CleanInput("", self.called, id="case-typed"),
            news,
        )

    def prepare(self) -> None:
        """Show the form; without one it is asked at once what it would do."""
        super().prepare()
        self.entitle(title_of(self.KIND, self.called))
        self.head(self.called)
        for line in self.query_one("#case-form").query(CleanInput):
            line.first = self._before_typing
        self.typed.first = self._before_confirming
        self.to_form()

    @property
    def typed(self) -> CleanInput:
        """Where the name is typed for a yes."""
        return self.query_one("#case-typed", CleanInput)

    @property
    def lines(self) -> list[Widget]:
        """The lines of the form that take keys."""
        form = self.query_one("#case-form")
        return [one for one in form.query("Field, CleanInput") if one.can_focus]

    def rows_beside(self, page: Widget) -> int:
        """Return how many lines stand beside the form: what it would do, and what is wrong."""
        said = _NEWS if self.query_one("#dialog-news").display else 0
        return said + (_BESIDE_FORM if page.id == "case-form" else _BESIDE_PAGE)

    # the form --------------------------------------------------------------------------------

    def to_form(self) -> None:
        """Show the form, as it was left."""
        self.stage = Stage.FORM
        lines = self.lines
        self.query_one("#case-form").display = True
        self.page(None)
        self.typed.display = False
        self.hint(self.form_hint())
        if not lines:
            self.go_on()
            return
        if self.focused not in lines:
            (self._left if self._left in lines else lines[0]).focus()
        self.changed()

    def on_field_changed(self, message: Field.Changed) -> None:
        """Look what it would do now."""
        message.stop()
        self.changed()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look what it would do now."""
        event.stop()
        if event.input is not self.typed:
            self.changed()

    def changed(self) -> None:
        """Have worked out what the form would do, once the keys rest."""
        self.say("")
        if self._rest is not None:
            self._rest.stop()
            self._rest = None
        if not self.IS_LIVE or self.stage is not Stage.FORM:
            return
        if self._made() != self._estimate.asked:
            self._rest = self.set_timer(REST, self._work_out)
        self._show_live()

    def _made(self) -> ActionRequest | None:
        """Return the request that the form makes; None while it makes none."""
        try:
            return self.request(self._key)
        except HelpdeskError:
            return None

    def _work_out(self) -> None:
        """Ask what it would do; the answer is shown where it is still what is asked."""
        request = self._made()
        self._estimate.begin(request)
        if request is None:
            self.asker.forget()
        else:
            self.asker.preview(request, self._worked_out, self._not_worked_out, self._waits)
        self._show_live()

    def _worked_out(self, preview: Preview) -> None:
        self._estimate.worked_out(preview)
        if self.stage is Stage.WORKING:
            self._confirm()
        elif self.stage is Stage.FORM:
            self._show_live()

    def _not_worked_out(self, error: HelpdeskError) -> None:
        self._estimate.problem = error
        if self.stage is Stage.WORKING:
            self.back(error)
        else:
            self._show_live()

    def _waits(self, is_worked: bool) -> None:
        if not is_worked and not self._estimate.is_slow:
            self._estimate.is_slow = True
            if self.stage is Stage.WORKING:
                self._show_working()
            else:
                self._show_live()

    def _show_live(self) -> None:
        live, plain = self.query_one("#case-live", SpanLines), self.case.plain
        made = self._made() if self.IS_LIVE and self.stage is Stage.FORM else None
        estimate = self._estimate
        live.show((lambda width: estimate.rows(made, width, plain=plain)) if made else None)

    @property
    def is_settled(self) -> bool:
        """Whether it is known what the form would do as it stands now."""
        return self._estimate.knows(self._made())

    # on to the yes ---------------------------------------------------------------------------

    def go_on(self) -> None:
        """Show all that it would do, to be said yes to; it is worked out first if need be."""
        try:
            request = self.request(self._key)
        except HelpdeskError as error:
            self.refused(error)
            return
        self.say("")
        self._left = self.focused
        self.stage = Stage.WORKING
        if self._rest is not None:
            self._rest.stop()
        if not self._estimate.is_asked(request):
            self._work_out()
        elif self._estimate.knows(request):
            self._confirm()
            return
        self._show_working()

    def _show_working(self) -> None:
        self.query_one("#case-form").display = False
        self.query_one("#case-live", SpanLines).show(None)
        self.page(self._estimate.working_rows)
        self.set_focus(None)
        self.hint(_("esc back") if self.lines else _("esc closes"))

    def _confirm(self) -> None:
        preview = self._estimate.preview
        if preview is None:
            return
        self.stage = Stage.CONFIRM
        self.query_one("#case-form").display = False
        self.query_one("#case-live", SpanLines).show(None)
        self.page(lambda width: confirm_rows(preview, self.case.mode, width, plain=self.case.plain))
        self.typed.display = self.TYPES_NAME
        verb = _(VERBS[self.KIND])
        if self.TYPES_NAME:
            self.typed.value = ""
            self.typed.placeholder = _("type {name} to say yes").format(name=self.called)
            self.typed.focus()
            self.fit_pages()
            self.hint(_("enter {verb} · esc back").format(verb=verb))
        else:
            self.set_focus(None)
            self.hint(_("y {verb} · esc back").format(verb=verb))

    def back(self, error: HelpdeskError | None = None) -> None:
        """Go back to the form; without one the dialog closes, or says why it goes no further."""
        if not self.lines:
            if error is None:
                self.leave()
                return
            self.page(None)
            self.hint(_("esc closes"))
        else:
            self.to_form()
            if self.IS_LIVE and error is self._estimate.problem:
                return  # it stands where the price would
        if error is not None:
            self.refused(error)

    def _yes(self) -> None:
        """Ask for it: once, however often the key is pressed."""
        preview = self._estimate.preview
        if preview is None or self.stage is not Stage.CONFIRM:
            return
        self.stage = Stage.ASKING
        self.amounts = preview.amounts
        self.typed.display = False
        self.set_focus(None)
        self.page(lambda width: change_rows(preview.changes, width))
        self.hint(_("esc leaves it running: the ticket tells how it ends"))

        def asked(action: Action) -> None:
            self.stage = Stage.FOLLOW
            self.follow(action)

        def refused(error: HelpdeskError) -> None:
            self.back(error)

        self.asker.ask(preview.request, asked, refused)

    # keys ------------------------------------------------------------------------------------

    def _before_typing(self, event: events.Key) -> bool:
        """Move between lines while one is typed in. True: not to be typed."""
        steps = {"down": 1, "tab": 1, "up": -1, "shift+tab": -1}
        if event.key not in steps:
            return False
        self._step(steps[event.key])
        return True

    def _before_confirming(self, event: events.Key) -> bool:
        """Scroll what is said yes to while the name is typed. True: not to be typed."""
        moves = {"down": 1, "up": -1, "tab": 1, "shift+tab": -1}
        if event.key not in moves:
            return False
        self.query_one("#case-page").scroll_relative(y=moves[event.key], animate=False)
        return True

    def _step(self, by: int) -> None:
        lines = self.lines
        if lines:
            place = next((at for at, line in enumerate(lines) if line.has_focus), 0)
            lines[(place + by) % len(lines)].focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on; say yes where the name was typed for it."""
        event.stop()
        if event.input is not self.typed:
            self.go_on()
        elif event.value.strip().lstrip("#") == self.called.lstrip("#"):
            self._yes()
        else:
            self.say(_("type {name} for a yes, or go back").format(name=self.called))

    def press(self, event: events.Key) -> None:
        """Do what a key means for how far the agent is."""
        if self.stage in (Stage.FOLLOW, Stage.ASKING):
            super().press(event)
        elif event.key == "escape":
            event.stop()
            if self.stage is Stage.FORM:
                self.leave()
            else:
                self.back()
        elif self.stage is Stage.FORM:
            self._press_form(event)
        elif self.stage is Stage.CONFIRM:
            self._press_confirm(event)

    def _press_form(self, event: events.Key) -> None:
        steps: dict[str, int] = {
            "j": 1, "down": 1, "tab": 1, "k": -1, "up": -1, "shift+tab": -1,
        }  # fmt: skip
        event.prevent_default()
        focused = self.focused
        if isinstance(focused, Field) and focused.take(event.key):
            event.stop()
        elif event.key in steps:
            event.stop()
            self._step(steps[event.key])
        elif event.key in ("enter", "ctrl+o"):
            event.stop()
            self.go_on()

    def _press_confirm(self, event: events.Key) -> None:
        if self.TYPES_NAME:
            return  # the line has its keys
        event.stop()
        moves = {"j": 1, "down": 1, "k": -1, "up": -1}
        if event.key == "y":
            self._yes()
        elif event.key in moves:
            self.query_one("#case-page").scroll_relative(y=moves[event.key], animate=False)


def label(text: str, *, apart: bool = False) -> Static:
    """Return the name of a line to type in."""
    return Static(text, classes="label apart" if apart else "label", markup=False)

"""Who gets a message: to, cc and bcc."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from helpdesk_tui.domain.mail import Address
from helpdesk_tui.domain.text import clean, fold
from helpdesk_tui.screens.dialogs.base import Dialog
from helpdesk_tui.widgets.choices import CleanInput
from helpdesk_tui.widgets.words.language import N_, _
from helpdesk_tui.widgets.words.thread import shown_address

_MOST = 50
_FIELDS = (N_("to"), N_("cc"), N_("bcc"))
"""The lines by their names, which are drawn in the language of the interface."""
_OFFERED = 6


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whom an agent named."""

    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()


class RecipientsDialog(Dialog[Chosen]):
    """Three lines of addresses, separated by commas; tab completes one of the ticket's people."""

    DEFAULT_CSS = """
    RecipientsDialog .label { color: $dim; }
    """
    TITLE_TEXT: ClassVar[str] = N_("recipients")
    HINT: ClassVar[str] = N_("tab completes, goes on · enter takes them · esc leaves it")

    def __init__(
        self, known: Chosen, people: Sequence[Address] = (), *, is_forward: bool = False
    ) -> None:
        super().__init__()
        self._known = known
        self._people = tuple(people)
        self._is_forward = is_forward

    def parts(self) -> Sequence[Widget]:
        """Return the lines and what they are for."""
        hint = (
            _("Somebody outside this ticket. What they answer joins it; the customer sees nothing.")
            if self._is_forward
            else _(
                "A reply goes to one of this ticket's people. Everybody sees cc, nobody sees bcc."
            )
        )
        lines: list[Widget] = []
        for name in _FIELDS:
            value = ", ".join(getattr(self._known, name))
            lines.append(Static(Content(_(name)), classes="label"))
            lines.append(CleanInput(value, _("name@example.com, …"), id=f"dialog-{name}"))
        return (
            *lines,
            Static("", id="dialog-offer", classes="hint gap", markup=False),
            Static(Content(hint), classes="hint"),
            Static("", id="dialog-news", classes="problem", markup=False),
        )

    def prepare(self) -> None:
        """Be ready to type: whom a forward goes to, or who gets copies of a reply."""
        super().prepare()
        for name in _FIELDS:
            self._line(name).first = self._before_typing
        self._line("to" if self._is_forward else "cc").focus()

    def _line(self, name: str) -> CleanInput:
        return self.query_one(f"#dialog-{name}", CleanInput)

    def _before_typing(self, event: events.Key) -> bool:
        """Complete, or move between the lines. True: not to be typed."""
        if event.key not in ("tab", "shift+tab", "down", "up"):
            return False
        line = self.focused
        if event.key == "tab" and isinstance(line, CleanInput):
            completed = self._completed(line.value)
            if completed:
                line.value = completed
                line.cursor_position = len(completed)
                return True
        self._move(1 if event.key in ("tab", "down") else -1)
        return True

    def _move(self, step: int) -> None:
        lines = [self._line(name) for name in _FIELDS]
        place = next((at for at, line in enumerate(lines) if line.has_focus), 0)
        lines[(place + step) % len(lines)].focus()

    def _completed(self, typed: str) -> str:
        """Return a line with its last word completed to the first that fits, or nothing."""
        offers = self._offers(typed)
        head, comma, last = typed.rpartition(",")
        if not last.strip() or not offers or offers[0].addr == last.strip().lower():
            return ""
        return f"{head}{comma} {offers[0].addr}" if comma else offers[0].addr

    def _offers(self, typed: str) -> list[Address]:
        last = fold(typed.rpartition(",")[2].strip())
        taken = {each for name in _FIELDS for each in _split(self._line(name).value)}
        return [
            one
            for one in self._people
            if last in fold(f"{one.name} {one.addr}")
            and (one.addr not in taken or one.addr == last)
        ]

    def on_input_changed(self, event: Input.Changed) -> None:
        """Offer people of the ticket that fit what is typed."""
        event.stop()
        self._offer(event.value)

    def on_descendant_focus(self) -> None:
        """Offer what fits the line that is typed in now."""
        if isinstance(self.focused, CleanInput):
            self._offer(self.focused.value)

    def _offer(self, typed: str) -> None:
        names = [shown_address(one.addr) for one in self._offers(typed)[:_OFFERED]]
        text = _("in this ticket: {names}").format(names=", ".join(names)) if names else ""
        self.query_one("#dialog-offer", Static).update(Content(text))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the addresses if all of them look like one."""
        event.stop()
        to, cc, bcc = (_split(self._line(name).value) for name in _FIELDS)
        problem = self._problem(to, (*to, *cc, *bcc))
        if problem:
            self.query_one("#dialog-news", Static).update(Content(problem))
        else:
            self.dismiss(Chosen(to, cc, bcc))

    def _problem(self, to: tuple[str, ...], everybody: tuple[str, ...]) -> str:
        wrong = [one for one in everybody if not is_address(one)]
        if wrong:
            return _("not an address: {wrong}").format(wrong=clean(wrong[0]))
        if not to:
            return _("nobody stands in to")
        if len(to) > 1 and not self._is_forward:
            return _("a reply goes to one person: put the others into cc")
        return _("at most {limit} recipients").format(limit=_MOST) if len(everybody) > _MOST else ""


def _split(text: str) -> tuple[str, ...]:
    parts = (part.strip().lower() for part in text.replace(";", ",").split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def is_address(text: str) -> bool:
    """Return whether something looks like one mail address; the desk checks it again."""
    local, at, domain = text.rpartition("@")
    if not (local and at and domain) or text != clean(text) or len(text) > 254:
        return False
    return not any(char in text for char in ' <>()[],;:\\"') and "." in domain.strip(".")

"""Changing one setting in place: what cannot be taken is said beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.setting.values import Setting, Value
from helpdesk_tui.screens.dialogs.base import Dialog, opening_keys
from helpdesk_tui.screens.dialogs.text import LineDialog
from helpdesk_tui.widgets.choices import ChoiceRow, Choices
from helpdesk_tui.widgets.chords import key_name
from helpdesk_tui.widgets.hints import key_hints
from helpdesk_tui.widgets.ink import Ink
from helpdesk_tui.widgets.words.errors import sentence
from helpdesk_tui.widgets.words.language import _


class ValueDialog(LineDialog):
    """A value in one line; enter takes it once it can be read."""

    def __init__(self, setting: Setting, value: Value) -> None:
        text = ", ".join(value) if isinstance(value, list) else value
        super().__init__(setting.name, text, _(setting.meaning))
        self._setting = setting

    def parts(self) -> Sequence[Widget]:
        """Return the line, what it is for, and room for what is wrong."""
        return (*super().parts(), Static("", id="dialog-news", classes="problem", markup=False))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Take back what was said of the text before."""
        self.query_one("#dialog-news", Static).update("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer with the line, or say what is wrong with it."""
        event.stop()
        event.prevent_default()  # else the class above would take it as it is
        try:
            self._setting.read([event.value])
        except UsageError as error:
            self.query_one("#dialog-news", Static).update(Content(sentence(error)))
        else:
            self.dismiss(event.value.strip())


class SwitchesDialog(Dialog[list[str]]):
    """Any of a few values: space switches one, enter takes them all."""

    DEFAULT_CSS = """
    SwitchesDialog > #dialog-box { width: 80; }
    """

    def __init__(self, setting: Setting, value: Sequence[str]) -> None:
        super().__init__()
        self._setting = setting
        self._chosen = set(value)

    def parts(self) -> Sequence[Widget]:
        """Return the values."""
        return (Choices(id="dialog-choices"),)

    def prepare(self) -> None:
        """Show the values."""
        super().prepare()
        box = self.query_one("#dialog-box")
        box.border_title = Content(self._setting.name)
        box.border_subtitle = key_hints(_("space switches · enter takes them · esc closes"))
        self._show(keep=False)

    def _show(self, *, keep: bool) -> None:
        self.query_one(Choices).show(
            [
                ChoiceRow(
                    (
                        ("[x] " if value in self._chosen else "[ ] ", Ink.KEY),
                        (f"{value:<11}", Ink.TEXT),
                        (_(meaning), Ink.SOFT),
                    ),
                    value=value,
                )
                for value, meaning in (self._setting.choices or {}).items()
            ],
            keep=keep,
        )

    def press(self, event: events.Key) -> None:
        """Move, switch, or answer."""
        choices = self.query_one(Choices)
        steps: dict[str, Callable[[], object]] = {
            **dict.fromkeys(opening_keys(self, "down move.down"), lambda: choices.move(1)),
            **dict.fromkeys(opening_keys(self, "up move.up"), lambda: choices.move(-1)),
            "space": self._switch,
            "x": self._switch,
            "enter": lambda: self.dismiss(sorted(self._chosen)),
        }
        do = steps.get(key_name(event.key, event.character))
        if do is None:
            super().press(event)
            return
        event.stop()
        do()

    def on_choices_clicked(self, message: Choices.Clicked) -> None:
        """Switch what was clicked."""
        message.stop()
        self._chosen ^= {str(message.row.value)}
        self._show(keep=True)

    def _switch(self) -> None:
        row = self.query_one(Choices).current
        if row is not None:
            self._chosen ^= {str(row.value)}
            self._show(keep=True)

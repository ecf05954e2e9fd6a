"""One line, or a few, of text to change."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from helpdesk_tui.domain.text import clean, clean_lines
from helpdesk_tui.screens.dialogs.base import Dialog
from helpdesk_tui.widgets.choices import CleanInput
from helpdesk_tui.widgets.hints import key_hints
from helpdesk_tui.widgets.words.language import _


class LineDialog(Dialog[str]):
    """A line to change; enter takes it."""

    def __init__(
        self,
        title: str,
        value: str,
        hint: str,
        *,
        keys: str = "",
    ) -> None:
        super().__init__()
        self._title = clean(title)
        self._value = value
        self._hint = clean(hint)
        self._keys = keys or _("enter takes it · esc leaves it as it was")

    def parts(self) -> Sequence[Widget]:
        """Return the line and what it is for."""
        return (
            CleanInput(self._value, id="dialog-input"),
            Static(Content(self._hint), classes="hint gap"),
        )

    def prepare(self) -> None:
        """Be ready to type."""
        super().prepare()
        box = self.query_one("#dialog-box")
        box.border_title = Content(self._title)
        box.border_subtitle = key_hints(self._keys)
        self.query_one(CleanInput).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer with the line."""
        event.stop()
        self.dismiss(event.value.strip())


class LinesDialog(Dialog[str]):
    """A few lines to change; ctrl+o takes them, as in the composer."""

    DEFAULT_CSS = """
    LinesDialog TextArea {
        height: 8; border: none; padding: 0 1; background: $surface; color: $text;
    }
    LinesDialog TextArea:focus { border: none; }
    """

    def __init__(self, title: str, value: str, hint: str) -> None:
        super().__init__()
        self._title = clean(title)
        self._value = clean_lines(value)
        self._hint = clean(hint)

    def parts(self) -> Sequence[Widget]:
        """Return the lines and what they are for."""
        return (
            TextArea(self._value, id="dialog-lines", theme="css", compact=True),
            Static(Content(self._hint), classes="hint gap"),
        )

    def prepare(self) -> None:
        """Be ready to type."""
        super().prepare()
        box = self.query_one("#dialog-box")
        box.border_title = Content(self._title)
        box.border_subtitle = key_hints(_("ctrl+o takes it · esc leaves it as it was"))
        lines = self.query_one(TextArea)
        lines.cursor_blink = False
        lines.focus()

    def press(self, event: events.Key) -> None:
        """Answer with the lines, or with nothing."""
        if event.key == "ctrl+o":
            event.stop()
            self.dismiss(clean_lines(self.query_one(TextArea).text).strip())
        else:
            super().press(event)

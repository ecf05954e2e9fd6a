"""Which file goes along."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from helpdesk_tui.screens.dialogs.base import Dialog
from helpdesk_tui.screens.outgoing import complete_path
from helpdesk_tui.widgets.choices import CleanInput


class AttachDialog(Dialog[Path]):
    """A path, completed with Tab; a dropped file arrives as a pasted path."""

    TITLE_TEXT: ClassVar[str] = "attach a file"
    HINT: ClassVar[str] = "tab completes · enter attaches · esc closes"

    def parts(self) -> Sequence[Widget]:
        """Return the line for the path."""
        return (
            CleanInput("", "~/Downloads/label.pdf", id="dialog-input"),
            Static(Content("A path on the machine helpdesk runs on."), classes="hint gap"),
            Static("", id="dialog-news", classes="problem", markup=False),
        )

    def prepare(self) -> None:
        """Be ready to type."""
        super().prepare()
        line = self.query_one(CleanInput)
        line.first = self._before_typing
        line.focus()

    def _before_typing(self, event: events.Key) -> bool:
        if event.key != "tab":
            return False
        self._complete()
        return True

    def _complete(self) -> None:
        line = self.query_one(CleanInput)
        completed = complete_path(line.value)
        if completed is None:
            self._say("nothing begins like this")
        else:
            line.value = completed
            line.cursor_position = len(completed)
            self._say("")

    def _say(self, text: str) -> None:
        self.query_one("#dialog-news", Static).update(Content(text))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the path if a file is there."""
        event.stop()
        typed = event.value.strip().strip("'\"").replace("\\ ", " ")
        path = Path(typed.removeprefix("file://")).expanduser()
        if not typed:
            self.dismiss(None)
        elif path.is_file():
            self.dismiss(path)
        else:
            self._say("there is no file with this path")

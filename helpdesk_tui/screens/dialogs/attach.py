"""Which file goes along."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from helpdesk_tui.screens.composing.outgoing import complete_path
from helpdesk_tui.screens.dialogs.base import Dialog
from helpdesk_tui.screens.jobs import Jobs
from helpdesk_tui.widgets.choices import CleanInput
from helpdesk_tui.widgets.words.language import N_, _


class AttachDialog(Dialog[Path], Jobs):
    """A path, completed with Tab; a dropped file arrives as a pasted path.

    Folders may lie on a slow network: they are asked in threads only.
    """

    TITLE_TEXT: ClassVar[str] = N_("attach a file")
    HINT: ClassVar[str] = N_("tab completes · enter attaches · esc closes")

    def parts(self) -> Sequence[Widget]:
        """Return the line for the path."""
        return (
            CleanInput("", "~/Downloads/label.pdf", id="dialog-input"),
            Static(Content(_("A path on the machine helpdesk runs on.")), classes="hint gap"),
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
        typed = self.query_one(CleanInput).value
        self.start(
            lambda: complete_path(typed),
            lambda completed: self._completed(typed, completed),
            group="complete",
            exclusive=True,
        )

    def _completed(self, typed: str, completed: str | None) -> None:
        line = self.query_one(CleanInput)
        if line.value != typed:
            return  # typing went on meanwhile
        if completed is None:
            self._say(_("nothing begins like this"))
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
        if not typed:
            self.dismiss(None)
            return
        self.start(lambda: _existing(typed), self._found, group="attach", exclusive=True)

    def _found(self, path: Path | None) -> None:
        if path is None:
            self._say(_("there is no file with this path"))
        else:
            self.dismiss(path)


def _existing(typed: str) -> Path | None:
    """Return the file that was typed, if there is one. Blocks."""
    try:
        path = Path(typed.removeprefix("file://")).expanduser()
        return path if path.is_file() else None
    except (OSError, RuntimeError, ValueError):
        return None  # no such home folder, or no possible path

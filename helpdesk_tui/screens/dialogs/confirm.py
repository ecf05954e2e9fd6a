"""A question with yes or no."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from helpdesk_tui.domain.text import clean, clean_lines
from helpdesk_tui.screens.dialogs.base import Dialog
from helpdesk_tui.widgets.hints import key_hints
from helpdesk_tui.widgets.words.language import _


class ConfirmDialog(Dialog[bool]):
    """Asks before something that may be regretted; only ``y`` says yes."""

    def __init__(self, title: str, body: str, verb: str) -> None:
        super().__init__()
        self._title = clean(title)
        self._body = clean_lines(body)
        self._verb = clean(verb)

    def parts(self) -> Sequence[Widget]:
        """Return the question."""
        return (Static(Content(self._body), id="dialog-body"),)

    def prepare(self) -> None:
        """Title the box."""
        super().prepare()
        box = self.query_one("#dialog-box")
        box.border_title = Content(self._title)
        box.border_subtitle = key_hints(_("y {verb} · esc no").format(verb=self._verb))

    def press(self, event: events.Key) -> None:
        """Take the answer."""
        event.stop()
        if event.key == "y":
            self.dismiss(True)
        elif event.key in ("n", "q", "escape"):
            self.dismiss(False)

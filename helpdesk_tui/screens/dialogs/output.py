"""What a command said, to read and scroll."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.widget import Widget

from helpdesk_tui.domain.text import clean, shorten
from helpdesk_tui.screens.dialogs.base import Dialog
from helpdesk_tui.screens.dialogs.source import SourceLines
from helpdesk_tui.screens.thread.message_source import Source
from helpdesk_tui.widgets.chords import key_name
from helpdesk_tui.widgets.hints import key_hints
from helpdesk_tui.widgets.words.language import _

_TITLE = 70


class OutputDialog(Dialog[None]):
    """Shows lines until any closing key."""

    DEFAULT_CSS = """
    OutputDialog > #dialog-box { width: 104; }
    """

    _STEPS: ClassVar[dict[str, float]] = {
        "j": 1, "down": 1, "k": -1, "up": -1, "ctrl+d": 10, "ctrl+u": -10,
        "space": 20, "pagedown": 20, "pageup": -20, "G": 1_000_000, "g": -1_000_000,
    }  # fmt: skip

    def __init__(self, title: str, output: Source, end: str = "") -> None:
        super().__init__()
        self._title = shorten(clean(title), _TITLE)
        self._output = output
        self._end = clean(end)

    def parts(self) -> Sequence[Widget]:
        """Return the lines."""
        return (SourceLines(self._output),)

    def prepare(self) -> None:
        """Name the command, and say how it ended."""
        super().prepare()
        box = self.query_one("#dialog-box")
        box.border_title = Content(f"{self._title} · {self._end}" if self._end else self._title)
        box.border_subtitle = key_hints(_("j k scroll · q closes"))
        self.query_one(SourceLines).focus()

    def press(self, event: events.Key) -> None:
        """Scroll, or close."""
        event.stop()
        event.prevent_default()
        key = key_name(event.key, event.character)
        step = self._STEPS.get(key)
        if step is not None:
            lines = self.query_one(SourceLines)
            lines.scroll_to(y=max(0, lines.scroll_offset.y + step), animate=False, force=True)
        elif key in ("q", "escape", "enter", "|"):
            self.dismiss(None)

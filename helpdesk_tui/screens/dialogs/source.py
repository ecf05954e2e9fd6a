"""A message as it came: headers, bodies and all, to read and scroll."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from helpdesk_tui.screens.dialogs.base import Dialog
from helpdesk_tui.screens.message_source import Source
from helpdesk_tui.widgets.chords import key_name
from helpdesk_tui.widgets.ink import Ink, Palette, Span, Tone
from helpdesk_tui.widgets.thread_words import size_label
from helpdesk_tui.widgets.wrap import wrap_line


class SourceLines(ScrollView, can_focus=True):
    """Draws the lines, wrapped to the width."""

    DEFAULT_CSS = """
    SourceLines {
        height: auto; max-height: 80vh; background: $raised; overflow-x: hidden;
        scrollbar-size-vertical: 1; scrollbar-size-horizontal: 0; scrollbar-gutter: stable;
    }
    """

    def __init__(self, source: Source) -> None:
        super().__init__(id="source-lines")
        self._source = source
        self._rows: list[Span] = []

    def on_resize(self) -> None:
        """Wrap for another width."""
        width = max(10, self.scrollable_content_region.width)
        rows: list[Span] = []
        in_head = True
        for line in self._source.lines:
            in_head = in_head and bool(line)
            ink = Ink.SOFT if in_head else Ink.TEXT
            rows += [(piece, ink) for piece in wrap_line(line, width)]
        if self._source.is_cut:
            rows.append((f"… cut here, of {size_label(self._source.size)}", Ink.WAITING))
        self._rows = rows
        self.virtual_size = Size(width, len(rows))
        self.styles.height = max(3, min(len(rows), self.app.size.height - 8))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Paint one row."""
        index = y + self.scroll_offset.y
        row = [self._rows[index]] if 0 <= index < len(self._rows) else []
        return Palette.of(self.app.theme_variables).strip(row, self.size.width, Tone.RAISED)


class SourceDialog(Dialog[None]):
    """Shows the source of one message until any closing key."""

    DEFAULT_CSS = """
    SourceDialog > #dialog-box { width: 104; }
    """
    HINT: ClassVar[str] = "j k scroll · space page · G end · V closes"

    _STEPS: ClassVar[dict[str, float]] = {
        "j": 1, "down": 1, "k": -1, "up": -1, "ctrl+d": 10, "ctrl+u": -10,
        "space": 20, "pagedown": 20, "pageup": -20, "G": 1_000_000, "g": -1_000_000,
    }  # fmt: skip

    def __init__(self, message_id: int, source: Source) -> None:
        super().__init__()
        self._source = source
        self._message_id = message_id

    def parts(self) -> Sequence[Widget]:
        """Return the lines."""
        return (SourceLines(self._source),)

    def prepare(self) -> None:
        """Name the message."""
        super().prepare()
        box = self.query_one("#dialog-box")
        box.border_title = Content(f"message {self._message_id} · {size_label(self._source.size)}")
        self.query_one(SourceLines).focus()

    def press(self, event: events.Key) -> None:
        """Scroll, or close."""
        event.stop()
        event.prevent_default()
        key = key_name(event.key, event.character)
        step = self._STEPS.get(key)
        if step is not None:
            self.query_one(SourceLines).scroll_relative(y=step, animate=False)
        elif key in ("escape", "q", "V"):
            self.dismiss(None)

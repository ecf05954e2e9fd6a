"""A message as it came: headers, bodies and all, to read and scroll."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from helpdesk_tui.domain.text import clean
from helpdesk_tui.screens.dialogs.base import Dialog
from helpdesk_tui.screens.thread.message_source import Source
from helpdesk_tui.widgets.chords import key_name
from helpdesk_tui.widgets.hints import key_hints
from helpdesk_tui.widgets.ink import Ink, Palette, Span, Tone
from helpdesk_tui.widgets.keymap import Keymap, shown
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.thread import size_label
from helpdesk_tui.widgets.wrap import wrap_line

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class SourceActions:
    """What the keys of the dialog start; each says in the dialog how it went."""

    browse: Callable[[Say], None]
    save: Callable[[Say], None]


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
        self.headers_only = False

    def toggle_headers(self) -> None:
        """Show the headers only, or everything, from the top."""
        self.headers_only = not self.headers_only
        self._lay_out()
        self.scroll_to(y=0, animate=False, force=True)

    def on_resize(self) -> None:
        """Wrap for another width."""
        self._lay_out()

    def _lay_out(self) -> None:
        width = max(10, self.scrollable_content_region.width)
        rows: list[Span] = []
        in_head = True
        for line in self._source.lines:
            in_head = in_head and bool(line)
            if self.headers_only and not in_head:
                break
            ink = Ink.SOFT if in_head else Ink.TEXT
            rows += [(piece, ink) for piece in wrap_line(line, width)]
        if self._source.is_cut and not self.headers_only:
            rows.append(
                (_("… cut here, of {size}").format(size=size_label(self._source.size)), Ink.WAITING)
            )
        self._rows = rows
        self.virtual_size = Size(width, len(rows))
        self.styles.height = max(3, min(len(rows), self.app.size.height - 9))
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

    _STEPS: ClassVar[dict[str, float]] = {
        "j": 1, "down": 1, "k": -1, "up": -1, "ctrl+d": 10, "ctrl+u": -10,
        "space": 20, "pagedown": 20, "pageup": -20, "G": 1_000_000, "g": -1_000_000,
    }  # fmt: skip

    def __init__(self, title: str, source: Source, actions: SourceActions, keymap: Keymap) -> None:
        super().__init__()
        self._title = clean(title)
        self._source = source
        self._actions = actions
        self._keymap = keymap

    def parts(self) -> Sequence[Widget]:
        """Return the lines, and what was said about them."""
        return (
            SourceLines(self._source),
            Static("", id="dialog-news", classes="hint", markup=False),
        )

    def prepare(self) -> None:
        """Name the message."""
        super().prepare()
        self.query_one("#dialog-news").display = False
        self._entitle()
        self.query_one(SourceLines).focus()

    def _entitle(self) -> None:
        lines = self.query_one(SourceLines)
        box = self.query_one("#dialog-box")
        part = "headers" if lines.headers_only else size_label(self._source.size)
        box.border_title = Content(f"{self._title} · {part}")
        other = _("whole source") if lines.headers_only else _("headers only")
        box.border_subtitle = key_hints(
            _(
                "j k scroll · {key} {other} · {key_2} in browser · {key_3} save page · q closes"
            ).format(
                key=self._key("headers"),
                other=other,
                key_2=self._key("browser"),
                key_3=self._key("save"),
            )
        )

    def _key(self, verb: str) -> str:
        keys = self._keymap.get(f"source.{verb}", ())
        return shown(keys[0]) if keys else "–"

    def say(self, text: str) -> None:
        """Say below the source how something went."""
        if self.is_attached:
            line = self.query_one("#dialog-news", Static)
            line.display = bool(text)
            line.update(Content(clean(text)))

    def press(self, event: events.Key) -> None:
        """Scroll, act, or close."""
        event.stop()
        event.prevent_default()
        key = key_name(event.key, event.character)
        step = self._STEPS.get(key)
        if self._means(key, "source.headers"):
            self.query_one(SourceLines).toggle_headers()
            self._entitle()
        elif self._means(key, "source.browser"):
            self._actions.browse(self.say)
        elif self._means(key, "source.save"):
            self._actions.save(self.say)
        elif step is not None:
            self.query_one(SourceLines).scroll_relative(y=step, animate=False)
        elif key in ("escape", "q", "v", "V"):
            self.dismiss(None)

    def _means(self, key: str, action: str) -> bool:
        return key in self._keymap.get(action, ())

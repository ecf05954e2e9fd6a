"""A small menu over the inbox: choices with a letter each, closed by the key that opened it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen

from helpdesk_tui.screens.dialogs.base import opening_keys
from helpdesk_tui.widgets.chords import key_name
from helpdesk_tui.widgets.ink import Ink, Span, Tone
from helpdesk_tui.widgets.painted import Painted, spread
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.wrap import shorten_cells

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Choice(Generic[T]):
    """One line of a menu."""

    key: str
    label: str
    value: T
    note: str = ""


class MenuLines(Painted):
    """Draws the choices, one of them under the cursor."""

    TONE: ClassVar[Tone] = Tone.RAISED

    DEFAULT_CSS = """
    MenuLines { height: auto; background: $raised; }
    """

    def __init__(self, choices: Sequence[Choice[T]], cursor: int) -> None:
        super().__init__()
        self._choices = choices
        self.cursor = cursor

    @dataclass
    class Picked(Message):
        """A choice was clicked."""

        place: int

    def on_click(self, event: events.Click) -> None:
        """Pick the choice that was clicked."""
        place = event.y - self.gutter.top
        if 0 <= place < len(self._choices):
            self.post_message(self.Picked(place))

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """Return one line for each choice."""
        return len(self._choices)

    def spans(self, y: int) -> Sequence[Span]:
        """Return one choice."""
        choice = self._choices[y]
        here = y == self.cursor
        label = shorten_cells(choice.label, max(1, self.size.width - len(choice.note) - 8))
        return spread(
            [
                (" ▸ " if here else "   ", Ink.KEY),
                (f"{choice.key} ", Ink.KEY),
                (f" {label}", Ink.HEADING if here else Ink.TEXT),
            ],
            [(f"{choice.note} ", Ink.SOFT)],
            self.size.width,
        )


class Menu(ModalScreen[T | None]):
    """Asks for one of a few things; ``None`` if none was chosen."""

    DEFAULT_CSS = """
    Menu { align: center middle; background: $background 40%; }
    Menu > MenuLines {
        width: 48; max-width: 90%; padding: 1 0; border: round $accent;
        border-title-color: $accent; border-subtitle-color: $dim;
    }
    """

    def __init__(
        self, title: str, choices: Sequence[Choice[T]], *, opened_by: str, current: int = 0
    ) -> None:
        super().__init__()
        self._choices = choices
        self._opened_by = opened_by
        self._lines = MenuLines(choices, current)
        self._lines.border_title = Content(title)
        self._lines.border_subtitle = Content(_("enter picks · esc"))

    def compose(self) -> ComposeResult:
        """Show the choices."""
        yield self._lines

    def on_menu_lines_picked(self, message: MenuLines.Picked) -> None:
        """Answer with the choice that was clicked."""
        self.dismiss(self._choices[message.place].value)

    def on_key(self, event: events.Key) -> None:
        """Move, pick by letter or with enter, or close."""
        event.stop()
        event.prevent_default()
        if not self.is_active:
            return  # it was answered by the key before
        key = key_name(event.key, event.character)
        for choice in self._choices:
            if key == choice.key:
                self.dismiss(choice.value)
                return
        down, up = opening_keys(self, "down move.down"), opening_keys(self, "up move.up")
        if key in (*down, *up):
            step = 1 if key in down else -1
            self._lines.cursor = (self._lines.cursor + step) % len(self._choices)
            self._lines.refresh()
        elif key == "enter":
            self.dismiss(self._choices[self._lines.cursor].value)
        elif key in ("escape", "q", *opening_keys(self, self._opened_by)):
            self.dismiss(None)

"""A short list to choose from, and a line to type in: the parts of every dialog."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.message import Message
from textual.widgets import Input

from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.ink import Ink, Span, Tone
from helpdesk_tui.widgets.painted import Painted, fit, spread, width_of
from helpdesk_tui.widgets.words.language import _


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """One row: what it says on the left and on the right, and what it stands for."""

    left: tuple[Span, ...]
    right: tuple[Span, ...] = ()
    value: object = None


class Choices(Painted):
    """Rows of which one is selected; keys come from the line above it."""

    DEFAULT_CSS = """
    Choices { height: auto; min-height: 1; max-height: 12; background: $raised; }
    """
    TONE: ClassVar[Tone] = Tone.RAISED
    MOST: ClassVar[int] = 12
    """Rows that are shown at once."""

    @dataclass
    class Clicked(Message):
        """A row was clicked."""

        row: ChoiceRow

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: tuple[ChoiceRow, ...] = ()
        self._at = 0
        self._top = 0
        self.empty = _("nothing fits")
        """What is said where there is no row."""
        self.selects = True
        """Whether a row is selected: not where they are only read."""

    def show(self, rows: Sequence[ChoiceRow], *, keep: bool = False) -> None:
        """Show rows with the first selected, or the one at the place it was."""
        self._rows = tuple(rows)
        self._at = min(self._at, max(0, len(self._rows) - 1)) if keep else 0
        self.styles.height = max(1, min(self.MOST, len(self._rows)))
        self._scroll()

    @property
    def current(self) -> ChoiceRow | None:
        """The selected row."""
        return self._rows[self._at] if self._rows else None

    def move(self, step: int) -> None:
        """Select another row; the ends meet."""
        if self._rows:
            self._at = (self._at + step) % len(self._rows)
            self._scroll()

    def _scroll(self) -> None:
        height = max(1, min(self.MOST, len(self._rows)))
        self._top = max(0, min(self._top, self._at, len(self._rows) - height))
        self._top = max(self._top, self._at - height + 1)
        self.refresh(layout=True)

    def on_click(self, event: events.Click) -> None:
        """Choose the row under the mouse."""
        index = event.y + self._top
        if 0 <= index < len(self._rows):
            self._at = index
            self.post_message(self.Clicked(self._rows[index]))

    def spans(self, y: int) -> Sequence[Span]:
        """Return one row; nothing found says so."""
        if not self._rows:
            return [(f" {self.empty}", Ink.DIM)] if y == 0 else []
        index = y + self._top
        if index >= len(self._rows):
            return []
        row = self._rows[index]
        is_picked = index == self._at and self.selects
        sign: Span = ("▌", Ink.ACCENT) if is_picked else (" ", Ink.DIM)
        right = [*row.right, (" ", Ink.DIM)]
        left = fit([sign, *row.left], self.size.width - width_of(right) - 1)
        return spread(left, right, self.size.width)

    def render_line(self, y: int):  # type: ignore[no-untyped-def]  # noqa: ANN201  as in the base
        """Paint one row, the selected one on the selection colour."""
        picked = bool(self._rows) and self.selects and y + self._top == self._at
        tone = Tone.PICKED if picked else self.TONE
        return self.palette.strip(list(self.spans(y)), self.size.width, tone)


class CleanInput(Input):
    """A line of typing that holds clean text only, whatever is pasted."""

    DEFAULT_CSS = """
    CleanInput {
        height: 1; border: none; padding: 0 1; background: $raised; color: $bright;
    }
    CleanInput:focus { border: none; background: $raised; }
    CleanInput:focus > .input--placeholder { color: $soft; }
    """

    def __init__(self, value: str = "", placeholder: str = "", *, id: str | None = None) -> None:
        super().__init__(clean(value), clean(placeholder), compact=True, max_length=2000, id=id)
        self.cursor_blink = False
        self.first: Callable[[events.Key], bool] | None = None
        """Sees each key before it is typed; True keeps it from being typed."""
        self.select_on_focus = False

    async def _on_key(self, event: events.Key) -> None:
        if self.first is not None and self.first(event):
            event.stop()
            event.prevent_default()

    def on_resize(self) -> None:
        """Have the terminal's cursor here: the focus may come before it is known where that is."""
        if self.has_focus:
            self.app.cursor_position = self.cursor_screen_offset

    def validate_value(self, value: str) -> str:
        """Keep only clean text."""
        return clean(value)

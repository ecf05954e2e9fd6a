"""The line in which a search is typed, and what is wrong with it, below the letter in question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input

from helpdesk_tui.widgets.ink import Ink, Span, Tone
from helpdesk_tui.widgets.painted import Painted
from helpdesk_tui.widgets.query_line import Complete, Proposals, QueryLine
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.wrap import shorten_cells, wrap_line

_PAUSE = 0.15
"""Seconds of rest after which what is typed so far is searched for."""
_INDENT = 3
"""Columns before what is typed."""
_TROUBLE_LINES = 8
"""Lines of a sentence at most; even the list of all fields fits in a narrow list."""


class SearchTrouble(Painted):
    """Says what is wrong with a query, a caret under the place."""

    TONE: ClassVar[Tone] = Tone.RAISED

    DEFAULT_CSS = """
    SearchTrouble { background: $raised; display: none; }
    SearchTrouble.-some { display: block; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self._position = 0
        self._lines: list[str] = []

    def show(self, text: str, position: int) -> None:
        """Show a sentence and the place it is about; an empty one hides both."""
        self._text, self._position = text, position
        self.set_class(bool(text), "-some")
        self._wrap()

    def on_resize(self) -> None:
        """Break the sentence for another width."""
        self._wrap()

    def _wrap(self) -> None:
        # hidden, it has no width of its own yet; its parent is as wide
        parent = self.parent
        outer = self.size.width or (parent.size.width if isinstance(parent, Widget) else 0)
        width = max(1, outer - _INDENT - 1)
        lines = wrap_line(self._text, width) if self._text else []
        if len(lines) > _TROUBLE_LINES:
            rest = " ".join(lines[_TROUBLE_LINES - 1 :])
            lines = [*lines[: _TROUBLE_LINES - 1], shorten_cells(rest, width)]
        self._lines = lines
        self.styles.height = 1 + len(lines)
        self.refresh()

    def spans(self, y: int) -> Sequence[Span]:
        """Return the caret, or the sentence."""
        if y == 0:
            return [(" " * min(self._position + _INDENT, self.size.width - 1) + "^", Ink.BAD)]
        line = self._lines[y - 1] if y <= len(self._lines) else ""
        return [(f"{' ' * _INDENT}{line}", Ink.BAD)]


class SearchLine(Vertical):
    """A query being typed."""

    DEFAULT_CSS = """
    SearchLine { height: auto; background: $raised; }
    SearchLine QueryLine, SearchLine QueryLine.-textual-compact {
        border: none; height: 1; padding: 0 1 0 3; background: $raised; color: $bright;
    }
    SearchLine QueryLine:focus { border: none; background: $raised; }
    """

    @dataclass
    class Asked(Message):
        """Search for this; ``is_final`` when enter was pressed."""

        query: str
        is_final: bool

    class Left(Message):
        """The search was put away."""

    def __init__(
        self, query: str, complete: Complete | None = None, history: Sequence[str] = ()
    ) -> None:
        super().__init__()
        self._pause: Timer | None = None
        self._trouble = SearchTrouble()
        self._begun = query
        self._proposals = Proposals()
        self.line = QueryLine(
            query,
            _('words  "a phrase"  -not  is:open  tag:vip  ? help'),
            self._proposals,
            complete or _offers_nothing,
            id="search-input",
        )
        self.line.history = tuple(history)
        self.line.elsewhere = self._leave

    def compose(self) -> ComposeResult:
        """Make the line, the list of what it could hold, and the place for trouble."""
        yield self.line
        yield self._proposals
        yield self._trouble

    def focus_input(self) -> None:
        """Give the line the keys; an empty one tells what can be typed."""
        # a query that was here is typed over; one with a mistake is mended
        self.line.select_on_focus = bool(self._begun)
        self.line.focus()
        if not self.line.value:
            self.line.help()

    def show_trouble(self, text: str, position: int) -> None:
        """Say what is wrong with the query."""
        self._trouble.show(text, position)
        if text:
            self.line.close()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search as you type, once the keys rest; offer what could be meant."""
        event.stop()
        self._trouble.show("", 0)
        if self._pause is not None:
            self._pause.stop()
        if event.value == self._begun:
            return
        self._begun = ""
        self.line.typed()
        if len(event.value.strip()) >= 2:
            self._pause = self.set_timer(_PAUSE, self._search_so_far)

    def _search_so_far(self) -> None:
        self.post_message(self.Asked(self.line.value, is_final=False))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Search, and go to what was found."""
        event.stop()
        if self._pause is not None:
            self._pause.stop()
        self.line.close()
        self.post_message(self.Asked(event.value, is_final=True))

    def on_choices_clicked(self, message: Proposals.Clicked) -> None:
        """Take the clicked proposal."""
        message.stop()
        self.line.take(message.row)

    def _leave(self, event: events.Key) -> bool:
        """Put the search away with escape; Tab does not wander off."""
        if event.key == "escape":
            self.post_message(self.Left())
            return True
        return event.key in ("tab", "shift+tab", "up", "down")


def _offers_nothing(_text: str, _cursor: int, _answer: object) -> None:
    """Stand in where nobody can be asked."""

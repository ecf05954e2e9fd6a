"""One line of tabs: a click, or the keys of the screen, open another one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.message import Message

from helpdesk_tui.widgets.ink import Ink, Span, Tone
from helpdesk_tui.widgets.painted import Painted, fit
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.wrap import cells


class TabLine(Painted):
    """Draws names side by side, the open one bright in brackets: no colour is needed to tell."""

    TONE: ClassVar[Tone] = Tone.BASE
    DEFAULT_CSS = """
    TabLine { height: 1; width: 100%; background: $background; }
    """

    @dataclass
    class Picked(Message):
        """A tab was clicked."""

        place: int

    def __init__(self, names: Sequence[str], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._names = tuple(names)
        self.at = 0

    def step(self, by: int) -> None:
        """Open another tab; behind the last one comes the first."""
        self.open((self.at + by) % len(self._names))

    def open(self, place: int) -> None:
        """Open a tab by its place."""
        self.at = place
        self.refresh()

    def spans(self, y: int) -> Sequence[Span]:
        """Return the line."""
        return fit(self._all(), self.size.width)

    def _all(self) -> list[Span]:
        return [(" ", Ink.DIM)] + [
            (f"[{_(name)}]", Ink.KEY) if place == self.at else (f" {_(name)} ", Ink.SOFT)
            for place, name in enumerate(self._names)
        ]

    def on_click(self, event: events.Click) -> None:
        """Open the tab that was clicked."""
        start = 1
        for place, (text, _ink) in enumerate(self._all()[1:]):
            if start <= event.x < start + cells(text):
                self.post_message(self.Picked(place))
            start += cells(text)

"""The one line at the bottom: the keys that matter here, and the keys of an open sequence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events

from helpdesk_tui.widgets.footers import FOOTERS
from helpdesk_tui.widgets.ink import Ink, Span, Tone
from helpdesk_tui.widgets.keymap import Keymap, shown
from helpdesk_tui.widgets.painted import Painted, width_of
from helpdesk_tui.widgets.signs import UNICODE, Signs
from helpdesk_tui.widgets.words.language import pgettext
from helpdesk_tui.widgets.wrap import cells

if TYPE_CHECKING:
    from textual.timer import Timer


_WORD = 30
"""Cells a word may take at most; where the next key stands it ends."""


class Footer(Painted):
    """Draws the keys of a context, as many as there is room for."""

    TONE: ClassVar[Tone] = Tone.RAISED

    DEFAULT_CSS = """
    Footer { height: 1; width: 100%; dock: bottom; background: $raised; }
    """

    def __init__(self, keymap: Keymap, *, signs: Signs = UNICODE, id: str | None = None) -> None:
        super().__init__(id=id)
        self._keymap = keymap
        self._signs = signs
        self._place = "list"
        self._pending = ""
        self._marked = ""
        self._said = ""
        self._places: list[tuple[int, int, str]] = []
        """Where keys stand: from and to which cell, and the sequence that is pressed there."""
        self._end: Timer | None = None

    def show(self, context: str) -> None:
        """Show the keys of another place."""
        if context != self._place:
            self._place = context
            self.refresh()

    def show_marked(self, words: str) -> None:
        """Say how many tickets the next action is about, and show the keys for them."""
        if words != self._marked:
            self._marked = words
            self.refresh()

    def show_pending(self, pending: str) -> None:
        """Show the keys of an unfinished sequence; empty goes back to the keys of the place."""
        if pending != self._pending:
            self._pending = pending
            self.refresh()

    def say(self, text: str, *, seconds: float = 0) -> None:
        """Say what was just done, at the right end; empty takes it away.

        Args:
            text: What is said.
            seconds: How long it holds, such as an offer that ends; 0 until something else is said.
        """
        if self._end is not None:
            self._end.stop()
        self._end = self.set_timer(seconds, self._ended) if seconds else None
        if text != self._said:
            self._said = text
            self.refresh()

    @property
    def said(self) -> str:
        """What is said now at the right end."""
        return self._said

    def _ended(self) -> None:
        self._end = None
        self.say("")

    def spans(self, y: int) -> Sequence[Span]:
        """Return the line."""
        if self._pending:
            return self._continuations()
        width = self.size.width
        said: list[Span] = [(f"{self._signs.plain(self._said)} ", Ink.GOOD)] if self._said else []
        typing = self._place in ("composer", "chat", "locked", "note", "search")
        helps = ("app.help-anywhere" if typing else "app.help",)
        help_entry = self._entry(pgettext("key", "help"), helps)
        room = width - width_of(help_entry) - width_of(said) - 1
        spans: list[Span] = [(" ", Ink.DIM)]
        self._places = []
        if self._marked:
            spans.append((f"{self._signs.marked} {self._marked}   ", Ink.HEADING))
        place = "marked" if self._marked and self._place == "list" else self._place
        for word, actions in FOOTERS[place]:
            entry = self._entry(pgettext("key", word), actions)
            if width_of(spans) + width_of(entry) > room:
                break
            self._note(width_of(spans), actions)
            spans += entry
        self._note(width_of(spans), helps)
        spans += help_entry
        gap = width - width_of(spans) - width_of(said)
        return [*spans, (" " * gap, Ink.DIM), *said] if said and gap >= 0 else spans

    def _note(self, start: int, actions: Sequence[str]) -> None:
        """Remember where the keys of an entry stand; its word belongs to its first key."""
        found = [keys[0] for action in actions if (keys := self._keymap.get(action))]
        at, places = start, []
        for key in found:
            end = at + cells(self._signs.plain(shown(key)))
            places.append((at, end, key))
            at = end + 1
        self._places += places
        if found:
            self._places.append((at, at + _WORD, found[0]))

    def on_click(self, event: events.Click) -> None:
        """Press the key that was clicked, or that of the word that was."""
        for place, (start, end, sequence) in enumerate(self._places):
            later = self._places[place + 1][0] if place + 1 < len(self._places) else end
            if start <= event.x < min(end, max(later, start)):
                for key in sequence.split():
                    self.app.post_message(events.Key(key, key if len(key) == 1 else None))
                return

    def _entry(self, word: str, actions: Sequence[str]) -> list[Span]:
        keys = [shown(keys[0]) for action in actions if (keys := self._keymap.get(action))]
        if not keys:
            return []
        return [
            (self._signs.plain(" ".join(keys)), Ink.KEY),
            (f" {self._signs.plain(word)}   ", Ink.SOFT),
        ]

    def _continuations(self) -> list[Span]:
        """Return what may follow the keys typed so far."""
        from helpdesk_tui.widgets.keys import BY_ID

        start = f"{self._pending} "
        spans: list[Span] = [(f" {self._pending} ", Ink.HEADING), ("…  ", Ink.DIM)]
        for action, keys in self._keymap.items():
            for key in keys:
                if key.startswith(start):
                    spans.append((key.removeprefix(start), Ink.KEY))
                    spans.append((f" {pgettext('key', BY_ID[action].word)}   ", Ink.SOFT))
        return spans

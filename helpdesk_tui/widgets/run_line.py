"""The line that says how far an action on many tickets is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from helpdesk_tui.widgets.ink import Ink, Span, Tone
from helpdesk_tui.widgets.painted import Painted, spread, width_of
from helpdesk_tui.widgets.signs import UNICODE, Signs
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.locale_forms import number

_BAR = 24


class RunLine(Painted):
    """Draws name, numbers and a bar, and the key that stops it."""

    TONE: ClassVar[Tone] = Tone.RAISED

    DEFAULT_CSS = """
    RunLine { height: 1; width: 100%; background: $raised; }
    """

    def __init__(self, said: str, total: int, key: str, *, signs: Signs = UNICODE) -> None:
        super().__init__()
        self._said = said
        self._total = total
        self._key = key
        self._signs = signs
        self._done = 0
        self._waiting = 0
        self._is_stopping = False

    def show(self, done: int, waiting: int, *, is_stopping: bool = False) -> None:
        """Show how far it is, and how many more actions wait for it."""
        state = (done, waiting, is_stopping)
        if state != (self._done, self._waiting, self._is_stopping):
            self._done, self._waiting, self._is_stopping = state
            self.refresh()

    @property
    def words(self) -> str:
        """What is done and how far it is, in words."""
        return _("{said}: {done} of {total}").format(
            said=self._said, done=number(self._done), total=number(self._total)
        )

    def spans(self, y: int) -> Sequence[Span]:
        """Return the line."""
        share = min(1.0, self._done / max(1, self._total))
        full = round(_BAR * share)
        signs = ("#", "-") if self._signs.ascii_only else ("━", "╌")
        left: list[Span] = [(f" {self._signs.plain(self.words)}  ", Ink.HEADING)]
        bar: list[Span] = [
            (signs[0] * full, Ink.ACCENT),
            (signs[1] * (_BAR - full), Ink.RULE),
        ]
        share_span: Span = (f" {share:4.0%}", Ink.SOFT)
        right: list[Span] = [(self._key, Ink.KEY), (f" {_('stop')} ", Ink.SOFT)]
        if self._is_stopping:
            right = [(f"{_('stopping')} ", Ink.WAITING)]
        if self._waiting:
            more = _("{count} more waiting").format(count=self._waiting)
            right.insert(0, (f"{more}   ", Ink.DIM))
        if width_of([*left, *bar, share_span, *right]) + 2 <= self.size.width:
            left += bar
        return spread([*left, share_span], right, self.size.width)

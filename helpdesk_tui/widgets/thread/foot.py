"""The line below a thread: what came in out of sight, and that the visitor of a chat types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.ink import Ink, Span, Tone
from helpdesk_tui.widgets.painted import Painted, fit, width_of
from helpdesk_tui.widgets.words.language import _

_LEAST = 12
"""Cells that must be left for who types beside the news."""


class ThreadFoot(Painted):
    """One line; below a running chat it always stands, so that nothing jumps when it speaks."""

    TONE: ClassVar[Tone] = Tone.PLAIN

    DEFAULT_CSS = """
    ThreadFoot { height: 1; padding: 0 2; background: $surface; display: none; }
    ThreadFoot.-some, ThreadFoot.-live { display: block; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._news = ""
        self._typing = ""

    @property
    def said(self) -> str:
        """What is told besides typing."""
        return self._news

    def say(self, news: str) -> None:
        """Tell something; empty takes it away."""
        if news != self._news:
            self._news = news
            self.set_class(bool(news), "-some")
            self.refresh()

    def show_typing(self, name: str) -> None:
        """Show who types; empty for nobody."""
        if name != self._typing:
            self._typing = name
            self.refresh()

    def set_live(self, *, is_live: bool) -> None:
        """Keep the line free below a running chat, whatever it says."""
        self.set_class(is_live, "-live")

    def spans(self, y: int) -> Sequence[Span]:
        """Return the line: who types, then what is new."""
        width = self.size.width
        news: list[Span] = [(self._news, Ink.FRESH)] if self._news else []
        if not self._typing:
            return fit(news, width)
        said = _("{name} is typing").format(name=clean(self._typing))
        typing: list[Span] = [("✎ ", Ink.ACCENT), (f"{said} …", Ink.SOFT)]
        room = width - width_of(news) - 2
        if not news or room < _LEAST:
            return fit(typing, width)
        typing = fit(typing, room)
        return [*typing, (" " * (width - width_of(typing) - width_of(news)), Ink.DIM), *news]

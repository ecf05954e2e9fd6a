"""One key while writing takes back what was done just now, before anything else was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.timer import Timer

    from helpdesk_tui.screens.composing.pane import ComposerPane


class TakingBack:
    """Holds what the key takes back; with nothing held, the key undoes typing as ever."""

    def __init__(self, pane: ComposerPane) -> None:
        self._pane = pane
        self._back: Callable[[], None] | None = None
        self._timer: Timer | None = None

    def offer(self, back: Callable[[], None], seconds: float = 0.0) -> None:
        """Let the key do this until something is typed, or for so many seconds at most."""
        self.edited()
        self._back = back
        self._pane.composer.editor.takes_back = True
        if seconds > 0:
            self._timer = self._pane.set_timer(seconds, self.edited)

    def edited(self) -> None:
        """Forget it: something was typed since, or its time is over."""
        self._back = None
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._pane.composer.editor.takes_back = False

    def run(self) -> None:
        """Take it back."""
        back = self._back
        self.edited()
        if back is not None:
            back()

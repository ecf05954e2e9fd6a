"""What the program says to the terminal beside the picture: its title, the bell, notifications."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from helpdesk_tui.domain.text import clean

if TYPE_CHECKING:
    from helpdesk_tui.services.ringing import Told


class TerminalVoice:
    """Makes the sequences; ``write`` sends them, and does nothing where there is no terminal."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._title = ""
        self.name = ""
        """The name of the desk."""
        self.unread = 0
        self.has_badge = True

    def show_title(self) -> None:
        """Let the title say the desk, and how many tickets are unread unless that is off."""
        name = clean(self.name) or "helpdesk"
        title = f"({self.unread}) {name}" if self.unread and self.has_badge else name
        if title != self._title:
            self._title = title
            self._write(f"\x1b]2;{title}\x07")

    def tell(self, told: Told) -> None:
        """Ring, or have the desktop tell, as the agent wishes."""
        from helpdesk_tui.widgets.words.ringing import ring_words, sequences

        in_tmux = bool(os.environ.get("TMUX"))
        self._write(sequences(told.means, *ring_words(told.ring), in_tmux=in_tmux))

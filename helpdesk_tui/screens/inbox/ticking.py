"""The clock of the inbox: moves on when the minute is full, sooner while a chat waits or ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk_tui.widgets.ages import TICK
from helpdesk_tui.widgets.words.locale_forms import clock

if TYPE_CHECKING:
    from textual.timer import Timer

    from helpdesk_tui.screens.inbox.screen import InboxScreen

_EVERY = (60.0, float(TICK), 1.0)
"""Seconds between two ticks, by the pace of the list."""


class Clock:
    """Draws time and ages anew, as seldom as they change."""

    def __init__(self, screen: InboxScreen) -> None:
        self._screen = screen
        self._timer: Timer | None = None

    def tick(self) -> None:
        """Move clock and ages on."""
        screen = self._screen
        now = screen.now()
        screen.update_header(clock=clock(now.astimezone(screen.zone)))
        screen.tickets.set_now(now)
        self.wait()

    def wait(self) -> None:
        """Come again when something on the screen will have changed; for a new list, too."""
        now = self._screen.now()
        past = now.second + now.microsecond / 1e6
        every = _EVERY[self._screen.tickets.pace]
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._screen.set_timer(every - past % every + 0.05, self.tick)

"""What other agents and the worker did, shown in the list and the thread without a flood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.timer import Timer

if TYPE_CHECKING:
    from helpdesk_tui.domain.changes import Changes
    from helpdesk_tui.screens.inbox.screen import InboxScreen

_EVERY = 0.25
"""Seconds between two repaints for what others did."""
_MANY = 200
"""Changed tickets from which on the list is read anew instead of row by row."""


class Others:
    """Gathers changes: the first is shown at once, the rest at most four times a second."""

    def __init__(self, screen: InboxScreen) -> None:
        self._screen = screen
        self._changed: set[int] = set()
        self._counts_stale = False
        self._rest: Timer | None = None

    def did(self, changes: Changes) -> None:
        """Take what somebody committed."""
        self._changed |= changes.tickets
        self._counts_stale |= changes.counts_changed
        if self._rest is None:
            self._show()

    def _rested(self) -> None:
        self._rest = None
        if self._changed or self._counts_stale:
            self._show()

    def _show(self) -> None:
        self._rest = self._screen.set_timer(_EVERY, self._rested)
        changed, self._changed = self._changed, set()
        stale, self._counts_stale = self._counts_stale, False
        if self._screen.data is None:
            return
        if not changed:
            if stale:
                self._screen.data.refresh_counts()
            return
        if len(changed) > _MANY:
            known = {row.id for row in self._screen.tickets.window.rows}
            newest = sorted(changed - known, reverse=True)[:_MANY]
            changed = (changed & known) | set(newest)
        self._screen.data.refresh(sorted(changed), counts=stale)
        self._screen.panes.tickets_changed(changed)

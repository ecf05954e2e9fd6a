"""Colleagues on the same ticket: told that we are here, and seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from helpdesk_tui.screens.thread_pane import ThreadPane
    from helpdesk_tui.services.desk import Desk

BEAT = timedelta(seconds=5)
"""How often presence is told anew while nothing changes."""


class Company:
    """Keeps presence for a pane: writes when something changed, reads each time."""

    def __init__(
        self, pane: ThreadPane, desk: Callable[[], Desk], now: Callable[[], datetime]
    ) -> None:
        self._pane = pane
        self._desk = desk
        self._now = now
        self._told: tuple[int, bool] | None = None
        self._told_at: datetime | None = None

    def look(self, ticket_id: int, *, typing: bool) -> None:
        """Say that this agent is on a ticket, and show who else is."""
        state, now = (ticket_id, typing), self._now()
        due = self._told != state or self._told_at is None or now - self._told_at >= BEAT
        if due:
            self._told, self._told_at = state, now

        def job() -> tuple[tuple[str, str], ...]:
            presence = self._desk().presence
            if due:
                presence.beat(ticket_id, typing)
            return tuple((one.agent, one.state.value) for one in presence.others(ticket_id))

        # nobody is told when presence cannot be read: it is only a courtesy
        self._pane.start(
            job, self._pane.head.show_others, lambda _: None, group="presence", exclusive=True
        )

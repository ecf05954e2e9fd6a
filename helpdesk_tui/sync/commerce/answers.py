"""Whose words may answer a campaign: before anybody opens their ticket it is looked for.

The store says who has written on a channel of campaigns and was not asked for at a source of
events since. So nothing is kept beside it: what a crash, a shut account or a source that notes its
sends late has kept from being known is found by the next round.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from helpdesk_tui.db.messaging.sends import last_message_before, load_unasked, newest_message
from helpdesk_tui.db.settings import load_desk_settings
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.setting.messaging import window_of
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.commerce.matching import SENDS_SETTLE, Due, due_for_answer

if TYPE_CHECKING:
    import sqlite3

AT_ONCE = 50
"""Words that are looked at in one step: somebody may open a ticket meanwhile."""
_ROUND_EVERY = 600.0
"""Seconds after which all words of the window are looked at again."""
_FARTHEST = timedelta(days=1)
_CHANNELS = tuple([name for name, spec in CHANNELS.items() if spec.has_opt_out])


class Answers:
    """Goes through what customers write where campaigns are sent; used by one thread."""

    def __init__(
        self, store: Store, *, now: Clock = utc_now, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._store = store
        self._now = now
        self._clock = clock
        self._after = 0
        self._round_at = clock()
        self._has_news = False

    def hear(self) -> None:
        """Something has changed in the store."""
        self._has_news = True

    def due(self, sources: Sequence[int]) -> list[Due]:
        """Return what is to be asked for next.

        Args:
            sources: The sources that know events and can be asked.
        """
        if not sources or not (self._has_news or self._clock() >= self._round_at):
            return []
        self._has_news = False
        now = self._now()
        with self._store.read() as connection:
            if self._clock() >= self._round_at:
                self._begin_anew(connection, now)
            newest = newest_message(connection)
            words = load_unasked(connection, _CHANNELS, sources, SENDS_SETTLE, self._after, AT_ONCE)
            self._has_news = len(words) == AT_ONCE
            self._after = words[-1][0] if self._has_news else newest
            last = {profile: at for _, profile, at in words}
            found = [due_for_answer(connection, each, at, now) for each, at in last.items()]
        return [due for each in found for due in each if due.source.id in sources]

    def _begin_anew(self, connection: sqlite3.Connection, now: datetime) -> None:
        """Go back to the beginning of the time in which campaigns are answered."""
        window = min(window_of(load_desk_settings(connection)), _FARTHEST)
        self._round_at = self._clock() + _ROUND_EVERY
        self._after = last_message_before(connection, now - window)

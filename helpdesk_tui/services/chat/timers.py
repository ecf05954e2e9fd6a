"""What chats do when their time has come: telling that nobody is there, and follow-ups by mail."""

from __future__ import annotations

from datetime import datetime

from helpdesk_tui.db.store import Store
from helpdesk_tui.services.chat.away import tell_waiting
from helpdesk_tui.services.chat.follow_up import queue_follow_ups


class ChatTimers:
    """Run by the worker when the store changed, and when what it said to be due is."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def run_due(self, now: datetime) -> datetime | None:
        """Do what is due; return when something is due next, or None.

        What has to leave is queued and leaves with everything else. Doing it twice does nothing
        the second time, in one process or in several.
        """
        tell_waiting(self._store, now)
        return queue_follow_ups(self._store, now)

"""The threads that carry out changes of orders and subscriptions, one for each source with any.

A source that does not answer keeps nobody waiting but those who want something changed there.
"""

from __future__ import annotations

import logging

from helpdesk_tui.db.commerce.action_steps import sources_at_work
from helpdesk_tui.db.store import Store
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.sync.commerce.acting import Acting
from helpdesk_tui.sync.commerce.opened import Connect, OpenedSource, Secret, connect_acting
from helpdesk_tui.sync.loop import Loop

log = logging.getLogger(__name__)
_LOOK_EVERY = 60.0
_END_WITHIN = 0.5


class SourceActions(Loop):
    """The thread of one source."""

    def __init__(
        self,
        store: Store,
        owner: str,
        source_id: int,
        opened: OpenedSource,
        *,
        now: Clock = utc_now,
    ) -> None:
        super().__init__(f"actions {source_id}")
        self._acting = Acting(
            store, owner, source_id, opened, is_stopping=self.stopping.is_set, now=now
        )

    def step(self) -> float:
        """Do what is due; return the seconds until the next look."""
        wait = self._acting.round()
        return _LOOK_EVERY if wait is None else min(wait, _LOOK_EVERY)

    def interrupt(self) -> None:
        """End what waits for an answer."""
        self._acting.close()

    def finish(self) -> None:
        """Close what the thread has opened."""
        self._acting.close()
        self._acting.finish()


class ActionLoop(Loop):
    """Looks at which sources something is to be changed, and has a thread for each of them."""

    def __init__(
        self,
        store: Store,
        owner: str,
        secret: Secret,
        *,
        connect: Connect = connect_acting,
        now: Clock = utc_now,
    ) -> None:
        super().__init__("actions")
        self._store = store
        self._owner = owner
        self._secret = secret
        self._connect = connect
        self._now = now
        self._rooms: dict[int, SourceActions] = {}

    def store_changed(self) -> None:
        """Something may have been asked for."""
        self.wake()

    def step(self) -> float:
        """Wake those who have something to do."""
        with self._store.read() as connection:
            at_work = sources_at_work(connection)
        for source_id in at_work:
            room = self._rooms.get(source_id)
            if room is None or not room.alive:
                room = self._rooms[source_id] = self._room(source_id)
                room.start()
            else:
                room.wake()
        return _LOOK_EVERY

    def once(self) -> None:
        """Do what is due at every source, in the caller's thread."""
        with self._store.read() as connection:
            at_work = sources_at_work(connection)
        for source_id in at_work:
            acting = self._room(source_id)
            try:
                acting.step()
            finally:
                acting.finish()

    def interrupt(self) -> None:
        """Let all threads end what they wait for."""
        for each in list(self._rooms.values()):
            each.stop()

    def finish(self) -> None:
        """End the threads of all sources."""
        self.interrupt()
        for each in self._rooms.values():
            if not each.join(_END_WITHIN):
                log.warning("%s did not end in time", each.name)

    def _room(self, source_id: int) -> SourceActions:
        opened = OpenedSource(self._store, source_id, self._secret, self._connect)
        return SourceActions(self._store, self._owner, source_id, opened, now=self._now)

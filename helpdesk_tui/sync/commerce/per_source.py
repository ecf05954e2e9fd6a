"""A thread for each source that has something to do: a slow one keeps no other waiting."""

from __future__ import annotations

import logging
from typing import Generic, TypeVar

from helpdesk_tui.db.store import Store
from helpdesk_tui.sync.commerce.opened import Connect, OpenedSource, Secret
from helpdesk_tui.sync.loop import Loop

log = logging.getLogger(__name__)
IDLE_FOR = 60.0
"""Seconds until the next look where nothing wakes a thread."""
_END_WITHIN = 0.5
_L = TypeVar("_L", bound=Loop)


class PerSourceLoop(Loop, Generic[_L]):
    """Makes the threads of sources as they are needed, and ends them with itself."""

    def __init__(self, name: str, store: Store, secret: Secret, connect: Connect) -> None:
        super().__init__(name)
        self._store = store
        self._secret = secret
        self._connect = connect
        self._threads: dict[int, _L] = {}

    def store_changed(self) -> None:
        """Something may have been asked for."""
        self.wake()

    def interrupt(self) -> None:
        """Let all threads end what they wait for."""
        for each in list(self._threads.values()):
            each.stop()

    def finish(self) -> None:
        """End the threads of all sources."""
        self.interrupt()
        for each in self._threads.values():
            if not each.join(_END_WITHIN):
                log.warning("%s did not end in time", each.name)

    def thread_of(self, source_id: int) -> _L:
        """Return the running thread of a source; begun anew where it has ended."""
        found = self._threads.get(source_id)
        if found is None or not found.alive:
            found = self._threads[source_id] = self.made(source_id)
            found.start()
        return found

    def made(self, source_id: int) -> _L:
        """Return the work of a source, not started."""
        raise NotImplementedError

    def opened(self, source_id: int) -> OpenedSource:
        """Return a source as it is asked."""
        return OpenedSource(self._store, source_id, self._secret, self._connect)

"""Who may write next: agents go before bulk work.

SQLite's own waiting sleeps up to 100 ms between tries and is not fair: a backfill that starts its
next transaction at once starves everybody else. So every writer passes two file locks first, the
queue and the door. An agent stands in the queue (shared) until it is through the door; bulk work
takes the door only while nobody stands in the queue. One at a time is inside, so that nobody is
left to SQLite's waiting. However short the time
between two bulk transactions is, the next one waits for the agent that came meanwhile.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpdesk_tui.db.modes import open_file

_TRY_EVERY = 0.0005
_AGENT_PATIENCE = 10.0
"""Seconds after which an agent's write goes on to SQLite's own waiting all the same."""
_BULK_PATIENCE = 1.0
"""Seconds that bulk work waits for agents; they hold the locks for milliseconds each."""
_REMEMBERED = 2.0
"""Seconds after an agent had to wait in which bulk work keeps its transactions short."""


class Turnstile:
    """The file locks in front of the write lock of one store."""

    def __init__(self, door: Path, queue: Path) -> None:
        self._door = door
        self._queue = queue
        self._pause = threading.Event()
        self._met = float("-inf")

    @property
    def is_wanted(self) -> bool:
        """True while agents had to wait for bulk work: it does well to be brief."""
        return time.monotonic() - self._met < _REMEMBERED

    @contextmanager
    def agent(self) -> Iterator[None]:
        """Pass as an agent: in turn with other agents, before any further bulk transaction."""
        with _opened(self._queue) as queue, _opened(self._door) as door:
            self._lock(queue, fcntl.LOCK_SH, _AGENT_PATIENCE)
            self._lock(door, fcntl.LOCK_EX, _AGENT_PATIENCE)
            yield

    @contextmanager
    def bulk(self) -> Iterator[None]:
        """Pass as bulk work, once no agent waits."""
        with _opened(self._door) as door, _opened(self._queue) as queue:
            self._lock(queue, fcntl.LOCK_EX, _BULK_PATIENCE)
            self._lock(door, fcntl.LOCK_EX, _BULK_PATIENCE)
            fcntl.flock(queue, fcntl.LOCK_UN)
            yield
            if not _try(queue, fcntl.LOCK_EX):
                self._met = time.monotonic()

    def _lock(self, handle: int, kind: int, patience: float) -> None:
        """Take a lock, or give up when patience ends."""
        deadline = time.monotonic() + patience
        while not _try(handle, kind) and time.monotonic() < deadline:
            self._pause.wait(_TRY_EVERY)


def _try(handle: int, kind: int) -> bool:
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    """Open a lock file; closing it lets go of the lock."""
    handle = open_file(path, path.parent)
    try:
        yield handle
    finally:
        os.close(handle)

"""Who may write next: agents go before bulk work.

SQLite's own waiting sleeps up to 100 ms between tries and is not fair: a backfill that starts its
next transaction at once starves everybody else. So every writer passes a file lock first. Agents
hold it shared, bulk work holds it exclusively, and between two bulk transactions a waiting agent
gets in within a millisecond.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_TRY_EVERY = 0.0005
_AGENT_PATIENCE = 10.0
"""Seconds after which an agent's write goes on to SQLite's own waiting all the same."""
_BULK_PATIENCE = 1.0
"""Seconds that bulk work waits for agents; they hold the lock for milliseconds each."""
_BULK_PAUSE = 0.001
"""Seconds between two bulk transactions in which a waiting agent takes the lock."""


class Turnstile:
    """The file lock in front of the write lock of one store."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pause = threading.Event()

    @contextmanager
    def agent(self) -> Iterator[None]:
        """Pass as an agent: beside other agents, before any further bulk transaction."""
        with self._held(fcntl.LOCK_SH, _AGENT_PATIENCE):
            yield

    @contextmanager
    def bulk(self) -> Iterator[None]:
        """Pass as bulk work: pauses first, so that whoever waits comes before us."""
        self._pause.wait(_BULK_PAUSE)
        with self._held(fcntl.LOCK_EX, _BULK_PATIENCE):
            yield

    @contextmanager
    def _held(self, kind: int, patience: float) -> Iterator[None]:
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)
        try:
            self._lock(handle, kind, patience)
            yield
        finally:
            os.close(handle)

    def _lock(self, handle: int, kind: int, patience: float) -> None:
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(handle, kind | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    return
                self._pause.wait(_TRY_EVERY)
            else:
                return

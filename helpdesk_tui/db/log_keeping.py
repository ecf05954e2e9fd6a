"""Keeping the write-ahead log short while bulk work fills it and somebody reads at every moment.

SQLite copies the log back into the database whenever it is told to, beside readers and writers,
but begins the log anew only once all of it is copied and nobody reads from it any more. With
readers that never rest that moment does not come by itself, and the log grows with every commit.
So bulk work makes it come: it shuts the gate for writers, as for a transaction of its own, and
copies what is left. Who begins to read then reads from the database, and those who still read
from the log are done in the time that a page takes.
"""

from __future__ import annotations

import sqlite3
import threading
import time

from helpdesk_tui.db.turnstile import Turnstile

_COPY_AT = 1500
"""Pages (6 MB) of log after which bulk work copies it back."""
_SELDOM = 64
"""Transactions of bulk work after which the log is looked at, however small they were."""
_BEGIN_ANEW_AT = 3000
"""Pages (12 MB) from which on the log is begun anew by force: each time costs agents a moment."""
_PATIENCE = 0.1
"""Seconds that the gate is shut at most while readers come to an end; twice that for a log that
is too long."""
_TRY_EVERY = 0.001
_FURTHER = 1.1
"""How much longer the log must be before it is tried again: a reader may take hours."""
_TOO_LONG = 2 * _BEGIN_ANEW_AT
"""Pages from which on bulk work waits for those who read, and tries several times."""
_TRIES, _REST = 5, 0.2
"""How often, and the seconds between in which agents write."""


class LogKeeper:
    """Looks after the log on behalf of the bulk work of one process."""

    def __init__(self, turnstile: Turnstile) -> None:
        self._turnstile = turnstile
        self._pause = threading.Event()
        self._planned = self._left = 1
        self._pages = 0
        self._begin_anew_at: float = _BEGIN_ANEW_AT

    def after_bulk(self, connection: sqlite3.Connection, *, busy_timeout: int) -> None:
        """Copy the log back if it has grown by then; agents go on writing meanwhile.

        Args:
            connection: One that writes, outside a transaction and outside the gate.
            busy_timeout: The milliseconds it waits for locks otherwise.
        """
        self._left -= 1
        if self._left > 0:
            return
        pages = copy_back(connection)
        grown = pages - self._pages if pages > self._pages else pages
        # a transaction writes from ten to two thousand pages: ask the log instead of guessing
        every = max(1, min(_SELDOM, self._planned * _COPY_AT // max(1, grown)))
        if pages > self._begin_anew_at:
            connection.execute("PRAGMA busy_timeout=0")
            try:
                pages = self._begin_anew(connection, pages)
            finally:
                connection.execute(f"PRAGMA busy_timeout={busy_timeout}")
        self._planned = self._left = 1 if pages > _BEGIN_ANEW_AT else every
        self._pages = pages

    def _begin_anew(self, connection: sqlite3.Connection, pages: int) -> int:
        """Return how long the log is after it."""
        tries, patience = (_TRIES, 2 * _PATIENCE) if pages > _TOO_LONG else (1, _PATIENCE)
        for _ in range(tries):
            # agents wait in front of the gate meanwhile, from where they go on at once
            with self._turnstile.bulk():
                if _once_nobody_reads(connection, self._pause, patience):
                    self._begin_anew_at = _BEGIN_ANEW_AT
                    return 0
            if tries > 1:
                self._pause.wait(_REST)
        self._begin_anew_at = pages * _FURTHER
        return pages


def _once_nobody_reads(
    connection: sqlite3.Connection, pause: threading.Event, patience: float
) -> bool:
    """Begin the log anew as soon as nobody reads from it; false when patience ends before."""
    deadline = time.monotonic() + patience
    # SQLite's own waiting would look again after 25 ms: by then others read
    while is_busy := connection.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()[0]:
        if time.monotonic() > deadline:
            break
        pause.wait(_TRY_EVERY)
    return not is_busy


def copy_back(connection: sqlite3.Connection) -> int:
    """Copy the log back into the database beside all others; returns its length in pages."""
    return int(connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()[1])

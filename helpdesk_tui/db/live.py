"""The live database: who is where, now.

A file of its own that is never synced to disk, so that heartbeats cost the main database nothing.
It may be deleted at any time. Presence is a courtesy: where this file cannot be read or written,
nobody is seen and nothing else suffers.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import TypeVar

from helpdesk_tui.db.modes import make_file

_T = TypeVar("_T")

FRESH = 15_000_000
"""Microseconds that a heartbeat counts."""
_FORGET = 600_000_000
"""Microseconds after which the row of a session that never said goodbye is removed."""

LiveRow = tuple[int, str, int | None, str, int]
"""(agent id, agent name, ticket, state, since)."""
VISITOR_FRESH = 75_000_000
"""Microseconds that the word of a visitor's being there counts; whoever tells it says it anew."""
WANTED_FOR = 120_000_000
"""Microseconds after which nobody waits any more for what was wanted."""
WantRow = tuple[int, int, int]
"""(profile, rank, since when)."""
VisitorLive = tuple[int, int, int]
"""(ticket, whether its visitor is there, until when they type or 0)."""

_CREATE = """
    CREATE TABLE IF NOT EXISTS presence (
        session TEXT PRIMARY KEY, agent_id INTEGER NOT NULL, agent TEXT NOT NULL,
        ticket_id INTEGER, state TEXT NOT NULL, since INTEGER NOT NULL, beat_at INTEGER NOT NULL
    ) WITHOUT ROWID
"""
_BEAT = """
    INSERT INTO presence (session, agent_id, agent, ticket_id, state, since, beat_at)
    VALUES (:session, :agent_id, :agent, :ticket_id, :state, :now, :now)
    ON CONFLICT (session) DO UPDATE SET
        since = CASE WHEN presence.ticket_id IS excluded.ticket_id
                     THEN presence.since ELSE excluded.since END,
        ticket_id = excluded.ticket_id, state = excluded.state, beat_at = excluded.beat_at
"""


_CREATE_VISITOR = """
    CREATE TABLE IF NOT EXISTS visitor (
        ticket_id INTEGER PRIMARY KEY, online INTEGER NOT NULL, typing_until INTEGER NOT NULL,
        told_at INTEGER NOT NULL
    )
"""
_TELL_VISITOR = """
    INSERT INTO visitor (ticket_id, online, typing_until, told_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (ticket_id) DO UPDATE SET
        online = excluded.online, typing_until = excluded.typing_until, told_at = excluded.told_at
"""
_CREATE_WANT = """
    CREATE TABLE IF NOT EXISTS want (
        profile_id INTEGER PRIMARY KEY, rank INTEGER NOT NULL, at INTEGER NOT NULL
    )
"""
_WANT = """
    INSERT INTO want (profile_id, rank, at) VALUES (?, ?, ?)
    ON CONFLICT (profile_id) DO UPDATE SET
        rank = min(want.rank, excluded.rank), at = excluded.at
"""


class LiveStore:
    """The open live database; one connection that all threads share."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self._path = path
        self._read_only = read_only
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        """Which file the connection is to."""
        self._opened = 0

    def beat(
        self, session: str, agent: tuple[int, str], ticket_id: int | None, state: str, now: int
    ) -> None:
        """Note that an agent's session is alive, and where."""
        values = {
            "session": session,
            "agent_id": agent[0],
            "agent": agent[1],
            "ticket_id": ticket_id,
            "state": state,
            "now": now,
        }

        def write(connection: sqlite3.Connection) -> None:
            connection.execute(_BEAT, values)
            connection.execute(
                "DELETE FROM presence WHERE beat_at < :limit", {"limit": now - _FORGET}
            )

        if not self._read_only:
            self._run(write, None)

    def leave(self, session: str) -> None:
        """Forget a session."""

        def remove(connection: sqlite3.Connection) -> None:
            connection.execute(
                "DELETE FROM presence WHERE session = :session", {"session": session}
            )

        if not self._read_only:
            self._run(remove, None)

    def present(self, now: int) -> list[LiveRow]:
        """Return all sessions with a fresh heartbeat."""

        def load(connection: sqlite3.Connection) -> list[LiveRow]:
            return connection.execute(
                "SELECT agent_id, agent, ticket_id, state, since FROM presence"
                " WHERE beat_at > :limit ORDER BY agent, since",
                {"limit": now - FRESH},
            ).fetchall()

        nobody: list[LiveRow] = []
        return self._run(load, nobody)

    def has_beat_since(self, since: int) -> bool:
        """Tell whether any session has said since then that it is here, and has not left."""

        def load(connection: sqlite3.Connection) -> bool:
            found = connection.execute(
                "SELECT 1 FROM presence WHERE beat_at > :since LIMIT 1", {"since": since}
            )
            return found.fetchone() is not None

        return self._run(load, False)

    def tell_visitors(self, rows: Sequence[VisitorLive], now: int) -> None:
        """Note of visitors of running chats whether they are there and write, all at once."""

        def write(connection: sqlite3.Connection) -> None:
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany(_TELL_VISITOR, [(*row, now) for row in rows])
                connection.execute(
                    "DELETE FROM visitor WHERE told_at < :limit", {"limit": now - _FORGET}
                )

        if rows and not self._read_only:
            self._run(write, None)

    def visitors(self, now: int) -> list[VisitorLive]:
        """Return the visitors of whom somebody told lately that they are there."""

        def load(connection: sqlite3.Connection) -> list[VisitorLive]:
            return connection.execute(
                "SELECT ticket_id, online, typing_until FROM visitor"
                " WHERE told_at > :limit ORDER BY ticket_id",
                {"limit": now - VISITOR_FRESH},
            ).fetchall()

        nobody: list[VisitorLive] = []
        return self._run(load, nobody)

    def want(self, profiles: Sequence[int], rank: int, now: int) -> None:
        """Ask the worker for the context of customers: the lower the rank, the sooner."""

        def write(connection: sqlite3.Connection) -> None:
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany(_WANT, [(one, rank, now) for one in profiles])

        if profiles and not self._read_only:
            self._run(write, None)

    def take_wanted(self, now: int) -> list[WantRow]:
        """Return what is wanted and forget it: the most urgent first, then in order."""

        def take(connection: sqlite3.Connection) -> list[WantRow]:
            if connection.execute("SELECT 1 FROM want LIMIT 1").fetchone() is None:
                return []
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                found: list[WantRow] = connection.execute(
                    "SELECT profile_id, rank, at FROM want ORDER BY rank, at, profile_id"
                ).fetchall()
                connection.execute("DELETE FROM want")
            # whatever somebody has written in there by other means is no reason to stumble
            known = [row for row in found if all(isinstance(value, int) for value in row)]
            return [row for row in known if row[2] > now - WANTED_FOR]

        nothing: list[WantRow] = []
        return nothing if self._read_only else self._run(take, nothing)

    def version(self) -> int:
        """Return a number that changes with every commit of another process; -1: not readable."""

        def read(connection: sqlite3.Connection) -> int:
            version = int(connection.execute("PRAGMA data_version").fetchone()[0])
            # it begins anew in another file
            return self._opened << 32 | version

        return self._run(read, -1)

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._drop()

    def _run(self, work: Callable[[sqlite3.Connection], _T], otherwise: _T) -> _T:
        with self._lock:
            try:
                return work(self._connected())
            except sqlite3.OperationalError:
                return otherwise
            except sqlite3.DatabaseError:
                self._drop()
                self._discard()
                return otherwise
            except OSError:
                return otherwise

    def _connected(self) -> sqlite3.Connection:
        """Return the connection to the file that lies there now: somebody may have removed it."""
        if self._connection is not None and self._file != self._lying():
            self._drop()
        if self._connection is None:
            self._connection = self._open()
            self._file = self._lying()
            self._opened += 1
        return self._connection

    def _lying(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return None
        return found.st_dev, found.st_ino

    def _open(self) -> sqlite3.Connection:
        mode = "ro" if self._read_only else "rw"
        if not self._read_only:
            make_file(self._path, self._path.parent)
        connection = sqlite3.connect(
            f"{self._path.resolve().as_uri()}?mode={mode}",
            uri=True,
            timeout=0.5,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            if not self._read_only:
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute("PRAGMA synchronous=OFF")
                connection.execute(_CREATE)
                connection.execute(_CREATE_VISITOR)
                connection.execute(_CREATE_WANT)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _discard(self) -> None:
        """Remove a damaged file: the next heartbeat makes a new one."""
        if not self._read_only:
            for ending in ("", "-wal", "-shm"):
                self._path.with_name(self._path.name + ending).unlink(missing_ok=True)

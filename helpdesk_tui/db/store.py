"""The open store: plain connections for reading and writing, one of each per thread.

Statements are hand-written SQL with named parameters; nothing of the object mapper is loaded here,
because this is what the terminal UI opens on.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from helpdesk_tui.db.log_keeping import LogKeeper, copy_back
from helpdesk_tui.db.paths import StorePaths
from helpdesk_tui.db.turnstile import Turnstile
from helpdesk_tui.domain.errors import NotFound, StoreError
from helpdesk_tui.domain.text import fold

SCHEMA_VERSION = 7
"""The schema this program knows: ``PRAGMA user_version`` of a store that is up to date."""

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_ROOM_TO_WRITE = 64 * 1024
_WRITER_CACHE = "PRAGMA cache_size=-16384"
_WRITER_CHECKPOINT = "PRAGMA wal_autocheckpoint=10000"
"""40 MB of log, a bound only: bulk work and the worker copy the log back long before, while
nobody waits for them; left to itself, it would be an agent's commit that pays for a backfill."""
_BUSY_TIMEOUT = 10_000
_WAIT_FOR_DISK = "PRAGMA synchronous=FULL"
_WAIT_FOR_NO_DISK = "PRAGMA synchronous=NORMAL"


def prepare(connection: sqlite3.Connection) -> None:
    """Set up a connection of the main database: pragmas and our SQL functions."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(_WAIT_FOR_DISK)
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute(f"PRAGMA busy_timeout={_BUSY_TIMEOUT}")
    connection.create_function("fold", 1, _fold, deterministic=True)


def _fold(value: object) -> str:
    return fold(value) if isinstance(value, str) else ""


class Store:
    """One store on disk, opened by this process.

    Connections belong to the thread that asked for them; :meth:`close` closes those of all.
    """

    def __init__(self, root: Path, *, read_only: bool = False) -> None:
        self.paths = StorePaths(root)
        self.read_only = read_only
        self._turnstile = Turnstile(self.paths.write_door, self.paths.write_queue)
        self._local = threading.local()
        self._all: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._watcher: sqlite3.Connection | None = None
        self._log = LogKeeper(self._turnstile)

    @property
    def turnstile(self) -> Turnstile:
        """The lock every writer passes."""
        return self._turnstile

    def _connect(self, role: str) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, role, None)
        if connection is None:
            connection = self._open(writer=role == "writer")
            setattr(self._local, role, connection)
            with self._lock:
                self._all.append(connection)
        return connection

    def _open(self, *, writer: bool = False) -> sqlite3.Connection:
        path = self.paths.database
        if not path.exists():
            raise NotFound("store.missing", path=str(path.parent))
        try:
            connection = sqlite3.connect(
                database_uri(path, writable=not self.read_only),
                uri=True,
                timeout=10.0,
                isolation_level=None,
                check_same_thread=False,
            )
            if self.read_only:
                connection.execute("PRAGMA query_only=ON")
                connection.create_function("fold", 1, _fold, deterministic=True)
            else:
                prepare(connection)
            if writer:
                connection.execute(_WRITER_CACHE)
                connection.execute(_WRITER_CHECKPOINT)
        except sqlite3.Error as error:
            raise translated(error, path) from error
        return connection

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Give a connection inside a read transaction: one consistent picture.

        Raises:
            StoreError: if the store cannot be read.
        """
        connection = self._connect("reader")
        if connection.in_transaction:
            yield connection
            return
        try:
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise translated(error, self.paths.database) from error

    @contextmanager
    def write(self, *, bulk: bool = False, lasting: bool = True) -> Iterator[sqlite3.Connection]:
        """Give a connection inside a write transaction; commits, or rolls back on any error.

        Keep it short: no network, no parsing inside. ``bulk`` work lets agents go first. What is
        not ``lasting`` waits for no disk: until the next commit that does, a failure of power may
        take it away.

        Raises:
            StoreError: if the store is read-only, full, or newer than this program.
        """
        if self.read_only:
            raise StoreError("store.read-only", path=str(self.paths.root))
        bulk = bulk or getattr(self._local, "steps_back", False)
        connection = self._connect("writer")
        if not lasting:
            connection.execute(_WAIT_FOR_NO_DISK)
        gate = self._turnstile.bulk() if bulk else self._turnstile.agent()
        try:
            with gate:
                connection.execute("BEGIN IMMEDIATE")
                try:
                    _check_writer(connection)
                    yield connection
                    connection.execute("COMMIT")
                except BaseException:
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                    raise
            if bulk:
                self._log.after_bulk(connection, busy_timeout=_BUSY_TIMEOUT)
        except sqlite3.Error as error:
            raise translated(error, self.paths.database) from error
        except OSError as error:
            raise unwritable(error, self.paths.root) from error
        finally:
            if not lasting:
                with suppress(sqlite3.ProgrammingError):  # closed meanwhile
                    connection.execute(_WAIT_FOR_DISK)

    @contextmanager
    def stepping_back(self) -> Iterator[None]:
        """Make everything that this thread writes meanwhile bulk work: agents go first."""
        before = getattr(self._local, "steps_back", False)
        self._local.steps_back = True
        try:
            yield
        finally:
            self._local.steps_back = before

    def checkpoint(self) -> None:
        """Copy the log back into the database; nobody waits meanwhile, in any process."""
        copy_back(self._connect("writer"))

    def data_version(self) -> int:
        """Return a number that moves when any other connection commits (microseconds).

        Numbers of two connections do not compare, so all threads share one.
        """
        with self._lock:
            if self._watcher is None:
                self._watcher = self._open()
                self._all.append(self._watcher)
            return int(self._watcher.execute("PRAGMA data_version").fetchone()[0])

    def schema_version(self) -> int:
        """Return the schema number of the store: one pragma.

        Raises:
            StoreError: if the store cannot be read.
        """
        with self.read() as connection:
            return int(connection.execute("PRAGMA user_version").fetchone()[0])

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._lock:
            for connection in self._all:
                connection.close()
            self._all.clear()
            self._watcher = None
            self._local = threading.local()


def _check_writer(connection: sqlite3.Connection) -> None:
    """Refuse to write a store whose schema is newer than this program may handle."""
    row = connection.execute("SELECT min_writer FROM schema_info").fetchone()
    if row is None or row[0] > SCHEMA_VERSION:
        raise StoreError("store.newer", known=SCHEMA_VERSION, found=row[0] if row else "?")


def database_uri(path: Path, *, writable: bool = False) -> str:
    """Return the address by which SQLite opens a database that is there.

    On a disk that is mounted read-only SQLite cannot make the files of WAL mode beside it. Where
    none is left to be read, nothing can change either, and it opens the file by itself.
    """
    uri = f"{path.resolve().as_uri()}?mode={'rw' if writable else 'ro'}"
    if os.statvfs(path).f_flag & os.ST_RDONLY and not path.with_name(f"{path.name}-wal").exists():
        uri += "&immutable=1"
    return uri


def unwritable(error: OSError, root: Path) -> StoreError:
    """Return what a failed write to a file of the store means."""
    if error.errno in _NO_ROOM:
        return StoreError("store.full", path=str(root))
    return StoreError("store.unwritable", path=str(root), reason=error.strerror or str(error))


def translated(error: sqlite3.Error, path: Path) -> StoreError:
    """Return what a failure of SQLite with the database at ``path`` means."""
    text, root = str(error), path.parent
    # a file that cannot grow is an I/O error to SQLite where it did not come through write()
    if "disk is full" in text or ("disk I/O error" in text and _is_full(root)):
        return StoreError("store.full", path=str(root))
    if "readonly" in text or "unable to open" in text:
        return StoreError("store.unwritable", path=str(root), reason=text)
    if "locked" in text:
        return StoreError("store.busy", path=str(root))
    return StoreError("store.broken", path=str(root), reason=text)


def _is_full(folder: Path) -> bool:
    """Tell whether the disk has no room left for even a small write."""
    try:
        found = os.statvfs(folder)
    except OSError:
        return False
    return found.f_bavail * found.f_frsize < _ROOM_TO_WRITE

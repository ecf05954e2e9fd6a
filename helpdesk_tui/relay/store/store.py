"""The relay's store: one small SQLite file, written by one thread, read by another.

The event loop never waits for the disk: it hands over a piece of work and awaits its result.
Pieces that wait together are committed together, and nobody hears of a result before its commit.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import os
import queue
import sqlite3
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Generic, TypeVar

from helpdesk_tui.domain.errors import StoreError
from helpdesk_tui.domain.webchat.reading import moment_text
from helpdesk_tui.relay.store.schema import open_connection, upgrade
from helpdesk_tui.relay.values import Outcome

T = TypeVar("T")

log = logging.getLogger(__name__)

_TOGETHER = 64
"""Most pieces of work in one transaction."""


class Write:
    """One piece of work inside a transaction: where to write, what time it is, what changed."""

    __slots__ = ("connection", "now", "outcome")

    def __init__(self, connection: sqlite3.Connection, now: datetime) -> None:
        self.connection = connection
        self.now = now
        self.outcome = Outcome()

    @property
    def at(self) -> str:
        """Return the time as it is stored."""
        return moment_text(self.now)

    def next_seq(self) -> int:
        """Return the next number; messages and events share one order."""
        found = self.connection.execute("UPDATE counter SET seq = seq + 1 RETURNING seq")
        return int(found.fetchone()[0])


@dataclass(slots=True)
class _Job(Generic[T]):
    work: Callable[[Any], T]
    loop: asyncio.AbstractEventLoop | None = None
    future: asyncio.Future[T] | None = None
    """None: nobody waits."""
    result: T | None = None
    error: Exception | None = None

    def settle(self) -> None:
        """Give the result to whoever waits; on the event loop."""
        if self.future is None:
            if self.error is not None:
                log.warning("not written: %s", self.error)
            return
        if self.future.cancelled():
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)  # type: ignore[arg-type]


class Store:
    """The relay's store in a folder of its own: the file, and beside it the bytes of files."""

    def __init__(
        self, folder: Path, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Open the store and start its two threads; blocks.

        Raises:
            StoreError: the file cannot be opened, or a newer program wrote it.
        """
        self.path = folder / "relay.db"
        self.uploads = folder / "uploads"
        self.ours = folder / "ours"
        self.media = folder / "media"
        self._clock = clock
        self._heard: Callable[[Outcome], None] = lambda _outcome: None
        try:
            self._prepare()
        except BlockingIOError as error:
            raise StoreError("relay.store-taken", path=str(folder)) from error
        except (sqlite3.Error, OSError) as error:
            raise StoreError("relay.store-unusable", path=str(folder), reason=str(error)) from error
        self._writes: queue.SimpleQueue[_Job[Any] | None] = queue.SimpleQueue()
        self._reads: queue.SimpleQueue[_Job[Any] | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=target, name=name, daemon=True)
            for target, name in ((self._write_on, "relay-writer"), (self._read_on, "relay-reader"))
        ]
        for thread in self._threads:
            thread.start()

    def _prepare(self) -> None:
        for folder in (self.path.parent, self.uploads, self.ours, self.media):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # who waits is known in memory only: two relays over one store would not hear each other
        self._lock = os.open(self.path.parent / "relay.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._open()
        except BaseException:
            os.close(self._lock)
            raise

    def _open(self) -> None:
        self.path.touch(mode=0o600)
        self._writer = open_connection(self.path)
        upgrade(self._writer, self._clock())
        self._reader = open_connection(self.path)
        self._reader.execute("PRAGMA query_only = ON")

    @property
    def now(self) -> datetime:
        """Return the time of the store's clock."""
        return self._clock()

    def listen(self, heard: Callable[[Outcome], None]) -> None:
        """Say who is told, on the event loop, what each commit changed."""
        self._heard = heard

    async def write(self, work: Callable[[Write], T]) -> T:
        """Do a piece of work in a transaction; returns after its commit.

        A caller that is cancelled meanwhile cancels nothing: the work is done as a whole.
        """
        return await self._hand(self._writes, work)

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do a piece of reading; sees everything that was committed before."""
        return await self._hand(self._reads, work)

    def load_buckets(self) -> Mapping[str, float]:
        """Return what was kept of the limits; blocks, for the start only."""
        return dict(self._reader.execute("SELECT key, free_at FROM bucket").fetchall())

    def save_buckets(self, buckets: Mapping[str, float], now: float) -> None:
        """Keep these of the limits and forget what is free again; waits for nothing."""

        def work(write: Write) -> None:
            write.connection.execute("DELETE FROM bucket WHERE free_at <= ?", (now,))
            write.connection.executemany(
                "INSERT INTO bucket VALUES (?, ?)"
                " ON CONFLICT (key) DO UPDATE SET free_at = excluded.free_at",
                list(buckets.items()),
            )

        self._writes.put(_Job(work))

    @staticmethod
    async def _hand(jobs: queue.SimpleQueue[_Job[Any] | None], work: Callable[[Any], T]) -> T:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        jobs.put(_Job(work, loop, future))
        return await future

    def close(self) -> None:
        """Finish what was handed over, stop the threads and close the file; blocks."""
        self._writes.put(None)
        self._reads.put(None)
        for thread in self._threads:
            thread.join()
        self._reader.close()
        self._writer.close()
        os.close(self._lock)

    def _read_on(self) -> None:
        while (job := self._reads.get()) is not None:
            # what one piece of work reads in several steps is of one moment
            _attempt(_Job(_begin), self._reader)
            _attempt(job, self._reader)
            self._end_reading()
            if job.loop is not None:
                _tell(job.loop, job.settle)

    def _end_reading(self) -> None:
        """End what was begun, unless a failing disk ended it: the next one reads anew."""
        with contextlib.suppress(sqlite3.Error):
            if self._reader.in_transaction:
                self._reader.execute("COMMIT")

    def _write_on(self) -> None:
        is_open = True
        while is_open:
            jobs, is_open = self._waiting()
            if jobs:
                self._commit(jobs)

    def _waiting(self) -> tuple[list[_Job[Any]], bool]:
        """Return all work that waits, at least one; and whether more may come."""
        jobs: list[_Job[Any]] = []
        job = self._writes.get()
        while job is not None:
            jobs.append(job)
            if len(jobs) == _TOGETHER:
                return jobs, True
            try:
                job = self._writes.get_nowait()
            except queue.Empty:
                return jobs, True
        return jobs, False

    def _commit(self, jobs: list[_Job[Any]]) -> None:
        outcome = Outcome()
        try:
            self._writer.execute("BEGIN IMMEDIATE")
            for job in jobs:
                outcome.add(self._part(job))
            self._writer.execute("COMMIT")
        except sqlite3.Error as error:
            # a full or failing disk: nothing of it happened, and everybody is told so
            outcome = Outcome()
            for job in jobs:
                job.error = job.error or error
            self._roll_back()
        heard = self._heard
        loops = [each.loop for each in jobs if each.loop is not None]
        if loops:
            _tell(loops[0], lambda: heard(outcome))
        for job in jobs:
            if job.loop is None:
                job.settle()
            else:
                _tell(job.loop, job.settle)

    def _part(self, job: _Job[Any]) -> Outcome:
        """Do one piece of work; if it fails, only its own changes are taken back."""
        write = Write(self._writer, self._clock())
        self._writer.execute("SAVEPOINT part")
        _attempt(job, write)
        if job.error is not None:
            self._writer.execute("ROLLBACK TO part")
            write.outcome = Outcome()
        self._writer.execute("RELEASE part")
        return write.outcome

    def _roll_back(self) -> None:
        if self._writer.in_transaction:
            with contextlib.suppress(sqlite3.Error):
                self._writer.execute("ROLLBACK")


def _begin(reader: sqlite3.Connection) -> None:
    reader.execute("BEGIN")


def _attempt(job: _Job[Any], given: object) -> None:
    """Do the work; whatever it raises belongs to whoever handed it over, not to this thread."""
    try:
        job.result = job.work(given)
    except Exception as error:  # noqa: BLE001 - carried to the caller, raised there
        job.error = error


def _tell(loop: asyncio.AbstractEventLoop, what: Callable[[], object]) -> None:
    """Call on the event loop; one that was closed meanwhile has nobody to tell."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(what)

"""A time limit for single statements."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

_STEPS = 500
"""Steps of SQLite's machine between two looks at the clock; a page of the index takes some."""


@dataclass(slots=True)
class Guard:
    """Whether the time of a statement was up before it was done."""

    is_up: bool = False


@contextmanager
def guarded(connection: sqlite3.Connection, seconds: float | None) -> Iterator[Guard]:
    """End what is read inside after some seconds (never, for None); what came so far stays."""
    guard = Guard()
    if seconds is None:
        yield guard
        return
    deadline = monotonic() + seconds

    def look() -> int:
        guard.is_up = monotonic() > deadline
        return int(guard.is_up)

    connection.set_progress_handler(look, _STEPS)
    try:
        yield guard
    except sqlite3.OperationalError:
        if not guard.is_up:
            raise
    finally:
        connection.set_progress_handler(None, 0)

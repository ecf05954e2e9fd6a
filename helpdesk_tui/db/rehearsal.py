"""Doing something to see what comes of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def rehearsed(connection: sqlite3.Connection) -> Iterator[None]:
    """Take back whatever is written within, also where it fails; inside a write transaction."""
    connection.execute("SAVEPOINT rehearsed")
    try:
        yield
    finally:
        connection.execute("ROLLBACK TO rehearsed")
        connection.execute("RELEASE rehearsed")

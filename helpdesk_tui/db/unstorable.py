"""Telling what one bad mail can cause from all other trouble, so that it harms no other mail."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

_UNSTORABLE = (
    ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError,
    sqlite3.DataError, sqlite3.IntegrityError, sqlite3.InterfaceError, sqlite3.ProgrammingError,
)  # fmt: skip
"""What one bad mail can cause; a full disk or a lost database is none of its doing."""


class UnstorableError(Exception):
    """Some mail of a batch cannot be written as it is; the batch has to be undone."""


@contextmanager
def storable() -> Iterator[None]:
    """Tell what one bad mail can cause from all other trouble.

    Raises:
        UnstorableError: in place of what a mail caused.
    """
    try:
        yield
    except _UNSTORABLE as error:
        raise UnstorableError from error


@contextmanager
def savepoint(connection: sqlite3.Connection) -> Iterator[None]:
    """Undo what happens inside, and only that, if a mail turns out to be unstorable."""
    connection.execute("SAVEPOINT mail")
    try:
        yield
    except UnstorableError:
        connection.execute("ROLLBACK TO mail")
        connection.execute("RELEASE mail")
        raise
    connection.execute("RELEASE mail")

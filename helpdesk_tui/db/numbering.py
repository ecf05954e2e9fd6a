"""Ids of received messages: in the order of arrival, those of old mail below all others."""

from __future__ import annotations

import sqlite3


class MessageIds:
    """Hands out message ids in order: live ones, or those of a block reserved for history."""

    def __init__(self, start: int, end: int | None = None) -> None:
        self.next = start
        self.end = end

    @property
    def left(self) -> int | None:
        """How many ids remain; None for no limit."""
        return None if self.end is None else self.end - self.next

    def take(self) -> int:
        """Return the next id."""
        self.next += 1
        return self.next - 1


def live_ids(connection: sqlite3.Connection) -> MessageIds:
    """Return the ids of messages that arrive now."""
    return MessageIds(last_id(connection, "message") + 1)


def history_ids(connection: sqlite3.Connection, count: int) -> MessageIds:
    """Reserve ``count`` ids below the lowest one in use, for old mail in the order of its dates."""
    lowest = connection.execute("SELECT min(id) FROM message").fetchone()[0]
    end = last_id(connection, "message") + 1 if lowest is None else int(lowest)
    return MessageIds(end - count, end)


def last_id(connection: sqlite3.Connection, table: str) -> int:
    """Return the highest id that a table has ever given out."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    return int(row[0]) if row else 0

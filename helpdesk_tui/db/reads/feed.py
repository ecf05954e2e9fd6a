"""The activity log as a feed: what was added since a row."""

from __future__ import annotations

import sqlite3

FeedRow = tuple[int, int | None, int | None, str]
"""(id, ticket, message, kind)."""


def load_latest(connection: sqlite3.Connection) -> int:
    """Return the id of the newest activity row, 0 if there is none."""
    return int(connection.execute("SELECT coalesce(max(id), 0) FROM activity").fetchone()[0])


def load_since(connection: sqlite3.Connection, after: int, limit: int) -> list[FeedRow]:
    """Return the activity rows after one, oldest first; ids are given in the order of commits."""
    return connection.execute(
        "SELECT id, ticket_id, message_id, kind FROM activity WHERE id > :after"
        " ORDER BY id LIMIT :limit",
        {"after": after, "limit": limit},
    ).fetchall()

"""Names of tags."""

from __future__ import annotations

import sqlite3


def load_tag_names(connection: sqlite3.Connection, limit: int) -> tuple[str, ...]:
    """Return the names of all tags, in order."""
    found = connection.execute("SELECT name FROM tag ORDER BY name LIMIT :limit", {"limit": limit})
    return tuple(name for (name,) in found)


def load_tag_counts(
    connection: sqlite3.Connection, limit: int, counted: int
) -> tuple[tuple[str, int], ...]:
    """Return the names of all tags with their numbers of tickets, each counted up to a limit."""
    found = connection.execute(
        "SELECT name, (SELECT count(*) FROM (SELECT 1 FROM ticket_tag"
        " WHERE ticket_tag.tag_id = tag.id LIMIT :counted) AS some)"
        " FROM tag ORDER BY name LIMIT :limit",
        {"limit": limit, "counted": counted},
    )
    return tuple((name, count) for name, count in found)

"""Names of tags."""

from __future__ import annotations

import sqlite3


def load_tag_names(connection: sqlite3.Connection, limit: int) -> tuple[str, ...]:
    """Return the names of all tags, in order."""
    found = connection.execute("SELECT name FROM tag ORDER BY name LIMIT :limit", {"limit": limit})
    return tuple(name for (name,) in found)

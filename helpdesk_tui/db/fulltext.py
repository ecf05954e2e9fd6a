"""Keep the search index in step with single messages."""

from __future__ import annotations

import sqlite3

_ROW = "id, subject, body, people, files FROM message_search WHERE id = :id"


def index_message(connection: sqlite3.Connection, message_id: int) -> None:
    """Add a message, after its attachments are stored."""
    connection.execute(
        f"INSERT INTO message_fts (rowid, subject, body, people, files) SELECT {_ROW}",
        {"id": message_id},
    )


def unindex_message(connection: sqlite3.Connection, message_id: int) -> None:
    """Take a message out, before it or its attachments are removed."""
    connection.execute(
        "INSERT INTO message_fts (message_fts, rowid, subject, body, people, files)"
        f" SELECT 'delete', {_ROW}",
        {"id": message_id},
    )

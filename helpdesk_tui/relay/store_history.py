"""What a browser reads of its visitor's conversations; always the state, never a queue."""

from __future__ import annotations

import sqlite3

from helpdesk_tui.relay.store_files import files_of
from helpdesk_tui.relay.values import Chat, History, Line

_CHAT = (
    "SELECT conversation.id, started_seq, started_at, ended_seq, ended_at, ended_by, agent_seen,"
    " agent_seen_seq, coalesce(message.id, '') FROM conversation"
    " LEFT JOIN message ON message.seq = agent_seen WHERE conversation.visitor = ?"
)
MOST_LINES = 200
"""Messages read at once; a stream that has more to say goes on with the next ones."""


def newest_chat(connection: sqlite3.Connection, visitor: int) -> Chat | None:
    """Return the newest conversation of a visitor, running or not."""
    row = connection.execute(f"{_CHAT} ORDER BY started_seq DESC LIMIT 1", (visitor,)).fetchone()
    return Chat(*row) if row is not None else None


def lines_of(connection: sqlite3.Connection, conversation: str, after: int) -> tuple[Line, ...]:
    """Return the messages of one conversation after a point, oldest first."""
    return _lines(
        connection.execute(
            f"{_LINE} WHERE conversation = ? AND seq > ? ORDER BY seq", (conversation, after)
        )
    )


def history_after(connection: sqlite3.Connection, visitor: int, after: int) -> History:
    """Return what happened to a visitor's conversations after a point; a part if it is much.

    From the very beginning (0), only the newest conversation counts: the older ones are over.
    """
    chats = tuple(
        Chat(*row)
        for row in connection.execute(
            f"{_CHAT} AND max(started_seq, ended_seq, agent_seen_seq) > ? ORDER BY started_seq",
            (visitor, after),
        )
    )
    if after == 0:
        chats = chats[-1:]
        after = chats[0].started_seq - 1 if chats else 0
    rows = connection.execute(
        f"{_LINE} WHERE visitor = ? AND seq > ? ORDER BY seq LIMIT ?",
        (visitor, after, MOST_LINES),
    )
    return History(chats, _lines(rows))


_LINE = "SELECT seq, conversation, author, id, name, text, at, files FROM message"


def _lines(rows: sqlite3.Cursor) -> tuple[Line, ...]:
    return tuple(Line(*row, files_of(files)) for *row, files in rows)

"""What a browser reads of its visitor's conversations; always the state, never a queue."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from helpdesk_tui.relay.store.files import files_of
from helpdesk_tui.relay.values import Chat, History, Line

_CHAT = (
    "SELECT conversation.id, started_seq, started_at, ended_seq, ended_at, ended_by, agent_seen,"
    " agent_seen_seq, coalesce(message.id, '') FROM conversation"
    " LEFT JOIN message ON message.seq = agent_seen WHERE conversation.visitor = ?"
)
_LINE = (
    "SELECT seq, conversation, author, message.id, name, text, at, files, seq <= agent_seen"
    " FROM message JOIN conversation ON conversation.id = message.conversation"
)
MOST_LINES = 50
"""Messages read at once; a stream that has more to say goes on with the next ones."""
MOST_SHOWN = 500
"""Messages of a conversation that are shown at once: the newest ones."""
_MOST_CHARS = 200_000
"""Characters of them: an answer waits in memory for whoever reads it slowly."""


def chat_of(
    connection: sqlite3.Connection, visitor: int, after: int
) -> tuple[Chat | None, tuple[Line, ...], int]:
    """Return the newest conversation of a visitor, running or not, and its newest messages.

    The number beside them is where a stream goes on: all up to there is in this answer.
    """
    seq = int(connection.execute("SELECT seq FROM counter").fetchone()[0])
    chat = newest_chat(connection, visitor)
    if chat is None:
        return None, (), seq
    newest = connection.execute(
        f"{_LINE} WHERE conversation = ? AND seq > ? ORDER BY seq DESC LIMIT ?",
        (chat.id, after, MOST_SHOWN),
    )
    return chat, tuple(reversed([*_fitting(_lines(newest))])), seq


def newest_chat(connection: sqlite3.Connection, visitor: int) -> Chat | None:
    """Return the newest conversation of a visitor without its messages."""
    row = connection.execute(f"{_CHAT} ORDER BY started_seq DESC LIMIT 1", (visitor,)).fetchone()
    return Chat(*row) if row else None


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
        f"{_LINE} WHERE message.visitor = ? AND seq > ? ORDER BY seq LIMIT ?",
        (visitor, after, MOST_LINES),
    )
    return History(chats, tuple(_lines(rows)))


def _fitting(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield lines until they are as long together as an answer may be, at least one."""
    size = 0
    for line in lines:
        if size and size + len(line.text) > _MOST_CHARS:
            return
        size += len(line.text)
        yield line


def _lines(rows: sqlite3.Cursor) -> Iterator[Line]:
    return (
        Line(
            seq=row[0],
            conversation=row[1],
            author=row[2],
            id=row[3],
            name=row[4],
            text=row[5],
            at=row[6],
            files=files_of(row[7]),
            is_seen=bool(row[8]),
        )
        for row in rows
    )

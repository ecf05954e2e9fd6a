"""What happened in a ticket since somebody looked: newer words, and the end of a chat."""

from __future__ import annotations

import sqlite3

from helpdesk_tui.domain.flags import Flag


def newer_reply(
    connection: sqlite3.Connection, ticket_id: int, seen: int, agent_id: int | None
) -> tuple[int, str] | None:
    """Return (message, author) of a reply by another agent after the message ``seen``."""
    row = connection.execute(
        "SELECT id, author_name FROM message WHERE ticket_id = :ticket AND id > :seen"
        " AND direction = 'outbound' AND author_kind = 'agent' AND automatic = 0"
        f" AND ' ' || flags || ' ' NOT LIKE '% {Flag.THIRD_PARTY} %'"
        f" AND ' ' || flags || ' ' NOT LIKE '% {Flag.HOLDING} %'"
        " AND agent_id IS NOT :agent ORDER BY id DESC LIMIT 1",
        {"ticket": ticket_id, "seen": seen, "agent": agent_id},
    ).fetchone()
    return None if row is None else (row[0], row[1])


def newer_word(connection: sqlite3.Connection, ticket_id: int, seen: int) -> tuple[int, str] | None:
    """Return (message, author) of what a person outside wrote after the message ``seen``."""
    row = connection.execute(
        "SELECT id, author_name FROM message WHERE ticket_id = :ticket AND id > :seen"
        " AND direction = 'inbound' AND author_kind = 'customer' AND automatic = 0"
        f" AND ' ' || flags || ' ' NOT LIKE '% {Flag.BLOCKED} %' ORDER BY id DESC LIMIT 1",
        {"ticket": ticket_id, "seen": seen},
    ).fetchone()
    return None if row is None else (row[0], row[1])


def is_over(connection: sqlite3.Connection, ticket_id: int) -> bool:
    """Tell whether a ticket is a chat that has ended."""
    row = connection.execute(
        "SELECT instr(' ' || flags || ' ', :flag) FROM ticket WHERE id = :id",
        {"id": ticket_id, "flag": f" {Flag.CHAT_ENDED} "},
    ).fetchone()
    return row is not None and row[0] > 0

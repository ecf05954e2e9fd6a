"""Who watches which ticket."""

from __future__ import annotations

import sqlite3

from helpdesk_tui.db.reads.merging import load_parts


def add_watch(connection: sqlite3.Connection, ticket_id: int, agent_id: int) -> bool:
    """Let an agent watch a ticket; False if they did."""
    done = connection.execute(
        "INSERT INTO watch (ticket_id, agent_id) VALUES (:ticket, :agent) ON CONFLICT DO NOTHING",
        {"ticket": ticket_id, "agent": agent_id},
    )
    return done.rowcount == 1


def remove_watch(connection: sqlite3.Connection, ticket_id: int, agent_id: int) -> bool:
    """Let an agent watch a ticket, and what was merged into it, no longer; False if they did not.

    Whoever watched a part watches the whole.
    """
    removed = 0
    for each in (ticket_id, *load_parts(connection, ticket_id)):
        done = connection.execute(
            "DELETE FROM watch WHERE ticket_id = :ticket AND agent_id = :agent",
            {"ticket": each, "agent": agent_id},
        )
        removed += done.rowcount
    return removed > 0


def load_watchers(connection: sqlite3.Connection, ticket_id: int) -> dict[int, str]:
    """Return the active agents who watch a ticket or what was merged into it: id → name."""
    found: dict[int, str] = {}
    for each in (ticket_id, *load_parts(connection, ticket_id)):
        found |= dict(
            connection.execute(
                "SELECT agent.id, agent.name FROM watch JOIN agent ON agent.id = watch.agent_id"
                " WHERE watch.ticket_id = :ticket AND agent.active = 1",
                {"ticket": each},
            ).fetchall()
        )
    return dict(sorted(found.items(), key=lambda item: item[1]))

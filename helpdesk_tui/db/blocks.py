"""Senders whose mail stays unseen."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from helpdesk_tui.domain.customers import BlockRow
from helpdesk_tui.domain.times import from_us, to_us

Sender = tuple[str, str]
"""(kind, value) as of an identity."""


def load_sender(connection: sqlite3.Connection, identity_id: int | None) -> Sender | None:
    """Return what an identity is; None if it is gone."""
    row = connection.execute(
        "SELECT kind, value FROM identity WHERE id = :id", {"id": identity_id}
    ).fetchone()
    return None if row is None else (row[0], row[1])


def add_block(
    connection: sqlite3.Connection, sender: Sender, agent_id: int | None, now: datetime
) -> bool:
    """Block a sender; False if they were."""
    done = connection.execute(
        "INSERT INTO block (kind, value, agent_id, at) VALUES (:kind, :value, :agent, :now)"
        " ON CONFLICT DO NOTHING",
        {"kind": sender[0], "value": sender[1], "agent": agent_id, "now": to_us(now)},
    )
    return done.rowcount == 1


def remove_block(connection: sqlite3.Connection, sender: Sender) -> bool:
    """Let a sender through again; False if they were not blocked."""
    done = connection.execute(
        "DELETE FROM block WHERE kind = :kind AND value = :value",
        {"kind": sender[0], "value": sender[1]},
    )
    return done.rowcount == 1


def remove_blocks_of(connection: sqlite3.Connection, values: Sequence[str]) -> bool:
    """Let whoever has one of these addresses through again; False if none was blocked."""
    done = [
        connection.execute("DELETE FROM block WHERE value = :value", {"value": value}).rowcount
        for value in dict.fromkeys(values)
    ]
    return any(done)


def is_blocked(connection: sqlite3.Connection, sender: Sender) -> bool:
    """Tell whether a sender is blocked."""
    row = connection.execute(
        "SELECT 1 FROM block WHERE kind = :kind AND value = :value",
        {"kind": sender[0], "value": sender[1]},
    ).fetchone()
    return row is not None


def load_blocks(connection: sqlite3.Connection) -> list[BlockRow]:
    """Return the blocked senders, the newest first."""
    found = connection.execute(
        "SELECT block.id, block.kind, block.value, coalesce(agent.name, ''), block.at FROM block"
        " LEFT JOIN agent ON agent.id = block.agent_id ORDER BY block.at DESC, block.id DESC"
    )
    return [BlockRow(row[0], row[1], row[2], row[3], from_us(row[4])) for row in found]

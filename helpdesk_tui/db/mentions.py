"""Whom notes mention, and what they have seen of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from helpdesk_tui.domain.messages import MentionRow
from helpdesk_tui.domain.times import from_us, to_us


def insert_mentions(
    connection: sqlite3.Connection,
    message_id: int,
    ticket_id: int,
    names: Sequence[str],
    author_id: int,
    now: datetime,
) -> list[int]:
    """Keep whom a note mentions and return their ids: active agents, but not its author.

    The name of a team stands for all who are in it.
    """
    marks = ", ".join("?" * len(names))
    found = connection.execute(
        "SELECT id FROM agent WHERE active = 1 AND id != ? AND"
        f" (name IN ({marks}) OR id IN (SELECT membership.agent_id FROM membership"
        f" JOIN team ON team.id = membership.team_id WHERE team.name IN ({marks})))"
        " ORDER BY id",
        (author_id, *names, *names),
    )
    agents = [int(row[0]) for row in found]
    connection.executemany(
        "INSERT INTO mention (message_id, agent_id, ticket_id, at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        [(message_id, agent, ticket_id, to_us(now)) for agent in agents],
    )
    return agents


def call_for(connection: sqlite3.Connection, ticket_id: int, agent_id: int, now: datetime) -> None:
    """Call an agent to what a customer wrote last in a ticket, as a note does that names them."""
    connection.execute(
        "INSERT INTO mention (message_id, agent_id, ticket_id, at)"
        " SELECT id, :agent, :ticket, :now FROM message"
        " WHERE ticket_id = :ticket AND direction = 'inbound' ORDER BY id DESC LIMIT 1"
        " ON CONFLICT DO NOTHING",
        {"agent": agent_id, "ticket": ticket_id, "now": to_us(now)},
    )


def load_unseen(connection: sqlite3.Connection, agent_id: int, limit: int) -> list[MentionRow]:
    """Return where an agent was mentioned and has not looked since, the newest first."""
    found = connection.execute(
        "SELECT mention.message_id, mention.ticket_id, message.author_name, mention.at"
        " FROM mention JOIN message ON message.id = mention.message_id"
        " WHERE mention.agent_id = :agent AND mention.seen_at IS NULL"
        " ORDER BY mention.at DESC, mention.message_id DESC LIMIT :limit",
        {"agent": agent_id, "limit": limit},
    )
    return [MentionRow(row[0], row[1], row[2], from_us(row[3])) for row in found]


def load_newest(connection: sqlite3.Connection, agent_id: int, limit: int) -> list[MentionRow]:
    """Return where an agent was mentioned: what they have not seen first, then the newest."""
    found: list[MentionRow] = []
    for state in ("IS NULL", "IS NOT NULL"):
        rows = connection.execute(
            "SELECT mention.message_id, mention.ticket_id, message.author_name, mention.at,"
            " mention.seen_at IS NOT NULL, ticket.subject, message.text"
            " FROM mention JOIN message ON message.id = mention.message_id"
            " JOIN ticket ON ticket.id = mention.ticket_id"
            f" WHERE mention.agent_id = :agent AND mention.seen_at {state}"
            " ORDER BY mention.at DESC, mention.message_id DESC LIMIT :limit",
            {"agent": agent_id, "limit": limit - len(found)},
        )
        found += [
            MentionRow(row[0], row[1], row[2], from_us(row[3]), row[4] == 1, row[5], row[6])
            for row in rows
        ]
    return found


def count_unseen(connection: sqlite3.Connection, agent_id: int, limit: int) -> int:
    """Return how many mentions an agent has not seen, counted up to a limit."""
    row = connection.execute(
        "SELECT count(*) FROM (SELECT 1 FROM mention WHERE agent_id = :agent AND seen_at IS NULL"
        " LIMIT :limit) AS some",
        {"agent": agent_id, "limit": limit},
    ).fetchone()
    return int(row[0])


def has_unseen(connection: sqlite3.Connection, ticket_id: int, agent_id: int) -> bool:
    """Tell whether a ticket mentions an agent who has not looked since."""
    row = connection.execute(
        "SELECT 1 FROM mention WHERE ticket_id = :ticket AND agent_id = :agent"
        " AND seen_at IS NULL LIMIT 1",
        {"ticket": ticket_id, "agent": agent_id},
    ).fetchone()
    return row is not None


def mark_seen(connection: sqlite3.Connection, ticket_id: int, agent_id: int, now: datetime) -> int:
    """Note that an agent has seen the mentions in a ticket; return how many were new."""
    done = connection.execute(
        "UPDATE mention SET seen_at = :now WHERE ticket_id = :ticket AND agent_id = :agent"
        " AND seen_at IS NULL",
        {"ticket": ticket_id, "agent": agent_id, "now": to_us(now)},
    )
    return int(done.rowcount)

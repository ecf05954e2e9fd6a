"""Saved filters of events as rows."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from helpdesk_tui.domain.commerce.context import EventFilter


def load_filters(connection: sqlite3.Connection, agent_id: int | None) -> tuple[EventFilter, ...]:
    """Return an agent's own filters and everybody's, by name."""
    found = connection.execute(
        "SELECT id, name, metrics, agent_id IS NULL FROM event_filter"
        " WHERE agent_id IS NULL OR agent_id = :agent ORDER BY name, id",
        {"agent": agent_id},
    )
    return tuple(
        [EventFilter(row[0], row[1], tuple(json.loads(row[2])), row[3] == 1) for row in found]
    )


def save_filter(
    connection: sqlite3.Connection, agent_id: int | None, name: str, metrics: Sequence[str]
) -> int:
    """Store a filter over one of the same name, and return its number."""
    values = {"agent": agent_id, "name": name, "metrics": json.dumps(list(metrics))}
    # an empty owner is equal to no other in a unique index: look instead of counting on it
    known = connection.execute(
        "SELECT id FROM event_filter WHERE agent_id IS :agent AND name = :name", values
    ).fetchone()
    if known is not None:
        connection.execute(
            "UPDATE event_filter SET metrics = :metrics WHERE id = :id",
            {"metrics": values["metrics"], "id": known[0]},
        )
        return int(known[0])
    made = connection.execute(
        "INSERT INTO event_filter (agent_id, name, metrics) VALUES (:agent, :name, :metrics)",
        values,
    )
    if made.lastrowid is None:
        raise AssertionError("an inserted filter has an id")
    return made.lastrowid


def rename_filter(
    connection: sqlite3.Connection, agent_id: int | None, filter_id: int, name: str
) -> bool:
    """Name a filter of an agent anew; False if there is none of theirs."""
    named = connection.execute(
        "UPDATE event_filter SET name = :name WHERE id = :id AND agent_id IS :agent",
        {"name": name, "id": filter_id, "agent": agent_id},
    )
    return named.rowcount > 0


def is_taken(connection: sqlite3.Connection, agent_id: int | None, name: str, but: int) -> bool:
    """Return whether another filter of an agent has a name."""
    found = connection.execute(
        "SELECT 1 FROM event_filter WHERE agent_id IS :agent AND name = :name AND id != :but",
        {"agent": agent_id, "name": name, "but": but},
    )
    return found.fetchone() is not None


def delete_filter(connection: sqlite3.Connection, agent_id: int | None, filter_id: int) -> bool:
    """Delete a filter of an agent; False if there is none of theirs."""
    gone = connection.execute(
        "DELETE FROM event_filter WHERE id = :id AND agent_id IS :agent",
        {"id": filter_id, "agent": agent_id},
    )
    return gone.rowcount > 0

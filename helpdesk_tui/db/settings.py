"""Settings rows: JSON values by scope and name."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

DESK = 0
"""Stands in the place of an agent's id for settings of the desk."""


def load_setting(connection: sqlite3.Connection, name: str, agent_id: int) -> str | None:
    """Return the JSON of a setting of an agent (or of the desk), or None."""
    found = connection.execute(
        "SELECT value FROM setting WHERE scope = :scope AND agent_id = :agent AND name = :name",
        {"scope": _scope(agent_id), "agent": agent_id, "name": name},
    ).fetchone()
    return None if found is None else str(found[0])


def load_desk_settings(connection: sqlite3.Connection) -> dict[str, Any]:
    """Return every setting of the desk that was ever set."""
    return load_settings(connection, DESK)


def save_setting(connection: sqlite3.Connection, name: str, agent_id: int, value: str) -> None:
    """Write the JSON of a setting of an agent (or of the desk)."""
    connection.execute(
        "INSERT INTO setting (scope, agent_id, name, value)"
        " VALUES (:scope, :agent, :name, :value)"
        " ON CONFLICT (scope, agent_id, name) DO UPDATE SET value = excluded.value",
        {"scope": _scope(agent_id), "agent": agent_id, "name": name, "value": value},
    )


def delete_setting(connection: sqlite3.Connection, name: str, agent_id: int) -> None:
    """Forget a setting of an agent (or of the desk)."""
    connection.execute(
        "DELETE FROM setting WHERE scope = :scope AND agent_id = :agent AND name = :name",
        {"scope": _scope(agent_id), "agent": agent_id, "name": name},
    )


def load_settings(connection: sqlite3.Connection, agent_id: int) -> dict[str, Any]:
    """Return every setting that an agent (or the desk) ever set."""
    found = connection.execute(
        "SELECT name, value FROM setting WHERE scope = :scope AND agent_id = :agent",
        {"scope": _scope(agent_id), "agent": agent_id},
    )
    return {name: json.loads(value) for name, value in found}


def _scope(agent_id: int) -> str:
    return "desk" if agent_id == DESK else "agent"

"""Teams: which there are, who belongs to them, and who is there to take work."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from helpdesk_tui.domain.tickets import TeamRow
from helpdesk_tui.domain.times import to_us

_TEAMS = """
    SELECT team.id, team.name, agent.name FROM team
    LEFT JOIN membership ON membership.team_id = team.id
    LEFT JOIN agent ON agent.id = membership.agent_id AND agent.active = 1
"""


def load_teams(connection: sqlite3.Connection) -> tuple[TeamRow, ...]:
    """Return all teams by name, with their active members."""
    found: dict[int, tuple[str, list[str]]] = {}
    for team_id, name, member in connection.execute(f"{_TEAMS} ORDER BY team.name, agent.name"):
        members = found.setdefault(team_id, (name, []))[1]
        if member is not None:
            members.append(member)
    return tuple(TeamRow(number, name, tuple(who)) for number, (name, who) in found.items())


def team_id_of(connection: sqlite3.Connection, name: str) -> int | None:
    """Return the team of a name, or None."""
    row = connection.execute("SELECT id FROM team WHERE name = :name", {"name": name}).fetchone()
    return None if row is None else int(row[0])


def insert_team(connection: sqlite3.Connection, name: str, now: datetime) -> int | None:
    """Add a team and return its id; None if the name is taken."""
    row = connection.execute(
        "INSERT INTO team (name, created_at) VALUES (:name, :now)"
        " ON CONFLICT DO NOTHING RETURNING id",
        {"name": name, "now": to_us(now)},
    ).fetchone()
    return None if row is None else int(row[0])


def delete_team(connection: sqlite3.Connection, team_id: int) -> None:
    """Remove a team that has no ticket."""
    connection.execute("DELETE FROM membership WHERE team_id = :team", {"team": team_id})
    connection.execute("DELETE FROM team WHERE id = :team", {"team": team_id})


def count_tickets(connection: sqlite3.Connection, team_id: int) -> int:
    """Return how many tickets are a team's, closed ones included."""
    row = connection.execute(
        "SELECT count(*) FROM ticket WHERE team_id IS NOT NULL AND team_id = :team",
        {"team": team_id},
    ).fetchone()
    return int(row[0])


def add_member(connection: sqlite3.Connection, team_id: int, agent_id: int) -> bool:
    """Let an agent belong to a team; False if they did."""
    done = connection.execute(
        "INSERT INTO membership (team_id, agent_id) VALUES (:team, :agent) ON CONFLICT DO NOTHING",
        {"team": team_id, "agent": agent_id},
    )
    return done.rowcount == 1


def remove_member(connection: sqlite3.Connection, team_id: int, agent_id: int) -> bool:
    """Let an agent leave a team; False if they were not of it."""
    done = connection.execute(
        "DELETE FROM membership WHERE team_id = :team AND agent_id = :agent",
        {"team": team_id, "agent": agent_id},
    )
    return done.rowcount == 1


def set_available(connection: sqlite3.Connection, agent_id: int, *, available: bool) -> bool:
    """Say whether an agent takes part when work is shared out; False if nothing changed."""
    done = connection.execute(
        "UPDATE agent SET available = :available WHERE id = :agent AND available != :available",
        {"agent": agent_id, "available": int(available)},
    )
    return done.rowcount == 1

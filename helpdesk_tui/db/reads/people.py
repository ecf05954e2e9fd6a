"""Customers and agents, read only."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from helpdesk_tui.db.reads.rows import COLUMNS, assemble
from helpdesk_tui.domain.tickets import AgentRow, Workload
from helpdesk_tui.domain.times import from_us

if TYPE_CHECKING:
    from helpdesk_tui.domain.customers import Profile

PROFILE_TICKETS = 10
"""Tickets shown with a profile."""
PROFILE_TICKETS_COUNTED = 1000
"""Where counting the tickets of one person ends: an address of a robot may have very many."""

_AGENT = "id, name, full_name, email, role, signature, active, available"


def load_agents(connection: sqlite3.Connection) -> tuple[AgentRow, ...]:
    """Return the whole team by name."""
    found = connection.execute(f"SELECT {_AGENT} FROM agent ORDER BY name")
    return tuple([_agent(raw) for raw in found])


def load_workload(connection: sqlite3.Connection, counted: int) -> Workload:
    """Return how many open tickets agents and teams have, each counted up to a limit."""
    shown = "status = 'open' AND spam = 0 AND merged_into IS NULL"

    def numbers(table: str, column: str) -> dict[int, int]:
        found = connection.execute(
            f"SELECT id, (SELECT count(*) FROM (SELECT 1 FROM ticket WHERE {column} = {table}.id"
            f" AND {column} IS NOT NULL AND {shown} LIMIT :counted) AS some) FROM {table}",
            {"counted": counted},
        )
        return dict(found.fetchall())

    return Workload(numbers("agent", "assignee_id"), numbers("team", "team_id"))


def load_agent(connection: sqlite3.Connection, name: str) -> AgentRow | None:
    """Return the agent of a name, or None."""
    found = connection.execute(
        f"SELECT {_AGENT} FROM agent WHERE name = :name", {"name": name}
    ).fetchone()
    return None if found is None else _agent(found)


def _agent(raw: tuple[Any, ...]) -> AgentRow:
    return AgentRow(
        id=raw[0],
        name=raw[1],
        full_name=raw[2],
        email=raw[3],
        role=raw[4],
        signature=raw[5],
        active=raw[6] == 1,
        available=raw[7] == 1,
    )


def load_profile(
    connection: sqlite3.Connection, profile_id: int, agent_id: int | None
) -> Profile | None:
    """Return a customer with the newest tickets, or None if there is none of this number."""
    # the interface starts on the agents here, and on no customer
    from helpdesk_tui.domain.customers import Profile

    wanted = {"profile": profile_id}
    found = connection.execute(
        "SELECT name, email, phone, location, timezone, created_at FROM profile"
        " WHERE id = :profile",
        wanted,
    ).fetchone()
    if found is None:
        return None
    name, email, phone, location, timezone, created = found
    handles = connection.execute(
        "SELECT kind, value FROM identity WHERE profile_id = :profile ORDER BY kind, value", wanted
    ).fetchall()
    count = connection.execute(
        "SELECT count(*) FROM (SELECT 1 FROM ticket WHERE profile_id = :profile"
        f" AND merged_into IS NULL LIMIT {PROFILE_TICKETS_COUNTED}) AS counted",
        wanted,
    ).fetchone()[0]
    newest = connection.execute(
        f"SELECT {COLUMNS} FROM ticket WHERE profile_id = :profile AND merged_into IS NULL"
        f" ORDER BY last_message_at DESC, id DESC LIMIT {PROFILE_TICKETS}",
        wanted,
    ).fetchall()
    return Profile(
        id=profile_id,
        name=name,
        email=email,
        phone=phone,
        handles=tuple([(kind, value) for kind, value in handles if value not in (email, phone)]),
        location=location,
        timezone=timezone,
        created_at=from_us(created),
        ticket_count=count,
        tickets=assemble(connection, newest, agent_id),
    )

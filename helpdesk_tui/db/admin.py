"""Write agents, channel accounts and support addresses."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from helpdesk_tui.domain.accounts import Account, AccountState
from helpdesk_tui.domain.times import to_us


def has_agents(connection: sqlite3.Connection) -> bool:
    """Tell whether there is any agent yet."""
    return connection.execute("SELECT 1 FROM agent LIMIT 1").fetchone() is not None


def insert_agent(
    connection: sqlite3.Connection, values: Mapping[str, str], now: datetime
) -> int | None:
    """Add an agent and return the id; None if the name is taken."""
    row = connection.execute(
        "INSERT INTO agent (name, full_name, email, role, signature, created_at)"
        " VALUES (:name, :full_name, :email, :role, :signature, :now)"
        " ON CONFLICT DO NOTHING RETURNING id",
        {**values, "now": to_us(now)},
    ).fetchone()
    return None if row is None else int(row[0])


def set_agent_active(connection: sqlite3.Connection, name: str, *, active: bool) -> int | None:
    """Switch an agent on or off and return the id; None if there is none of this name."""
    row = connection.execute(
        "UPDATE agent SET active = :active WHERE name = :name RETURNING id",
        {"name": name, "active": int(active)},
    ).fetchone()
    return None if row is None else int(row[0])


def load_agent_role(connection: sqlite3.Connection, name: str) -> tuple[int, str] | None:
    """Return id and role of an agent; None if there is none of this name."""
    row = connection.execute(
        "SELECT id, role FROM agent WHERE name = :name", {"name": name}
    ).fetchone()
    return None if row is None else (int(row[0]), str(row[1]))


def set_agent_role(connection: sqlite3.Connection, agent_id: int, role: str) -> None:
    """Give an agent a role."""
    connection.execute(
        "UPDATE agent SET role = :role WHERE id = :id", {"id": agent_id, "role": role}
    )


def has_other_owner(connection: sqlite3.Connection, agent_id: int) -> bool:
    """Tell whether an active agent beside this one owns the desk."""
    row = connection.execute(
        "SELECT 1 FROM agent WHERE role = 'owner' AND active = 1 AND id != :id LIMIT 1",
        {"id": agent_id},
    ).fetchone()
    return row is not None


def insert_account(
    connection: sqlite3.Connection,
    name: str,
    channel: str,
    address: str,
    settings: Mapping[str, Any],
    now: datetime,
) -> int | None:
    """Add a channel account and return the id; None if the name is taken."""
    row = connection.execute(
        "INSERT INTO channel_account (name, channel, address, settings, created_at)"
        " VALUES (:name, :channel, :address, :settings, :now)"
        " ON CONFLICT DO NOTHING RETURNING id",
        {
            "name": name,
            "channel": channel,
            "address": address,
            "settings": json.dumps(settings),
            "now": to_us(now),
        },
    ).fetchone()
    return None if row is None else int(row[0])


def insert_support_address(
    connection: sqlite3.Connection, account_id: int, address: str, name: str
) -> bool:
    """Add the address of a mailbox itself, which needs no forwarding; False if it is taken."""
    done = connection.execute(
        "INSERT INTO support_address (address, name, channel_account_id)"
        " VALUES (:address, :name, :account) ON CONFLICT DO NOTHING",
        {"address": address, "name": name, "account": account_id},
    )
    return done.rowcount == 1


def load_channels(connection: sqlite3.Connection) -> tuple[Account, ...]:
    """Return the accounts of all channels in the order in which they were added."""
    found = connection.execute(
        "SELECT id, name, channel, address, enabled, settings, state, error_code"
        " FROM channel_account ORDER BY id"
    )
    return tuple(
        Account(row[0], row[1], row[2], row[3], row[4] == 1, row[5], AccountState(row[6]), row[7])
        for row in found
    )


def set_account_settings(
    connection: sqlite3.Connection, account_id: int, settings: Mapping[str, Any]
) -> str | None:
    """Replace the settings of an account; return its name, or None if there is none."""
    row = connection.execute(
        "UPDATE channel_account SET settings = :settings WHERE id = :id RETURNING name",
        {"id": account_id, "settings": json.dumps(dict(settings))},
    ).fetchone()
    return None if row is None else str(row[0])


def set_account_enabled(
    connection: sqlite3.Connection, account_id: int, *, enabled: bool
) -> str | None:
    """Switch an account on or off; a stopped one is tried again. None if there is none."""
    row = connection.execute(
        "UPDATE channel_account SET enabled = :enabled,"
        " state = CASE WHEN state = 'stopped' AND :enabled THEN 'new' ELSE state END"
        " WHERE id = :id RETURNING name",
        {"id": account_id, "enabled": int(enabled)},
    ).fetchone()
    return None if row is None else str(row[0])

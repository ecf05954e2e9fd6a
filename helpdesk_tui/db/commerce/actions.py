"""Rows of changes of orders and subscriptions: what was asked for, and what became of it.

At most one change of an order or subscription is under way; the database itself sees to that.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk_tui.domain.commerce.actions import (
    Action,
    ActionKind,
    ActionRequest,
    ActionState,
    Phase,
)
from helpdesk_tui.domain.times import from_us, to_us

_COLUMNS = """
    shop_action.id, key, kind, source_id, target, shop_action.name, profile_id, ticket_id,
    agent_id, arguments, expected, dry_run, state, phase, progress, result, error_code,
    error_values, shop_action.created_at, deadline, asked_at, next_try_at, finished_at,
    agent.name
"""
SELECT_ACTIONS = f"SELECT {_COLUMNS} FROM shop_action JOIN agent ON agent.id = shop_action.agent_id"
UNDER_WAY = "state IN ('queued', 'running', 'unknown')"


def action_of(row: tuple[Any, ...]) -> Action:
    """Return the change that a row of :data:`SELECT_ACTIONS` is."""
    request = ActionRequest(
        kind=ActionKind(row[2]),
        source_id=row[3],
        target=row[4],
        name=row[5],
        arguments=json.loads(row[9]),
        expected=json.loads(row[10]),
        key=row[1],
        profile_id=row[6],
        ticket_id=row[7],
        agent_id=row[8],
    )
    return Action(
        id=row[0],
        request=request,
        state=ActionState(row[12]),
        phase=Phase(row[13]),
        progress=json.loads(row[14]),
        result=json.loads(row[15]),
        code=row[16],
        values=json.loads(row[17]),
        created_at=from_us(row[18]),
        is_dry_run=bool(row[11]),
        agent=row[23],
        deadline=from_us(row[19]),
        asked_at=_moment(row[20]),
        next_try_at=_moment(row[21]),
        finished_at=_moment(row[22]),
    )


def _moment(value: int | None) -> datetime | None:
    return None if value is None else from_us(value)


def add_action(
    connection: sqlite3.Connection,
    request: ActionRequest,
    now: datetime,
    deadline: datetime,
    *,
    dry_run: bool,
) -> int:
    """Add a change that was asked for and return its id; nothing of the same key is there."""
    return int(
        connection.execute(
            "INSERT INTO shop_action (key, kind, source_id, target, name, profile_id, ticket_id,"
            " agent_id, arguments, expected, dry_run, state, created_at, changed_at, deadline)"
            " VALUES (:key, :kind, :source, :target, :name, :profile, :ticket, :agent,"
            " :arguments, :expected, :dry_run, 'queued', :now, :now, :deadline)"
            " RETURNING id",
            {
                "key": request.key, "kind": request.kind.value, "source": request.source_id,
                "target": request.target, "name": request.name, "profile": request.profile_id,
                "ticket": request.ticket_id, "agent": request.agent_id,
                "arguments": json.dumps(request.arguments),
                "expected": json.dumps(request.expected),
                "dry_run": dry_run, "now": to_us(now), "deadline": to_us(deadline),
            },
        ).fetchone()[0]
    )  # fmt: skip


def load_action(connection: sqlite3.Connection, action_id: int) -> Action | None:
    """Return a change, or None."""
    row = connection.execute(
        f"{SELECT_ACTIONS} WHERE shop_action.id = :id", {"id": action_id}
    ).fetchone()
    return action_of(row) if row else None


def action_of_key(connection: sqlite3.Connection, key: str) -> Action | None:
    """Return the change that was asked for under a key, or None."""
    row = connection.execute(f"{SELECT_ACTIONS} WHERE key = :key", {"key": key}).fetchone()
    return action_of(row) if row else None


def under_way_of(connection: sqlite3.Connection, source_id: int, target: str) -> Action | None:
    """Return the change of an order or subscription that is not over yet, or None."""
    row = connection.execute(
        f"{SELECT_ACTIONS} WHERE source_id = :source AND target = :target AND {UNDER_WAY}",
        {"source": source_id, "target": target},
    ).fetchone()
    return action_of(row) if row else None


def is_only_of_others(
    connection: sqlite3.Connection, profile_ids: Collection[int], source_id: int, target: str
) -> bool:
    """Tell whether an order or subscription is kept of other customers and of none of these."""
    found = connection.execute(
        "SELECT max(profile_id IN (SELECT value FROM json_each(:profiles))) FROM ("
        " SELECT profile_id FROM order_snapshot"
        " WHERE source_id = :source AND external_id = :target"
        " UNION ALL SELECT profile_id FROM subscription_snapshot"
        " WHERE source_id = :source AND external_id = :target)",
        {"profiles": json.dumps(sorted(profile_ids)), "source": source_id, "target": target},
    ).fetchone()
    return bool(found[0] == 0)


@dataclass(frozen=True, slots=True)
class ActionFilter:
    """Which changes are asked for; None and empty are all."""

    states: Collection[ActionState] = ()
    profile_ids: Collection[int] = ()
    ticket_id: int | None = None
    target: str = ""
    before: int | None = None
    """Only those asked for before this one."""


def load_actions(
    connection: sqlite3.Connection, wanted: ActionFilter, limit: int
) -> tuple[Action, ...]:
    """Return changes, the newest first."""
    where = ["1"]
    if wanted.states:
        where.append("state IN (SELECT value FROM json_each(:states))")
    if wanted.profile_ids:
        where.append("profile_id IN (SELECT value FROM json_each(:profiles))")
    if wanted.ticket_id is not None:
        where.append("ticket_id = :ticket")
    if wanted.target:
        where.append("target = :target")
    if wanted.before is not None:
        where.append("shop_action.id < :before")
    rows = connection.execute(
        f"{SELECT_ACTIONS} WHERE {' AND '.join(where)} ORDER BY shop_action.id DESC LIMIT :limit",
        {
            "states": json.dumps([state.value for state in wanted.states]),
            "profiles": json.dumps(sorted(wanted.profile_ids)),
            "ticket": wanted.ticket_id, "target": wanted.target, "before": wanted.before,
            "limit": limit,
        },
    )  # fmt: skip
    return tuple(action_of(row) for row in rows)


def load_shown(
    connection: sqlite3.Connection, profile_ids: Collection[int], since: datetime, limit: int = 20
) -> tuple[Action, ...]:
    """Return what is shown beside a customer: all that is not over, and what ended since then."""
    rows = connection.execute(
        f"{SELECT_ACTIONS} WHERE profile_id IN (SELECT value FROM json_each(:profiles))"
        f" AND ({UNDER_WAY} OR finished_at >= :since)"
        " ORDER BY shop_action.id DESC LIMIT :limit",
        {"profiles": json.dumps(sorted(profile_ids)), "since": to_us(since), "limit": limit},
    )
    return tuple(action_of(row) for row in rows)


def newest_change(connection: sqlite3.Connection, profile_ids: Collection[int]) -> int:
    """Return when a change of a customer last got further, in microseconds; 0: there is none."""
    row = connection.execute(
        "SELECT max(changed_at) FROM shop_action"
        " WHERE profile_id IN (SELECT value FROM json_each(:profiles))",
        {"profiles": json.dumps(sorted(profile_ids))},
    ).fetchone()
    return int(row[0] or 0)


def count_states(connection: sqlite3.Connection) -> Mapping[str, int]:
    """Return how many changes are queued, running, unknown."""
    rows = connection.execute(
        f"SELECT state, count(*) FROM shop_action WHERE {UNDER_WAY} GROUP BY state"
    )
    return {str(state): int(count) for state, count in rows}


def load_agent_right(connection: sqlite3.Connection, agent_id: int) -> tuple[str, bool] | None:
    """Return the role of an agent and whether they still are one, as the store has it now."""
    row = connection.execute(
        "SELECT role, active FROM agent WHERE id = :id", {"id": agent_id}
    ).fetchone()
    return None if row is None else (str(row[0]), bool(row[1]))


def load_source_right(
    connection: sqlite3.Connection, source_id: int
) -> tuple[str, str, bool] | None:
    """Return name and kind of a source, and whether it is switched on; None: gone."""
    row = connection.execute(
        "SELECT name, kind, enabled FROM source WHERE id = :id", {"id": source_id}
    ).fetchone()
    return None if row is None else (str(row[0]), str(row[1]), bool(row[2]))

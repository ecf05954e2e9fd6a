"""Pages of the activity log: of one ticket with its parts, or of the desk. Never all of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from helpdesk_tui.db.activity import load_latest_turn
from helpdesk_tui.domain.activity import ActivityFilter, ActivityRow, root_of
from helpdesk_tui.domain.times import from_us, to_us

_SELECT = (
    "SELECT activity.id, at, kind, actor_kind, activity.agent_id, agent.name, activity.ticket_id,"
    " ticket.subject, message_id, change_id, before, after FROM activity"
    " LEFT JOIN agent ON agent.id = activity.agent_id"
    " LEFT JOIN ticket ON ticket.id = activity.ticket_id"
)
SCAN = 20_000
"""Rows of the log of the desk that one page looks at, whatever the filter lets through."""


def has_ticket(connection: sqlite3.Connection, ticket_id: int) -> bool:
    """Tell whether there is a ticket of this number."""
    found = connection.execute("SELECT 1 FROM ticket WHERE id = :id", {"id": ticket_id})
    return found.fetchone() is not None


def load_ticket_page(
    connection: sqlite3.Connection,
    tickets: Sequence[int],
    wanted: ActivityFilter,
    *,
    before: int | None,
    limit: int,
) -> list[ActivityRow]:
    """Return entries of some tickets before one, the newest first."""
    where, values = _conditions(wanted)
    bound = "" if before is None else " AND activity.id < :before"
    found: list[tuple[Any, ...]] = []
    for ticket_id in tickets:
        found += connection.execute(
            f"{_SELECT} WHERE activity.ticket_id = :ticket{bound}{where}"
            " ORDER BY activity.id DESC LIMIT :limit",
            {**values, "ticket": ticket_id, "before": before, "limit": limit},
        ).fetchall()
    found.sort(key=lambda raw: -int(raw[0]))
    return [_row(raw) for raw in found[:limit]]


def load_desk_page(
    connection: sqlite3.Connection, wanted: ActivityFilter, *, before: int | None, limit: int
) -> tuple[list[ActivityRow], int | None]:
    """Return entries of the desk before one, the newest first, and where to go on from."""
    top = _start(connection, wanted, before)
    floor = max(0, top - SCAN)
    where, values = _conditions(wanted)
    found = connection.execute(
        f"{_SELECT} WHERE activity.id < :top AND activity.id >= :floor{where}"
        " ORDER BY activity.id DESC LIMIT :limit",
        {**values, "top": top, "floor": floor, "limit": limit},
    ).fetchall()
    rows = [_row(raw) for raw in found]
    if len(rows) == limit:
        return rows, rows[-1].id
    is_end = floor <= 1 or _is_older(connection, floor, wanted)
    return rows, None if is_end else floor


def _start(connection: sqlite3.Connection, wanted: ActivityFilter, before: int | None) -> int:
    newest = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM activity").fetchone()[0]
    top = int(newest) if before is None else min(int(newest), before)
    return top if wanted.until is None else min(top, _first_at(connection, to_us(wanted.until)))


def _first_at(connection: sqlite3.Connection, at: int) -> int:
    """Return the first entry of a moment or later: ids grow with time."""
    low, high = (
        0,
        int(connection.execute("SELECT coalesce(max(id), 0) + 1 FROM activity").fetchone()[0]),
    )
    while low < high:
        middle = (low + high) // 2
        row = connection.execute(
            "SELECT id, at FROM activity WHERE id >= :id ORDER BY id LIMIT 1", {"id": middle}
        ).fetchone()
        if row is None or row[1] >= at:
            high = middle
        else:
            low = int(row[0]) + 1
    return low


def _is_older(connection: sqlite3.Connection, entry: int, wanted: ActivityFilter) -> bool:
    if wanted.since is None:
        return False
    row = connection.execute(
        "SELECT at FROM activity WHERE id <= :id ORDER BY id DESC LIMIT 1", {"id": entry}
    ).fetchone()
    return row is None or int(row[0]) < to_us(wanted.since)


def _conditions(wanted: ActivityFilter) -> tuple[str, dict[str, Any]]:
    parts: list[str] = []
    values: dict[str, Any] = {}
    if wanted.agent_id is not None:
        parts.append("activity.agent_id = :agent")
        values["agent"] = wanted.agent_id
    if wanted.since is not None:
        parts.append("at >= :since")
        values["since"] = to_us(wanted.since)
    if wanted.until is not None:
        parts.append("at < :until")
        values["until"] = to_us(wanted.until)
    if wanted.groups:
        names = {f"kind{place}": kind for place, kind in enumerate(wanted.kinds)}
        parts.append(f"kind IN ({', '.join([f':{name}' for name in names])})")
        values |= names
    return "".join([f" AND {part}" for part in parts]), values


def load_change_rows(
    connection: sqlite3.Connection, change_id: str, limit: int
) -> list[ActivityRow]:
    """Return the first entries of one action, oldest first."""
    found = connection.execute(
        f"{_SELECT} WHERE change_id = :change AND change_id != '' ORDER BY activity.id"
        " LIMIT :limit",
        {"change": change_id, "limit": limit},
    )
    return [_row(raw) for raw in found]


def load_own_changes(
    connection: sqlite3.Connection, agent_id: int | None, kinds: Iterable[str], *, limit: int
) -> list[str]:
    """Return the newest actions of an agent, or of nobody: the ids of what they go back to."""
    names = {f"kind{place}": kind for place, kind in enumerate(sorted(kinds))}
    marks = ", ".join([f":{name}" for name in names])
    found = connection.execute(
        "SELECT change_id FROM activity WHERE id > (SELECT coalesce(max(id), 0) FROM activity)"
        f" - :scan AND agent_id IS :agent AND change_id != '' AND kind IN ({marks})"
        " ORDER BY id DESC LIMIT :limit",
        {**names, "agent": agent_id, "scan": SCAN, "limit": limit},
    )
    return list(dict.fromkeys(root_of(str(change)) for (change,) in found))


def with_latest(
    connection: sqlite3.Connection, rows: Iterable[ActivityRow]
) -> tuple[ActivityRow, ...]:
    """Return rows that know whether their change was undone."""
    known: dict[str, str] = {"": ""}
    out: list[ActivityRow] = []
    for row in rows:
        root = root_of(row.change_id)
        if root not in known:
            known[root] = load_latest_turn(connection, root)
        out.append(replace(row, latest=known[root]))
    return tuple(out)


def load_names(connection: sqlite3.Connection, rows: Iterable[ActivityRow]) -> list[ActivityRow]:
    """Return rows whose values name agents, teams and macros beside their ids."""
    agents = _names(connection, "agent")
    teams = _names(connection, "team")
    macros = _names(connection, "macro")
    known = {
        "assignee_id": agents, "watcher": agents, "agent": agents, "team_id": teams,
        "team": teams, "macro": macros,
    }  # fmt: skip
    return [
        replace(row, before=_named(row.before, known), after=_named(row.after, known))
        for row in rows
    ]


def _names(connection: sqlite3.Connection, table: str) -> dict[int, str]:
    return dict(connection.execute(f"SELECT id, name FROM {table}").fetchall())


def _named(values: Any, known: dict[str, dict[int, str]]) -> dict[str, Any]:
    out = dict(values)
    for name, value in values.items():
        if isinstance(value, int) and value in known.get(name, {}):
            out[f"{name.removesuffix('_id')}_name"] = known[name][value]
    return out


def _row(raw: tuple[Any, ...]) -> ActivityRow:
    return ActivityRow(
        id=raw[0],
        at=from_us(raw[1]),
        kind=raw[2],
        actor_kind=raw[3],
        agent_id=raw[4],
        agent=raw[5] or "",
        ticket_id=raw[6],
        subject=raw[7] or "",
        message_id=raw[8],
        change_id=raw[9],
        before=json.loads(raw[10]),
        after=json.loads(raw[11]),
    )

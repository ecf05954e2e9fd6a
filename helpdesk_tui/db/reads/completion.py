"""Values of the store that a query could name, with the number of tickets of each."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from helpdesk_tui.db.reads.lists import SHOWN
from helpdesk_tui.domain.text import fold
from helpdesk_tui.domain.tickets import Status

COUNTED = 1000
"""Tickets of a value counted at most."""
_MOST_NAMES = 40
_MOST_ADDRESSES = 12

Values = list[tuple[str, int | None]]


def load_values(
    connection: sqlite3.Connection, field: str, typed: str, agent_id: int | None
) -> Values | None:
    """Return names and addresses that begin with what is typed; None where they are a fixed list.

    Each comes with its number of tickets, which is not counted beyond 1,000 (then it is 1,001).
    """
    read = _READERS.get(field)
    return None if read is None else read(connection, typed, agent_id)


def load_counts_of(
    connection: sqlite3.Connection, field: str, values: tuple[str, ...], agent_id: int | None
) -> dict[str, int]:
    """Return the numbers of tickets of those fixed values whose counts come cheaply."""
    if field == "is":
        return _states(connection, agent_id)
    column = {"channel": "channel = :value", "priority": f"{_STATUSES} AND priority = :value"}
    if field not in column:
        return {}
    return {
        value: _count(connection, f"ticket WHERE {SHOWN} AND {column[field]}", value)
        for value in values
    }


def load_views(
    connection: sqlite3.Connection, typed: str, agent_id: int | None
) -> list[tuple[str, str]]:
    """Return (name, query) of an agent's own and the shared views that begin with what is typed."""
    found = connection.execute(
        "SELECT name, query FROM view WHERE agent_id IN (0, :agent) ORDER BY position, name",
        {"agent": agent_id},
    )
    wanted = fold(typed)
    return [(name, query) for name, query in found if fold(name).startswith(wanted)]


_STATUSES = "status IN ('open', 'snoozed', 'closed')"


def _count(connection: sqlite3.Connection, source: str, value: object) -> int:
    found = connection.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM {source} LIMIT {COUNTED + 1}) AS counted",
        {"value": value},
    )
    return int(found.fetchone()[0])


def _states(connection: sqlite3.Connection, agent_id: int | None) -> dict[str, int]:
    counts = {**dict.fromkeys([status.value for status in Status], 0), "spam": 0, "unread": 0,
              "mine": 0, "unassigned": 0}  # fmt: skip
    for assignee, status, spam, total, unread in connection.execute(
        "SELECT assignee_id, status, spam, total, unread FROM ticket_tally"
    ):
        if spam:
            counts["spam"] += total
            continue
        counts[status] += total
        counts["unread"] += unread
        counts["unassigned"] += total if assignee == 0 else 0
        counts["mine"] += total if assignee == agent_id else 0
    return counts


def _matching(connection: sqlite3.Connection, table: str, typed: str) -> list[tuple[int, str]]:
    wanted = fold(typed.removeprefix("@"))
    rows = connection.execute(f"SELECT id, name FROM {table} ORDER BY name")
    return [(number, name) for number, name in rows if fold(name).startswith(wanted)]


def _tags(connection: sqlite3.Connection, typed: str, agent_id: int | None) -> Values:
    names = _matching(connection, "tag", typed)[:_MOST_NAMES]
    return _by_count([
        (name, _count(connection, "ticket_tag WHERE tag_id = :value", number))
        for number, name in names
    ])  # fmt: skip


def _teams(connection: sqlite3.Connection, typed: str, agent_id: int | None) -> Values:
    names = _matching(connection, "team", typed)[:_MOST_NAMES]
    return [
        (name, _count(connection, "ticket WHERE team_id IS NOT NULL AND team_id = :value", number))
        for number, name in names
    ]


def _agents(connection: sqlite3.Connection, typed: str, agent_id: int | None) -> Values:
    totals = dict(connection.execute(
        "SELECT assignee_id, sum(total) FROM ticket_tally WHERE spam = 0 GROUP BY assignee_id"
    ).fetchall())  # fmt: skip
    special: Values = [("me", totals.get(agent_id, 0))] if agent_id is not None else []
    special.append(("none", totals.get(0, 0)))
    wanted = fold(typed)
    named: Values = [
        (name, totals.get(number, 0)) for number, name in _matching(connection, "agent", typed)
    ]
    return [one for one in special if one[0].startswith(wanted)] + named


def _authors(connection: sqlite3.Connection, typed: str, agent_id: int | None) -> Values:
    me: Values = [("me", None)] if agent_id is not None and "me".startswith(fold(typed)) else []
    named: Values = [(name, None) for _, name in _matching(connection, "agent", typed)]
    return me + named


def _inboxes(connection: sqlite3.Connection, typed: str, agent_id: int | None) -> Values:
    rows = connection.execute(
        "SELECT address FROM support_address UNION SELECT address FROM channel_account"
        " UNION SELECT name FROM channel_account ORDER BY 1"
    )
    return [(name, None) for (name,) in rows if fold(name).startswith(fold(typed))]


def _campaigns(connection: sqlite3.Connection, typed: str, agent_id: int | None) -> Values:
    rows = connection.execute(
        "SELECT name, count(*) FROM campaign_send WHERE message_id IS NOT NULL"
        " GROUP BY name ORDER BY name"
    )
    return [
        (name, min(count, COUNTED + 1))
        for name, count in rows
        if fold(name).startswith(fold(typed))
    ][:_MOST_NAMES]


def _segments(connection: sqlite3.Connection, typed: str, agent_id: int | None) -> Values:
    rows = connection.execute(
        "SELECT min(name), folded FROM customer_segment WHERE folded >= :low AND folded < :high"
        f" GROUP BY folded ORDER BY folded LIMIT {_MOST_NAMES}",
        {"low": fold(typed), "high": f"{fold(typed)}\U0010ffff"},
    ).fetchall()
    return _by_count([
        (name, _count(
            connection,
            "customer_segment JOIN ticket ON ticket.profile_id = customer_segment.profile_id"
            f" WHERE folded = :value AND {SHOWN}",
            folded,
        ))
        for name, folded in rows
    ])  # fmt: skip


def _addresses(connection: sqlite3.Connection, typed: str, agent_id: int | None) -> Values:
    """Return customers' addresses; without a letter typed there is no telling which."""
    if not typed:
        return []
    low = typed.lower()
    rows = connection.execute(
        "SELECT value, profile_id FROM identity WHERE kind = 'email' AND value >= :low"
        f" AND value < :high ORDER BY value LIMIT {_MOST_ADDRESSES}",
        {"low": low, "high": f"{low}\U0010ffff"},
    ).fetchall()
    return _by_count([
        (value, _count(connection, "ticket WHERE profile_id = :value", profile))
        for value, profile in rows
    ])  # fmt: skip


def _by_count(values: Values) -> Values:
    return sorted(values, key=lambda one: (-(one[1] or 0), one[0]))


_READERS: dict[str, Callable[[sqlite3.Connection, str, int | None], Values]] = {
    "tag": _tags,
    "team": _teams,
    "assignee": _agents,
    "by": _authors,
    "inbox": _inboxes,
    "campaign": _campaigns,
    "segment": _segments,
    **dict.fromkeys(("customer", "from", "to", "cc", "email"), _addresses),
}

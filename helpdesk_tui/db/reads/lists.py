"""Pages of ticket lists by keyset: every page costs the same, wherever in the list it lies.

The conditions ``spam = 0 AND merged_into IS NULL`` stand literally in each statement, because
SQLite only then uses the partial indexes that make these lists cheap.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk_tui.db.reads.counts import load_total, load_unread
from helpdesk_tui.db.reads.rows import COLUMNS, Raw
from helpdesk_tui.domain.tickets import Sort, SortKey, View, ViewFilter

SHOWN = "spam = 0 AND merged_into IS NULL"
BY_ID = "ticket NOT INDEXED"
"""The table, read by ids: without statistics SQLite would rather walk an index of a status."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The condition of a plain view with its parameters."""

    where: str
    params: dict[str, object]


def scope_of(where: ViewFilter) -> Scope:
    """Return which tickets a plain view shows (its query is not looked at)."""
    params: dict[str, object] = {}
    match where.view:
        case View.MINE:
            parts = [SHOWN, "assignee_id = :agent"]
            params["agent"] = where.agent_id
        case View.UNASSIGNED:
            parts = [SHOWN, "assignee_id IS NULL"]
        case View.ALL:
            parts = [SHOWN]
        case View.SPAM:
            parts = ["spam = 1 AND merged_into IS NULL"]
    if where.status is not None:
        parts.append("status = :status")
        params["status"] = where.status.value
    return Scope(" AND ".join(parts), params)


def page_sql(
    scope: str, *, keyed: bool, descending: bool, columns: str = COLUMNS, index: str = ""
) -> str:
    """Return the statement of one page; with ``keyed`` it starts beyond ``:at, :id``."""
    source = f"ticket INDEXED BY {index}" if index else "ticket"
    order = "DESC" if descending else "ASC"
    beyond = f" AND (last_message_at, id) {'<' if descending else '>'} (:at, :id)" if keyed else ""
    return (
        f"SELECT {columns} FROM {source} WHERE {scope}{beyond}"
        f" ORDER BY last_message_at {order}, id {order} LIMIT :limit"
    )


def load_page(
    connection: sqlite3.Connection,
    where: ViewFilter,
    *,
    beyond: SortKey | None,
    backwards: bool,
    limit: int,
) -> list[Raw]:
    """Return up to ``limit`` rows beyond a key, nearest first.

    Args:
        connection: inside a read transaction.
        where: a plain view.
        beyond: the key to start after; None starts at the end that is walked from.
        backwards: walk against the order of the list.
        limit: how many rows.
    """
    scope = scope_of(where)
    descending = (where.sort is Sort.NEWEST) is not backwards
    params = {**scope.params, "limit": limit}
    if beyond is not None:
        params |= {"at": beyond.at, "id": beyond.id}
    sql = page_sql(scope.where, keyed=beyond is not None, descending=descending)
    return connection.execute(sql, params).fetchall()


def load_rows(connection: sqlite3.Connection, scope: Scope, ids: Sequence[int]) -> dict[int, Raw]:
    """Return those of the named tickets that are in a view."""
    marks = ",".join(str(int(one)) for one in ids)
    found = connection.execute(
        f"SELECT {COLUMNS} FROM {BY_ID} WHERE id IN ({marks}) AND {scope.where}", scope.params
    )
    return {raw[0]: raw for raw in found}


def load_any(connection: sqlite3.Connection, ids: Sequence[int]) -> list[Raw]:
    """Return the named tickets, in the order named, whichever view they are in."""
    marks = ",".join(str(int(one)) for one in ids)
    found = {
        raw[0]: raw
        for raw in connection.execute(f"SELECT {COLUMNS} FROM ticket WHERE id IN ({marks})")
    }
    return [found[one] for one in ids if one in found]


def load_next_unread(
    connection: sqlite3.Connection, where: ViewFilter, after: SortKey
) -> Raw | None:
    """Return the first unread row after a key in list order.

    Walks the view, or the unread tickets of all views, whichever are fewer.
    """
    scope = scope_of(where)
    index = ""
    if where.view is not View.SPAM and load_unread(connection) < load_total(connection, where):
        index = "ticket_unread"
    sql = page_sql(
        f"unread = 1 AND {scope.where}",
        keyed=True,
        descending=where.sort is Sort.NEWEST,
        index=index,
    )
    params = {**scope.params, "at": after.at, "id": after.id, "limit": 1}
    found: Raw | None = connection.execute(sql, params).fetchone()
    return found

"""The statements of searches: what matches, whose it is, and which tickets pass."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from helpdesk_tui.db.reads.counts import load_total
from helpdesk_tui.db.reads.criteria import Criteria
from helpdesk_tui.db.reads.guard import guarded
from helpdesk_tui.db.reads.lists import BY_ID, page_sql
from helpdesk_tui.db.reads.orders import PLACES
from helpdesk_tui.db.reads.text_match import Clause
from helpdesk_tui.domain.tickets import SortKey, View, ViewFilter

BUDGET = 0.05
"""Seconds after which a walk gives what it has."""
_SPARSE = 90
"""How much dearer it is to look up whose a hit is than to know all messages of a view first."""


@dataclass(frozen=True, slots=True)
class Walk:
    """Which part of the hits is wanted."""

    beyond: SortKey | None
    descending: bool
    limit: int
    budget: float = BUDGET


def hits(
    connection: sqlite3.Connection, match: Clause, walk: Walk, *, is_guarded: bool = False
) -> tuple[list[int], bool]:
    """Return the ids of matching messages beyond a place, nearest first.

    Guarded, it may end early: then these are not all that were asked for, and it says so.
    """
    sign, order = ("<", "DESC") if walk.descending else (">", "ASC")
    bound = "" if walk.beyond is None else f" AND rowid {sign} :place"
    place = None if walk.beyond is None else walk.beyond.at
    found: list[int] = []
    with guarded(connection, walk.budget if is_guarded else None) as guard:
        for (rowid,) in connection.execute(
            f"SELECT rowid FROM message_fts WHERE message_fts MATCH :match{bound}"
            f" ORDER BY rowid {order} LIMIT :limit",
            {"match": match.match, "place": place, "limit": walk.limit},
        ):
            found.append(rowid)
    return found, not guard.is_up


def tickets_of(
    connection: sqlite3.Connection, match: Clause, rowids: Sequence[int]
) -> list[tuple[int, int]]:
    """Return (message, ticket) of messages."""
    return connection.execute(
        f"SELECT id, ticket_id FROM message WHERE id IN ({id_list(rowids)}){match.where}"
    ).fetchall()


def newest_match(
    connection: sqlite3.Connection, match: Clause, tickets: Iterable[int], *, since: int = 0
) -> dict[int, int]:
    """Return the newest matching message of each ticket that has one (of that id or later)."""
    found = connection.execute(
        "SELECT message.ticket_id, max(message.id) FROM message"
        " CROSS JOIN message_fts ON message_fts.rowid = message.id"
        f" WHERE message.ticket_id IN ({id_list(tickets)}) AND message.id >= :since{match.where}"
        " AND message_fts MATCH :match GROUP BY message.ticket_id",
        {"match": match.match, "since": since},
    )
    return dict(found.fetchall())


def allowed(
    connection: sqlite3.Connection, criteria: Criteria, tickets: Iterable[int]
) -> dict[int, int]:
    """Return those tickets that fulfil the conditions of columns, each with its place."""
    found = connection.execute(
        f"SELECT id, {PLACES[criteria.sort]} FROM {BY_ID} WHERE id IN ({id_list(tickets)})"
        f" AND {criteria.where}",
        criteria.params,
    )
    return dict(found.fetchall())


def checked(connection: sqlite3.Connection, criteria: Criteria, tickets: Iterable[int]) -> set[int]:
    """Return those tickets that pass the conditions that look into messages."""
    kept = set(tickets)
    if not kept or not criteria.checks:
        return kept
    found = connection.execute(
        f"SELECT id FROM {BY_ID} WHERE id IN ({id_list(kept)}) AND {' AND '.join(criteria.checks)}",
        criteria.params,
    )
    return {number for (number,) in found}


def messages_of_view(
    connection: sqlite3.Connection, criteria: Criteria, match: Clause
) -> dict[int, int] | None:
    """Return the messages of all tickets that fulfil the conditions of columns, with their tickets.

    That is cheaper than to look up hit by hit whose it is, where most belong to other tickets; None
    where it is not.
    """
    if len(criteria.scopes) > 1 or criteria.scopes[0].startswith("merged_into IS NOT"):
        return None
    if criteria.is_plain:
        return None
    total = load_total(connection, criteria.view)
    if total * total > _SPARSE * load_total(connection, ViewFilter(View.ALL)):
        return None
    sql = page_sql(criteria.where, keyed=False, descending=True, columns="id")
    params = {**criteria.params, "limit": total}
    tickets = id_list(number for (number,) in connection.execute(sql, params))
    return dict(
        connection.execute(
            f"SELECT id, ticket_id FROM message WHERE ticket_id IN ({tickets}){match.where}"
        ).fetchall()
    )


def id_list(numbers: Iterable[int]) -> str:
    """Return whole numbers as they stand inside of ``IN (…)``."""
    return ",".join([str(int(number)) for number in numbers])

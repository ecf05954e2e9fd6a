"""The append-only log of state changes: who, when, which ticket, what from, what to."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from helpdesk_tui.domain.activity import family_of
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.times import from_us, to_us

_HOMES = """
    ticket_id IN (
        WITH RECURSIVE home (id) AS (
            SELECT :ticket_id
            UNION SELECT original_ticket_id FROM message WHERE id = :message_id
            UNION SELECT ticket.merged_into FROM ticket JOIN home ON ticket.id = home.id
            WHERE ticket.merged_into IS NOT NULL
        )
        SELECT id FROM home
    )
"""
"""Where a message stood: its entries stay with the ticket it was in when they were made."""

_BEYOND = 2**62
"""An id after all there are."""

_INSERT = """
    INSERT INTO activity (at, ticket_id, message_id, actor_kind, agent_id, change_id, kind,
                          before, after)
    VALUES (:at, :ticket_id, :message_id, :actor_kind, :agent_id, :change_id, :kind,
            :before, :after)
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One state change. Values are ids, codes, numbers and microseconds: never texts."""

    kind: str
    ticket_id: int | None = None
    message_id: int | None = None
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


_SHARED_ID: ContextVar[str] = ContextVar("change_id", default="")


def new_change_id() -> str:
    """Return an id for one action: what one undo takes back; inside :func:`one_change` its id."""
    return _SHARED_ID.get() or secrets.token_hex(8)


@contextmanager
def one_change(change_id: str) -> Iterator[None]:
    """Make everything that this thread does meanwhile one action, in however many transactions."""
    token = _SHARED_ID.set(change_id)
    try:
        yield
    finally:
        _SHARED_ID.reset(token)


def record(
    connection: sqlite3.Connection,
    actor: Actor,
    now: datetime,
    entries: Iterable[Entry],
    change_id: str = "",
) -> None:
    """Append entries inside the caller's transaction.

    Args:
        connection: A connection in a write transaction.
        actor: Who did it.
        now: When.
        entries: What was done.
        change_id: Groups what one undo takes back.
    """
    shared = {
        "at": to_us(now),
        "actor_kind": actor.kind.value,
        "agent_id": actor.agent_id,
        "change_id": change_id,
    }
    connection.executemany(
        _INSERT,
        [
            {
                **shared,
                "ticket_id": entry.ticket_id,
                "message_id": entry.message_id,
                "kind": entry.kind,
                "before": json.dumps(entry.before, separators=(",", ":")),
                "after": json.dumps(entry.after, separators=(",", ":")),
            }
            for entry in entries
        ],
    )


def load_change(connection: sqlite3.Connection, change_id: str) -> list[Entry]:
    """Return the entries of one action, oldest first."""
    found = connection.execute(
        "SELECT kind, ticket_id, message_id, before, after FROM activity"
        " WHERE change_id = :change_id AND change_id != '' ORDER BY id",
        {"change_id": change_id},
    )
    return [Entry(row[0], row[1], row[2], json.loads(row[3]), json.loads(row[4])) for row in found]


def load_latest_turn(connection: sqlite3.Connection, change_id: str) -> str:
    """Return the newest undoing or redoing of an action; empty if it never was undone."""
    low, high = family_of(change_id)
    row = connection.execute(
        "SELECT change_id FROM activity WHERE change_id > :low AND change_id < :high"
        " AND change_id != '' ORDER BY id DESC LIMIT 1",
        {"low": low, "high": high},
    ).fetchone()
    return "" if row is None else str(row[0])


def load_change_part(
    connection: sqlite3.Connection, change_id: str, before: int | None, limit: int
) -> tuple[list[Entry], int | None]:
    """Return the newest entries of an action before one, oldest first, and where to go on.

    What belongs to one ticket is not divided; None says that nothing is left before.
    """
    found = connection.execute(
        "SELECT kind, ticket_id, message_id, before, after, id FROM activity"
        " WHERE change_id = :change_id AND change_id != '' AND id < :before"
        " ORDER BY id DESC LIMIT :limit",
        {"change_id": change_id, "before": before or _BEYOND, "limit": limit + 1},
    ).fetchall()
    has_more = len(found) > limit
    if has_more:
        whole = [row for row in found[:limit] if row[1] != found[limit][1]]
        found = whole or found[:limit]
    entries = [Entry(row[0], row[1], row[2], json.loads(row[3]), json.loads(row[4]))
               for row in reversed(found)]  # fmt: skip
    return entries, found[-1][5] if has_more else None


def count_change(connection: sqlite3.Connection, change_id: str) -> int:
    """Return how many tickets an action touched."""
    found = connection.execute(
        "SELECT count(DISTINCT ticket_id) FROM activity"
        " WHERE change_id = :change_id AND change_id != ''",
        {"change_id": change_id},
    )
    return int(found.fetchone()[0])


def has_kind(connection: sqlite3.Connection, change_id: str, kinds: Iterable[str]) -> bool:
    """Tell whether an action did anything of some kinds."""
    found = connection.execute(
        "SELECT 1 FROM activity WHERE change_id = :change_id AND change_id != ''"
        " AND kind IN (SELECT value FROM json_each(:kinds)) LIMIT 1",
        {"change_id": change_id, "kinds": json.dumps(list(kinds))},
    )
    return found.fetchone() is not None


def load_newest(connection: sqlite3.Connection, ticket_id: int, kind: str) -> Entry | None:
    """Return the newest entry of a kind in a ticket."""
    row = connection.execute(
        "SELECT kind, ticket_id, message_id, before, after FROM activity"
        " WHERE ticket_id = :ticket_id AND kind = :kind ORDER BY id DESC LIMIT 1",
        {"ticket_id": ticket_id, "kind": kind},
    ).fetchone()
    if row is None:
        return None
    return Entry(row[0], row[1], row[2], json.loads(row[3]), json.loads(row[4]))


def load_queued(connection: sqlite3.Connection, message_id: int, ticket_id: int) -> Entry | None:
    """Return the entry that queued a reply: what it changed in its ticket."""
    row = connection.execute(
        "SELECT kind, ticket_id, message_id, before, after FROM activity"
        f" WHERE {_HOMES} AND message_id = :message_id"
        " AND kind IN ('message.queued', 'message.scheduled')"
        " ORDER BY id LIMIT 1",
        {"ticket_id": ticket_id, "message_id": message_id},
    ).fetchone()
    if row is None:
        return None
    return Entry(row[0], row[1], row[2], json.loads(row[3]), json.loads(row[4]))


def last_decided(
    connection: sqlite3.Connection, message_id: int, ticket_id: int
) -> datetime | None:
    """Return when somebody last wanted a message sent; the worker's own tries do not count.

    Looked for in the ticket, and in the one the message first belonged to.
    """
    found = connection.execute(
        "SELECT activity.at, activity.before FROM activity"
        " WHERE activity.message_id = :message_id AND activity.kind = 'message.queued'"
        " AND activity.ticket_id IN (:ticket_id,"
        "  (SELECT original_ticket_id FROM message WHERE id = :message_id))"
        " ORDER BY activity.id DESC",
        {"ticket_id": ticket_id, "message_id": message_id},
    )
    decided = (at for at, before in found if json.loads(before).get("delivery") != "sending")
    at = next(decided, None)
    return None if at is None else from_us(at)


def may_have_left(connection: sqlite3.Connection, message_id: int, ticket_id: int) -> bool:
    """Tell whether a reply was sent once, wholly or perhaps, before it was queued again."""
    row = connection.execute(
        f"SELECT 1 FROM activity WHERE {_HOMES} AND message_id = :message_id"
        " AND kind IN ('message.sent', 'message.failed', 'message.unknown') LIMIT 1",
        {"ticket_id": ticket_id, "message_id": message_id},
    ).fetchone()
    return row is not None


def load_change_id(connection: sqlite3.Connection, message_id: int, ticket_id: int) -> str:
    """Return the change id under which a reply was queued."""
    row = connection.execute(
        f"SELECT change_id FROM activity WHERE {_HOMES}"
        " AND message_id = :message_id AND kind IN ('message.queued', 'message.scheduled')"
        " ORDER BY id LIMIT 1",
        {"ticket_id": ticket_id, "message_id": message_id},
    ).fetchone()
    return "" if row is None else str(row[0])

"""Load and store what triage moves: status, assignee, tags, unread, spam."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from helpdesk_tui.db.customers import move_customer
from helpdesk_tui.domain.tickets import Priority, Status
from helpdesk_tui.domain.times import from_us, to_us
from helpdesk_tui.domain.triage import FIELDS, TicketState
from helpdesk_tui.domain.webchat.chats import Responder, Talk

_COLUMNS = (
    "id, channel, status, spam, unread, assignee_id, waiting_since, closed_at, snoozed_until,"
    " snooze_zone, snooze_keep, tags, merged_into, version, profile_id, flags, offer,"
    " priority, team_id,"
    " CASE WHEN channel IN ('sms', 'whatsapp', 'instagram') THEN"
    " (SELECT id FROM identity WHERE value = customer_address AND kind IN ('phone', channel))"
    " WHEN channel != 'webchat' OR instr(customer_address, '@') THEN"
    " (SELECT id FROM identity WHERE kind = 'email' AND value = customer_address)"
    " ELSE (SELECT id FROM identity WHERE kind = 'webchat'"
    " AND value = recipient || substr(customer_address, instr(customer_address, ':'))) END,"
    " conversation, closing_at, responder"
)
_CHUNK = 500
"""Ids asked for in one statement."""


def load_states(connection: sqlite3.Connection, ids: Sequence[int]) -> dict[int, TicketState]:
    """Return the tickets of these ids; unknown ones are missing."""
    found: dict[int, TicketState] = {}
    for start in range(0, len(ids), _CHUNK):
        part = ids[start : start + _CHUNK]
        marks = ", ".join("?" * len(part))
        for row in connection.execute(
            f"SELECT {_COLUMNS} FROM ticket LEFT JOIN chat ON chat.ticket_id = ticket.id"
            f" WHERE ticket.id IN ({marks})",
            part,
        ):
            state = _state(row)
            found[state.id] = state
    return found


def _state(row: tuple[Any, ...]) -> TicketState:
    moments = [None if value is None else from_us(value) for value in row[6:9]]
    return TicketState(
        id=row[0],
        channel=row[1],
        status=Status(row[2]),
        spam=row[3] == 1,
        unread=row[4] == 1,
        assignee_id=row[5],
        waiting_since=moments[0],
        closed_at=moments[1],
        snoozed_until=moments[2],
        snooze_zone=row[9],
        snooze_keep=row[10] == 1,
        tags=tuple(row[11].split()),
        merged_into=row[12],
        version=row[13],
        profile_id=row[14],
        flags=tuple(row[15].split()),
        offer=row[16],
        priority=Priority(row[17]),
        team_id=row[18],
        identity_id=row[19],
        talk=None if row[20] is None else _talk(row[21], row[22]),
    )


def _talk(closing_at: int | None, responder: str) -> Talk:
    return Talk(None if closing_at is None else from_us(closing_at), Responder(responder))


def due_ids(connection: sqlite3.Connection, now: datetime, limit: int) -> list[int]:
    """Return snoozed tickets whose time has come, longest due first."""
    found = connection.execute(
        "SELECT id FROM ticket WHERE status = 'snoozed' AND merged_into IS NULL"
        " AND snoozed_until <= :now"
        " ORDER BY snoozed_until LIMIT :limit",
        {"now": to_us(now), "limit": limit},
    )
    return [row[0] for row in found]


def next_wake(connection: sqlite3.Connection) -> datetime | None:
    """Return when the next snooze ends."""
    row = connection.execute(
        "SELECT min(snoozed_until) FROM ticket"
        " WHERE status = 'snoozed' AND merged_into IS NULL AND snoozed_until IS NOT NULL"
    ).fetchone()
    return None if row[0] is None else from_us(row[0])


def save_states(
    connection: sqlite3.Connection,
    changes: Iterable[tuple[TicketState, TicketState]],
    now: datetime,
) -> None:
    """Store changed tickets, given as (before, after): only what differs is written."""
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    tagged: list[tuple[TicketState, TicketState]] = []
    talks: list[tuple[int, Talk]] = []
    for before, after in changes:
        names = tuple(name for name in FIELDS if getattr(before, name) != getattr(after, name))
        if "identity_id" in names:
            move_customer(connection, before, after)
            names = tuple(name for name in names if name != "identity_id")
        values = {name: _column(getattr(after, name)) for name in names}
        if before.flags != after.flags:
            names = (*names, "flags")
            values["flags"] = " ".join(after.flags)
        if before.tags != after.tags:
            names = (*names, "tags")
            values["tags"] = " ".join(after.tags)
            tagged.append((before, after))
        if after.talk is not None and before.talk != after.talk:
            talks.append((after.id, after.talk))
        groups[names].append({**values, "id": after.id, "now": to_us(now)})
    for names, rows in groups.items():
        assignments = "".join(f"{name} = :{name}, " for name in names)
        connection.executemany(
            f"UPDATE ticket SET {assignments}updated_at = :now, version = version + 1"
            " WHERE id = :id",
            rows,
        )
    if tagged:
        _save_tags(connection, tagged)
    connection.executemany(
        "UPDATE chat SET closing_at = :closing, responder = :responder"
        " WHERE ticket_id = :ticket AND ended_at IS NULL",
        [
            {"closing": _column(talk.closing_at), "responder": talk.responder, "ticket": ticket}
            for ticket, talk in talks
        ],
    )


def _column(value: Any) -> Any:
    return to_us(value) if isinstance(value, datetime) else value


def _save_tags(
    connection: sqlite3.Connection, changes: Sequence[tuple[TicketState, TicketState]]
) -> None:
    added = [
        {"ticket": after.id, "name": name}
        for before, after in changes
        for name in after.tags
        if name not in before.tags
    ]
    removed = [
        {"ticket": after.id, "name": name}
        for before, after in changes
        for name in before.tags
        if name not in after.tags
    ]
    connection.executemany(
        "INSERT INTO tag (name) VALUES (:name) ON CONFLICT DO NOTHING",
        [{"name": name} for name in {row["name"] for row in added}],
    )
    connection.executemany(
        "INSERT INTO ticket_tag (ticket_id, tag_id)"
        " SELECT :ticket, id FROM tag WHERE name = :name ON CONFLICT DO NOTHING",
        added,
    )
    connection.executemany(
        "DELETE FROM ticket_tag WHERE ticket_id = :ticket"
        " AND tag_id = (SELECT id FROM tag WHERE name = :name)",
        removed,
    )


def has_agent(connection: sqlite3.Connection, agent_id: int) -> bool:
    """Tell whether an agent exists and is active."""
    row = connection.execute(
        "SELECT 1 FROM agent WHERE id = :id AND active = 1", {"id": agent_id}
    ).fetchone()
    return row is not None


def has_team(connection: sqlite3.Connection, team_id: int) -> bool:
    """Tell whether a team exists."""
    row = connection.execute("SELECT 1 FROM team WHERE id = :id", {"id": team_id}).fetchone()
    return row is not None

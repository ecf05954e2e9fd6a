"""What tickets may be merged, what was merged into one, and what an offer is about."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import timedelta

from helpdesk_tui.db.reads.rows import COLUMNS, assemble
from helpdesk_tui.domain.offer_codes import OfferKind, read_offer
from helpdesk_tui.domain.ticket_details import Offered
from helpdesk_tui.domain.tickets import TicketRow
from helpdesk_tui.domain.times import from_us

_CHUNK = 500


def load_offered(connection: sqlite3.Connection, ticket_id: int, offer: str) -> Offered | None:
    """Return what an offer is about, as it stands now.

    None where it no longer makes sense: the tickets are one already, or another customer's, or the
    message has left.
    """
    found = read_offer(offer)
    if found is None:
        return None
    kind, number = found
    read = _mergeable if kind is OfferKind.MERGE else _splittable
    return read(connection, ticket_id, number)


def _mergeable(connection: sqlite3.Connection, ticket_id: int, named: int) -> Offered | None:
    found = connection.execute(
        "SELECT other.id, other.subject, other.last_message_at FROM ticket AS other"
        " JOIN ticket AS this ON this.id = :ticket WHERE other.id = :other"
        " AND other.id != this.id AND other.merged_into IS NULL AND this.merged_into IS NULL"
        " AND other.profile_id = this.profile_id AND other.spam = this.spam",
        {"ticket": ticket_id, "other": standing(connection, named)},
    ).fetchone()
    return (
        None if found is None else Offered(OfferKind.MERGE, found[0], found[1], from_us(found[2]))
    )


def _splittable(connection: sqlite3.Connection, ticket_id: int, message_id: int) -> Offered | None:
    found = connection.execute(
        "SELECT subject, received_at, (SELECT min(received_at) FROM message AS earlier"
        " WHERE earlier.ticket_id = message.ticket_id AND earlier.id < message.id"
        " AND earlier.direction != 'note') FROM message"
        " WHERE id = :message AND ticket_id = :ticket",
        {"message": message_id, "ticket": ticket_id},
    ).fetchone()
    if found is None or found[2] is None:
        return None
    subject, at, began = found
    age = timedelta(microseconds=max(0, at - began))
    return Offered(OfferKind.SPLIT, message_id, subject, from_us(at), age)


def standing(connection: sqlite3.Connection, ticket_id: int) -> int | None:
    """Return where a ticket stands now, merges followed; None if there is none of this number."""
    seen: set[int] = set()
    while True:
        found = connection.execute(
            "SELECT merged_into FROM ticket WHERE id = :id", {"id": ticket_id}
        ).fetchone()
        if found is None:
            return None
        seen.add(ticket_id)
        if found[0] is None or found[0] in seen:
            return ticket_id
        ticket_id = int(found[0])


def load_same_customer(
    connection: sqlite3.Connection, ticket_id: int, agent_id: int | None, limit: int
) -> tuple[TicketRow, ...]:
    """Return the other tickets of a ticket's customer that stand by themselves, newest first."""
    found = connection.execute(
        f"SELECT {COLUMNS} FROM ticket WHERE merged_into IS NULL AND id != :ticket"
        " AND profile_id = (SELECT profile_id FROM ticket WHERE id = :ticket)"
        " ORDER BY last_message_at DESC, id DESC LIMIT :limit",
        {"ticket": ticket_id, "limit": limit},
    ).fetchall()
    return assemble(connection, found, agent_id)


def load_rows(
    connection: sqlite3.Connection, ids: Sequence[int], agent_id: int | None
) -> dict[int, TicketRow]:
    """Return tickets by id, wherever they stand; unknown ones are missing."""
    rows: dict[int, TicketRow] = {}
    for start in range(0, len(ids), _CHUNK):
        part = ids[start : start + _CHUNK]
        marks = ", ".join("?" * len(part))
        found = connection.execute(f"SELECT {COLUMNS} FROM ticket WHERE id IN ({marks})", part)
        rows |= {row.id: row for row in assemble(connection, found.fetchall(), agent_id)}
    return rows


def load_parts(connection: sqlite3.Connection, ticket_id: int) -> list[int]:
    """Return the tickets that were merged into one, also by way of others, the latest first.

    Read from the log, which is indexed by ticket; there is no index of where tickets went.
    """
    parts: dict[int, None] = {}
    waiting = [ticket_id]
    while waiting:
        into = waiting.pop(0)
        for part in _absorbed(connection, into):
            if part not in parts and part != ticket_id:
                parts[part] = None
                waiting.append(part)
    return list(parts)


def _absorbed(connection: sqlite3.Connection, into: int) -> list[int]:
    found = connection.execute(
        "SELECT after FROM activity WHERE ticket_id = :into AND kind = 'ticket.absorbed'"
        " ORDER BY id DESC",
        {"into": into},
    )
    named = list(dict.fromkeys(int(json.loads(after).get("ticket", 0)) for (after,) in found))
    still: set[int] = set()
    for start in range(0, len(named), _CHUNK):
        part = named[start : start + _CHUNK]
        marks = ", ".join("?" * len(part))
        merged = connection.execute(
            f"SELECT id FROM ticket WHERE merged_into = ? AND id IN ({marks})", (into, *part)
        )
        still.update(row[0] for row in merged)
    return [each for each in named if each in still]

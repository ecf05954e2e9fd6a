"""Macros as rows, and what they are filled in from."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk_tui.db.replies import remove_message
from helpdesk_tui.domain.times import from_us, to_us

_COLUMNS = "id, name, source, shortcut, uses, used_at, updated_at, version"


@dataclass(frozen=True, slots=True)
class StoredMacro:
    """A row of the table."""

    id: int
    name: str
    source: str
    shortcut: str
    uses: int
    used_at: datetime | None
    updated_at: datetime
    version: int


def _stored(row: tuple[Any, ...]) -> StoredMacro:
    used = None if row[5] is None else from_us(row[5])
    return StoredMacro(row[0], row[1], row[2], row[3], row[4], used, from_us(row[6]), row[7])


def load_macros(connection: sqlite3.Connection) -> list[StoredMacro]:
    """Return all macros by name."""
    found = connection.execute(f"SELECT {_COLUMNS} FROM macro ORDER BY fold(name), id")
    return [_stored(row) for row in found]


def load_macro(connection: sqlite3.Connection, macro_id: int) -> StoredMacro | None:
    """Return one macro, or None."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM macro WHERE id = :id", {"id": macro_id}
    ).fetchone()
    return None if row is None else _stored(row)


def find_macro(connection: sqlite3.Connection, name: str) -> StoredMacro | None:
    """Return the macro of a name, whatever its case and accents, or None."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM macro WHERE name = :name"
        f" UNION ALL SELECT {_COLUMNS} FROM macro WHERE fold(name) = fold(:name) LIMIT 1",
        {"name": name},
    ).fetchone()
    return None if row is None else _stored(row)


def insert_macro(
    connection: sqlite3.Connection, name: str, source: str, shortcut: str, now: datetime
) -> int:
    """Add a macro and return its id."""
    row = connection.execute(
        "INSERT INTO macro (name, source, shortcut, updated_at)"
        " VALUES (:name, :source, :shortcut, :now) RETURNING id",
        {"name": name, "source": source, "shortcut": shortcut, "now": to_us(now)},
    ).fetchone()
    return int(row[0])


def update_macro(
    connection: sqlite3.Connection,
    macro_id: int,
    name: str,
    source: str,
    shortcut: str,
    now: datetime,
) -> None:
    """Change a macro; its version grows."""
    connection.execute(
        "UPDATE macro SET name = :name, source = :source, shortcut = :shortcut,"
        " updated_at = :now, version = version + 1 WHERE id = :id",
        {"id": macro_id, "name": name, "source": source, "shortcut": shortcut, "now": to_us(now)},
    )


def delete_macro(connection: sqlite3.Connection, macro_id: int) -> None:
    """Remove a macro."""
    connection.execute("DELETE FROM macro WHERE id = :id", {"id": macro_id})


def count_uses(connection: sqlite3.Connection, macro_id: int, count: int, now: datetime) -> None:
    """Note that a macro was used so many times."""
    connection.execute(
        "UPDATE macro SET uses = uses + :count, used_at = :now WHERE id = :id",
        {"id": macro_id, "count": count, "now": to_us(now)},
    )


def load_teams_of(connection: sqlite3.Connection, agent_id: int | None) -> tuple[str, ...]:
    """Return the names of an agent's teams."""
    found = connection.execute(
        "SELECT team.name FROM membership JOIN team ON team.id = membership.team_id"
        " WHERE membership.agent_id = :agent ORDER BY team.name",
        {"agent": agent_id},
    )
    return tuple(row[0] for row in found)


@dataclass(frozen=True, slots=True)
class MacroFacts:
    """What the store knows of a ticket that macros may name."""

    ticket_id: int
    channel: str
    subject: str
    status: str
    priority: str
    tags: tuple[str, ...]
    recipient: str
    customer_name: str
    customer_address: str
    created_at: datetime
    last_message_at: datetime
    waiting_since: datetime | None
    email: str
    phone: str
    location: str
    timezone: str
    assignee: tuple[str, str, str] | None
    """Name, full name and address."""
    team: str
    support_name: str
    ticket_count: int
    profile_id: int


_FACTS = """
    SELECT ticket.id, ticket.channel, ticket.subject, ticket.status, ticket.priority, ticket.tags,
           ticket.recipient, ticket.customer_name, ticket.customer_address, ticket.created_at,
           ticket.last_message_at, ticket.waiting_since,
           profile.email, profile.phone, profile.location, profile.timezone,
           agent.name, agent.full_name, agent.email,
           coalesce(team.name, ''), coalesce(support_address.name, ''),
           (SELECT count(*) FROM (SELECT 1 FROM ticket AS other
            WHERE other.profile_id = ticket.profile_id AND other.merged_into IS NULL
            LIMIT 1000) AS counted),
           ticket.profile_id
    FROM ticket
    JOIN profile ON profile.id = ticket.profile_id
    LEFT JOIN agent ON agent.id = ticket.assignee_id
    LEFT JOIN team ON team.id = ticket.team_id
    LEFT JOIN support_address ON support_address.address = lower(ticket.recipient)
    WHERE ticket.id = :ticket
"""


def load_facts(connection: sqlite3.Connection, ticket_id: int) -> MacroFacts | None:
    """Return what is known of a ticket, or None if there is no such ticket."""
    row = connection.execute(_FACTS, {"ticket": ticket_id}).fetchone()
    if row is None:
        return None
    waiting = None if row[11] is None else from_us(row[11])
    return MacroFacts(
        ticket_id=row[0],
        channel=row[1],
        subject=row[2],
        status=row[3],
        priority=row[4],
        tags=tuple(row[5].split()),
        recipient=row[6],
        customer_name=row[7],
        customer_address=row[8],
        created_at=from_us(row[9]),
        last_message_at=from_us(row[10]),
        waiting_since=waiting,
        email=row[12],
        phone=row[13],
        location=row[14],
        timezone=row[15],
        assignee=None if row[16] is None else (row[16], row[17], row[18]),
        team=row[19],
        support_name=row[20],
        ticket_count=row[21],
        profile_id=row[22],
    )


def load_person(connection: sqlite3.Connection, agent_id: int) -> tuple[str, str, str]:
    """Return name, full name and address of an agent."""
    row = connection.execute(
        "SELECT name, full_name, email FROM agent WHERE id = :id", {"id": agent_id}
    ).fetchone()
    return ("", "", "") if row is None else (row[0], row[1], row[2])


def load_last_inbound(
    connection: sqlite3.Connection, ticket_id: int
) -> tuple[str, str, str, str, datetime] | None:
    """Return text, folds, subject, author and moment of the newest message from outside."""
    row = connection.execute(
        "SELECT text, folds, subject, author_name, sent_at FROM message"
        " WHERE ticket_id = :ticket AND direction = 'inbound' ORDER BY id DESC LIMIT 1",
        {"ticket": ticket_id},
    ).fetchone()
    return None if row is None else (*row[:4], from_us(row[4]))


def load_file_size(connection: sqlite3.Connection, sha256: str) -> int | None:
    """Return the size of stored bytes, or None if the store has them not."""
    row = connection.execute(
        "SELECT size FROM blob WHERE sha256 = :sha256", {"sha256": sha256}
    ).fetchone()
    return None if row is None else int(row[0])


def is_note(connection: sqlite3.Connection, message_id: int) -> bool:
    """Tell whether a message is there and is an internal note."""
    row = connection.execute(
        "SELECT 1 FROM message WHERE id = :id AND direction = 'note'", {"id": message_id}
    ).fetchone()
    return row is not None


@dataclass(frozen=True, slots=True)
class Note:
    """An internal note, as far as it matters for taking it back."""

    ticket_id: int
    agent_id: int | None
    text: str
    is_answered: bool
    """Another agent wrote into the ticket since."""


def load_note(connection: sqlite3.Connection, message_id: int) -> Note | None:
    """Return an internal note, or None."""
    row = connection.execute(
        "SELECT ticket_id, agent_id, text, EXISTS (SELECT 1 FROM message AS later"
        " WHERE later.ticket_id = message.ticket_id AND later.id > message.id"
        " AND later.agent_id IS NOT NULL AND later.agent_id IS NOT message.agent_id)"
        " FROM message WHERE id = :id AND direction = 'note'",
        {"id": message_id},
    ).fetchone()
    return None if row is None else Note(row[0], row[1], row[2], row[3] == 1)


def remove_note(connection: sqlite3.Connection, message_id: int) -> None:
    """Remove an internal note, and whom it mentions."""
    connection.execute("DELETE FROM mention WHERE message_id = :id", {"id": message_id})
    remove_message(connection, message_id)


@contextmanager
def one_ticket(connection: sqlite3.Connection) -> Iterator[None]:
    """Undo what was done to one ticket if it fails, inside the caller's transaction."""
    connection.execute("SAVEPOINT macro")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK TO macro")
        connection.execute("RELEASE macro")
        raise
    connection.execute("RELEASE macro")

"""What a reply reads and writes: the ticket, the message answered, the message that leaves."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk_tui.db.drafts import StoredFile
from helpdesk_tui.db.fulltext import index_message, unindex_message
from helpdesk_tui.db.passing_on import load_third_parties
from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.messages import Delivery
from helpdesk_tui.domain.times import from_us, to_us

_MAX_KNOWN = 200
"""Messages of a ticket whose References are looked at to make a chain whole."""


@dataclass(frozen=True, slots=True)
class Target:
    """The ticket that is answered."""

    id: int
    channel: str
    account_id: int | None
    subject: str
    customer_name: str
    customer_address: str
    recipient: str
    merged_into: int | None
    unread: bool
    last_message_at: int
    waiting_since: int | None
    message_count: int
    has_media: bool
    flags: tuple[str, ...] = ()
    held_at: int | None = None


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where a reply comes from."""

    account_id: int
    address: str
    name: str
    signature: str
    """What stands below every reply from there."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The customer message that a reply answers."""

    id: int
    external_id: str
    thread_ids: tuple[str, ...]
    sender: str
    reply_to: str
    recipients: tuple[str, ...]
    copies: tuple[str, ...]
    name: str
    flags: tuple[str, ...]
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Outbound:
    """An outbound message as far as undo, retry and resolve look at it."""

    id: int
    ticket_id: int
    agent_id: int | None
    delivery: Delivery
    claimed_by: str
    text: str
    folds: str
    received_at: datetime
    is_forward: bool
    is_holding: bool
    """It only asked for patience."""
    to: tuple[str, ...]
    cc: tuple[str, ...]
    bcc: tuple[str, ...]
    channel: str = ""
    template: str = ""
    """JSON of the approved template that it was sent as."""
    error_code: str = ""


@dataclass(frozen=True, slots=True)
class Author:
    """The agent who writes."""

    name: str
    """As customers see it."""
    signature: str


def load_author(connection: sqlite3.Connection, agent_id: int) -> Author:
    """Return how an agent signs."""
    row = connection.execute(
        "SELECT name, full_name, signature FROM agent WHERE id = :id", {"id": agent_id}
    ).fetchone()
    return Author(row[1] or row[0], row[2])


def load_target(connection: sqlite3.Connection, ticket_id: int) -> Target | None:
    """Return the ticket, or None."""
    row = connection.execute(
        "SELECT id, channel, channel_account_id, subject, customer_name, customer_address,"
        " recipient, merged_into, unread, last_message_at, waiting_since, message_count,"
        " has_media, flags, held_at FROM ticket WHERE id = :id",
        {"id": ticket_id},
    ).fetchone()
    if row is None:
        return None
    return Target(
        id=row[0],
        channel=row[1],
        account_id=row[2],
        subject=row[3],
        customer_name=row[4],
        customer_address=row[5],
        recipient=row[6],
        merged_into=row[7],
        unread=row[8] == 1,
        last_message_at=row[9],
        waiting_since=row[10],
        message_count=row[11],
        has_media=row[12] == 1,
        flags=tuple(row[13].split()),
        held_at=row[14],
    )


def load_mailbox(connection: sqlite3.Connection, target: Target) -> Mailbox | None:
    """Return where a reply leaves from: the address written to, else its mailbox's, else any."""
    row = connection.execute(
        "SELECT channel_account_id, address, name, signature FROM support_address"
        " WHERE address = :recipient AND state != 'off'",
        {"recipient": target.recipient.lower()},
    ).fetchone()
    row = (
        row
        or connection.execute(
            "SELECT account.id, account.address, coalesce(support.name, ''),"
            " coalesce(support.signature, '')"
            " FROM channel_account AS account"
            " LEFT JOIN support_address AS support ON support.address = account.address"
            " WHERE account.channel = :channel"
            " ORDER BY account.id = :account DESC, account.enabled DESC, account.id LIMIT 1",
            {"channel": target.channel, "account": target.account_id},
        ).fetchone()
    )
    return None if row is None else Mailbox(*row)


def load_answered(
    connection: sqlite3.Connection, ticket_id: int, customer: str, to: str = ""
) -> Answered | None:
    """Return the newest message from outside, written by a person if there is one.

    What a third party answered to a forward is answered to that third party only: it is never
    quoted to the customer, and the people on it get no copies of replies to the customer. The same
    goes for what others of the ticket wrote to us and not to the customer.

    Args:
        connection: Inside a transaction.
        ticket_id: The ticket.
        customer: Its customer's address.
        to: Whom the reply goes to, if not to the customer.
    """
    third, forwards = load_third_parties(connection, ticket_id)
    third.discard(customer)
    beside = _load_beside(connection, ticket_id) - {customer}
    found = connection.execute(
        "SELECT id, sender, thread_ids, recipients, copies FROM message"
        " WHERE ticket_id = :ticket AND direction = 'inbound'"
        f" ORDER BY automatic, ' ' || flags || ' ' LIKE '% {Flag.BLOCKED} %', id DESC",
        {"ticket": ticket_id},
    )
    for message_id, sender, thread_ids, recipients, copies in found:
        answers_forward = sender != customer and not forwards.isdisjoint(json.loads(thread_ids))
        is_hidden = sender in beside and customer not in json.loads(recipients) + json.loads(copies)
        is_aside = sender in third or answers_forward or is_hidden
        if sender == to or not (to in third or is_aside):
            return _load_answered(connection, message_id)
    return None


def _load_beside(connection: sqlite3.Connection, ticket_id: int) -> set[str]:
    """Return who takes part in a ticket without being its customer."""
    found = connection.execute(
        "SELECT address FROM participant WHERE ticket_id = :ticket AND role IN ('cc', 'joined')",
        {"ticket": ticket_id},
    )
    return {row[0] for row in found}


def _load_answered(connection: sqlite3.Connection, message_id: int) -> Answered:
    row = connection.execute(
        "SELECT id, external_id, thread_ids, sender, reply_to, recipients, copies, author_name,"
        " flags, text, sent_at FROM message WHERE id = :id",
        {"id": message_id},
    ).fetchone()
    return Answered(
        id=row[0],
        external_id=row[1],
        thread_ids=tuple(json.loads(row[2])),
        sender=row[3],
        reply_to=row[4],
        recipients=tuple(json.loads(row[5])),
        copies=tuple(json.loads(row[6])),
        name=row[7],
        flags=tuple(row[8].split()),
        text=row[9],
        at=from_us(row[10]),
    )


def load_chains(connection: sqlite3.Connection, ticket_id: int) -> dict[str, tuple[str, ...]]:
    """Return Message-ID → References of the newest messages of a ticket."""
    found = connection.execute(
        "SELECT external_id, thread_ids FROM message"
        " WHERE ticket_id = :ticket AND external_id != '' ORDER BY id DESC LIMIT :limit",
        {"ticket": ticket_id, "limit": _MAX_KNOWN},
    )
    return {external_id: tuple(json.loads(thread_ids)) for external_id, thread_ids in found}


def load_people(connection: sqlite3.Connection, ticket_id: int) -> tuple[tuple[str, str], ...]:
    """Return (address, name) of everybody who takes part in a ticket, by address."""
    found = connection.execute(
        "SELECT address, name FROM participant WHERE ticket_id = :ticket ORDER BY address",
        {"ticket": ticket_id},
    )
    return tuple((row[0], row[1]) for row in found)


def load_participants(connection: sqlite3.Connection, ticket_id: int) -> set[str]:
    """Return the addresses that take part in a ticket."""
    found = connection.execute(
        "SELECT address FROM participant WHERE ticket_id = :ticket", {"ticket": ticket_id}
    )
    return {row[0] for row in found}


def insert_message(
    connection: sqlite3.Connection, values: Mapping[str, Any], files: Sequence[StoredFile]
) -> int:
    """Insert an outbound message or a note with its files; it is not indexed yet."""
    columns = {
        name: to_us(value) if isinstance(value, datetime) else value
        for name, value in values.items()
    }
    names = ", ".join(columns)
    marks = ", ".join(f":{name}" for name in columns)
    row = connection.execute(
        f"INSERT INTO message ({names}) VALUES ({marks}) RETURNING id", columns
    ).fetchone()
    message_id = int(row[0])
    connection.executemany(
        "INSERT INTO attachment (message_id, filename, content_type, size, sha256)"
        " VALUES (?, ?, ?, ?, ?)",
        [(message_id, *file) for file in files],
    )
    return message_id


def finish_message(connection: sqlite3.Connection, message_id: int, external_id: str = "") -> None:
    """Give a new message its external id and add it to the search index."""
    if external_id:
        connection.execute(
            "UPDATE message SET external_id = :external WHERE id = :id",
            {"external": external_id, "id": message_id},
        )
    index_message(connection, message_id)


def load_outbound(connection: sqlite3.Connection, message_id: int) -> Outbound | None:
    """Return an outbound message, or None if there is none of this id."""
    row = connection.execute(
        "SELECT id, ticket_id, agent_id, delivery, claimed_by, text, folds, received_at, flags,"
        " recipients, copies, blind_copies, channel, template, error_code"
        " FROM message WHERE id = :id AND direction = 'outbound'",
        {"id": message_id},
    ).fetchone()
    if row is None:
        return None
    to, cc, bcc = (tuple(json.loads(each)) for each in row[9:12])
    return Outbound(
        id=row[0],
        ticket_id=row[1],
        agent_id=row[2],
        delivery=Delivery(row[3]),
        claimed_by=row[4],
        text=row[5],
        folds=row[6],
        received_at=from_us(row[7]),
        is_forward=Flag.THIRD_PARTY in row[8].split(),
        is_holding=Flag.HOLDING in row[8].split(),
        to=to,
        cc=cc,
        bcc=bcc,
        channel=row[12],
        template=row[13],
        error_code=row[14],
    )


def load_files(connection: sqlite3.Connection, message_id: int) -> list[StoredFile]:
    """Return the files of a message."""
    return connection.execute(
        "SELECT filename, content_type, size, sha256 FROM attachment WHERE message_id = :id"
        " ORDER BY id",
        {"id": message_id},
    ).fetchall()


def remove_message(connection: sqlite3.Connection, message_id: int) -> None:
    """Remove a message that never left."""
    unindex_message(connection, message_id)
    for table in ("attachment", "message_part", "short_link"):
        connection.execute(f"DELETE FROM {table} WHERE message_id = :id", {"id": message_id})
    connection.execute("DELETE FROM message WHERE id = :id", {"id": message_id})


def update_ticket(
    connection: sqlite3.Connection, ticket_id: int, now: datetime, values: Mapping[str, Any]
) -> None:
    """Set columns of a ticket."""
    assignments = "".join(f"{name} = :{name}, " for name in values)
    connection.execute(
        f"UPDATE ticket SET {assignments}updated_at = :now, version = version + 1 WHERE id = :id",
        {**values, "now": to_us(now), "id": ticket_id},
    )


def newest_shown(connection: sqlite3.Connection, ticket_id: int) -> tuple[str, str] | None:
    """Return (text, folds) of the newest message that is no note and no automatic answer."""
    row: tuple[str, str] | None = connection.execute(
        "SELECT text, folds FROM message WHERE ticket_id = :ticket AND direction != 'note'"
        " AND author_kind != 'auto' AND delivery NOT IN ('draft', 'scheduled')"
        " ORDER BY received_at DESC, id DESC LIMIT 1",
        {"ticket": ticket_id},
    ).fetchone()
    return row


def has_files(connection: sqlite3.Connection, ticket_id: int) -> bool:
    """Tell whether any message of a ticket carries a file."""
    row = connection.execute(
        "SELECT 1 FROM message JOIN attachment ON attachment.message_id = message.id"
        " WHERE message.ticket_id = :ticket AND message.direction != 'note'"
        " AND attachment.inline = 0 LIMIT 1",
        {"ticket": ticket_id},
    ).fetchone()
    return row is not None


def set_delivery(
    connection: sqlite3.Connection,
    message_id: int,
    delivery: Delivery,
    *,
    due_at: datetime | None,
    filed: bool,
) -> None:
    """Move a message that a person decided about; its error is settled, its id stays."""
    connection.execute(
        "UPDATE message SET delivery = :delivery, due_at = :due, attempts = 0, claimed_by = '',"
        " claim_until = NULL, phase = '', error_code = '', error_text = '', filed = :filed"
        " WHERE id = :id",
        {
            "delivery": delivery.value,
            "due": None if due_at is None else to_us(due_at),
            "filed": int(filed),
            "id": message_id,
        },
    )

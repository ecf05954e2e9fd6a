"""Outbox rows: who has which message, how far it got, and when it is due again.

Every step after the claim checks that the caller still holds it (compare-and-set), so that a
worker that lost its claim to another changes nothing.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.mail import Address
from helpdesk_tui.domain.messages import Delivery
from helpdesk_tui.domain.times import from_us, to_us

_CLAIMED = "id, ticket_id, channel_account_id, attempts, phase, external_id, sent_at"
_HELD = "id = :id AND delivery = 'sending' AND claimed_by = :owner"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that one worker has taken to send."""

    message_id: int
    ticket_id: int
    account_id: int | None
    attempts: int
    """How often it has been tried, this time included."""
    phase: str
    """``data`` once its content may have reached the other side."""
    external_id: str
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class Unfiled:
    """A sent message whose copy is not in the Sent folder yet."""

    message_id: int
    account_id: int | None
    external_id: str
    raw_sha256: str


@dataclass(frozen=True, slots=True)
class Stored:
    """All that is stored about the contents of an outbound message."""

    ticket_id: int
    external_id: str
    sent_at: datetime
    sender: Address
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    bcc: tuple[Address, ...]
    subject: str
    text: str
    html: str
    thread_ids: tuple[str, ...]
    automatic: bool
    raw_sha256: str
    quoted_name: str
    quoted_at: datetime | None
    quoted_text: str
    files: tuple[tuple[str, str, str], ...]
    """(name, content type, SHA-256)."""


def _claimed(row: tuple[Any, ...]) -> Claimed:
    return Claimed(row[0], row[1], row[2], row[3], row[4], row[5], from_us(row[6]))


_EARLIER_WAITS = """
    EXISTS (SELECT 1 FROM message AS earlier WHERE earlier.ticket_id = message.ticket_id
            AND earlier.id < message.id AND earlier.delivery IN ('queued', 'sending')
            AND earlier.channel_account_id = message.channel_account_id
            AND earlier.direction = 'outbound')
"""


def due_ids(
    connection: sqlite3.Connection,
    now: datetime,
    account_id: int | None,
    limit: int,
    *,
    in_order: bool = False,
) -> list[int]:
    """Return queued messages whose time has come, longest due first.

    With ``in_order`` none that was written after one of its ticket that has not left yet.
    """
    order = f" AND NOT {_EARLIER_WAITS}" if in_order else ""
    found = connection.execute(
        "SELECT message.id FROM message JOIN channel_account AS account"
        " ON account.id = message.channel_account_id AND account.enabled = 1"
        " WHERE message.delivery = 'queued' AND message.due_at <= :now"
        " AND message.direction = 'outbound'"
        f" AND (:account IS NULL OR message.channel_account_id = :account){order}"
        " ORDER BY message.due_at, message.id LIMIT :limit",
        {"now": to_us(now), "account": account_id, "limit": limit},
    )
    return [row[0] for row in found]


def claim(
    connection: sqlite3.Connection, message_id: int, owner: str, until: datetime
) -> Claimed | None:
    """Take a queued message; None if somebody else has it."""
    row = connection.execute(
        "UPDATE message SET delivery = 'sending', claimed_by = :owner, claim_until = :until,"
        " phase = '', attempts = attempts + 1"
        " WHERE id = :id AND delivery = 'queued' AND direction = 'outbound'"
        f" RETURNING {_CLAIMED}",
        {"id": message_id, "owner": owner, "until": to_us(until)},
    ).fetchone()
    return None if row is None else _claimed(row)


_OF_CHANNEL = """
    (:channel = '' OR :channel = coalesce(
        (SELECT account.channel FROM channel_account AS account
         WHERE account.id = message.channel_account_id), message.channel))
"""


def expired(
    connection: sqlite3.Connection,
    now: datetime,
    owner: str,
    *,
    others_are_dead: bool,
    channel: str = "",
) -> list[Claimed]:
    """Return messages whose worker is gone: their deadline passed, or nobody else can be alive."""
    found = connection.execute(
        f"SELECT {_CLAIMED} FROM message WHERE delivery = 'sending'"
        f" AND (claim_until <= :now OR (:dead AND claimed_by != :owner)) AND {_OF_CHANNEL}"
        " ORDER BY id",
        {
            "now": to_us(now),
            "owner": owner,
            "dead": int(others_are_dead),
            "channel": channel,
        },
    )
    return [_claimed(row) for row in found]


def take_over(connection: sqlite3.Connection, message_id: int, owner: str, until: datetime) -> None:
    """Hold a message of a worker that is gone, to find out what became of it."""
    connection.execute(
        "UPDATE message SET claimed_by = :owner, claim_until = :until"
        " WHERE id = :id AND delivery = 'sending'",
        {"id": message_id, "owner": owner, "until": to_us(until)},
    )


def requeue_expired(connection: sqlite3.Connection, message_id: int, now: datetime) -> None:
    """Queue a message again whose worker died before its content could have left."""
    connection.execute(
        "UPDATE message SET delivery = 'queued', claimed_by = '', claim_until = NULL,"
        " due_at = :now WHERE id = :id AND delivery = 'sending' AND phase = ''",
        {"id": message_id, "now": to_us(now)},
    )


def renew(
    connection: sqlite3.Connection, message_id: int, owner: str, until: datetime, *, phase: str
) -> bool:
    """Hold a message longer and note how far it is; False if the claim is lost."""
    done = connection.execute(
        f"UPDATE message SET claim_until = :until, phase = :phase WHERE {_HELD}",
        {"id": message_id, "owner": owner, "until": to_us(until), "phase": phase},
    )
    return done.rowcount == 1


def save_rendered(connection: sqlite3.Connection, message_id: int, owner: str, sha256: str) -> bool:
    """Note which bytes leave; False if the claim is lost."""
    done = connection.execute(
        f"UPDATE message SET raw_sha256 = :sha256 WHERE {_HELD}",
        {"id": message_id, "owner": owner, "sha256": sha256},
    )
    return done.rowcount == 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a message leaves the state ``sending``."""

    delivery: Delivery
    error_code: str = ""
    error_text: str = ""
    due_at: datetime | None = None
    filed: bool = True


def finish(
    connection: sqlite3.Connection, message_id: int, owner: str, outcome: Outcome
) -> int | None:
    """Give a claimed message its outcome; return its ticket, or None if the claim is lost."""
    row = connection.execute(
        "UPDATE message SET delivery = :delivery, error_code = :code, error_text = :text,"
        " due_at = :due, filed = :filed, claimed_by = '', claim_until = NULL, phase = ''"
        f" WHERE {_HELD} RETURNING ticket_id",
        {
            "id": message_id,
            "owner": owner,
            "delivery": outcome.delivery.value,
            "code": outcome.error_code,
            "text": outcome.error_text,
            "due": None if outcome.due_at is None else to_us(outcome.due_at),
            "filed": int(outcome.filed),
        },
    ).fetchone()
    return None if row is None else int(row[0])


def uncount(connection: sqlite3.Connection, message_id: int) -> None:
    """Take back that a message was tried once more."""
    connection.execute(
        "UPDATE message SET attempts = max(attempts - 1, 1) WHERE id = :id", {"id": message_id}
    )


def is_automatic(connection: sqlite3.Connection, message_id: int) -> bool:
    """Tell whether a message is an automatic answer."""
    row = connection.execute(
        "SELECT automatic FROM message WHERE id = :id", {"id": message_id}
    ).fetchone()
    return row is not None and row[0] == 1


def add_participants(connection: sqlite3.Connection, message_id: int) -> None:
    """Let everybody who got a mail write into its ticket."""
    row = connection.execute(
        "SELECT ticket_id, recipients, copies, blind_copies FROM message"
        " WHERE id = :id AND channel = 'email'",
        {"id": message_id},
    ).fetchone()
    if row is None:
        return
    addresses = [address for part in row[1:] for address in json.loads(part)]
    connection.executemany(
        "INSERT INTO participant (ticket_id, address, role) VALUES (:ticket, :address, 'cc')"
        " ON CONFLICT DO NOTHING",
        [{"ticket": row[0], "address": address} for address in addresses],
    )


def next_due(
    connection: sqlite3.Connection, account_id: int | None, channel: str = ""
) -> datetime | None:
    """Return when the next queued message is due, with ``channel`` only of its accounts."""
    row = connection.execute(
        "SELECT min(due_at) FROM message INDEXED BY message_outbox"
        " WHERE delivery IN ('queued', 'sending', 'scheduled') AND delivery != 'sending'"
        f" AND (:account IS NULL OR channel_account_id = :account) AND {_OF_CHANNEL}",
        {"account": account_id, "channel": channel},
    ).fetchone()
    return None if row[0] is None else from_us(row[0])


def unfiled(
    connection: sqlite3.Connection, account_id: int | None, after: int, limit: int
) -> list[Unfiled]:
    """Return sent messages without a copy in Sent, those behind the id ``after``, oldest first."""
    found = connection.execute(
        "SELECT id, channel_account_id, external_id, raw_sha256 FROM message WHERE filed = 0"
        " AND (:account IS NULL OR channel_account_id = :account) AND id > :after"
        " ORDER BY id LIMIT :limit",
        {"account": account_id, "after": after, "limit": limit},
    )
    return [Unfiled(*row) for row in found]


def mark_filed(connection: sqlite3.Connection, message_id: int) -> int | None:
    """Note that the copy is in Sent; return the ticket, or None if that was known."""
    row = connection.execute(
        "UPDATE message SET filed = 1 WHERE id = :id AND filed = 0 RETURNING ticket_id",
        {"id": message_id},
    ).fetchone()
    return None if row is None else int(row[0])


def load_stored(connection: sqlite3.Connection, message_id: int) -> Stored | None:
    """Return the contents of an outbound message, or None if there is none of this id."""
    row = connection.execute(
        "SELECT m.ticket_id, m.external_id, m.sent_at, m.sender, m.recipients, m.copies,"
        " m.subject, m.text, m.html, m.thread_ids, m.automatic, m.raw_sha256,"
        " coalesce(support.name, ''), t.customer_name, t.customer_address,"
        " coalesce(q.author_name, ''), coalesce(q.sender, ''), q.sent_at, coalesce(q.text, ''),"
        " m.blind_copies"
        " FROM message AS m JOIN ticket AS t ON t.id = m.ticket_id"
        " LEFT JOIN support_address AS support ON support.address = m.sender"
        " LEFT JOIN message AS q ON q.id = m.answers_id AND q.direction = 'inbound'"
        " WHERE m.id = :id AND m.direction = 'outbound'",
        {"id": message_id},
    ).fetchone()
    if row is None:
        return None
    names = {row[14].lower(): row[13]}
    to, cc, bcc = (
        tuple(Address(names.get(each, ""), each) for each in json.loads(addresses))
        for addresses in (row[4], row[5], row[19])
    )
    files = connection.execute(
        "SELECT filename, content_type, sha256 FROM attachment WHERE message_id = :id ORDER BY id",
        {"id": message_id},
    ).fetchall()
    return Stored(
        ticket_id=row[0],
        external_id=row[1],
        sent_at=from_us(row[2]),
        sender=Address(row[12], row[3]),
        to=to,
        cc=cc,
        bcc=bcc,
        subject=row[6],
        text=row[7],
        html=row[8],
        thread_ids=tuple(json.loads(row[9])),
        automatic=row[10] == 1,
        raw_sha256=row[11],
        quoted_name=row[15] or row[16],
        quoted_at=None if row[17] is None else from_us(row[17]),
        quoted_text=row[18],
        files=tuple(files),
    )


def reopen_failed(
    connection: sqlite3.Connection, message_id: int, ticket_id: int, waiting_since: int | None
) -> None:
    """Let a ticket whose reply did not arrive count as unread and waiting again.

    Nobody waits in a chat that has ended; that the reply did not arrive is still seen. Patience
    that the visitor was not asked for lets no timer start anew.
    """
    connection.execute(
        "UPDATE ticket SET unread = 1, waiting_since ="
        " CASE WHEN instr(' ' || flags || ' ', :over) THEN NULL"
        " ELSE coalesce(waiting_since, :waiting) END,"
        " held_at = CASE WHEN (SELECT instr(' ' || message.flags || ' ', :holding) FROM message"
        " WHERE message.id = :message) THEN NULL ELSE held_at END,"
        " version = version + 1 WHERE id = :id",
        {
            "id": ticket_id,
            "message": message_id,
            "waiting": waiting_since,
            "over": f" {Flag.CHAT_ENDED} ",
            "holding": f" {Flag.HOLDING} ",
        },
    )


def load_waiting(connection: sqlite3.Connection, agent_id: int | None) -> list[tuple[int, str]]:
    """Return ticket and subject of an agent's messages that have not left, oldest first."""
    found = connection.execute(
        "SELECT ticket.id, ticket.subject FROM message INDEXED BY message_outbox"
        " JOIN ticket ON ticket.id = message.ticket_id"
        " WHERE message.delivery IN ('queued', 'sending', 'scheduled')"
        " AND message.direction = 'outbound'"
        " AND message.agent_id IS :agent ORDER BY message.id",
        {"agent": agent_id},
    )
    return [(row[0], row[1]) for row in found]

"""Marketing messages that customers got, and the messages that answer them."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from helpdesk_tui.domain.messaging.attribution import Send, Word
from helpdesk_tui.domain.times import from_us, to_us

_COLUMNS = "id, channel, address, source, external_id, kind, name, text, sent_at, delivered_at"
_SAVE = """
    INSERT INTO campaign_send (channel, address, source, external_id, kind, name, text, sent_at,
        delivered_at)
    VALUES (:channel, :address, :source, :external_id, :kind, :name, :text, :sent_at,
        :delivered_at)
    ON CONFLICT (source, external_id) DO UPDATE SET channel = excluded.channel,
        address = excluded.address, kind = excluded.kind, name = excluded.name,
        text = excluded.text, sent_at = excluded.sent_at, delivered_at = excluded.delivered_at
    WHERE channel != excluded.channel OR address != excluded.address OR kind != excluded.kind
        OR name != excluded.name OR text != excluded.text OR sent_at != excluded.sent_at
        OR delivered_at IS NOT excluded.delivered_at
    RETURNING id
"""
_THEIRS = """
    SELECT value FROM identity WHERE kind IN ('phone', :channel) AND profile_id = :profile
"""


@dataclass(frozen=True, slots=True)
class SendRow:
    """A marketing message that somebody got."""

    channel: str
    address: str
    source: str
    external_id: str
    kind: str
    name: str
    text: str
    sent_at: datetime
    delivered_at: datetime | None
    message_id: int | None = None
    """The message that answers it."""
    id: int = 0


def save_send(connection: sqlite3.Connection, row: SendRow) -> int | None:
    """Store a send, or what is new of it; return its id, or None if all was known."""
    found = connection.execute(
        _SAVE,
        {
            "channel": row.channel, "address": row.address, "source": row.source,
            "external_id": row.external_id, "kind": row.kind, "name": row.name, "text": row.text,
            "sent_at": to_us(row.sent_at),
            "delivered_at": None if row.delivered_at is None else to_us(row.delivered_at),
        },
    ).fetchone()  # fmt: skip
    return None if found is None else int(found[0])


def has_sends(
    connection: sqlite3.Connection, channel: str, profile: int, since: datetime, until: datetime
) -> bool:
    """Tell whether a person got a marketing message in some time."""
    row = connection.execute(
        f"SELECT 1 FROM campaign_send WHERE channel = :channel AND address IN ({_THEIRS})"
        " AND delivered_at >= :since AND delivered_at <= :until LIMIT 1",
        {"channel": channel, "profile": profile, "since": to_us(since), "until": to_us(until)},
    ).fetchone()
    return row is not None


def load_sends(connection: sqlite3.Connection, channel: str, profile: int) -> list[Send]:
    """Return what a person was sent on a channel, on any of their numbers."""
    found = connection.execute(
        f"SELECT id, delivered_at FROM campaign_send WHERE channel = :channel"
        f" AND address IN ({_THEIRS})",
        {"channel": channel, "profile": profile},
    )
    return [Send(row[0], None if row[1] is None else from_us(row[1])) for row in found]


def load_words(connection: sqlite3.Connection, channel: str, profile: int) -> list[Word]:
    """Return what a person wrote on a channel; keywords are no messages."""
    found = connection.execute(
        "SELECT message.id, message.sent_at FROM ticket JOIN message"
        " ON message.ticket_id = ticket.id WHERE ticket.profile_id = :profile"
        " AND ticket.channel = :channel AND message.direction = 'inbound'"
        " AND message.channel = :channel AND message.author_kind = 'customer'"
        " AND message.automatic = 0",
        {"channel": channel, "profile": profile},
    )
    return [Word(row[0], from_us(row[1])) for row in found]


def load_unasked(
    connection: sqlite3.Connection,
    channels: Sequence[str],
    sources: Sequence[int],
    settle: timedelta,
    after: int,
    limit: int,
) -> list[tuple[int, int, datetime]]:
    """Return words of customers whose events were not asked for since, in order of arrival.

    Args:
        connection: A connection.
        channels: On which campaigns are sent.
        sources: Those that know events.
        settle: How long after a word its source may be asked too early.
        after: The id of the last message that was looked at.
        limit: How many at most.

    Returns:
        Message, profile, and when it was stored.
    """
    in_channels, in_sources = ", ".join("?" * len(channels)), ", ".join("?" * len(sources))
    found = connection.execute(
        "SELECT message.id, ticket.profile_id, message.received_at FROM message"
        " JOIN ticket ON ticket.id = message.ticket_id WHERE message.id > ?"
        " AND message.direction = 'inbound' AND message.author_kind = 'customer'"
        f" AND message.automatic = 0 AND message.channel IN ({in_channels})"
        " AND (SELECT count(*) FROM customer_section WHERE profile_id = ticket.profile_id"
        f" AND section = 'events' AND source_id IN ({in_sources})"
        " AND asked_at >= message.received_at + ?) < ? ORDER BY message.id LIMIT ?",
        (after, *channels, *sources, settle // timedelta(microseconds=1), len(sources), limit),
    )
    return [(row[0], row[1], from_us(row[2])) for row in found]


def newest_message(connection: sqlite3.Connection) -> int:
    """Return the id of the newest message; 0: there is none."""
    return int(connection.execute("SELECT max(id) FROM message").fetchone()[0] or 0)


def last_message_before(connection: sqlite3.Connection, moment: datetime) -> int:
    """Return the id of the newest message that came before a moment; 0: there is none."""
    row = connection.execute(
        "SELECT id FROM message WHERE received_at < ? ORDER BY id DESC LIMIT 1", (to_us(moment),)
    ).fetchone()
    return 0 if row is None else int(row[0])


def load_answers(connection: sqlite3.Connection, sends: Sequence[int]) -> dict[int, int]:
    """Return the messages that answer some sends, as they are stored."""
    out: dict[int, int] = {}
    for each in sends:
        row = connection.execute(
            "SELECT message_id FROM campaign_send WHERE id = :id", {"id": each}
        ).fetchone()
        if row is not None and row[0] is not None:
            out[each] = int(row[0])
    return out


def save_answers(
    connection: sqlite3.Connection, before: Mapping[int, int], after: Mapping[int, int]
) -> dict[int, int]:
    """Write which messages answer which sends; return (message: ticket) of those that changed."""
    changed = {send: message for send, message in after.items() if before.get(send) != message}
    gone = {send: message for send, message in before.items() if after.get(send) != message}
    for send, message in gone.items():
        connection.execute(
            "UPDATE campaign_send SET message_id = NULL WHERE id = :id", {"id": send}
        )
        connection.execute(
            "UPDATE message SET campaign_send_id = NULL"
            " WHERE id = :id AND campaign_send_id = :send",
            {"id": message, "send": send},
        )
    for send, message in changed.items():
        connection.execute(
            "UPDATE campaign_send SET message_id = :message WHERE id = :id",
            {"id": send, "message": message},
        )
        connection.execute(
            "UPDATE message SET campaign_send_id = :send WHERE id = :id",
            {"id": message, "send": send},
        )
    return {
        message: _ticket_of(connection, message)
        for message in sorted({*changed.values(), *gone.values()})
    }


def refresh_tickets(connection: sqlite3.Connection, tickets: Sequence[int], now: datetime) -> None:
    """Write which send the newest attributed message of each ticket answers."""
    for each in tickets:
        connection.execute(
            "UPDATE ticket SET updated_at = :now, version = version + 1, campaign_send_id ="
            " (SELECT campaign_send_id FROM message WHERE ticket_id = :id"
            "  AND campaign_send_id IS NOT NULL ORDER BY id DESC LIMIT 1) WHERE id = :id",
            {"now": to_us(now), "id": each},
        )


def profiles_of(connection: sqlite3.Connection, channel: str, address: str) -> list[int]:
    """Return the person who has an address."""
    found = connection.execute(
        "SELECT profile_id FROM identity WHERE kind IN ('phone', :channel) AND value = :address",
        {"channel": channel, "address": address},
    )
    return [int(row[0]) for row in found]


def list_sends(
    connection: sqlite3.Connection, *, before: int | None, limit: int, answered: bool
) -> list[SendRow]:
    """Return the newest sends, or those before one; ``answered``: only those with an answer."""
    conditions = ["1 = 1"]
    if before is not None:
        conditions.append("id < :before")
    if answered:
        conditions.append("message_id IS NOT NULL")
    found = connection.execute(
        f"SELECT {_COLUMNS}, message_id FROM campaign_send WHERE {' AND '.join(conditions)}"
        " ORDER BY id DESC LIMIT :limit",
        {"before": before, "limit": limit},
    )
    return [
        SendRow(
            row[1], row[2], row[3], row[4], row[5], row[6], row[7], from_us(row[8]),
            None if row[9] is None else from_us(row[9]), row[10], row[0],
        )
        for row in found
    ]  # fmt: skip


def _ticket_of(connection: sqlite3.Connection, message_id: int) -> int:
    row = connection.execute(
        "SELECT ticket_id FROM message WHERE id = :id", {"id": message_id}
    ).fetchone()
    return 0 if row is None else int(row[0])

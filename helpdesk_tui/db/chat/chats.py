"""Chats: the conversation behind a webchat ticket, and how far both sides have read."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk_tui.db import ingest_sql as sql
from helpdesk_tui.db.fulltext import index_message
from helpdesk_tui.domain.channels import WEBCHAT
from helpdesk_tui.domain.messages import AuthorKind, Delivery, Direction
from helpdesk_tui.domain.reopening import ReceivingTicket
from helpdesk_tui.domain.times import from_us, to_us
from helpdesk_tui.domain.webchat.chats import CLOSING, EndedBy, Responder

_COLUMNS = (
    "ticket_id", "channel_account_id", "conversation", "visitor", "closing_at", "ended_at",
    "last_seq", "responder", "delivered_to", "seen_to",
)  # fmt: skip
_LOAD = f"SELECT {', '.join(_COLUMNS)} FROM chat"
_ON_ITS_WAY = """
    EXISTS (SELECT 1 FROM message INDEXED BY message_outbox
            WHERE message.delivery IN ('queued', 'sending', 'scheduled')
            AND message.delivery != 'scheduled' AND message.direction = 'outbound'
            AND message.channel_account_id = chat.channel_account_id
            AND message.ticket_id = chat.ticket_id)
"""

File = tuple[str, str, int, str]
"""(name, content type, size, SHA-256)."""


@dataclass(frozen=True, slots=True)
class ChatRow:
    """What receiving and ending need to know of a chat."""

    ticket_id: int
    account_id: int
    conversation: str
    visitor: str
    closing_at: datetime | None
    ended_at: datetime | None
    last_seq: int
    responder: Responder
    delivered_to: int
    seen_to: int


@dataclass(frozen=True, slots=True)
class Read:
    """The newest message of a visitor in a chat whose ticket nobody has to read any more."""

    conversation: str
    client_id: str


def _chat(row: tuple[Any, ...]) -> ChatRow:
    return ChatRow(
        ticket_id=row[0],
        account_id=row[1],
        conversation=row[2],
        visitor=row[3],
        closing_at=None if row[4] is None else from_us(row[4]),
        ended_at=None if row[5] is None else from_us(row[5]),
        last_seq=row[6],
        responder=Responder(row[7]),
        delivered_to=row[8],
        seen_to=row[9],
    )


def find_chat(connection: sqlite3.Connection, account: int, conversation: str) -> ChatRow | None:
    """Return the chat of a conversation."""
    row = connection.execute(
        f"{_LOAD} WHERE channel_account_id = :account AND conversation = :conversation",
        {"account": account, "conversation": conversation},
    ).fetchone()
    return None if row is None else _chat(row)


def chat_of_ticket(connection: sqlite3.Connection, ticket_id: int) -> ChatRow | None:
    """Return the chat of a ticket."""
    row = connection.execute(f"{_LOAD} WHERE ticket_id = :id", {"id": ticket_id}).fetchone()
    return None if row is None else _chat(row)


def load_running(connection: sqlite3.Connection, account: int) -> list[ChatRow]:
    """Return the chats of an account in which either side can still write."""
    found = connection.execute(
        f"{_LOAD} INDEXED BY chat_running WHERE ended_at IS NULL AND channel_account_id = :account"
        " ORDER BY ticket_id",
        {"account": account},
    )
    return [_chat(row) for row in found]


def load_to_close(
    connection: sqlite3.Connection, account: int, now: datetime
) -> list[tuple[ChatRow, EndedBy]]:
    """Return chats whose visitor is to be told of the end now, and who ended each of them.

    What was still written in them has to have left before. An end that lies further ahead than a
    countdown is long was set by a clock that went back since: nobody waits for that.
    """
    found = connection.execute(
        f"SELECT {', '.join(_COLUMNS)}, responder IN ('solved', 'elsewhere')"
        " FROM chat INDEXED BY chat_running WHERE ended_at IS NULL"
        " AND channel_account_id = :account AND (closing_at <= :now OR closing_at > :ahead)"
        f" AND NOT {_ON_ITS_WAY} ORDER BY closing_at, ticket_id",
        {"account": account, "now": to_us(now), "ahead": to_us(now + CLOSING)},
    )
    return [(_chat(row), EndedBy.RESPONDER if row[-1] else EndedBy.AGENT) for row in found]


def next_closing(connection: sqlite3.Connection, account: int) -> datetime | None:
    """Return when the next visitor is to be told of the end."""
    row = connection.execute(
        "SELECT min(closing_at) FROM chat INDEXED BY chat_running"
        " WHERE ended_at IS NULL AND channel_account_id = :account",
        {"account": account},
    ).fetchone()
    return None if row[0] is None else from_us(row[0])


def insert_chat(connection: sqlite3.Connection, values: Mapping[str, Any]) -> None:
    """Store the conversation of a new ticket."""
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    connection.execute(f"INSERT INTO chat ({names}) VALUES ({marks})", _plain(values))


def update_chat(connection: sqlite3.Connection, ticket_id: int, values: Mapping[str, Any]) -> None:
    """Change columns of a chat."""
    assignments = ", ".join(f"{name} = :{name}" for name in values)
    connection.execute(
        f"UPDATE chat SET {assignments} WHERE ticket_id = :id", {**_plain(values), "id": ticket_id}
    )


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: to_us(value) if isinstance(value, datetime) else value
        for name, value in values.items()
    }


def insert_ticket(
    connection: sqlite3.Connection,
    state: ReceivingTicket,
    account: int,
    site: str,
    now: datetime,
) -> None:
    """Store a new ticket."""
    row = sql.new_ticket(state, WEBCHAT.name, account, state.subject, site, now=to_us(now))
    connection.execute(sql.INSERTS["ticket"], row)


def save_ticket(
    connection: sqlite3.Connection, state: ReceivingTicket, now: datetime, *, subject: str = ""
) -> None:
    """Store how a ticket stands after something was received."""
    connection.execute(sql.INSERTS["ticket_change"], sql.changed_ticket(state, now=to_us(now)))
    if subject:
        connection.execute(
            "UPDATE ticket SET subject = :subject WHERE id = :id",
            {"subject": subject, "id": state.id},
        )


def newest_moment(connection: sqlite3.Connection, ticket_id: int) -> int:
    """Return when the newest message of a ticket was received, in microseconds; 0 without any."""
    row = connection.execute(
        "SELECT received_at FROM message WHERE ticket_id = :id ORDER BY id DESC LIMIT 1",
        {"id": ticket_id},
    ).fetchone()
    return 0 if row is None else int(row[0])


def has_happened(connection: sqlite3.Connection, ticket_id: int, kind: str, *, since: int) -> bool:
    """Tell whether something was noted of a ticket since a moment, in microseconds."""
    row = connection.execute(
        "SELECT 1 FROM activity WHERE ticket_id = :id AND kind = :kind AND at >= :since LIMIT 1",
        {"id": ticket_id, "kind": kind, "since": since},
    ).fetchone()
    return row is not None


def visitor_message_id(conversation: str, client_id: str) -> str:
    """Return what a message of a visitor is known by here."""
    return f"{conversation}:{client_id}"


def has_message(connection: sqlite3.Connection, account: int, external_id: str) -> bool:
    """Tell whether a message of a visitor is stored already."""
    row = connection.execute(
        "SELECT 1 FROM message WHERE external_id = :id AND channel_account_id = :account"
        " AND direction = 'inbound'",
        {"id": external_id, "account": account},
    ).fetchone()
    return row is not None


def insert_message(
    connection: sqlite3.Connection, values: Mapping[str, Any], files: Sequence[File]
) -> int:
    """Store a message of a visitor with its files, found by the search from now on; return its id.

    Args:
        connection: A connection in a write transaction.
        values: ``ticket_id``, ``channel_account_id``, ``author_name``, ``sender``, ``recipients``,
            ``text``, ``flags``, ``external_id``, ``sent_at`` and ``received_at``.
        files: What came with it; their bytes are stored already.
    """
    row = {
        **_plain(values),
        "original_ticket_id": values["ticket_id"],
        "channel": WEBCHAT.name,
        "direction": Direction.INBOUND.value,
        "author_kind": AuthorKind.CUSTOMER.value,
        "delivery": Delivery.RECEIVED.value,
    }
    names = ", ".join(row)
    marks = ", ".join(f":{name}" for name in row)
    done = connection.execute(f"INSERT INTO message ({names}) VALUES ({marks})", row)
    message_id = int(done.lastrowid or 0)
    connection.executemany(
        sql.INSERTS["attachment"],
        [(message_id, name, kind, size, sha256, False, "") for name, kind, size, sha256 in files],
    )
    index_message(connection, message_id)
    return message_id


def find_ours(connection: sqlite3.Connection, chat: ChatRow, external_id: str) -> int | None:
    """Return the message of ours that the relay knows by this id."""
    row = connection.execute(
        "SELECT id FROM message WHERE external_id = :id AND channel_account_id = :account"
        " AND direction = 'outbound'",
        {"id": external_id, "account": chat.account_id},
    ).fetchone()
    return None if row is None else int(row[0])


_ABOVE = {
    Delivery.DELIVERED: ("sent",),
    Delivery.READ: ("sent", "delivered"),
}
"""The states that a message leaves when it is known to have got so far."""


def note_reached(
    connection: sqlite3.Connection, chat: ChatRow, message_id: int, reached: Delivery
) -> bool:
    """Note that a visitor has this message of ours and all before it; False if that was known."""
    column = "seen_to" if reached is Delivery.READ else "delivered_to"
    if message_id <= getattr(chat, column):
        return False
    update_chat(connection, chat.ticket_id, {column: message_id})
    former = ", ".join(f"'{state}'" for state in _ABOVE[reached])
    connection.execute(
        "UPDATE message SET delivery = :reached"
        " WHERE ticket_id = (SELECT ticket_id FROM message WHERE id = :id) AND id <= :id"
        " AND channel_account_id = :account AND direction = 'outbound'"
        f" AND json_extract(recipients, '$[0]') = :conversation AND delivery IN ({former})",
        {
            "reached": reached.value,
            "account": chat.account_id,
            "id": message_id,
            "conversation": chat.conversation,
        },
    )
    return True


def reached_by(connection: sqlite3.Connection, message_id: int) -> Delivery:
    """Return how far a message has got that was just handed over.

    A visitor may have seen it before the relay's answer arrived here.
    """
    row = connection.execute(
        "SELECT chat.delivered_to, chat.seen_to FROM message JOIN chat"
        " ON chat.channel_account_id = message.channel_account_id"
        " AND chat.conversation = json_extract(message.recipients, '$[0]')"
        " WHERE message.id = :id",
        {"id": message_id},
    ).fetchone()
    if row is None or message_id > max(row):
        return Delivery.SENT
    return Delivery.READ if message_id <= row[1] else Delivery.DELIVERED


def load_read(connection: sqlite3.Connection, account: int) -> list[Read]:
    """Return how far agents have read, chat by chat; what is set aside as spam is not told of."""
    found = connection.execute(
        "SELECT chat.conversation, message.external_id FROM chat INDEXED BY chat_running"
        " JOIN ticket ON ticket.id = chat.ticket_id"
        " JOIN message ON message.id = (SELECT max(id) FROM message AS word"
        "  WHERE word.ticket_id = chat.ticket_id AND word.direction = 'inbound'"
        "  AND word.channel = 'webchat')"
        " WHERE chat.ended_at IS NULL AND chat.channel_account_id = :account"
        " AND ticket.unread = 0 AND ticket.spam = 0"
        " AND instr(' ' || message.flags || ' ', ' blocked ') = 0",
        {"account": account},
    )
    return [Read(row[0], row[1].partition(":")[2]) for row in found]


@dataclass(frozen=True, slots=True)
class Reply:
    """A message of ours as the relay gets it."""

    conversation: str
    external_id: str
    author_kind: AuthorKind
    author_name: str
    text: str
    at: datetime
    files: tuple[File, ...]


def load_reply(connection: sqlite3.Connection, message_id: int) -> Reply | None:
    """Return a message of ours that goes into a chat; None if there is none of this id."""
    row = connection.execute(
        "SELECT json_extract(recipients, '$[0]'), external_id, author_kind, author_name, text,"
        " sent_at FROM message WHERE id = :id AND direction = 'outbound'",
        {"id": message_id},
    ).fetchone()
    if row is None:
        return None
    files = connection.execute(
        "SELECT filename, content_type, size, sha256 FROM attachment WHERE message_id = :id"
        " ORDER BY id",
        {"id": message_id},
    ).fetchall()
    return Reply(
        conversation=row[0] or "",
        external_id=row[1],
        author_kind=AuthorKind(row[2]),
        author_name=row[3],
        text=row[4],
        at=from_us(row[5]),
        files=tuple(files),
    )

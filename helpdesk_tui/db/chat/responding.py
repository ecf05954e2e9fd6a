"""Chats that the automatic responder talks in, as rows."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk_tui.db.activity import Entry
from helpdesk_tui.db.replies import finish_message, insert_message, update_ticket
from helpdesk_tui.domain.channels import WEBCHAT
from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.messages import AuthorKind, Delivery, Direction
from helpdesk_tui.domain.times import from_us

ANSWERED = "chat.answered"
_TURNS = 40
"""Messages of a chat that are looked at."""

_TALKING = f"""
    SELECT chat.ticket_id, chat.channel_account_id, chat.conversation, chat.language, chat.misses,
           chat.offline_since, ticket.recipient, ticket.customer_name, ticket.customer_address,
           EXISTS (SELECT 1 FROM activity WHERE activity.ticket_id = chat.ticket_id
                   AND activity.kind = 'chat.asked-for-person')
    FROM chat INDEXED BY chat_running JOIN ticket ON ticket.id = chat.ticket_id
    WHERE chat.ended_at IS NULL AND chat.responder = 'answering' AND chat.closing_at IS NULL
        AND ticket.merged_into IS NULL AND ticket.spam = 0
        AND ' ' || ticket.flags || ' ' LIKE '% {Flag.WITH_RESPONDER} %'
"""


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a chat."""

    id: int
    is_customer: bool
    text: str
    at: datetime
    has_files: bool


@dataclass(frozen=True, slots=True)
class Talking:
    """A chat that the responder talks in."""

    ticket_id: int
    account_id: int
    conversation: str
    language: str
    misses: int
    offline_since: datetime | None
    site: str
    customer_name: str
    customer_address: str
    wants_person: bool
    """The visitor pressed the button that asks for one."""
    said: tuple[Said, ...] = ()
    """Oldest first."""
    given: frozenset[str] = frozenset()
    """Ids of the passages that were answered with."""

    @property
    def newest(self) -> int:
        """The id of the last word; 0 before the first."""
        return self.said[-1].id if self.said else 0

    @property
    def open_questions(self) -> tuple[Said, ...]:
        """What the visitor wrote after our last word."""
        found: list[Said] = []
        for each in reversed(self.said):
            if not each.is_customer:
                break
            found.append(each)
        return tuple(reversed(found))


def load_talking(connection: sqlite3.Connection) -> list[Talking]:
    """Return the chats that the responder talks in, with what was said."""
    found = connection.execute(f"{_TALKING} ORDER BY chat.ticket_id").fetchall()
    return [_talking(connection, row) for row in found]


def load_talk(connection: sqlite3.Connection, ticket_id: int) -> Talking | None:
    """Return one of them, or None if it is none (any more)."""
    row = connection.execute(f"{_TALKING} AND chat.ticket_id = :id", {"id": ticket_id}).fetchone()
    return None if row is None else _talking(connection, row)


def _talking(connection: sqlite3.Connection, row: tuple[Any, ...]) -> Talking:
    messages = connection.execute(
        "SELECT id, direction = 'inbound', text, received_at,"
        " EXISTS (SELECT 1 FROM attachment WHERE message_id = message.id)"
        " FROM message WHERE ticket_id = :id AND direction != 'note'"
        f" AND ' ' || flags || ' ' NOT LIKE '% {Flag.BLOCKED} %'"
        " ORDER BY id DESC LIMIT :limit",
        {"id": row[0], "limit": _TURNS},
    ).fetchall()
    given = connection.execute(
        "SELECT json_extract(after, '$.passage') FROM activity"
        " WHERE ticket_id = :id AND kind = :kind",
        {"id": row[0], "kind": ANSWERED},
    )
    return Talking(
        row[0], row[1], row[2], row[3], row[4],
        None if row[5] is None else from_us(row[5]),
        row[6], row[7], row[8], row[9] == 1,
        said=tuple(
            Said(one[0], one[1] == 1, one[2], from_us(one[3]), one[4] == 1)
            for one in reversed(messages)
        ),
        given=frozenset(each[0] for each in given if each[0]),
    )  # fmt: skip


def save_misses(connection: sqlite3.Connection, ticket_id: int, misses: int) -> None:
    """Note how many questions in a row found no answer."""
    connection.execute(
        "UPDATE chat SET misses = :misses WHERE ticket_id = :id",
        {"misses": misses, "id": ticket_id},
    )


def add_summary(
    connection: sqlite3.Connection, talk: Talking, name: str, text: str, now: datetime
) -> Entry:
    """Add the responder's note for people; return what the log says of it."""
    values = {
        "ticket_id": talk.ticket_id,
        "original_ticket_id": talk.ticket_id,
        "channel": WEBCHAT.name,
        "channel_account_id": talk.account_id,
        "direction": Direction.NOTE.value,
        "author_kind": AuthorKind.AI.value,
        "author_name": name,
        "recipients": json.dumps([]),
        "text": text,
        "automatic": True,
        "sent_at": now,
        "received_at": now,
        "delivery": Delivery.RECEIVED.value,
    }
    message_id = insert_message(connection, values, ())
    finish_message(connection, message_id)
    update_ticket(connection, talk.ticket_id, now, {})
    return Entry("note.added", talk.ticket_id, message_id)

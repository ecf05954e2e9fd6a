"""What chats do by themselves, as rows: telling visitors that nobody is there, and follow-ups."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from helpdesk_tui.db.accounts import load_size_limit
from helpdesk_tui.db.activity import Entry
from helpdesk_tui.db.blocks import is_blocked
from helpdesk_tui.db.drafts import StoredFile
from helpdesk_tui.db.own import load_desk
from helpdesk_tui.db.replies import finish_message, insert_message
from helpdesk_tui.domain.accounts import AddressState
from helpdesk_tui.domain.channels import EMAIL, WEBCHAT
from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.follow_up import FollowedChat, Reply
from helpdesk_tui.domain.message_ids import make_id
from helpdesk_tui.domain.messages import AuthorKind, Delivery, Direction
from helpdesk_tui.domain.reply_headers import id_domain
from helpdesk_tui.domain.times import from_us, span_us, to_us

ENDED_WITHIN = timedelta(days=1)
"""A chat that ended longer ago gets no follow-up any more."""
WRITTEN_WITHIN = timedelta(minutes=15)
"""A visitor who wrote longer ago is not told any more that nobody is there."""

_PERSON = (
    "m.direction = 'outbound' AND m.author_kind = 'agent' AND m.automatic = 0"
    " AND m.channel = 'webchat' AND ' ' || m.flags || ' ' NOT LIKE '% holding %'"
    " AND m.delivery IN ('queued', 'sending', 'sent', 'delivered', 'read', 'unknown')"
)
"""A reply of a person that is on its way or arrived; holding messages answer nothing."""
_UNREAD = "m.id > chat.seen_to AND m.delivery != 'read'"
_LEFT = f"""
    SELECT chat.ticket_id, chat.offline_since, max(m.received_at), sum({_UNREAD})
    FROM chat {{index}} CROSS JOIN ticket ON ticket.id = chat.ticket_id
        AND ticket.spam = 0 AND ticket.merged_into IS NULL
    CROSS JOIN message AS m INDEXED BY message_ticket ON m.ticket_id = chat.ticket_id AND {_PERSON}
    WHERE chat.followed_up_at IS NULL AND chat.offline_since IS NOT NULL AND {{which}}
    GROUP BY chat.ticket_id HAVING sum({_UNREAD}) > 0
"""
_RUNNING = _LEFT.format(index="INDEXED BY chat_running", which="chat.ended_at IS NULL")
_ENDED = _LEFT.format(
    index="INDEXED BY chat_unfollowed",
    which="chat.ended_at IS NOT NULL AND chat.ended_at > :since",
)
_ONE = _LEFT.format(index="", which="chat.ticket_id = :id")
_WAITING = f"""
    SELECT chat.ticket_id, chat.conversation, chat.channel_account_id, chat.language,
           chat.timezone, chat.away_told_at, chat.open_told_at, ticket.recipient,
           ticket.customer_name,
           (SELECT m.received_at FROM message AS m WHERE m.ticket_id = chat.ticket_id
            AND m.direction = 'inbound' AND m.author_kind = 'customer'
            AND ' ' || m.flags || ' ' NOT LIKE '% {Flag.BLOCKED} %' ORDER BY m.id DESC LIMIT 1)
    FROM chat INDEXED BY chat_running CROSS JOIN ticket ON ticket.id = chat.ticket_id
    WHERE chat.ended_at IS NULL AND chat.closing_at IS NULL AND ticket.status = 'open'
        AND ticket.spam = 0 AND ticket.merged_into IS NULL AND ticket.waiting_since IS NOT NULL
        AND ' ' || ticket.flags || ' ' NOT LIKE '% {Flag.WITH_RESPONDER} %'
"""


@dataclass(frozen=True, slots=True)
class WaitingChat:
    """A chat in which a visitor waits for a person."""

    ticket_id: int
    conversation: str
    account_id: int
    language: str
    timezone: str
    away_told_at: datetime | None
    open_told_at: datetime | None
    site: str
    customer_name: str
    written_at: datetime
    """When the visitor last wrote."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a follow-up comes from."""

    account_id: int
    address: str
    size_limit: int
    """Bytes that the mailbox's server takes; 0 where it does not say."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whom a follow-up goes to."""

    address: str
    """Empty where none is known that takes mail."""
    name: str
    language: str


def load_left(connection: sqlite3.Connection, now: datetime) -> list[tuple[int, FollowedChat]]:
    """Return chats whose visitor has left and has not read all that people replied."""
    since = {"since": to_us(now - ENDED_WITHIN)}
    rows = [*connection.execute(_RUNNING), *connection.execute(_ENDED, since)]
    return [(row[0], _followed(row)) for row in rows]


def load_left_chat(connection: sqlite3.Connection, ticket_id: int) -> FollowedChat | None:
    """Return one of them, or None if it is none any more."""
    row = connection.execute(_ONE, {"id": ticket_id}).fetchone()
    return None if row is None else _followed(row)


def _followed(row: tuple[Any, ...]) -> FollowedChat:
    return FollowedChat(from_us(row[2]), row[3], from_us(row[1]))


def load_unread(connection: sqlite3.Connection, ticket_id: int) -> list[Reply]:
    """Return the replies of people that a visitor has not read, oldest first."""
    found = connection.execute(
        "SELECT m.id, m.author_name, m.text FROM message AS m"
        " JOIN chat ON chat.ticket_id = m.ticket_id"
        f" WHERE m.ticket_id = :id AND {_PERSON} AND {_UNREAD} ORDER BY m.id",
        {"id": ticket_id},
    )
    return [Reply(*row) for row in found]


def load_reply_files(connection: sqlite3.Connection, replies: Sequence[Reply]) -> list[StoredFile]:
    """Return the files of replies in their order."""
    return [
        file
        for reply in replies
        for file in connection.execute(
            "SELECT filename, content_type, size, sha256 FROM attachment"
            " WHERE message_id = :id ORDER BY id",
            {"id": reply.message_id},
        )
    ]


def load_origin(connection: sqlite3.Connection, wanted: str) -> Origin | None:
    """Return the verified support address that follow-ups come from, or None without any.

    Args:
        connection: Reads.
        wanted: The configured address; the first verified one if it is none of them.
    """
    row = connection.execute(
        "SELECT account.id, support.address"
        " FROM support_address AS support"
        " JOIN channel_account AS account ON account.id = support.channel_account_id"
        " WHERE support.state = :verified AND account.enabled = 1 AND account.channel = 'email'"
        " ORDER BY support.address = :wanted DESC, support.channel_account_id,"
        " support.address != account.address, support.address LIMIT 1",
        {"verified": AddressState.VERIFIED.value, "wanted": wanted},
    ).fetchone()
    return None if row is None else Origin(row[0], row[1], load_size_limit(connection, row[0]))


def load_visitor(connection: sqlite3.Connection, ticket_id: int) -> Visitor:
    """Return whom a follow-up goes to: nobody where no address is known, or none that works."""
    profile, address, name, known, language = connection.execute(
        "SELECT ticket.profile_id, ticket.customer_address, ticket.customer_name, profile.email,"
        " chat.language FROM ticket JOIN profile ON profile.id = ticket.profile_id"
        " JOIN chat ON chat.ticket_id = ticket.id WHERE ticket.id = :id",
        {"id": ticket_id},
    ).fetchone()
    is_mail = "@" in address and not address.startswith(f"{WEBCHAT.name}:")
    found = (address if is_mail else known).strip().lower()
    shown = "" if name.lower() in (found, address.lower()) else name
    takes_mail = "@" in found and not (
        is_blocked(connection, (EMAIL.name, found))
        or _gives_back(connection, profile, found)
        or load_desk(connection).own.support_of(found)
    )
    return Visitor(found if takes_mail else "", shown, language)


def _gives_back(connection: sqlite3.Connection, profile: int, address: str) -> bool:
    """Tell whether mail to an address of a customer came back for good."""
    row = connection.execute(
        "SELECT 1 FROM ticket WHERE profile_id = :profile AND customer_address = :address"
        f" AND ' ' || flags || ' ' LIKE '% {Flag.ADDRESS_FAILS} %' LIMIT 1",
        {"profile": profile, "address": address},
    ).fetchone()
    return row is not None


def claim_follow_up(connection: sqlite3.Connection, ticket_id: int, now: datetime) -> bool:
    """Note that a conversation has its one follow-up; False if it had it before."""
    done = connection.execute(
        "UPDATE chat SET followed_up_at = :now WHERE ticket_id = :id AND followed_up_at IS NULL",
        {"now": to_us(now), "id": ticket_id},
    )
    return done.rowcount == 1


def load_waiting(connection: sqlite3.Connection, now: datetime) -> list[WaitingChat]:
    """Return the chats in which a visitor wrote just now and waits for a person."""
    since = to_us(now) - span_us(WRITTEN_WITHIN)
    return [
        WaitingChat(
            ticket_id=row[0],
            conversation=row[1],
            account_id=row[2],
            language=row[3],
            timezone=row[4],
            away_told_at=None if row[5] is None else from_us(row[5]),
            open_told_at=None if row[6] is None else from_us(row[6]),
            site=row[7],
            customer_name=row[8],
            written_at=from_us(row[9]),
        )
        for row in connection.execute(_WAITING)
        if row[9] is not None and row[9] > since
    ]


def note_told(
    connection: sqlite3.Connection, chat: WaitingChat, now: datetime, *, away: bool
) -> bool:
    """Note that a visitor was told; False if somebody did that meanwhile."""
    column = "away_told_at" if away else "open_told_at"
    before = chat.away_told_at if away else chat.open_told_at
    done = connection.execute(
        f"UPDATE chat SET {column} = :now WHERE ticket_id = :id AND {column} IS :before",
        {"now": to_us(now), "id": chat.ticket_id,
         "before": None if before is None else to_us(before)},
    )  # fmt: skip
    return done.rowcount == 1


@dataclass(frozen=True, slots=True)
class Automatic:
    """A message that nobody wrote by hand."""

    ticket_id: int
    channel: str
    account_id: int
    sender: str
    recipient: str
    text: str
    subject: str = ""
    flags: str = ""
    files: tuple[StoredFile, ...] = ()
    author: AuthorKind = AuthorKind.AUTO
    author_name: str = ""


def queue_automatic(connection: sqlite3.Connection, message: Automatic, now: datetime) -> Entry:
    """Queue a message of the desk itself; return what the log says of it.

    The ticket counts it and stays otherwise as it is: unread, waiting, whose it was.
    """
    values = {
        "ticket_id": message.ticket_id,
        "original_ticket_id": message.ticket_id,
        "channel": message.channel,
        "channel_account_id": message.account_id,
        "direction": Direction.OUTBOUND.value,
        "author_kind": message.author.value,
        "author_name": message.author_name,
        "sender": message.sender,
        "recipients": json.dumps([message.recipient]),
        "subject": message.subject,
        "text": message.text,
        "automatic": True,
        "flags": message.flags,
        "sent_at": now,
        "received_at": now,
        "delivery": Delivery.QUEUED.value,
        "due_at": now,
    }
    message_id = insert_message(connection, values, message.files)
    secret, domain = load_desk(connection).secret, id_domain(message.sender)
    finish_message(connection, message_id, make_id(secret, message.ticket_id, message_id, domain))
    connection.execute(
        "UPDATE ticket SET message_count = message_count + 1, version = version + 1 WHERE id = :id",
        {"id": message.ticket_id},
    )
    return Entry("message.queued", message.ticket_id, message_id, {}, {"automatic": True})


def add_customer(connection: sqlite3.Connection, ticket_id: int, visitor: Visitor) -> None:
    """Let a visitor answer by mail from the address that the follow-up goes to."""
    connection.execute(
        "INSERT INTO participant (ticket_id, address, name, role)"
        " VALUES (:ticket, :address, :name, 'customer') ON CONFLICT DO NOTHING",
        {"ticket": ticket_id, "address": visitor.address, "name": visitor.name},
    )

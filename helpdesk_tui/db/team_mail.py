"""Mail to the team as rows: which tickets are new, which mail names them, how far it got."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from helpdesk_tui.db.settings import DESK, load_setting, save_setting
from helpdesk_tui.domain.channels import WEBCHAT
from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.team_mail import TOO_OLD, NewTicket
from helpdesk_tui.domain.times import from_us, to_us

POSITION = "team-mail.position"
"""Name of the desk's own note of the entry of the log up to which new tickets were looked for."""
LIVE = 1 << 32
"""Messages up to this id are imported history."""

_MOST = 1_000
"""Entries of one look: a batch of mail makes hundreds."""
_REMEMBERED = timedelta(days=2)
"""A ticket that a mail of this time names is in no further one."""
_NEW = f"""
    SELECT activity.id, ticket.id, ticket.channel FROM activity
    JOIN ticket ON ticket.id = activity.ticket_id
    WHERE activity.id > :after AND activity.id <= :until
        AND activity.kind IN ('ticket.created', 'chat.handed-over')
        AND activity.at > :since
        AND (activity.message_id IS NULL OR activity.message_id > {LIVE})
        AND ticket.spam = 0 AND ticket.automatic = 0 AND ticket.merged_into IS NULL
        AND ' ' || ticket.flags || ' ' NOT LIKE '% {Flag.WITH_RESPONDER} %'
        AND ' ' || ticket.flags || ' ' NOT LIKE '% {Flag.BY_RESPONDER} %'
    ORDER BY activity.id
"""
_NAMED = """
    SELECT value FROM team_mail, json_each(team_mail.tickets)
    WHERE team_mail.channel = :channel AND team_mail.created_at > :since
"""
_WORDS = f"""
    SELECT activity.message_id FROM activity JOIN ticket ON ticket.id = activity.ticket_id
    WHERE activity.id > :after AND activity.id <= :until AND activity.kind = 'message.received'
        AND activity.at > :since AND activity.message_id > {LIVE}
        AND ticket.channel = :channel AND ticket.spam = 0
    ORDER BY activity.id
"""
_NAMED_WORDS = """
    SELECT value FROM team_mail, json_each(team_mail.messages)
    WHERE team_mail.channel = :channel AND team_mail.created_at > :since
"""
_ROW = "id, channel, tickets, recipients, message_id, state, created_at, attempts, messages"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to the team."""

    id: int
    channel: str
    tickets: tuple[int, ...]
    recipients: tuple[str, ...]
    message_id: str
    state: str
    created_at: datetime
    attempts: int
    messages: tuple[int, ...] = ()
    """Where it tells of every message and not only of new tickets."""


def load_position(connection: sqlite3.Connection) -> int | None:
    """Return up to which entry of the log was looked; None before the first look."""
    found = load_setting(connection, POSITION, DESK)
    return int(found) if found is not None and found.isdecimal() else None


def save_position(connection: sqlite3.Connection, position: int) -> None:
    """Note up to which entry of the log was looked."""
    save_setting(connection, POSITION, DESK, str(position))


def newest_entry(connection: sqlite3.Connection) -> int:
    """Return the newest entry of the log."""
    row = connection.execute("SELECT max(id) FROM activity").fetchone()
    return int(row[0] or 0)


def load_new(
    connection: sqlite3.Connection, after: int, now: datetime
) -> tuple[dict[str, list[int]], int]:
    """Return the tickets by channel that are new to the team, and up to where was looked.

    What was imported, spam, blocked, automatic, or is still with the responder is none of them.
    """
    until = min(newest_entry(connection), after + _MOST)
    found: dict[str, list[int]] = {}
    values = {"after": after, "until": until, "since": to_us(now - TOO_OLD)}
    for _, ticket, channel in connection.execute(_NEW, values):
        tickets = found.setdefault(channel, [])
        if ticket not in tickets:
            tickets.append(ticket)
    return found, max(until, after)


def load_words(
    connection: sqlite3.Connection, channel: str, after: int, until: int, now: datetime
) -> list[int]:
    """Return the messages of customers on a channel that the log names in a part of it."""
    values = {"after": after, "until": until, "since": to_us(now - TOO_OLD), "channel": channel}
    return list(dict.fromkeys(int(row[0]) for row in connection.execute(_WORDS, values)))


def add_words(
    connection: sqlite3.Connection,
    channel: str,
    messages: Sequence[int],
    now: datetime,
    every: timedelta,
) -> None:
    """Put messages into the mail of a channel that waits, or into a new one; each into one only."""
    _add(connection, channel, messages, now, every, column="messages", named=_NAMED_WORDS)


def add_tickets(
    connection: sqlite3.Connection,
    channel: str,
    tickets: Sequence[int],
    now: datetime,
    every: timedelta,
) -> None:
    """Put tickets into the mail of a channel that waits, or into a new one; each into one only.

    A mail that was tried stays as it is, because a part of the team may have got it.
    """
    _add(connection, channel, tickets, now, every, column="tickets", named=_NAMED)


def _add(
    connection: sqlite3.Connection, channel: str, ids: Sequence[int], now: datetime,
    every: timedelta, *, column: str, named: str,
) -> None:  # fmt: skip
    since = to_us(now - _REMEMBERED)
    known = {row[0] for row in connection.execute(named, {"channel": channel, "since": since})}
    fresh = [each for each in ids if each not in known]
    if not fresh:
        return
    row = connection.execute(
        f"SELECT id, {column} FROM team_mail WHERE channel = :channel AND state = 'waiting'"
        f" AND message_id = '' AND {column} != '[]' ORDER BY id DESC LIMIT 1",
        {"channel": channel},
    ).fetchone()
    if row is None:
        connection.execute(
            f"INSERT INTO team_mail (channel, {column}, created_at, due_at)"
            " VALUES (:channel, :ids, :now, :due)",
            {"channel": channel, "ids": json.dumps(fresh), "now": to_us(now),
             "due": to_us(now + every)},
        )  # fmt: skip
    else:
        connection.execute(
            f"UPDATE team_mail SET {column} = :ids WHERE id = :id",
            {"ids": json.dumps([*json.loads(row[1]), *fresh]), "id": row[0]},
        )


def due_mails(connection: sqlite3.Connection, now: datetime) -> list[Mail]:
    """Return the mails whose time has come, and those that somebody died over, oldest first."""
    found = connection.execute(
        f"SELECT {_ROW} FROM team_mail INDEXED BY team_mail_waiting WHERE state != 'sent'"
        " AND (state = 'sending' OR (state = 'waiting' AND due_at <= :now)) ORDER BY id",
        {"now": to_us(now)},
    )
    return [_mail(row) for row in found]


def next_due(connection: sqlite3.Connection) -> datetime | None:
    """Return when the next mail is due."""
    row = connection.execute(
        "SELECT min(due_at) FROM team_mail INDEXED BY team_mail_waiting"
        " WHERE state != 'sent' AND state = 'waiting'"
    ).fetchone()
    return None if row[0] is None else from_us(row[0])


def begin(
    connection: sqlite3.Connection, mail: Mail, message_id: str, recipients: Sequence[str]
) -> None:
    """Fix the Message-ID and who gets a mail, before its first try, and count the try."""
    connection.execute(
        "UPDATE team_mail SET state = 'sending', message_id = :message,"
        " recipients = :recipients, attempts = attempts + 1 WHERE id = :id",
        {"message": message_id, "recipients": json.dumps(list(recipients)), "id": mail.id},
    )


def finish(
    connection: sqlite3.Connection, mail_id: int, state: str, now: datetime, code: str = ""
) -> None:
    """Note how a mail went: ``sent`` or ``failed``."""
    connection.execute(
        "UPDATE team_mail SET state = :state, error_code = :code,"
        " sent_at = CASE WHEN :state = 'sent' THEN :now END WHERE id = :id",
        {"state": state, "code": code, "now": to_us(now), "id": mail_id},
    )


def retry(connection: sqlite3.Connection, mail_id: int, due: datetime, code: str) -> None:
    """Let a mail that did not leave wait for its next try."""
    connection.execute(
        "UPDATE team_mail SET state = 'waiting', due_at = :due, error_code = :code WHERE id = :id",
        {"due": to_us(due), "code": code, "id": mail_id},
    )


def load_failed(connection: sqlite3.Connection, since: datetime) -> str:
    """Return why a mail failed for good since a moment; empty where none did."""
    row = connection.execute(
        "SELECT error_code FROM team_mail INDEXED BY team_mail_waiting WHERE state != 'sent'"
        " AND state = 'failed' AND created_at > :since ORDER BY id DESC LIMIT 1",
        {"since": to_us(since)},
    ).fetchone()
    return "" if row is None else str(row[0])


def load_tickets(connection: sqlite3.Connection, ids: Sequence[int]) -> list[NewTicket]:
    """Return what the team reads of tickets; those that turned out to be spam are left out."""
    found = []
    for ticket_id in ids:
        row = connection.execute(
            "SELECT customer_name, customer_address, preview, coalesce((SELECT substr(m.text, 1,"
            " 400) FROM message AS m WHERE m.ticket_id = ticket.id AND m.direction = 'inbound'"
            " ORDER BY m.id LIMIT 1), '') FROM ticket WHERE id = :id AND spam = 0",
            {"id": ticket_id},
        ).fetchone()
        if row is not None:
            name = row[0] or ("" if row[1].startswith(f"{WEBCHAT.name}:") else row[1])
            found.append(NewTicket(ticket_id, name, row[3].strip() or row[2]))
    return found


def load_messages(connection: sqlite3.Connection, ids: Sequence[int]) -> list[NewTicket]:
    """Return what the team reads of messages; those that turned out to be spam are left out."""
    found = []
    for message_id in ids:
        row = connection.execute(
            "SELECT ticket.id, ticket.customer_name, ticket.customer_address,"
            " substr(message.text, 1, 400), NOT EXISTS (SELECT 1"
            "  FROM message AS older WHERE older.ticket_id = message.ticket_id"
            "  AND older.direction = 'inbound' AND older.id < message.id)"
            " FROM message JOIN ticket ON ticket.id = message.ticket_id"
            " WHERE message.id = :id AND ticket.spam = 0",
            {"id": message_id},
        ).fetchone()
        if row is not None:
            words = row[3].strip() or _file_name(connection, message_id)
            found.append(NewTicket(row[0], row[1] or row[2], words, is_new=bool(row[4])))
    return found


def _file_name(connection: sqlite3.Connection, message_id: int) -> str:
    row = connection.execute(
        "SELECT filename FROM attachment WHERE message_id = :id ORDER BY id LIMIT 1",
        {"id": message_id},
    ).fetchone()
    return "" if row is None else str(row[0])


def _mail(row: tuple[Any, ...]) -> Mail:
    return Mail(
        id=row[0],
        channel=row[1],
        tickets=tuple(json.loads(row[2])),
        recipients=tuple(json.loads(row[3])),
        message_id=row[4],
        state=row[5],
        created_at=from_us(row[6]),
        attempts=row[7],
        messages=tuple(json.loads(row[8])),
    )

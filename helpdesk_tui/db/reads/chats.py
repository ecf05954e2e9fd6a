"""The conversation behind a webchat ticket."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from helpdesk_tui.domain.times import from_us
from helpdesk_tui.domain.webchat.chats import ChatInfo, EndedBy, Responder


@dataclass(frozen=True, slots=True)
class Line:
    """Where a message of ours to a visitor goes."""

    account_id: int
    site: str
    conversation: str
    language: str
    """Of the visitor's browser."""
    is_closing: bool


def load_line(connection: sqlite3.Connection, ticket_id: int) -> Line | None:
    """Return where messages in a chat go, or None if no conversation runs behind a ticket."""
    row = connection.execute(
        "SELECT account.id, account.address, conversation, language, closing_at IS NOT NULL"
        " FROM chat JOIN channel_account AS account ON account.id = chat.channel_account_id"
        " WHERE ticket_id = :ticket AND ended_at IS NULL",
        {"ticket": ticket_id},
    ).fetchone()
    if row is None:
        return None
    return Line(row[0], row[1], row[2], language=row[3], is_closing=row[4] == 1)


def load_chat(connection: sqlite3.Connection, ticket_id: int) -> ChatInfo | None:
    """Return the conversation of a ticket, or None if it has none."""
    row = connection.execute(
        "SELECT conversation, visitor, language, timezone, page, started_at, offline_since,"
        " ended_at, ended_by, closing_at, responder FROM chat WHERE ticket_id = :ticket",
        {"ticket": ticket_id},
    ).fetchone()
    if row is None:
        return None
    return ChatInfo(
        conversation=row[0],
        visitor=row[1],
        language=row[2],
        timezone=row[3],
        page=row[4],
        started_at=from_us(row[5]),
        offline_since=_moment(row[6]),
        ended_at=_moment(row[7]),
        ended_by=EndedBy(row[8]),
        closing_at=_moment(row[9]),
        responder=Responder(row[10]),
    )


def _moment(value: int | None) -> datetime | None:
    return None if value is None else from_us(value)

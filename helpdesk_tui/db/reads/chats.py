"""The conversation behind a webchat ticket."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from helpdesk_tui.domain.times import from_us
from helpdesk_tui.domain.webchat.chats import ChatInfo, EndedBy, Responder


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

"""Replies that leave later, and the list of everything that has not left."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from helpdesk_tui.db.settings import DESK, load_setting
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.messages import Delivery
from helpdesk_tui.domain.outbox import OutboxRow
from helpdesk_tui.domain.setting.table import undo_send
from helpdesk_tui.domain.times import from_us, to_us

_SHOWN = 2_000
"""Characters of a message that the outbox shows."""
_ROW = """
    SELECT message.id, message.ticket_id, ticket.subject, ticket.customer_name, message.channel,
        message.delivery, message.due_at, message.received_at, message.attempts,
        message.error_code, message.error_text, message.agent_id, message.author_name,
        message.recipients, substr(message.text, 1, :shown), message.flags,
        (SELECT count(*) FROM attachment WHERE attachment.message_id = message.id),
        coalesce(account.enabled, 1), ticket.customer_address
    FROM message {index} JOIN ticket ON ticket.id = message.ticket_id
    LEFT JOIN channel_account AS account ON account.id = message.channel_account_id
    WHERE message.delivery IN ({states}) AND message.direction = 'outbound'
        AND (:agent IS NULL OR message.agent_id = :agent)
"""


def undo_seconds(connection: sqlite3.Connection, agent_id: int, channel: str, default: int) -> int:
    """Return how long a reply of an agent waits before it leaves."""
    for scope in (agent_id, DESK):
        found = load_setting(connection, undo_send(channel), scope)
        text = str(json.loads(found)) if found is not None else ""
        if text.isdecimal():
            return int(text)
    return default


def due_ids(
    connection: sqlite3.Connection, now: datetime, account_id: int | None, limit: int
) -> list[int]:
    """Return scheduled messages whose moment has come, of accounts that are switched on."""
    found = connection.execute(
        "SELECT message.id FROM message INDEXED BY message_outbox"
        " JOIN channel_account AS account"
        " ON account.id = message.channel_account_id AND account.enabled = 1"
        " WHERE message.delivery IN ('queued', 'sending', 'scheduled')"
        " AND message.delivery = 'scheduled' AND message.due_at <= :now"
        " AND message.direction = 'outbound'"
        " AND (:account IS NULL OR message.channel_account_id = :account)"
        " ORDER BY message.due_at, message.id LIMIT :limit",
        {"now": to_us(now), "account": account_id, "limit": limit},
    )
    return [row[0] for row in found]


def release(connection: sqlite3.Connection, message_id: int, now: datetime) -> None:
    """Let a scheduled message leave now; it is dated now, too."""
    connection.execute(
        "UPDATE message SET delivery = 'queued', due_at = :now, sent_at = :now, received_at = :now"
        " WHERE id = :id AND delivery = 'scheduled'",
        {"now": to_us(now), "id": message_id},
    )


def set_due(connection: sqlite3.Connection, message_id: int, at: datetime) -> None:
    """Let a message that waits leave at another moment."""
    connection.execute(
        "UPDATE message SET due_at = :at WHERE id = :id AND delivery IN ('scheduled', 'queued')",
        {"at": to_us(at), "id": message_id},
    )


def scheduled_in(connection: sqlite3.Connection, ticket_ids: Sequence[int]) -> list[int]:
    """Return the scheduled messages of tickets."""
    found = connection.execute(
        "SELECT id FROM message INDEXED BY message_outbox"
        " WHERE delivery IN ('queued', 'sending', 'scheduled') AND delivery = 'scheduled'"
        " AND ticket_id IN (SELECT value FROM json_each(:tickets)) ORDER BY id",
        {"tickets": json.dumps(list(ticket_ids))},
    )
    return [row[0] for row in found]


def load_outbox(
    connection: sqlite3.Connection, agent_id: int | None, limit: int
) -> tuple[OutboxRow, ...]:
    """Return what has not left of an agent, or of everybody: trouble first, then by moment."""
    values = {"agent": agent_id, "shown": _SHOWN, "limit": limit}
    trouble = _ROW.format(index="INDEXED BY message_failed", states="'failed', 'unknown'")
    waiting = _ROW.format(
        index="INDEXED BY message_outbox", states="'queued', 'sending', 'scheduled'"
    )
    rows = [
        *connection.execute(f"{trouble} ORDER BY message.id DESC LIMIT :limit", values),
        *connection.execute(f"{waiting} ORDER BY message.due_at, message.id LIMIT :limit", values),
    ]
    return tuple(_row(row) for row in rows[:limit])


def _row(row: tuple[Any, ...]) -> OutboxRow:
    return OutboxRow(
        message_id=row[0],
        ticket_id=row[1],
        subject=row[2],
        customer=row[3] or row[18],
        channel=row[4],
        delivery=Delivery(row[5]),
        due_at=None if row[6] is None else from_us(row[6]),
        written_at=from_us(row[7]),
        attempts=row[8],
        error_code=row[9],
        error_text=row[10],
        agent_id=row[11],
        author=row[12],
        # a conversation has no address that anybody knows
        to=(row[18],) if CHANNELS[row[4]].is_live else tuple(json.loads(row[13])),
        text=row[14],
        files=row[16],
        is_forward=Flag.THIRD_PARTY in row[15].split(),
        is_held=not row[17],
    )

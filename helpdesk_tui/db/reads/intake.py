"""The intake list, read only: newest first, by the order of arrival."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from helpdesk_tui.domain.intake import IntakeRow
from helpdesk_tui.domain.mail import Address
from helpdesk_tui.domain.times import from_us

_SELECT = """
    SELECT i.id, i.received_at, i.reason, i.detail, i.sender, i.subject, a.name, i.external_id,
        i.ticket_id, i.preview, i.customer_name, i.customer_address, i.done_at
    FROM intake i LEFT JOIN channel_account a ON a.id = i.channel_account_id
"""


def load_intake(
    connection: sqlite3.Connection, *, after: int | None, limit: int, everything: bool
) -> tuple[IntakeRow, ...]:
    """Return the newest rows, or those that came before the one named ``after``."""
    conditions = [] if everything else ["i.done_at IS NULL"]
    if after is not None:
        conditions.append("i.id < :after")
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    found = connection.execute(
        f"{_SELECT} {where} ORDER BY i.id DESC LIMIT :limit", {"after": after, "limit": limit}
    )
    return tuple([_row(raw) for raw in found])


def count_open(connection: sqlite3.Connection) -> int:
    """Return how many rows nobody has dealt with."""
    found = connection.execute("SELECT count(*) FROM intake WHERE done_at IS NULL").fetchone()
    return int(found[0])


def load_intake_row(connection: sqlite3.Connection, intake_id: int) -> tuple[IntakeRow, str] | None:
    """Return a row with the key of its source (empty: not kept), or None if there is none."""
    wanted = {"id": intake_id}
    found = connection.execute(f"{_SELECT} WHERE i.id = :id", wanted).fetchone()
    if found is None:
        return None
    key = connection.execute("SELECT raw_sha256 FROM intake WHERE id = :id", wanted).fetchone()[0]
    return _row(found), key


def _row(raw: tuple[Any, ...]) -> IntakeRow:
    return IntakeRow(
        id=raw[0],
        received_at=from_us(raw[1]),
        reason=raw[2],
        evidence=tuple(json.loads(raw[3]).items()),
        sender=raw[4],
        subject=raw[5],
        account=raw[6] or "",
        external_id=raw[7],
        ticket_id=raw[8],
        preview=raw[9],
        customer=Address(raw[10], raw[11]) if raw[11] else None,
        is_done=raw[12] is not None,
    )

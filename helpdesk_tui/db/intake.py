"""Changes of the intake list: dismissed, restored, made a ticket."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence


def set_done(connection: sqlite3.Connection, ids: Iterable[int], at: int | None) -> list[int]:
    """Mark open rows as done at a moment, or with None done ones as open; return which changed.

    What became a ticket stays done.
    """
    change = (
        "UPDATE intake SET done_at = ? WHERE id = ? AND ticket_id IS NULL"
        f" AND done_at IS {'NOT ' if at is None else ''}NULL"
    )
    found = dict.fromkeys(ids)
    return [each for each in found if connection.execute(change, (at, each)).rowcount]


def load_standing(
    connection: sqlite3.Connection, intake_id: int
) -> tuple[int | None, int | None] | None:
    """Return the mailbox a row came through and the ticket made of it, or None without a row."""
    row: Sequence[int | None] | None = connection.execute(
        "SELECT channel_account_id, ticket_id FROM intake WHERE id = ?", (intake_id,)
    ).fetchone()
    return None if row is None else (row[0], row[1])


def set_ticket(connection: sqlite3.Connection, intake_id: int, ticket_id: int, at: int) -> None:
    """Keep which ticket was made of a row."""
    connection.execute(
        "UPDATE intake SET ticket_id = ?, done_at = ? WHERE id = ?", (ticket_id, at, intake_id)
    )


def find_agent(connection: sqlite3.Connection, address: str) -> int | None:
    """Return the agent who has a mail address, or None."""
    row = connection.execute(
        "SELECT id FROM agent WHERE lower(email) = ? AND email != '' LIMIT 1", (address,)
    ).fetchone()
    return int(row[0]) if row else None

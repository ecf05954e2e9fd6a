"""What agents have read of customers' messages, for channels whose customers are told."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from helpdesk_tui.domain.times import to_us

_READ = """
    SELECT m.ticket_id, m.sender, m.external_id FROM (
        SELECT t.id AS id, (
            SELECT max(i.id) FROM message i WHERE i.ticket_id = t.id AND i.direction = 'inbound'
        ) AS newest
        FROM ticket t
        WHERE t.channel = :channel AND t.channel_account_id = :account
          AND t.merged_into IS NULL AND t.spam = 0 AND t.unread = 0
          AND t.last_message_at >= :since
    ) AS seen JOIN message m ON m.id = seen.newest
    WHERE m.external_id <> '' AND m.channel_account_id = :account
"""


@dataclass(frozen=True, slots=True)
class ReadMark:
    """The newest message of a customer in a ticket that an agent has read."""

    ticket_id: int
    address: str
    external_id: str


def load_read(
    connection: sqlite3.Connection, account: int, channel: str, since: datetime
) -> list[ReadMark]:
    """Return what agents have read in the tickets of an account that were lively since then."""
    rows = connection.execute(
        _READ, {"account": account, "channel": channel, "since": to_us(since)}
    ).fetchall()
    return [ReadMark(row[0], row[1], row[2]) for row in rows]

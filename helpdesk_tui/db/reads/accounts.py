"""How the channel accounts fare, in numbers."""

from __future__ import annotations

import sqlite3

from helpdesk_tui.domain.accounts import Account, AccountReport, AccountState
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.times import from_us

_ACCOUNTS = """
    SELECT id, name, channel, address, enabled, settings, state, error_code,
        last_sync_at, error_at, error_text,
        (SELECT count(*) FROM template WHERE template.channel_account_id = channel_account.id
            AND template.status = 'approved')
    FROM channel_account ORDER BY id
"""
_WAITING = """
    SELECT channel_account_id, count(*) FROM message INDEXED BY message_outbox
    WHERE delivery IN ('queued', 'sending', 'scheduled') GROUP BY channel_account_id
"""
_FAILED = """
    SELECT channel_account_id, count(*) FROM message INDEXED BY message_failed
    WHERE delivery IN ('failed', 'unknown') GROUP BY channel_account_id
"""
_FETCHING = """
    SELECT message.channel_account_id, count(*)
    FROM attachment INDEXED BY attachment_pending
    JOIN message ON message.id = attachment.message_id
    WHERE attachment.state = 'pending' GROUP BY message.channel_account_id
"""


def load_reports(connection: sqlite3.Connection) -> tuple[AccountReport, ...]:
    """Return how each account fares, in the order of the channels."""
    waiting = dict(connection.execute(_WAITING).fetchall())
    failed = dict(connection.execute(_FAILED).fetchall())
    fetching = dict(connection.execute(_FETCHING).fetchall())
    order = list(CHANNELS)
    found = [
        AccountReport(
            account=Account(
                row[0], row[1], row[2], row[3], row[4] == 1, row[5], AccountState(row[6]), row[7]
            ),
            last_sync_at=None if row[8] is None else from_us(row[8]),
            error_at=None if row[9] is None else from_us(row[9]),
            error_text=row[10],
            waiting=waiting.get(row[0], 0),
            failed=failed.get(row[0], 0),
            fetching=fetching.get(row[0], 0),
            templates=row[11],
        )
        for row in connection.execute(_ACCOUNTS)
    ]
    return tuple(
        sorted(found, key=lambda each: (order.index(each.account.channel), each.account.id))
    )

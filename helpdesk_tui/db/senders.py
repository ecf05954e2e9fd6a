"""The newest mails as they came, one of each sender's domain."""

from __future__ import annotations

import sqlite3

from helpdesk_tui.db.blobs import get_blob
from helpdesk_tui.db.paths import StorePaths
from helpdesk_tui.domain.errors import NotFound

_LOOKED_AT = 2_000
"""Messages among which they are looked for, whatever came through this account."""


def newest_of_senders(
    connection: sqlite3.Connection, paths: StorePaths, account_id: int, limit: int
) -> list[bytes]:
    """Return raw mails that came through an account, the newest of each sender's domain.

    One domain has one voice, so that whoever writes much does not speak for all.
    """
    found = connection.execute(
        "SELECT max(id), raw_sha256 FROM message"
        " WHERE id > (SELECT coalesce(max(id), 0) FROM message) - ?"
        " AND channel = 'email' AND direction = 'inbound' AND channel_account_id = ?"
        " AND raw_sha256 != '' AND sender LIKE '%@%'"
        " GROUP BY substr(sender, instr(sender, '@') + 1) ORDER BY max(id) DESC LIMIT ?",
        (_LOOKED_AT, account_id, limit),
    ).fetchall()
    mails: list[bytes] = []
    for _, sha256 in found:
        try:
            mails.append(get_blob(connection, paths, sha256))
        except (NotFound, OSError):
            # a file that is lost is told of elsewhere
            continue
    return mails

"""Who we are in a mail: own addresses and the keys of this desk, read once a batch."""

from __future__ import annotations

import json
import sqlite3

from helpdesk_tui.db.settings import DESK, load_setting
from helpdesk_tui.domain.inbound import Desk
from helpdesk_tui.domain.own import OWN_ADDRESSES, OWN_DOMAINS, TRUSTED_SERVERS, make_own

_OTHERS = """
    SELECT address FROM channel_account WHERE channel = 'email' AND address != ''
    UNION SELECT email FROM agent WHERE email != ''
    UNION SELECT address FROM support_address WHERE state = 'off'
"""


def load_desk(connection: sqlite3.Connection) -> Desk:
    """Return own addresses, keys and trusted servers of this store."""
    support = connection.execute("SELECT address FROM support_address WHERE state != 'off'")
    others = [row[0] for row in connection.execute(_OTHERS)]
    instance, secret = connection.execute("SELECT instance, secret FROM schema_info").fetchone()
    return Desk(
        make_own(
            support=[row[0] for row in support],
            others=[*others, *_names(connection, OWN_ADDRESSES)],
            domains=_names(connection, OWN_DOMAINS),
        ),
        instance,
        secret,
        frozenset(name.lower() for name in _names(connection, TRUSTED_SERVERS)),
    )


def account_address(connection: sqlite3.Connection, account_id: int | None) -> str:
    """Return the address of a mailbox, or nothing."""
    query = "SELECT address FROM channel_account WHERE id = ?"
    row = connection.execute(query, (account_id,)).fetchone()
    return str(row[0]) if row else ""


def _names(connection: sqlite3.Connection, setting: str) -> list[str]:
    found = load_setting(connection, setting, DESK)
    values = json.loads(found) if found else []
    return [value for value in values if isinstance(value, str)]

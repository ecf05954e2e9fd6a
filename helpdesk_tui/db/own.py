"""Who we are in a mail: own addresses and the keys of this desk, read once a batch."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from helpdesk_tui.db.addresses import load_watched
from helpdesk_tui.db.settings import load_desk_settings
from helpdesk_tui.domain.inbound import Desk
from helpdesk_tui.domain.own import OWN_ADDRESSES, OWN_DOMAINS, TRUSTED_SERVERS, make_own
from helpdesk_tui.domain.setting.table import is_on
from helpdesk_tui.domain.text import fold
from helpdesk_tui.domain.verdicts import KEEPS_THANKS, REPLY_PLUS

_OTHERS = """
    SELECT address FROM channel_account WHERE channel = 'email' AND address != ''
    UNION SELECT email FROM agent WHERE email != ''
    UNION SELECT address FROM support_address WHERE state = 'off'
"""


def load_desk(connection: sqlite3.Connection) -> Desk:
    """Return own addresses, keys and trusted servers of this store."""
    support = connection.execute(
        "SELECT address, name FROM support_address WHERE state != 'off'"
    ).fetchall()
    settings = load_desk_settings(connection)
    others = [row[0] for row in connection.execute(_OTHERS)]
    instance, secret = connection.execute("SELECT instance, secret FROM schema_info").fetchone()
    return Desk(
        make_own(
            support=[row[0] for row in support],
            others=[*others, *_names(settings, OWN_ADDRESSES)],
            domains=_names(settings, OWN_DOMAINS),
        ),
        instance,
        secret,
        frozenset(name.lower() for name in _names(settings, TRUSTED_SERVERS)),
        watched=load_watched(connection),
        names=frozenset(fold(name).strip() for _, name in support if len(name.split()) > 1),
        keeps_thanks=is_on(settings.get(KEEPS_THANKS)),
        reply_plus=is_on(settings.get(REPLY_PLUS)),
    )


def account_address(connection: sqlite3.Connection, account_id: int | None) -> str:
    """Return the address of a mailbox, or nothing."""
    query = "SELECT address FROM channel_account WHERE id = ?"
    row = connection.execute(query, (account_id,)).fetchone()
    return str(row[0]) if row else ""


def default_account(connection: sqlite3.Connection) -> int | None:
    """Return the first mailbox, or None."""
    row = connection.execute(
        "SELECT id FROM channel_account WHERE channel = 'email' ORDER BY id LIMIT 1"
    ).fetchone()
    return int(row[0]) if row else None


def _names(settings: Mapping[str, Any], setting: str) -> list[str]:
    values = settings.get(setting) or []
    return [value for value in values if isinstance(value, str)]

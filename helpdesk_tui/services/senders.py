"""Mails as they came, for whoever wants to see what servers have said of their senders."""

from __future__ import annotations

from helpdesk_tui.db.senders import newest_of_senders
from helpdesk_tui.db.store import Store

SENDERS = 20
"""How many senders are looked at."""


def newest_mails(store: Store, account_id: int) -> list[bytes]:
    """Return the newest mail of each of the newest senders of an account; blocks."""
    with store.read() as connection:
        return newest_of_senders(connection, store.paths, account_id, SENDERS)

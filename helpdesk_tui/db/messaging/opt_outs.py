"""What only a provider had been told: that a customer wants no messages of ours any more."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from helpdesk_tui.domain.times import to_us

_NEWEST = """
    SELECT state FROM consent WHERE channel = :channel AND address = :address
        AND ours IN ('', :ours) ORDER BY at DESC, id DESC LIMIT 1
"""


def withdraw_at_provider(
    connection: sqlite3.Connection,
    channel: str,
    address: str,
    ours: str,
    code: str,
    now: datetime,
) -> None:
    """Note that the provider lets nothing of ours through to a customer; known before, nothing."""
    values = {"channel": channel, "address": address, "ours": ours}
    row = connection.execute(_NEWEST, values).fetchone()
    if row is not None and row[0] == "withdrawn":
        return
    connection.execute(
        "INSERT INTO consent (channel, address, ours, state, source, kind, detail, at)"
        " VALUES (:channel, :address, :ours, 'withdrawn', 'provider', 'transactional', :code,"
        " :at)",
        {**values, "code": code, "at": to_us(now)},
    )

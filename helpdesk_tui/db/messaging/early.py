"""What a provider said of messages whose id we did not know yet, or know no longer."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from helpdesk_tui.domain.messages import Delivery
from helpdesk_tui.domain.messaging.received import StatusNews
from helpdesk_tui.domain.times import from_us, to_us

_TOLD = "state IN ('queued', 'sending', 'sent', 'delivered', 'read', 'failed')"
_GIVEN_UP = "given-up"
"""Marks the id of a request that is made anew: what is said of it any more moves nothing."""


@dataclass(frozen=True, slots=True)
class Early:
    """One thing said too early."""

    state: Delivery
    code: str
    text: str
    at: datetime


def keep_early(connection: sqlite3.Connection, account_id: int, news: StatusNews) -> None:
    """Keep what is said of an id that nobody knows; the same thing once."""
    connection.execute(
        "INSERT INTO early_status (channel_account_id, provider_id, state, error_code, error_text,"
        " at) SELECT :account, :provider, :state, :code, :text, :at WHERE NOT EXISTS"
        " (SELECT 1 FROM early_status WHERE channel_account_id = :account"
        " AND provider_id = :provider AND state IN (:state, :given_up))",
        {
            "account": account_id,
            "provider": news.external_id,
            "state": news.state.value,
            "code": news.code,
            "text": news.text,
            "at": to_us(news.at),
            "given_up": _GIVEN_UP,
        },
    )


def take_early(connection: sqlite3.Connection, account_id: int, provider_id: str) -> list[Early]:
    """Return and forget what was said of an id before it was known."""
    values = {"account": account_id, "provider": provider_id}
    found = connection.execute(
        "SELECT state, error_code, error_text, at FROM early_status"
        " WHERE channel_account_id = :account AND provider_id = :provider"
        f" AND {_TOLD} ORDER BY id",
        values,
    ).fetchall()
    connection.execute(
        "DELETE FROM early_status WHERE channel_account_id = :account"
        f" AND provider_id = :provider AND {_TOLD}",
        values,
    )
    return [Early(Delivery(row[0]), row[1], row[2], from_us(row[3])) for row in found]


def give_up(
    connection: sqlite3.Connection, account_id: int, provider_id: str, now: datetime
) -> None:
    """Note that a request was given up, whatever is still said of it."""
    connection.execute(
        "INSERT INTO early_status (channel_account_id, provider_id, state, at)"
        " VALUES (:account, :provider, :state, :at)",
        {"account": account_id, "provider": provider_id, "state": _GIVEN_UP, "at": to_us(now)},
    )


def is_given_up(connection: sqlite3.Connection, account_id: int, provider_id: str) -> bool:
    """Tell whether a request was given up."""
    row = connection.execute(
        "SELECT 1 FROM early_status WHERE channel_account_id = :account"
        " AND provider_id = :provider AND state = :state LIMIT 1",
        {"account": account_id, "provider": provider_id, "state": _GIVEN_UP},
    ).fetchone()
    return row is not None


def forget_early(connection: sqlite3.Connection, before: datetime) -> None:
    """Forget what was never asked for."""
    connection.execute("DELETE FROM early_status WHERE at < :before", {"before": to_us(before)})

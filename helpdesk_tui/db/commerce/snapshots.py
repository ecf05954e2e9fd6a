"""Orders, subscriptions and events of customers as they were last seen."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from helpdesk_tui.db.commerce.bodies import from_body, to_body
from helpdesk_tui.db.commerce.group import Group
from helpdesk_tui.domain.commerce.facts import CustomerEvent, Order, Subscription
from helpdesk_tui.domain.commerce.order_names import order_name
from helpdesk_tui.domain.money import to_micros
from helpdesk_tui.domain.times import to_us

_T = TypeVar("_T")

_ORDER = """
    INSERT INTO order_snapshot (source_id, external_id, profile_id, name, total, currency,
        placed_at, changed_at, cancelled, body, seen_at)
    VALUES (:source, :id, :profile, :name, :total, :currency, :placed_at, :changed_at,
        :cancelled, :body, :now)
    ON CONFLICT (source_id, external_id, profile_id) DO UPDATE SET name = excluded.name,
        total = excluded.total, currency = excluded.currency, placed_at = excluded.placed_at,
        changed_at = excluded.changed_at, cancelled = excluded.cancelled, body = excluded.body,
        seen_at = excluded.seen_at
    WHERE order_snapshot.body != excluded.body AND (order_snapshot.changed_at IS NULL
        OR excluded.changed_at IS NULL OR excluded.changed_at >= order_snapshot.changed_at)
"""
_SUBSCRIPTION = """
    INSERT INTO subscription_snapshot (source_id, external_id, profile_id, status, next_date,
        body, seen_at)
    VALUES (:source, :id, :profile, :status, :next_date, :body, :now)
    ON CONFLICT (source_id, external_id, profile_id) DO UPDATE SET status = excluded.status,
        next_date = excluded.next_date, body = excluded.body, seen_at = excluded.seen_at
    WHERE subscription_snapshot.body != excluded.body
"""
_EVENT = """
    INSERT INTO customer_event (source_id, external_id, profile_id, metric, at, title, body)
    VALUES (:source, :id, :profile, :metric, :at, :title, :body)
    ON CONFLICT (source_id, external_id, profile_id) DO NOTHING
"""
_IN_TURN = "CASE status WHEN 'active' THEN 0 ELSE 1 END, next_date IS NULL, next_date, id DESC"


def save_orders(
    connection: sqlite3.Connection, source: int, profile: int, orders: Sequence[Order],
    now: datetime,
) -> None:  # fmt: skip
    """Store orders; one that is known as it is, or in a newer state, stays untouched."""
    connection.executemany(
        _ORDER,
        [
            {
                "source": source, "id": each.id, "profile": profile,
                "name": order_name(each.name), "currency": each.currency,
                "total": None if each.total is None else to_micros(each.total),
                "placed_at": to_us(each.created_at),
                "changed_at": None if each.updated_at is None else to_us(each.updated_at),
                "cancelled": each.cancelled_at is not None, "body": to_body(each),
                "now": to_us(now),
            }
            for each in orders
        ],
    )  # fmt: skip


def save_subscriptions(
    connection: sqlite3.Connection, source: int, profile: int,
    subscriptions: Sequence[Subscription], now: datetime,
) -> None:  # fmt: skip
    """Store subscriptions; one that is known as it is stays untouched."""
    connection.executemany(
        _SUBSCRIPTION,
        [
            {
                "source": source, "id": each.id, "profile": profile, "status": each.status,
                "next_date": None if each.next_date is None else each.next_date.isoformat(),
                "body": to_body(each), "now": to_us(now),
            }
            for each in subscriptions
        ],
    )  # fmt: skip


def save_events(
    connection: sqlite3.Connection, source: int, profile: int, events: Sequence[CustomerEvent]
) -> None:
    """Store events; what has happened stays as it was told first."""
    connection.executemany(
        _EVENT,
        [
            {
                "source": source, "id": each.id, "profile": profile, "metric": each.metric,
                "at": to_us(each.at), "title": each.title, "body": to_body(each),
            }
            for each in events
        ],
    )  # fmt: skip


def keep_only(
    connection: sqlite3.Connection, table: str, source: int, profile: int, ids: Sequence[str]
) -> None:
    """Remove what the source no longer has of a customer, of ``TABLE_snapshot``."""
    kept = frozenset(ids)
    found = connection.execute(
        f"SELECT id, external_id FROM {table}_snapshot WHERE profile_id = ? AND source_id = ?",
        (profile, source),
    ).fetchall()
    gone = [(row[0],) for row in found if row[1] not in kept]
    connection.executemany(f"DELETE FROM {table}_snapshot WHERE id = ?", gone)


def count_orders(connection: sqlite3.Connection, source: int, profile: int) -> int:
    """Return how many orders of a customer are kept."""
    row = connection.execute(
        "SELECT count(*) FROM order_snapshot WHERE profile_id = ? AND source_id = ?",
        (profile, source),
    ).fetchone()
    return int(row[0])


def count_metrics(
    connection: sqlite3.Connection, source: int, profile: int
) -> tuple[tuple[str, int], ...]:
    """Return the kinds of event that are kept of a customer, the most frequent first."""
    found = connection.execute(
        "SELECT metric, count(*) FROM customer_event WHERE profile_id = ? AND source_id = ?"
        " GROUP BY metric ORDER BY count(*) DESC, metric",
        (profile, source),
    )
    return tuple([(str(row[0]), int(row[1])) for row in found])


def load_orders(
    connection: sqlite3.Connection, group: Group, limit: int
) -> tuple[tuple[int, Order], ...]:
    """Return the newest orders of a customer, each with its source."""
    found = connection.execute(
        f"SELECT source_id, external_id, body FROM order_snapshot"
        f" WHERE profile_id IN ({group.marks}) ORDER BY placed_at DESC, id DESC LIMIT ?",
        (*group.members, limit * len(group.members)),
    )
    return _first(found, Order, limit)


def load_subscriptions(
    connection: sqlite3.Connection, group: Group, limit: int
) -> tuple[tuple[int, Subscription], ...]:
    """Return subscriptions of a customer: active ones first, the next charge before later ones."""
    found = connection.execute(
        "SELECT source_id, external_id, body FROM subscription_snapshot"
        f" WHERE profile_id IN ({group.marks}) ORDER BY {_IN_TURN} LIMIT ?",
        (*group.members, limit * len(group.members)),
    )
    return _first(found, Subscription, limit)


def load_events(
    connection: sqlite3.Connection, group: Group, metrics: Sequence[str], limit: int
) -> tuple[tuple[int, CustomerEvent], ...]:
    """Return the newest events of a customer, of some kinds only where any are named."""
    found: list[tuple[int, int, str, str]] = []
    # each kind of each profile is a walk of its own along the index: never more than is shown
    for member in group.members:
        for metric in metrics or ("",):
            kind = "AND metric = :metric" if metric else ""
            found += connection.execute(
                "SELECT at, source_id, external_id, body FROM customer_event"
                f" WHERE profile_id = :profile {kind} ORDER BY at DESC LIMIT :limit",
                {"profile": member, "metric": metric, "limit": limit},
            ).fetchall()
    found.sort(key=lambda row: -row[0])
    return _first([row[1:] for row in found], CustomerEvent, limit)


def _first(rows: Iterable[Any], kind: type[_T], limit: int) -> tuple[tuple[int, _T], ...]:
    """Return what rows hold, with their sources; what two linked profiles both have only once."""
    found: dict[tuple[int, str], str] = {}
    for source, external_id, body in rows:
        if len(found) >= limit:
            break
        found.setdefault((source, external_id), body)
    return tuple([(source, from_body(kind, body)) for (source, _), body in found.items()])

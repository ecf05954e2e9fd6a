"""All that the store holds of one customer beside their tickets: what they may ask a copy of."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from helpdesk_tui.db.commerce.erasing import load_names, load_tickets
from helpdesk_tui.db.commerce.group import Group
from helpdesk_tui.domain.times import from_us, rfc3339

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Holdings:
    """What is kept of a customer, as JSON can hold it."""

    identities: Rows
    consent: Rows
    orders: Rows
    subscriptions: Rows
    events: Rows
    actions: Rows
    tickets: list[int]


def load_holdings(connection: sqlite3.Connection, group: Group) -> Holdings:
    """Return everything that is kept of a customer."""
    return Holdings(
        identities=[
            {"kind": row[0], "value": row[1], "verified": bool(row[2])}
            for row in connection.execute(
                f"SELECT kind, value, verified FROM identity WHERE profile_id IN ({group.marks})"
                " ORDER BY id",
                group.members,
            )
        ],
        consent=_consent(connection, group),
        orders=_bodies(connection, "order_snapshot", "placed_at DESC", group),
        subscriptions=_bodies(connection, "subscription_snapshot", "external_id", group),
        events=_bodies(connection, "customer_event", "at DESC", group),
        actions=[
            {"id": str(row[0]), "kind": row[1], "name": row[2], "state": row[3],
             "at": rfc3339(from_us(row[4])), "arguments": json.loads(row[5])}
            for row in connection.execute(
                "SELECT id, kind, name, state, created_at, arguments FROM shop_action"
                f" WHERE profile_id IN ({group.marks}) ORDER BY id",
                group.members,
            )
        ],
        tickets=load_tickets(connection, group),
    )  # fmt: skip


def _bodies(connection: sqlite3.Connection, table: str, order: str, group: Group) -> Rows:
    found = connection.execute(
        f"SELECT source.name, {table}.body FROM {table} JOIN source ON source.id = source_id"
        f" WHERE profile_id IN ({group.marks}) ORDER BY {order}",
        group.members,
    )
    return [{"source": row[0], **json.loads(row[1])} for row in found]


def _consent(connection: sqlite3.Connection, group: Group) -> Rows:
    found: Rows = []
    for name in load_names(connection, group):
        found += [
            {"channel": row[0], "address": row[1], "state": row[2], "kind": row[3],
             "source": row[4], "detail": row[5], "at": rfc3339(from_us(row[6]))}
            for row in connection.execute(
                "SELECT channel, address, state, kind, source, detail, at FROM consent"
                " WHERE address = ? ORDER BY id",
                (name,),
            )
        ]  # fmt: skip
    return found

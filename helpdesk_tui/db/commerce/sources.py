"""The connected sources, and how they fare, as rows."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.sources import SOURCES
from helpdesk_tui.domain.times import from_us, to_us

_COLUMNS = "id, name, kind, settings, enabled, told, error_code, error_values, error_at, ok_at"
_KEPT = (
    "customer_section", "source_match", "order_snapshot", "subscription_snapshot",
    "customer_event", "customer_segment",
)  # fmt: skip
"""Tables that hold what a source has said; all name it in ``source_id`` and a profile."""


def load_sources(connection: sqlite3.Connection) -> tuple[ConnectedSource, ...]:
    """Return the connected sources, the oldest first; of kinds that this program knows."""
    found = connection.execute(f"SELECT {_COLUMNS} FROM source ORDER BY id").fetchall()
    return tuple([_source(row) for row in found if row[2] in SOURCES])


def newest_word(connection: sqlite3.Connection) -> int:
    """Return when a source last answered or began to fail, in microseconds; 0: none ever did."""
    row = connection.execute(
        "SELECT max(max(coalesce(ok_at, 0), coalesce(error_at, 0))) FROM source"
    ).fetchone()
    return int(row[0] or 0)


def insert_source(
    connection: sqlite3.Connection, name: str, kind: str, settings: Mapping[str, str], now: datetime
) -> int | None:
    """Connect a source and return its id; None if the name is taken."""
    row = connection.execute(
        "INSERT INTO source (name, kind, settings, created_at, enabled, told, error_code,"
        " error_values) VALUES (:name, :kind, :settings, :now, 1, '{}', '', '{}')"
        " ON CONFLICT DO NOTHING RETURNING id",
        {"name": name, "kind": kind, "settings": _json(settings), "now": to_us(now)},
    ).fetchone()
    return None if row is None else int(row[0])


def save_settings(
    connection: sqlite3.Connection, source_id: int, settings: Mapping[str, str]
) -> None:
    """Replace the settings of a source; what it said of itself may be of another account."""
    connection.execute(
        "UPDATE source SET settings = :settings, told = '{}' WHERE id = :id",
        {"id": source_id, "settings": _json(settings)},
    )


def set_enabled(connection: sqlite3.Connection, source_id: int, *, enabled: bool) -> None:
    """Switch a source on or off; what it has said stays."""
    connection.execute(
        "UPDATE source SET enabled = :enabled WHERE id = :id",
        {"id": source_id, "enabled": int(enabled)},
    )


def is_as_before(connection: sqlite3.Connection, source: ConnectedSource) -> bool:
    """Tell whether a source is still connected as it was when it was asked."""
    row = connection.execute(
        "SELECT kind, settings FROM source WHERE id = :id AND enabled", {"id": source.id}
    ).fetchone()
    return row is not None and (row[0], json.loads(row[1])) == (source.kind, source.settings)


def load_kinds(connection: sqlite3.Connection) -> dict[int, str]:
    """Return of what kind the connected sources are, by their ids."""
    return dict(connection.execute("SELECT id, kind FROM source").fetchall())


def has_actions(connection: sqlite3.Connection, source_id: int) -> bool:
    """Tell whether any change was ever asked of a source."""
    found = connection.execute(
        "SELECT 1 FROM shop_action WHERE source_id = :id LIMIT 1", {"id": source_id}
    )
    return found.fetchone() is not None


def known_profiles(connection: sqlite3.Connection, source_id: int, most: int) -> list[int]:
    """Return some profiles of which a source has said anything."""
    parts = [
        f"SELECT profile_id FROM {table} WHERE source_id = :id AND profile_id IS NOT NULL"
        for table in _KEPT
    ]
    found = connection.execute(
        f"SELECT profile_id FROM ({' UNION '.join(parts)}) LIMIT :most",
        {"id": source_id, "most": most},
    )
    return [int(row[0]) for row in found]


def forget_said(connection: sqlite3.Connection, source_id: int, profile_id: int) -> None:
    """Remove what a source has said of a profile."""
    for table in _KEPT:
        connection.execute(
            f"DELETE FROM {table} WHERE profile_id = :profile AND source_id = :id",
            {"id": source_id, "profile": profile_id},
        )


def delete_source(connection: sqlite3.Connection, source_id: int) -> None:
    """Remove a source and what it said of nobody's profile."""
    for table in (*_KEPT, "imported_address", "imported_customer"):
        connection.execute(f"DELETE FROM {table} WHERE source_id = :id", {"id": source_id})
    connection.execute("DELETE FROM source WHERE id = :id", {"id": source_id})


def save_told(
    connection: sqlite3.Connection, source_id: int, told: Mapping[str, str], now: datetime
) -> None:
    """Write what a source has said of itself; trouble there was is over."""
    connection.execute(
        "UPDATE source SET told = :told, ok_at = :now, error_code = '', error_values = '{}',"
        " error_at = NULL WHERE id = :id",
        {"id": source_id, "told": _json(told), "now": to_us(now)},
    )


def save_well(connection: sqlite3.Connection, source_id: int, now: datetime) -> None:
    """Write that a source answers."""
    connection.execute(
        "UPDATE source SET ok_at = :now, error_code = '', error_values = '{}', error_at = NULL"
        " WHERE id = :id",
        {"id": source_id, "now": to_us(now)},
    )


def save_trouble(
    connection: sqlite3.Connection,
    source_id: int,
    code: str,
    values: Mapping[str, Any],
    now: datetime,
) -> bool:
    """Write why a source cannot be asked; tell whether that is news."""
    done = connection.execute(
        "UPDATE source SET error_code = :code, error_values = :values, error_at = :now"
        " WHERE id = :id AND (error_code != :code OR error_values != :values)",
        {"id": source_id, "code": code, "values": _json(values), "now": to_us(now)},
    )
    return done.rowcount == 1


def _json(values: Mapping[str, Any]) -> str:
    return json.dumps({name: str(value) for name, value in values.items()}, ensure_ascii=False)


def _source(row: Any) -> ConnectedSource:
    return ConnectedSource(
        id=row[0], name=row[1], kind=row[2], settings=json.loads(row[3]), is_enabled=bool(row[4]),
        told=json.loads(row[5]), error_code=row[6], error_values=json.loads(row[7]),
        error_at=None if row[8] is None else from_us(row[8]),
        ok_at=None if row[9] is None else from_us(row[9]),
    )  # fmt: skip

"""Customers of imported files: kept as they came, found by their addresses."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from helpdesk_tui.domain.times import to_us

_SAVE = """
    INSERT INTO imported_customer (source_id, external_id, body, at)
    VALUES (:source, :id, :body, :now)
    ON CONFLICT (source_id, external_id) DO UPDATE SET body = excluded.body, at = excluded.at
    WHERE body != excluded.body
"""
_SAVE_ADDRESS = """
    INSERT INTO imported_address (source_id, kind, value, external_id) VALUES (?, ?, ?, ?)
    ON CONFLICT (source_id, kind, value) DO UPDATE SET external_id = excluded.external_id
"""
_OF_PROFILE = """
    SELECT source_id, external_id FROM source_match WHERE profile_id = :profile
    UNION
    SELECT imported_address.source_id, imported_address.external_id FROM identity
        JOIN imported_address ON imported_address.kind = identity.kind
        AND imported_address.value = identity.value
        WHERE identity.profile_id = :profile AND identity.verified = 1
"""


def load_imported(
    connection: sqlite3.Connection, source_id: int, external_id: str
) -> dict[str, Any] | None:
    """Return a customer as their file told of them; None: nobody of this id."""
    row = connection.execute(
        "SELECT body FROM imported_customer WHERE source_id = ? AND external_id = ?",
        (source_id, external_id),
    ).fetchone()
    if row is None:
        return None
    body: dict[str, Any] = json.loads(row[0])
    return body


def find_imported(
    connection: sqlite3.Connection, source_id: int, kind: str, values: Iterable[str]
) -> tuple[str, str] | None:
    """Return the id of the customer who has one of these addresses, and which one that is."""
    for value in values:
        row = connection.execute(
            "SELECT external_id FROM imported_address"
            " WHERE source_id = ? AND kind = ? AND value = ?",
            (source_id, kind, value),
        ).fetchone()
        if row is not None:
            return str(row[0]), value
    return None


def save_imported(
    connection: sqlite3.Connection,
    source_id: int,
    external_id: str,
    body: Mapping[str, Any],
    addresses: Sequence[tuple[str, str]],
    now: datetime,
) -> bool:
    """Keep a customer with all addresses; tell whether anything is new."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    done = connection.execute(
        _SAVE, {"source": source_id, "id": external_id, "body": text, "now": to_us(now)}
    )
    connection.execute(
        "DELETE FROM imported_address WHERE source_id = ? AND external_id = ?",
        (source_id, external_id),
    )
    connection.executemany(
        _SAVE_ADDRESS, [(source_id, kind, value, external_id) for kind, value in addresses]
    )
    return done.rowcount == 1


def count_imported(connection: sqlite3.Connection, source_id: int) -> int:
    """Return how many customers a source holds."""
    row = connection.execute(
        "SELECT count(*) FROM imported_customer WHERE source_id = ?", (source_id,)
    ).fetchone()
    return int(row[0])


def forget_customer(connection: sqlite3.Connection, profiles: Sequence[int]) -> None:
    """Remove what files told of a customer: whom they were matched to, and who has an address.

    An address counts that is surely theirs; one that they only claim may be somebody else's.
    """
    found: set[tuple[int, str]] = set()
    for each in profiles:
        found.update(connection.execute(_OF_PROFILE, {"profile": each}).fetchall())
    for table in ("imported_address", "imported_customer"):
        connection.executemany(
            f"DELETE FROM {table} WHERE source_id = ? AND external_id = ?", sorted(found)
        )


def profiles_with(
    connection: sqlite3.Connection, addresses: Sequence[tuple[str, str]]
) -> list[int]:
    """Return the profiles that have one of these addresses, verified or not."""
    found: dict[int, None] = {}
    for kind, value in addresses:
        rows = connection.execute(
            "SELECT profile_id FROM identity WHERE kind = ? AND value = ?", (kind, value)
        )
        found.update({int(row[0]): None for row in rows})
    return list(found)

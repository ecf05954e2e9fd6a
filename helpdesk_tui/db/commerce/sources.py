"""The connected sources, as rows."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.sources import SOURCES
from helpdesk_tui.domain.times import from_us

_COLUMNS = "id, name, kind, settings, enabled, told, error_code, error_values, error_at, ok_at"


def newest_word(connection: sqlite3.Connection) -> int:
    """Return when it was last noted that a source can be asked, or cannot."""
    row = connection.execute(
        "SELECT max(max(coalesce(error_at, 0), coalesce(ok_at, 0))) FROM source"
    ).fetchone()
    return int(row[0] or 0)


def load_sources(connection: sqlite3.Connection) -> tuple[ConnectedSource, ...]:
    """Return the connected sources, the oldest first; of kinds that this program knows."""
    found = connection.execute(f"SELECT {_COLUMNS} FROM source ORDER BY id").fetchall()
    return tuple([_source(row) for row in found if row[2] in SOURCES])


def _source(row: Any) -> ConnectedSource:
    return ConnectedSource(
        id=row[0], name=row[1], kind=row[2], settings=json.loads(row[3]), is_enabled=bool(row[4]),
        told=json.loads(row[5]), error_code=row[6], error_values=json.loads(row[7]),
        error_at=None if row[8] is None else from_us(row[8]),
        ok_at=None if row[9] is None else from_us(row[9]),
    )  # fmt: skip

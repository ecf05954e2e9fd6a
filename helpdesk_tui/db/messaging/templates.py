"""Approved templates of accounts."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from helpdesk_tui.domain.messaging.templates import TemplateFound, TemplateRow
from helpdesk_tui.domain.times import from_us, to_us

_COLUMNS = "name, language, category, status, body, provider_id, source, updated_at"


def load_templates(connection: sqlite3.Connection, account_id: int) -> list[TemplateRow]:
    """Return the templates of an account by name and language, whatever their state."""
    found = connection.execute(
        f"SELECT {_COLUMNS} FROM template WHERE channel_account_id = :account"
        " ORDER BY name, language",
        {"account": account_id},
    )
    return [_row(row) for row in found]


def load_template(
    connection: sqlite3.Connection, account_id: int, name: str, language: str
) -> TemplateRow | None:
    """Return a template, or None if there is none of this name and language."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM template WHERE channel_account_id = :account AND name = :name"
        " AND language = :language",
        {"account": account_id, "name": name, "language": language},
    ).fetchone()
    return None if row is None else _row(row)


def save_template(
    connection: sqlite3.Connection,
    account_id: int,
    found: TemplateFound,
    now: datetime,
    *,
    source: str,
) -> None:
    """Write a template; one of the same name and language is replaced."""
    connection.execute(
        "INSERT INTO template (channel_account_id, name, language, category, status, body,"
        " provider_id, source, updated_at) VALUES (:account, :name, :language, :category, :status,"
        " :body, :provider, :source, :now)"
        " ON CONFLICT (channel_account_id, name, language) DO UPDATE SET"
        " category = excluded.category, status = excluded.status, body = excluded.body,"
        " provider_id = excluded.provider_id, source = excluded.source,"
        " updated_at = excluded.updated_at",
        {
            "account": account_id,
            "name": found.name,
            "language": found.language,
            "category": found.category,
            "status": found.status,
            "body": found.body,
            "provider": found.provider_id,
            "source": source,
            "now": to_us(now),
        },
    )


def delete_gone(
    connection: sqlite3.Connection, account_id: int, kept: Sequence[tuple[str, str]]
) -> int:
    """Remove what the provider no longer lists; what a person has entered stays."""
    done = connection.execute(
        "DELETE FROM template WHERE channel_account_id = :account AND source = 'provider'"
        " AND json_array(name, language) NOT IN (SELECT value FROM json_each(:kept))",
        {
            "account": account_id,
            "kept": json.dumps([json.dumps(list(each), separators=(",", ":"), ensure_ascii=False)
                                for each in kept]),
        },
    )  # fmt: skip
    return done.rowcount


def delete_template(
    connection: sqlite3.Connection, account_id: int, name: str, language: str
) -> int:
    """Remove a template in one language, or in all; return how many there were."""
    done = connection.execute(
        "DELETE FROM template WHERE channel_account_id = :account AND name = :name"
        " AND (:language = '' OR language = :language)",
        {"account": account_id, "name": name, "language": language},
    )
    return done.rowcount


def _row(row: tuple[Any, ...]) -> TemplateRow:
    return TemplateRow(
        name=row[0],
        language=row[1],
        category=row[2],
        status=row[3],
        body=row[4],
        provider_id=row[5],
        source=row[6],
        updated_at=from_us(row[7]),
    )

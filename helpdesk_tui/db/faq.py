"""The FAQ as rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from helpdesk_tui.domain.faq import FaqDraft, FaqItem
from helpdesk_tui.domain.languages import speaks
from helpdesk_tui.domain.times import from_us, to_us

_COLUMNS = (
    "id, key, language, question, answer, category, words, position, published, helped, failed,"
    " created_at, updated_at, version"
)


def _item(row: tuple[Any, ...]) -> FaqItem:
    return FaqItem(
        row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8] == 1, row[9],
        row[10], from_us(row[11]), from_us(row[12]), row[13],
    )  # fmt: skip


def load_faq(
    connection: sqlite3.Connection, *, published: bool = False, is_removed: bool = False
) -> tuple[FaqItem, ...]:
    """Return all entries by language and place, with ``published`` only what visitors read."""
    found = connection.execute(
        f"SELECT {_COLUMNS} FROM faq WHERE (published = 1 OR NOT :published)"
        " AND (removed_at IS NOT NULL) = :removed ORDER BY language, position, id",
        {"published": published, "removed": is_removed},
    )
    return tuple(_item(row) for row in found)


def load_faq_item(
    connection: sqlite3.Connection, item_id: int, *, is_removed: bool = False
) -> FaqItem | None:
    """Return one entry, or None."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM faq WHERE id = :id AND (removed_at IS NOT NULL) = :removed",
        {"id": item_id, "removed": is_removed},
    ).fetchone()
    return None if row is None else _item(row)


def find_faq(connection: sqlite3.Connection, key: str, language: str) -> FaqItem | None:
    """Return the entry of a key in one language, or None."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM faq WHERE key = :key AND language = :language"
        " AND removed_at IS NULL",
        {"key": key, "language": language},
    ).fetchone()
    return None if row is None else _item(row)


def find_question(connection: sqlite3.Connection, question: str, language: str) -> FaqItem | None:
    """Return the first entry that asks just this in one language, or None."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM faq WHERE question = :question AND language = :language"
        " AND removed_at IS NULL ORDER BY position, id LIMIT 1",
        {"question": question, "language": language},
    ).fetchone()
    return None if row is None else _item(row)


def insert_faq(connection: sqlite3.Connection, draft: FaqDraft, now: datetime) -> int:
    """Add an entry after all of its language and return its id.

    What was removed under the same key gives way: it cannot be brought back any more.
    """
    _forget_removed(connection, draft)
    row = connection.execute(
        "INSERT INTO faq (key, language, question, answer, category, words, position, published,"
        " created_at, updated_at)"
        " SELECT :key, :language, :question, :answer, :category, :words,"
        " coalesce(max(position) + 1, 0), :published, :now, :now"
        " FROM faq WHERE language = :language AND removed_at IS NULL RETURNING id",
        {**_values(draft), "now": to_us(now)},
    ).fetchone()
    return int(row[0])


def update_faq(
    connection: sqlite3.Connection, item_id: int, draft: FaqDraft, now: datetime
) -> None:
    """Change an entry; its version grows. What was removed under its key gives way."""
    _forget_removed(connection, draft)
    connection.execute(
        "UPDATE faq SET key = :key, language = :language, question = :question, answer = :answer,"
        " category = :category, words = :words, published = :published, updated_at = :now,"
        " version = version + 1 WHERE id = :id",
        {**_values(draft), "id": item_id, "now": to_us(now)},
    )


def _forget_removed(connection: sqlite3.Connection, draft: FaqDraft) -> None:
    connection.execute(
        "DELETE FROM faq WHERE key = :key AND language = :language AND removed_at IS NOT NULL",
        {"key": draft.key, "language": draft.language},
    )


def _values(draft: FaqDraft) -> dict[str, Any]:
    return {
        "key": draft.key, "language": draft.language, "question": draft.question,
        "answer": draft.answer, "category": draft.category, "words": draft.words,
        "published": int(draft.published),
    }  # fmt: skip


def place_faq(connection: sqlite3.Connection, order: Sequence[tuple[int, int]]) -> None:
    """Give entries their places: (id, place) each. No version grows: nothing was rewritten."""
    connection.executemany(
        "UPDATE faq SET position = ? WHERE id = ?", [(place, number) for number, place in order]
    )


def remove_faq(connection: sqlite3.Connection, item_id: int, now: datetime | None) -> None:
    """Take an entry out of sight at a moment, or with None bring it back."""
    connection.execute(
        "UPDATE faq SET removed_at = :at, version = version + 1 WHERE id = :id",
        {"id": item_id, "at": None if now is None else to_us(now)},
    )


def count_vote(connection: sqlite3.Connection, key: str, language: str, *, helpful: bool) -> bool:
    """Count what a visitor said of an answer; False if there is no such entry.

    A visitor whose language has no translation has read one of another language: the vote goes
    to the one nearest to what the visitor speaks.
    """
    found = connection.execute(
        "SELECT id, language FROM faq WHERE key = :key AND removed_at IS NULL ORDER BY id",
        {"key": key},
    ).fetchall()
    if not found:
        return False
    nearest = max(found, key=lambda row: speaks(row[1], language))
    column = "helped" if helpful else "failed"
    connection.execute(f"UPDATE faq SET {column} = {column} + 1 WHERE id = :id", {"id": nearest[0]})
    return True


def load_keys(connection: sqlite3.Connection) -> frozenset[str]:
    """Return every key in use."""
    found: Iterable[tuple[str]] = connection.execute("SELECT key FROM faq")
    return frozenset(row[0] for row in found)

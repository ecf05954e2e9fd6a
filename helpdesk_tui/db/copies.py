"""Copies of the database file: made while it is in use, and checked before they are trusted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from helpdesk_tui.db.blobs import blob_file
from helpdesk_tui.db.store import SCHEMA_VERSION
from helpdesk_tui.domain.errors import StoreError


def copy_database(connection: sqlite3.Connection, target: Path) -> None:
    """Write a consistent copy of the database; writers go on meanwhile.

    Args:
        connection: An open connection outside of any transaction.
        target: A file that does not exist.

    Raises:
        StoreError: ``backup.failed``.
    """
    try:
        connection.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.Error as error:
        raise StoreError("backup.failed", path=str(target.parent), reason=str(error)) from error
    target.chmod(0o600)


def open_for_copy(database: Path) -> sqlite3.Connection:
    """Open a database for copying."""
    return sqlite3.connect(
        f"{database.resolve().as_uri()}?mode=rw", uri=True, timeout=10.0, isolation_level=None
    )


@dataclass(frozen=True, slots=True)
class LostFile:
    """A blob whose file is gone, and where its bytes would be shown."""

    sha256: str
    ticket_id: int | None
    """None where nothing refers to it any more."""
    name: str
    """Name of the attachment; empty for the source of a mail."""


_USES = """
    SELECT message.ticket_id, attachment.filename FROM attachment
    JOIN message ON message.id = attachment.message_id WHERE attachment.sha256 = :sha256
    UNION ALL
    SELECT ticket_id, filename FROM draft_file WHERE sha256 = :sha256
    UNION ALL
    SELECT ticket_id, '' FROM message WHERE raw_sha256 = :sha256
    LIMIT 1
"""


def lost_files(connection: sqlite3.Connection, blobs: Path) -> tuple[LostFile, ...]:
    """Return the blobs of a store whose files are gone."""
    lost = []
    names = connection.execute("SELECT sha256 FROM blob WHERE codec = 'file' ORDER BY sha256")
    for (sha256,) in names.fetchall():
        if not blob_file(blobs, sha256).is_file():
            used = connection.execute(_USES, {"sha256": sha256}).fetchone() or (None, "")
            lost.append(LostFile(sha256, *used))
    return tuple(lost)


def lost_of_copy(database: Path, blobs: Path) -> tuple[LostFile, ...]:
    """Return the same of a database that stands in a file."""
    with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as link:
        return lost_files(link, blobs)


def blob_names(database: Path) -> Iterator[str]:
    """Give the SHA-256 of every blob of a copy that stands in a file."""
    with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as link:
        for row in link.execute("SELECT sha256 FROM blob WHERE codec = 'file' ORDER BY sha256"):
            yield str(row[0])


def check_copy(
    database: Path, blobs: Path, *, known_missing: AbstractSet[str] = frozenset()
) -> None:
    """Refuse a database that is damaged, newer than this program, or lacks files.

    Args:
        database: The copy.
        blobs: The folder of its large blobs.
        known_missing: SHA-256 of those that were lost before it was made.

    Raises:
        StoreError: ``backup.broken`` or ``store.newer``.
    """
    try:
        with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as link:
            verdict = link.execute("PRAGMA integrity_check(1)").fetchone()[0]
            version = link.execute("PRAGMA user_version").fetchone()[0]
            has_schema = link.execute(
                "SELECT 1 FROM sqlite_master WHERE name = 'schema_info'"
            ).fetchone()
    except sqlite3.Error as error:
        raise StoreError("backup.broken", reason=str(error)) from error
    if verdict != "ok" or not has_schema:
        raise StoreError(
            "backup.broken", reason=str(verdict) if has_schema else "no helpdesk store"
        )
    if version > SCHEMA_VERSION:
        raise StoreError("store.newer", known=SCHEMA_VERSION, found=version)
    missing = sum(
        not blob_file(blobs, name).is_file()
        for name in blob_names(database)
        if name not in known_missing
    )
    if missing:
        raise StoreError("backup.broken", reason=f"{missing} attachments are missing")


def hold_outbox(database: Path) -> None:
    """Let no reply of a copy leave by itself: it may have left since the copy was made."""
    with closing(sqlite3.connect(database)) as link, link:
        link.execute(
            "UPDATE message SET delivery = 'unknown', error_code = 'restore.uncertain',"
            " claimed_by = '', claim_until = NULL, due_at = NULL"
            " WHERE direction = 'outbound' AND delivery IN ('queued', 'sending', 'scheduled')"
        )

"""Files of both sides: what is known of them; the bytes lie beside the store."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from helpdesk_tui.domain.webchat.wire import FILES_LIMIT, WireFile, file_json, file_of
from helpdesk_tui.relay.refusals import too_large, too_many
from helpdesk_tui.relay.store.store import Write
from helpdesk_tui.relay.values import Upload

_MOST_UNUSED = 4 * FILES_LIMIT
_UNUSED_SECONDS = 600.0
_MOST_BYTES = 500_000_000
"""Of one visitor's files that are kept."""
_COLUMNS = "id, site, visitor, name, content_type, size, sha256"


def new_id() -> str:
    """Return a random id of 128 bits that is a fair file name, too."""
    return secrets.token_hex(16)


def files_text(files: Sequence[WireFile]) -> str:
    """Return the files of a message as they are stored."""
    return json.dumps([file_json(each) for each in files], ensure_ascii=False)


def files_of(text: str) -> tuple[WireFile, ...]:
    """Return the files of a stored message."""
    return tuple(file_of(each) for each in json.loads(text)) if text != "[]" else ()


def add_upload(write: Write, upload: Upload) -> None:
    """Keep what is known of a file that a visitor sent up; its bytes are there already."""
    file = upload.file
    write.connection.execute(
        "INSERT INTO upload (id, site, visitor, name, content_type, size, sha256, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (upload.id, upload.site, upload.visitor, file.name, file.content_type, file.size,
         file.sha256, write.at),
    )  # fmt: skip


def use_uploads(
    write: Write, visitor: int, conversation: str, ids: Sequence[str]
) -> tuple[WireFile, ...]:
    """Put uploads of a visitor into a message; those that are not theirs or used are left out."""
    found: list[WireFile] = []
    for each in ids:
        row = write.connection.execute(
            "UPDATE upload SET conversation = ?, is_used = 1"
            f" WHERE id = ? AND visitor = ? AND is_used = 0 RETURNING {_COLUMNS}",
            (conversation, each, visitor),
        ).fetchone()
        if row is not None:
            found.append(_upload(row).file)
    return tuple(found)


def check_room(connection: sqlite3.Connection, visitor: int) -> None:
    """Check that a visitor may send another file up: nobody fills the disk.

    Raises:
        Refused: 429 where many wait to be used, 413 where all of theirs together are large.
    """
    size, unused = connection.execute(
        "SELECT coalesce(sum(size), 0), coalesce(sum(NOT is_used), 0) FROM upload"
        " WHERE visitor = ?",
        (visitor,),
    ).fetchone()
    if unused >= _MOST_UNUSED:
        raise too_many(_UNUSED_SECONDS)
    if size >= _MOST_BYTES:
        raise too_large(_MOST_BYTES)


def upload_of(connection: sqlite3.Connection, id: str) -> Upload | None:
    """Return what is known of an upload."""
    row = connection.execute(f"SELECT {_COLUMNS} FROM upload WHERE id = ?", (id,)).fetchone()
    return _upload(row) if row is not None else None


def given_to(
    connection: sqlite3.Connection, visitor: int, sha256: str
) -> tuple[WireFile, str] | None:
    """Return a file of ours that a visitor was sent, and its site."""
    row = connection.execute(
        "SELECT sha256, given.name, content_type, size, given.site FROM given"
        " JOIN conversation ON conversation.id = given.conversation"
        " WHERE sha256 = ? AND visitor = ? LIMIT 1",
        (sha256, visitor),
    ).fetchone()
    if row is None:
        return None
    found, name, content_type, size, site = row
    return WireFile(found, name, content_type, size, found), site


def add_ours(write: Write, site: str, sha256: str, size: int) -> None:
    """Keep that the bytes of a file of ours are there."""
    write.connection.execute(
        "INSERT INTO ours (site, sha256, size, put_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (site, sha256) DO UPDATE SET put_at = excluded.put_at",
        (site, sha256, size, write.at),
    )


def missing(connection: sqlite3.Connection, site: str, files: Sequence[WireFile]) -> list[str]:
    """Return which files of a message of ours have not been put."""
    return [
        each.sha256
        for each in files
        if connection.execute(
            "SELECT 1 FROM ours WHERE site = ? AND sha256 = ?", (site, each.sha256)
        ).fetchone()
        is None
    ]


def give(write: Write, site: str, conversation: str, files: Sequence[WireFile]) -> None:
    """Note which files of ours a conversation may read."""
    write.connection.executemany(
        "INSERT OR IGNORE INTO given (conversation, sha256, site, name, content_type, size)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [
            (conversation, each.sha256, site, each.name, each.content_type, each.size)
            for each in files
        ],
    )


def ours_path(folder: Path, site: str, sha256: str) -> Path:
    """Return where the bytes of a file of ours lie."""
    return folder / f"{site}.{sha256}"


def known_files(connection: sqlite3.Connection) -> set[str]:
    """Return the names of all files there should be."""
    uploads = connection.execute("SELECT id FROM upload").fetchall()
    ours = connection.execute("SELECT site, sha256 FROM ours").fetchall()
    return {each for (each,) in uploads} | {ours_path(Path(), *each).name for each in ours}


def _upload(row: tuple[str, str, int, str, str, int, str]) -> Upload:
    key, site, visitor, name, content_type, size, sha256 = row
    return Upload(key, site, visitor, WireFile(key, name, content_type, size, sha256))

"""Bytes by their SHA-256: small ones as rows, large ones as files that are on disk before the row.

A file is written whole under another name, synced, renamed, and its folder synced; only then does
the row commit. A crash in between leaves a file without a row, which the sweep removes.
"""

from __future__ import annotations

import os
import re
import secrets
import sqlite3
import time
import zlib
from collections.abc import Iterable
from pathlib import Path

from helpdesk_tui.db.modes import make_folder, open_file
from helpdesk_tui.db.paths import StorePaths
from helpdesk_tui.domain.errors import NotFound

ROW_LIMIT = 100_000
"""Bytes as packed: what is larger becomes a file."""
_WINDOW = 14
"""Bits of the compression window: 16 kB."""
_SWEEP_AGE = 3600.0
"""Seconds that a file without a row may belong to a transaction that still runs."""
_NAME = re.compile(r"[0-9a-f]{64}")

Packed = tuple[str, int, str, bytes]
"""(SHA-256, size of the bytes themselves, codec ``plain`` or ``zlib``, bytes as packed)."""

_INSERT = "INSERT INTO blob (sha256, size, codec, data) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"


def compressed(data: bytes) -> bytes:
    """Return bytes as the codec ``zlib`` keeps them.

    With half the usual window, because setting up the tables of the larger one takes as long as
    compressing a mail, and gains it one hundredth.
    """
    return zlib.compress(data, 1, _WINDOW)


def pack(sha256: str, data: bytes) -> Packed:
    """Return bytes as they are kept: compressed where that helps and they become a row."""
    if len(data) <= ROW_LIMIT:
        small = compressed(data)
        if len(small) < len(data):
            return sha256, len(data), "zlib", small
    return sha256, len(data), "plain", data


def put_blob(
    connection: sqlite3.Connection,
    paths: StorePaths,
    sha256: str,
    size: int,
    codec: str,
    packed: bytes,
) -> None:
    """Store one blob inside the caller's transaction."""
    put_blobs(connection, paths, [(sha256, size, codec, packed)])


def put_blobs(connection: sqlite3.Connection, paths: StorePaths, blobs: Iterable[Packed]) -> None:
    """Store blobs inside the caller's transaction; those already there are left alone."""
    rows: list[tuple[str, int, str, bytes | None]] = []
    for sha256, size, codec, packed in blobs:
        if len(packed) <= ROW_LIMIT:
            rows.append((sha256, size, codec, packed))
        else:
            plain = zlib.decompress(packed) if codec == "zlib" else packed
            _write_file(paths.blobs, sha256, plain)
            rows.append((sha256, size, "file", None))
    connection.executemany(_INSERT, rows)


def write_ahead(paths: StorePaths, blob: Packed) -> None:
    """Put the file of a large blob on the disk, so that its transaction is a short one."""
    sha256, _, codec, packed = blob
    if len(packed) > ROW_LIMIT:
        _write_file(paths.blobs, sha256, zlib.decompress(packed) if codec == "zlib" else packed)


def get_blob(connection: sqlite3.Connection, paths: StorePaths, sha256: str) -> bytes:
    """Return the bytes of a blob.

    Raises:
        NotFound: if the store has no such blob, or its file is gone.
    """
    row = connection.execute("SELECT codec, data FROM blob WHERE sha256 = ?", (sha256,)).fetchone()
    if row is None:
        raise NotFound("blob.missing", sha256=sha256)
    codec, data = row
    if codec == "file":
        try:
            return blob_file(paths.blobs, sha256).read_bytes()
        except FileNotFoundError:
            raise NotFound("blob.missing", sha256=sha256) from None
    return zlib.decompress(data) if codec == "zlib" else bytes(data)


def blob_file(folder: Path, sha256: str) -> Path:
    """Return where the file of a large blob lies."""
    return folder / sha256[:2] / sha256


def _write_file(folder: Path, sha256: str, data: bytes) -> None:
    target = blob_file(folder, sha256)
    if target.exists():
        _sync_folder(target.parent)
        return
    make_folder(target.parent, folder.parent)
    part = target.with_name(f".{sha256[:16]}.{secrets.token_hex(4)}.part")
    handle = open_file(part, folder.parent, os.O_WRONLY | os.O_EXCL)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.rename(target)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)
    _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep_orphans(connection: sqlite3.Connection, paths: StorePaths) -> int:
    """Remove files that no row names; call it inside a write transaction, so that none is new."""
    removed = 0
    limit = time.time() - _SWEEP_AGE
    known = {row[0] for row in connection.execute("SELECT sha256 FROM blob WHERE codec = 'file'")}
    for file in paths.blobs.glob("*/*"):
        if file.name in known or file.stat().st_mtime > limit:
            continue
        if _NAME.fullmatch(file.name) or file.name.endswith(".part"):
            file.unlink(missing_ok=True)
            removed += 1
    return removed

"""Files of received messages: stored where their bytes came along, else noted to be fetched."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk_tui.db.blobs import pack, put_blobs
from helpdesk_tui.db.messaging.messages import File
from helpdesk_tui.db.paths import StorePaths
from helpdesk_tui.domain.media.names import named_type
from helpdesk_tui.domain.media.sniffing import UNKNOWN, content_type
from helpdesk_tui.domain.messages import FileState
from helpdesk_tui.domain.messaging.received import Medium
from helpdesk_tui.domain.text import clean, shorten
from helpdesk_tui.domain.times import to_us

if TYPE_CHECKING:
    import sqlite3

_LONGEST_NAME = 200
_HEAD = 4_096
"""Bytes that show what a file is."""


def file_rows(
    connection: sqlite3.Connection, paths: StorePaths, media: Iterable[Medium], now: datetime
) -> list[File]:
    """Store the bytes that came along; return the rows of all files, in their order."""
    return [_row(connection, paths, each, to_us(now)) for each in media]


def _row(connection: sqlite3.Connection, paths: StorePaths, medium: Medium, now: int) -> File:
    declared = clean(medium.content_type).partition(";")[0].strip().lower()
    if medium.data is None:
        return File(
            filename=file_name(medium.name, declared),
            content_type=declared,
            size=max(0, medium.size),
            source=pack_source(medium),
            state=FileState.PENDING.value,
            next_try_at=now,
        )
    sha256 = hashlib.sha256(medium.data).hexdigest()
    put_blobs(connection, paths, [pack(sha256, medium.data)])
    kind = content_type(medium.data[:_HEAD], medium.name)
    kind = declared if kind == UNKNOWN and declared else kind
    return File(file_name(medium.name, kind), kind, len(medium.data), sha256)


def file_name(name: str, kind: str) -> str:
    """Return what a file is called; one that has no name is called after what it is."""
    label = shorten(clean(name).strip(), _LONGEST_NAME)
    return label or named_type(kind)


def pack_source(medium: Medium) -> str:
    """Return where a file is fetched from, with what the provider says of it, as JSON."""
    held = {"from": dict(medium.source), "sha256": medium.sha256.lower(), "size": medium.size}
    return json.dumps(held, sort_keys=True)

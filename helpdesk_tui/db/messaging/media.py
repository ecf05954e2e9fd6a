"""Files that a provider still holds: which are to be fetched, and what became of that."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk_tui.db import activity
from helpdesk_tui.db.activity import Entry
from helpdesk_tui.db.fulltext import index_message, unindex_message
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.times import from_us, to_us

_SELECT = """
    SELECT attachment.id, attachment.message_id, message.ticket_id, message.channel_account_id,
        attachment.source, attachment.content_type, attachment.filename, attachment.tries,
        attachment.state
    FROM attachment JOIN message ON message.id = attachment.message_id
"""
_DUE = f"""
    {_SELECT} WHERE attachment.state = 'pending' AND attachment.next_try_at <= :now
        AND message.channel_account_id = :account
    ORDER BY attachment.next_try_at, attachment.id LIMIT :limit
"""
_NEXT = """
    SELECT min(attachment.next_try_at) FROM attachment
    JOIN message ON message.id = attachment.message_id
    WHERE attachment.state = 'pending' AND message.channel_account_id = :account
"""


@dataclass(frozen=True, slots=True)
class PendingFile:
    """A file whose bytes a provider holds."""

    id: int
    message_id: int
    ticket_id: int
    account_id: int
    source: Mapping[str, str]
    """Where, as the adapter wrote it."""
    sha256: str
    """As the provider says, in hex; empty if it says nothing."""
    size: int
    """As the provider says; 0 if it says nothing."""
    content_type: str
    filename: str
    tries: int
    state: str


def load_due(
    connection: sqlite3.Connection, account: int, now: datetime, limit: int
) -> list[PendingFile]:
    """Return the files of an account that are to be fetched now, those due longest first."""
    found = connection.execute(_DUE, {"account": account, "now": to_us(now), "limit": limit})
    return [_file(row) for row in found]


def load_file(connection: sqlite3.Connection, attachment_id: int) -> PendingFile | None:
    """Return a file that came, or is to come, from a provider; None for any other."""
    row = connection.execute(
        f"{_SELECT} WHERE attachment.id = :id AND attachment.source != ''", {"id": attachment_id}
    ).fetchone()
    return None if row is None else _file(row)


def exists(connection: sqlite3.Connection, attachment_id: int) -> bool:
    """Tell whether there is a file of this number."""
    row = connection.execute(
        "SELECT 1 FROM attachment WHERE id = :id", {"id": attachment_id}
    ).fetchone()
    return row is not None


def next_due(connection: sqlite3.Connection, account: int) -> datetime | None:
    """Return when the next file of an account is to be fetched; None where none is."""
    row = connection.execute(_NEXT, {"account": account}).fetchone()
    return None if row[0] is None else from_us(row[0])


def save_file(
    connection: sqlite3.Connection, file: PendingFile, values: Mapping[str, Any], now: datetime
) -> None:
    """Write what became of a file; the search and all who show its ticket learn of it."""
    plain = {
        name: to_us(value) if isinstance(value, datetime) else value
        for name, value in values.items()
    }
    sets = ", ".join(f"{name} = :{name}" for name in plain)
    is_renamed = values.get("filename", file.filename) != file.filename
    if is_renamed:
        unindex_message(connection, file.message_id)
    connection.execute(
        f"UPDATE attachment SET {sets} WHERE id = :attachment", {**plain, "attachment": file.id}
    )
    if is_renamed:
        index_message(connection, file.message_id)
        _rename(connection, file, str(values["filename"]))
    connection.execute(
        "UPDATE ticket SET updated_at = :now WHERE id = :id",
        {"now": to_us(now), "id": file.ticket_id},
    )
    if values.get("state") != file.state:
        # whoever looks at the ticket reads it anew because of this
        entry = Entry("message.file", file.ticket_id, file.message_id,
                      after={"state": values.get("state")})  # fmt: skip
        activity.record(connection, SYSTEM, now, [entry])


def _rename(connection: sqlite3.Connection, file: PendingFile, name: str) -> None:
    """Write the new name of a file where lists show it in place of words."""
    for column in ("preview", "subject"):
        connection.execute(
            f"UPDATE ticket SET {column} = :name WHERE id = :id AND {column} = :former",
            {"name": name, "id": file.ticket_id, "former": file.filename},
        )


def _file(row: tuple[Any, ...]) -> PendingFile:
    held = json.loads(row[4])
    return PendingFile(
        id=row[0], message_id=row[1], ticket_id=row[2], account_id=row[3],
        source=dict(held.get("from", {})), sha256=str(held.get("sha256", "")),
        size=int(held.get("size", 0)), content_type=row[5], filename=row[6], tries=row[7],
        state=row[8],
    )  # fmt: skip

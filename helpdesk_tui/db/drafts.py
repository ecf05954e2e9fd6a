"""Drafts and their files: one text for each agent, ticket and kind."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk_tui.db.reads.rows import COLUMNS, assemble
from helpdesk_tui.db.settings import delete_setting, load_setting, save_setting
from helpdesk_tui.domain.messages import AttachmentRow, Draft, DraftKind
from helpdesk_tui.domain.tickets import TicketRow
from helpdesk_tui.domain.times import from_us, to_us

StoredFile = tuple[str, str, int, str]
"""(name, content type, size, SHA-256) of a file whose bytes are in the store."""


@dataclass(frozen=True, slots=True)
class DraftKey:
    """Which draft."""

    ticket_id: int
    agent_id: int
    kind: DraftKind

    def values(self) -> dict[str, Any]:
        """Return the columns of the key."""
        return {"ticket": self.ticket_id, "agent": self.agent_id, "kind": self.kind.value}


_KEY = "ticket_id = :ticket AND agent_id = :agent AND kind = :kind"


def load_draft(connection: sqlite3.Connection, key: DraftKey) -> Draft | None:
    """Return one draft, or None."""
    row = connection.execute(
        f"SELECT text, updated_at FROM draft WHERE {_KEY}", key.values()
    ).fetchone()
    if row is None:
        return None
    files = load_files(connection, key)
    return Draft(key.ticket_id, key.agent_id, key.kind, row[0], files, from_us(row[1]),
                 macros=load_macros(connection, key))  # fmt: skip


def load_files(connection: sqlite3.Connection, key: DraftKey) -> tuple[AttachmentRow, ...]:
    """Return the files of a draft in the order they were attached."""
    found = connection.execute(
        f"SELECT id, filename, content_type, size, sha256 FROM draft_file WHERE {_KEY} ORDER BY id",
        key.values(),
    )
    return tuple(
        AttachmentRow(row[0], row[1], row[2], row[3], row[4], inline=False) for row in found
    )


def load_keys(connection: sqlite3.Connection, agent_id: int) -> list[DraftKey]:
    """Return the drafts of an agent, newest first."""
    found = connection.execute(
        "SELECT ticket_id, kind FROM draft WHERE agent_id = :agent"
        " ORDER BY updated_at DESC, ticket_id",
        {"agent": agent_id},
    )
    return [DraftKey(ticket_id, agent_id, DraftKind(kind)) for ticket_id, kind in found]


def load_tickets(
    connection: sqlite3.Connection, ids: Sequence[int], agent_id: int
) -> tuple[TicketRow, ...]:
    """Return the list rows of tickets."""
    marks = ", ".join("?" * len(ids))
    found = connection.execute(f"SELECT {COLUMNS} FROM ticket WHERE id IN ({marks})", ids)
    return assemble(connection, found.fetchall(), agent_id)


def save_draft(connection: sqlite3.Connection, key: DraftKey, text: str, now: datetime) -> None:
    """Store the text of a draft; one without text and files goes away."""
    if not text.strip() and not load_files(connection, key):
        delete_draft(connection, key)
        return
    connection.execute(
        "INSERT INTO draft (ticket_id, agent_id, kind, text, updated_at)"
        " VALUES (:ticket, :agent, :kind, :text, :now)"
        " ON CONFLICT (ticket_id, agent_id, kind)"
        " DO UPDATE SET text = excluded.text, updated_at = excluded.updated_at",
        {**key.values(), "text": text, "now": to_us(now)},
    )


def delete_draft(connection: sqlite3.Connection, key: DraftKey) -> None:
    """Remove a draft with its files, and what it would have done."""
    save_macros(connection, key, ())
    connection.execute(f"DELETE FROM draft_file WHERE {_KEY}", key.values())
    connection.execute(f"DELETE FROM draft WHERE {_KEY}", key.values())


def add_files(
    connection: sqlite3.Connection, key: DraftKey, files: Sequence[StoredFile]
) -> list[int]:
    """Attach files given as (name, type, size, SHA-256) to a draft that exists; return ids."""
    ids: list[int] = []
    for filename, content_type, size, sha256 in files:
        row = connection.execute(
            "INSERT INTO draft_file (ticket_id, agent_id, kind, filename, content_type, size,"
            " sha256) VALUES (:ticket, :agent, :kind, :filename, :content_type, :size, :sha256)"
            " RETURNING id",
            {
                **key.values(),
                "filename": filename,
                "content_type": content_type,
                "size": size,
                "sha256": sha256,
            },
        ).fetchone()
        ids.append(row[0])
    return ids


def change_file(connection: sqlite3.Connection, file: AttachmentRow, agent_id: int) -> bool:
    """Let a file of a draft have another name, type and bytes; False if it is not the agent's."""
    done = connection.execute(
        "UPDATE draft_file SET filename = :name, content_type = :type, size = :size,"
        " sha256 = :sha256 WHERE id = :id AND agent_id = :agent",
        {
            "name": file.filename,
            "type": file.content_type,
            "size": file.size,
            "sha256": file.sha256,
            "id": file.id,
            "agent": agent_id,
        },
    )
    return done.rowcount == 1


def delete_file(connection: sqlite3.Connection, file_id: int, agent_id: int) -> DraftKey | None:
    """Detach one file of an agent's draft; return the draft, or None if there is no such file."""
    row = connection.execute(
        "DELETE FROM draft_file WHERE id = :id AND agent_id = :agent RETURNING ticket_id, kind",
        {"id": file_id, "agent": agent_id},
    ).fetchone()
    return None if row is None else DraftKey(row[0], agent_id, DraftKind(row[1]))


def macros_name(ticket_id: int) -> str:
    """Return the setting of an agent that holds the macros of the draft of a reply."""
    return f"draft-macros.{ticket_id}"


def load_macros(connection: sqlite3.Connection, key: DraftKey) -> tuple[tuple[int, str], ...]:
    """Return the macros, by id and language, whose actions follow when a draft is sent."""
    if key.kind is not DraftKind.REPLY:
        return ()
    found = load_setting(connection, macros_name(key.ticket_id), key.agent_id)
    return tuple((int(number), str(language)) for number, language in json.loads(found or "[]"))


def save_macros(
    connection: sqlite3.Connection, key: DraftKey, macros: Sequence[tuple[int, str]]
) -> None:
    """Keep which macros' actions follow when a draft is sent."""
    if key.kind is not DraftKind.REPLY:
        return
    name = macros_name(key.ticket_id)
    if macros:
        save_setting(connection, name, key.agent_id, json.dumps([list(each) for each in macros]))
    else:
        delete_setting(connection, name, key.agent_id)


def channel_of(connection: sqlite3.Connection, ticket_id: int) -> str | None:
    """Return the channel of a ticket, or None if there is no such ticket."""
    row = connection.execute("SELECT channel FROM ticket WHERE id = :id", {"id": ticket_id})
    found = row.fetchone()
    return None if found is None else str(found[0])

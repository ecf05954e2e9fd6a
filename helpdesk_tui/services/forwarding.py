"""How a forward to somebody outside a ticket begins: what is passed on, with its files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk_tui.db import drafts as draft_rows
from helpdesk_tui.db.blobs import get_blob
from helpdesk_tui.db.drafts import DraftKey, StoredFile
from helpdesk_tui.db.passing_on import load_files_of, load_passed_on
from helpdesk_tui.db.paths import StorePaths
from helpdesk_tui.domain.errors import NotFound
from helpdesk_tui.domain.mail import OutgoingFile
from helpdesk_tui.domain.messages import Draft
from helpdesk_tui.domain.passing_on import forward_text
from helpdesk_tui.services.addressing import answerable

if TYPE_CHECKING:
    import sqlite3


@dataclass(frozen=True, slots=True)
class PassedOnMails:
    """What a forward passes on."""

    text: str
    files: tuple[OutgoingFile, ...]


def begin_forward(
    connection: sqlite3.Connection, key: DraftKey, now: datetime, message_id: int | None
) -> Draft:
    """Return the draft of a forward, made inside the caller's transaction if there is none."""
    draft = draft_rows.load_draft(connection, key)
    if draft is not None:
        return draft
    text, files = _gathered(connection, key.ticket_id, message_id)
    draft_rows.save_draft(connection, key, text, now)
    draft_rows.add_files(connection, key, files)
    kept = draft_rows.load_files(connection, key)
    return Draft(key.ticket_id, key.agent_id, key.kind, text, kept, now)


def passed_on(
    connection: sqlite3.Connection, paths: StorePaths, ticket_id: int, message_id: int | None
) -> PassedOnMails:
    """Return text and files of a forward."""
    text, files = _gathered(connection, ticket_id, message_id)
    return PassedOnMails(
        text,
        tuple(
            OutgoingFile(name, kind, get_blob(connection, paths, sha256))
            for name, kind, _, sha256 in files
        ),
    )


def _gathered(
    connection: sqlite3.Connection, ticket_id: int, message_id: int | None
) -> tuple[str, list[StoredFile]]:
    answerable(connection, ticket_id, is_forward=True)
    found = load_passed_on(connection, ticket_id, message_id)
    if not found:
        raise NotFound("message.missing", id=message_id or 0)
    return (
        forward_text(mail for _, mail in found),
        load_files_of(connection, [number for number, _ in found]),
    )

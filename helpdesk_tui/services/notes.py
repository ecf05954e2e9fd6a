"""How an internal note enters a ticket: in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk_tui.db import activity, drafts
from helpdesk_tui.db import replies as rows
from helpdesk_tui.db.activity import Entry, new_change_id
from helpdesk_tui.db.drafts import DraftKey, StoredFile
from helpdesk_tui.db.macros import is_note, load_note, remove_note
from helpdesk_tui.db.mentions import insert_mentions
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.errors import NotAllowed, NotFound, UsageError
from helpdesk_tui.domain.mentions import mentioned_names
from helpdesk_tui.domain.messages import Delivery, Direction, DraftKind
from helpdesk_tui.domain.reply_headers import signed
from helpdesk_tui.services.queueing import common_values

if TYPE_CHECKING:
    import sqlite3


def write_note(
    connection: sqlite3.Connection,
    actor: Actor,
    now: datetime,
    ticket_id: int,
    text: str,
    files: Sequence[StoredFile] = (),
    change_id: str = "",
) -> int:
    """Keep an internal note and return its message id.

    Raises:
        NotFound: ``ticket.missing``.
        NotAllowed: ``agent.missing``, or ``ticket.merged``: nobody would see it there.
        UsageError: ``note.empty``.
    """
    if actor.agent_id is None:
        raise NotAllowed("agent.missing")
    target = rows.load_target(connection, ticket_id)
    if target is None:
        raise NotFound("ticket.missing", id=ticket_id)
    if target.merged_into is not None:
        raise NotAllowed("ticket.merged", id=ticket_id, into=target.merged_into)
    body, _ = signed(text, "")
    if not body and not files:
        raise UsageError("note.empty")
    author = rows.load_author(connection, actor.agent_id)
    values = {
        **common_values(target, actor.agent_id, author.name, now),
        "direction": Direction.NOTE.value,
        "delivery": Delivery.RECEIVED.value,
        "text": body,
    }
    message_id = rows.insert_message(connection, values, files)
    rows.finish_message(connection, message_id)
    rows.update_ticket(connection, ticket_id, now, {})
    named = _mention(connection, message_id, ticket_id, body, actor.agent_id, now)
    entry = Entry("note.added", ticket_id, message_id, {}, {"mentions": named} if named else {})
    activity.record(connection, actor, now, [entry], change_id or new_change_id())
    return message_id


def take_note_back(
    connection: sqlite3.Connection, actor: Actor, now: datetime, entry: Entry, change_id: str
) -> bool:
    """Remove the note of an activity entry, unless it is gone; tell whether it was there."""
    if entry.message_id is None or not is_note(connection, entry.message_id):
        return False
    remove_note(connection, entry.message_id)
    removed = Entry("note.removed", entry.ticket_id, entry.message_id)
    activity.record(connection, actor, now, [removed], change_id)
    return True


def note_to_draft(
    connection: sqlite3.Connection, actor: Actor, now: datetime, message_id: int
) -> int:
    """Take an own note back: text and files are a draft again, above what was typed since.

    Returns:
        The ticket.

    Raises:
        NotFound: ``note.missing``.
        NotAllowed: ``note.not-yours``, or ``note.answered``: a colleague wrote since.
    """
    found = load_note(connection, message_id)
    if found is None or actor.agent_id is None:
        raise NotFound("note.missing", id=message_id)
    if found.agent_id != actor.agent_id:
        raise NotAllowed("note.not-yours", id=message_id)
    if found.is_answered:
        raise NotAllowed("note.answered", id=message_id)
    key = DraftKey(found.ticket_id, actor.agent_id, DraftKind.NOTE)
    since = drafts.load_draft(connection, key)
    typed = since.text if since is not None else ""
    drafts.add_files(connection, key, rows.load_files(connection, message_id))
    text = f"{found.text}\n\n{typed}" if typed.strip() else found.text
    drafts.save_draft(connection, key, text, now)
    entry = Entry("note.added", found.ticket_id, message_id)
    take_note_back(connection, actor, now, entry, new_change_id())
    rows.update_ticket(connection, found.ticket_id, now, {})
    return found.ticket_id


def _mention(
    connection: sqlite3.Connection,
    message_id: int,
    ticket_id: int,
    text: str,
    author_id: int,
    now: datetime,
) -> list[int]:
    """Keep whom a note mentions; nearly all name nobody."""
    names = mentioned_names(text)
    if not names:
        return []
    return insert_mentions(connection, message_id, ticket_id, names, author_id, now)

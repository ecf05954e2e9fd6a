"""Taking a macro back: the reply that waits, the note, and what was done to the tickets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk_tui.db import activity
from helpdesk_tui.db import macros as rows
from helpdesk_tui.db.activity import Entry, new_change_id
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.triage import Change
from helpdesk_tui.services.undoing import undo_entries
from helpdesk_tui.services.unsend import undo_send

if TYPE_CHECKING:
    import sqlite3


def take_back(
    connection: sqlite3.Connection, actor: Actor, now: datetime, entries: Sequence[Entry]
) -> Change:
    """Take back everything of a macro inside the caller's transaction.

    What has left already stays, and is named among the skipped with ``reply.already-sent``.
    """
    change_id = new_change_id()
    changed: set[int] = set()
    skipped: list[tuple[int, str]] = []
    fields = [entry for entry in entries if entry.kind.startswith("ticket.")]
    # the fields first: they moved after the reply had
    undone = undo_entries(connection, actor, now, fields, change_id)
    changed.update(undone.changed)
    for entry in entries:
        if entry.ticket_id is None or entry.message_id is None:
            continue
        code = ""
        if entry.kind == "message.queued":
            code = _unsend(connection, actor, now, entry.message_id)
        elif entry.kind == "note.added":
            code = _remove_note(connection, actor, now, entry, change_id)
        else:
            continue
        if code:
            skipped.append((entry.ticket_id, code))
        else:
            changed.add(entry.ticket_id)
    skipped += [each for each in undone.skipped if each[0] not in changed]
    tickets = dict.fromkeys(entry.ticket_id for entry in entries if entry.ticket_id is not None)
    return Change(
        change_id, tuple(each for each in tickets if each in changed), tuple(skipped), undone.kept
    )


def _unsend(connection: sqlite3.Connection, actor: Actor, now: datetime, message_id: int) -> str:
    try:
        undo_send(connection, actor, now, message_id, keeps_text=False)
    except HelpdeskError as error:
        return error.code
    return ""


def _remove_note(
    connection: sqlite3.Connection, actor: Actor, now: datetime, entry: Entry, change_id: str
) -> str:
    if entry.message_id is None or not rows.is_note(connection, entry.message_id):
        return "message.missing"
    rows.remove_note(connection, entry.message_id)
    removed = Entry("note.removed", entry.ticket_id, entry.message_id)
    activity.record(connection, actor, now, [removed], change_id)
    return ""

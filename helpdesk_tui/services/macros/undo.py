"""Taking a macro back: the reply that waits, the note, and what was done to the tickets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk_tui.db.activity import Entry
from helpdesk_tui.domain.activity import ON_ITS_WAY
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.triage import Change
from helpdesk_tui.services.macros.running import APPLIED
from helpdesk_tui.services.notes import take_note_back
from helpdesk_tui.services.restoring import undo_entries
from helpdesk_tui.services.unsend import undo_send

if TYPE_CHECKING:
    import sqlite3


def take_back(
    connection: sqlite3.Connection,
    actor: Actor,
    now: datetime,
    entries: Sequence[Entry],
    change_id: str,
) -> Change:
    """Take back everything of a macro inside the caller's transaction.

    What has left already stays, and is named among the skipped with ``reply.already-sent``.
    """
    changed: set[int] = set()
    skipped: list[tuple[int, str]] = []
    fields = [entry for entry in entries if entry.kind.startswith("ticket.")]
    # the fields first: they moved after the reply had
    undone = undo_entries(connection, actor, now, fields, change_id)
    changed.update(undone.changed)
    ran = {entry.ticket_id for entry in entries if entry.kind == APPLIED and entry.after.get("ran")}
    # notes first: a reply that is taken back takes those of its action with it
    for entry in sorted(entries, key=lambda entry: entry.kind != "note.added"):
        if entry.ticket_id is None or entry.message_id is None:
            continue
        if entry.kind in ON_ITS_WAY:
            keeps_text = entry.ticket_id not in ran
            code = _unsend(connection, actor, now, entry.message_id, keeps_text=keeps_text)
        elif entry.kind == "note.added":
            is_gone = take_note_back(connection, actor, now, entry, change_id)
            code = "" if is_gone else "message.missing"
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


def _unsend(
    connection: sqlite3.Connection,
    actor: Actor,
    now: datetime,
    message_id: int,
    *,
    keeps_text: bool,
) -> str:
    """Take a reply back; a text that was edited returns to the draft. Return why it cannot be."""
    try:
        undo_send(connection, actor, now, message_id, keeps_text=keeps_text)
    except HelpdeskError as error:
        return error.code
    return ""

"""Take an action back, also days later: fields that still are as it left them, and merges."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk_tui.db import activity
from helpdesk_tui.db.activity import Entry
from helpdesk_tui.domain.activity import ONCE, following, turns_of
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.errors import NotFound
from helpdesk_tui.domain.triage import Change
from helpdesk_tui.services import aside, merging, people
from helpdesk_tui.services.restoring import undo_entries

if TYPE_CHECKING:
    import sqlite3


def undo_change(
    connection: sqlite3.Connection, actor: Actor, now: datetime, change_id: str
) -> Change:
    """Take back everything of one action inside the caller's transaction.

    An action is undone once, whoever asks and however often: the change that undoes it has an id
    made of its own, and undoing that one does the action again.

    Raises:
        NotFound: ``change.unknown`` if nothing under this id can be taken back.
    """
    standing = activity.load_latest_turn(connection, change_id) or change_id
    logged = activity.load_change(connection, standing)
    if turns_of(standing) % 2 != turns_of(change_id) % 2:
        return _refused(change_id, logged, "undo.already-undone")
    if turns_of(standing) and any(entry.kind in ONCE for entry in logged):
        return _refused(change_id, logged, "undo.not-again")
    return undo_part(connection, actor, now, change_id, logged, following(standing))


def undo_part(
    connection: sqlite3.Connection,
    actor: Actor,
    now: datetime,
    change_id: str,
    logged: Sequence[Entry],
    new_id: str,
) -> Change:
    """Take back some or all entries of an action inside the caller's transaction.

    Raises:
        NotFound: ``change.unknown`` if none of them can be taken back.
    """
    if any(entry.kind == "macro.applied" for entry in logged):
        # how replies are rendered is loaded only where one may be taken back
        from helpdesk_tui.services.macros.undo import take_back

        return take_back(connection, actor, now, logged, new_id)
    if any(entry.kind in people.KINDS for entry in logged):
        return people.take_back(connection, actor, now, logged, new_id)
    return _undo_tickets(connection, actor, now, change_id, logged, new_id)


def _refused(change_id: str, logged: Sequence[Entry], code: str) -> Change:
    tickets = dict.fromkeys(entry.ticket_id or 0 for entry in logged)
    return Change(change_id, (), tuple((each, code) for each in tickets))


def _undo_tickets(
    connection: sqlite3.Connection,
    actor: Actor,
    now: datetime,
    change_id: str,
    logged: Sequence[Entry],
    new_id: str,
) -> Change:
    entries = [
        entry
        for entry in logged
        if entry.kind.startswith("ticket.") or entry.kind == "change.undone"
    ]
    if not entries:
        raise NotFound("change.unknown", id=change_id)
    beside = [entry for entry in entries if entry.kind in aside.KINDS]
    if beside:
        return aside.take_back(connection, actor, now, beside, new_id)
    moved = [entry for entry in entries if entry.kind in merging.STRUCTURAL]
    if not moved:
        return undo_entries(connection, actor, now, entries, new_id)
    change = merging.take_back(connection, actor, now, moved, new_id)
    if not change.changed:
        return change
    rest = [entry for entry in entries if entry.kind not in merging.STRUCTURAL]
    fields = undo_entries(connection, actor, now, rest, new_id)
    return Change(new_id, change.changed, change.skipped, fields.kept)

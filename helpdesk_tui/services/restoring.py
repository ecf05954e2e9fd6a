"""Fields of tickets as they were before an action, as far as nobody has changed them since."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk_tui.db import activity
from helpdesk_tui.db.activity import Entry, new_change_id
from helpdesk_tui.db.customers import owner_of
from helpdesk_tui.db.triage import load_states, save_states
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.triage import Change, TicketState, differences, is_beyond, restored
from helpdesk_tui.domain.webchat.rules import settled

if TYPE_CHECKING:
    import sqlite3


def undo_entries(
    connection: sqlite3.Connection,
    actor: Actor,
    now: datetime,
    entries: Sequence[Entry],
    change_id: str = "",
) -> Change:
    """Take back activity entries, newest first, inside the caller's transaction."""
    change_id = change_id or new_change_id()
    ids = [entry.ticket_id for entry in entries if entry.ticket_id is not None]
    originals = load_states(connection, ids)
    states = dict(originals)
    kept: list[tuple[int, str]] = []
    over = {
        entry.ticket_id
        for entry in entries
        if entry.ticket_id in states and is_beyond(states[entry.ticket_id], entry.after)
    }
    for entry in reversed(entries):
        if entry.ticket_id in states and entry.ticket_id not in over:
            state, left = restored(states[entry.ticket_id], entry.before, entry.after)
            if not entry.after.keys().isdisjoint(("profile_id", "identity_id")):
                # whom it goes back to may be part of somebody else by now
                state = replace(state, profile_id=owner_of(connection, state))
            states[entry.ticket_id] = state
            kept += [(state.id, name) for name in left]
    changes = [
        (was, settled(states[was.id], now)) for was in originals.values() if was != states[was.id]
    ]
    save_states(connection, changes, now)
    undone = [
        Entry("change.undone", after.id, None, *differences(before, after))
        for before, after in changes
    ]
    activity.record(connection, actor, now, undone, change_id)
    changed = {after.id for _, after in changes}
    skipped = [
        (ticket_id, _why(ticket_id, originals, over))
        for ticket_id in dict.fromkeys(ids)
        if ticket_id not in changed
    ]
    return Change(
        change_id, tuple(each for each in originals if each in changed), tuple(skipped), tuple(kept)
    )


def _why(ticket_id: int, found: Mapping[int, TicketState], over: Collection[int | None]) -> str:
    """Return the code why nothing of a ticket was taken back."""
    if ticket_id in over:
        return "ticket.chat-ended"
    return "undo.changed-since" if ticket_id in found else "ticket.missing"

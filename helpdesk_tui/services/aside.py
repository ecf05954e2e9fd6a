"""What an agent does beside a ticket: watching it, blocking its sender; and taking that back.

The log holds ids only: the watcher, or the identity of the sender.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk_tui.db import activity, blocks, watching
from helpdesk_tui.db.activity import Entry, new_change_id
from helpdesk_tui.db.store import Store
from helpdesk_tui.db.triage import load_states
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.triage import Change, TicketState
from helpdesk_tui.services.clock import Clock

if TYPE_CHECKING:
    import sqlite3

WATCHED, UNWATCHED = "ticket.watched", "ticket.unwatched"
BLOCKED, UNBLOCKED = "ticket.blocked", "ticket.unblocked"
_OPPOSITE: Mapping[str, str] = {
    WATCHED: UNWATCHED, UNWATCHED: WATCHED, BLOCKED: UNBLOCKED, UNBLOCKED: BLOCKED,
}  # fmt: skip
KINDS = frozenset(_OPPOSITE)
"""Activity that :func:`take_back` undoes."""

Aside = Callable[["sqlite3.Connection", TicketState], "Entry | str"]
"""Does something beside a ticket: the entry of the log, or the code why it does not apply."""


def do_aside(
    store: Store,
    actor: Actor,
    now: Clock,
    ids: Sequence[int],
    aside: Aside,
    versions: Mapping[int, int] | None,
) -> Change:
    """Do something beside any number of tickets, in one transaction of its own."""
    change_id = new_change_id()
    if not ids:
        return Change(change_id, ())
    entries: list[Entry] = []
    skipped: list[tuple[int, str]] = []
    with store.write() as connection:
        states = load_states(connection, ids)
        for ticket_id in dict.fromkeys(ids):
            code = _refusal(states.get(ticket_id), (versions or {}).get(ticket_id))
            result = code or aside(connection, states[ticket_id])
            if isinstance(result, str):
                skipped.append((ticket_id, result))
            else:
                entries.append(result)
        activity.record(connection, actor, now(), entries, change_id)
    done = tuple(entry.ticket_id for entry in entries if entry.ticket_id is not None)
    return Change(change_id, done, tuple(skipped))


def _refusal(state: TicketState | None, version: int | None) -> str:
    if state is None:
        return "ticket.missing"
    if version is not None and version != state.version:
        return "ticket.changed-meanwhile"
    return ""


def take_back(
    connection: sqlite3.Connection,
    actor: Actor,
    now: datetime,
    entries: Sequence[Entry],
    change_id: str,
) -> Change:
    """Undo what was done beside tickets, where that still stands; undoing this does it again."""
    done: list[Entry] = []
    skipped: list[tuple[int, str]] = []
    for entry in reversed(entries):
        ticket_id = entry.ticket_id or 0
        if _reversed(connection, actor, now, entry):
            kind = _OPPOSITE[entry.kind]
            done.append(Entry(kind, ticket_id, None, entry.after, entry.before))
        else:
            skipped.append((ticket_id, "undo.changed-since"))
    activity.record(connection, actor, now, done, change_id)
    return Change(change_id, tuple(entry.ticket_id or 0 for entry in done), tuple(skipped))


def _reversed(connection: sqlite3.Connection, actor: Actor, now: datetime, entry: Entry) -> bool:
    values = {**entry.before, **entry.after}
    if entry.kind in (WATCHED, UNWATCHED):
        change = watching.remove_watch if entry.kind == WATCHED else watching.add_watch
        return change(connection, entry.ticket_id or 0, values["watcher"])
    sender = blocks.load_sender(connection, values["identity"])
    if sender is None:
        return False
    if entry.kind == BLOCKED:
        return blocks.remove_block(connection, sender)
    return blocks.add_block(connection, sender, actor.agent_id, now)

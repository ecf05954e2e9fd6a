"""One verb done to tickets, in the caller's transaction: what every change of them goes through."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk_tui.db import activity
from helpdesk_tui.db.activity import Entry
from helpdesk_tui.db.triage import load_states, save_states
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.triage import Change, TicketState, differences
from helpdesk_tui.domain.webchat.rules import settled

if TYPE_CHECKING:
    import sqlite3

Verb = Callable[[TicketState], "TicketState | str"]
"""Gives the ticket as it will be, or the code why it stays."""


def apply_verb(
    connection: sqlite3.Connection,
    actor: Actor,
    now: datetime,
    ids: Sequence[int],
    verb: Verb,
    *,
    kind: str,
    change_id: str,
    versions: Mapping[int, int] | None = None,
) -> Change:
    """Do one verb to tickets inside the caller's transaction, with its activity."""
    states = load_states(connection, ids)
    changes: list[tuple[TicketState, TicketState]] = []
    skipped: list[tuple[int, str]] = []
    for ticket_id in dict.fromkeys(ids):
        result = _outcome(states.get(ticket_id), verb, (versions or {}).get(ticket_id))
        if isinstance(result, str):
            skipped.append((ticket_id, result))
        else:
            changes.append((states[ticket_id], settled(result, now)))
    save_states(connection, changes, now)
    entries = [
        Entry(kind, after.id, None, *differences(before, after)) for before, after in changes
    ]
    activity.record(connection, actor, now, entries, change_id)
    return Change(change_id, tuple(after.id for _, after in changes), tuple(skipped))


def _outcome(state: TicketState | None, verb: Verb, version: int | None) -> TicketState | str:
    if state is None:
        return "ticket.missing"
    if state.merged_into is not None:
        return "ticket.merged"
    if version is not None and version != state.version:
        return "ticket.changed-meanwhile"
    return verb(state)

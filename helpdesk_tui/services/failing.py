"""What a reply that did not arrive does to its ticket."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk_tui.db import activity
from helpdesk_tui.db import outbox as rows
from helpdesk_tui.db.activity import new_change_id
from helpdesk_tui.domain import triage as verbs
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.services.applying import apply_verb

if TYPE_CHECKING:
    import sqlite3


def bring_back(
    connection: sqlite3.Connection, actor: Actor, now: datetime, message_id: int, ticket_id: int
) -> None:
    """Open a ticket, unread and waiting, inside the caller's transaction: an agent has to see it.

    An automatic answer changes nothing of its ticket, not even when it fails.
    """
    if rows.is_automatic(connection, message_id):
        return
    queued = activity.load_queued(connection, message_id, ticket_id)
    waiting = queued.before.get("waiting_since") if queued is not None else None
    rows.reopen_failed(connection, message_id, ticket_id, waiting)
    apply_verb(connection, actor, now, [ticket_id], verbs.reopen,
               kind="ticket.reopened", change_id=new_change_id())  # fmt: skip

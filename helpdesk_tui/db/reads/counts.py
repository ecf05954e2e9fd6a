"""Badges and list heights, from counters that triggers keep; nothing is counted here."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from helpdesk_tui.domain.tickets import Status, View, ViewCount, ViewFilter
from helpdesk_tui.domain.times import from_us

_BADGE = (Status.OPEN, Status.SNOOZED)
"""Statuses whose unread tickets count for a badge."""

_OF_VIEW = {
    View.MINE: "spam = 0 AND assignee_id = :agent",
    View.UNASSIGNED: "spam = 0 AND assignee_id = 0",
    View.ALL: "spam = 0",
    View.SPAM: "spam = 1",
}
"""Which counters are those of a view."""


def load_counts(connection: sqlite3.Connection, agent_id: int | None) -> dict[View, ViewCount]:
    """Return the counts of all views; ``View.MINE`` is that of ``agent_id``."""
    totals: dict[View, dict[Status, int]] = {view: dict.fromkeys(Status, 0) for view in View}
    unread = dict.fromkeys(View, 0)
    for assignee, status_name, spam, total, unread_here in connection.execute(
        "SELECT assignee_id, status, spam, total, unread FROM ticket_tally"
    ):
        status = Status(status_name)
        for view in _views(assignee, spam == 1, agent_id):
            totals[view][status] += total
            if status in _BADGE:
                unread[view] += unread_here
    return {view: ViewCount(unread[view], totals[view]) for view in View}


def load_total(connection: sqlite3.Connection, where: ViewFilter) -> int:
    """Return how many tickets a plain view holds under its status filter."""
    status = "" if where.status is None else " AND status = :status"
    found = connection.execute(
        f"SELECT coalesce(sum(total), 0) FROM ticket_tally WHERE {_OF_VIEW[where.view]}{status}",
        {"agent": where.agent_id or -1, "status": where.status},
    ).fetchone()
    return int(found[0])


def load_unread(connection: sqlite3.Connection) -> int:
    """Return how many tickets are unread over all views but spam."""
    return int(
        connection.execute(
            "SELECT coalesce(sum(unread), 0) FROM ticket_tally WHERE spam = 0"
        ).fetchone()[0]
    )


def load_longest_wait(connection: sqlite3.Connection) -> datetime | None:
    """Return since when the customer of an open ticket has waited who waits longest."""
    row = connection.execute(
        "SELECT waiting_since FROM ticket WHERE waiting_since IS NOT NULL AND status = 'open'"
        " AND spam = 0 AND merged_into IS NULL ORDER BY waiting_since, id LIMIT 1"
    ).fetchone()
    return None if row is None else from_us(row[0])


def _views(assignee: int, spam: bool, agent_id: int | None) -> tuple[View, ...]:
    """Return the views that tickets of one counter belong to (assignee 0 is nobody)."""
    if spam:
        return (View.SPAM,)
    if assignee == 0:
        return (View.ALL, View.UNASSIGNED)
    return (View.ALL, View.MINE) if assignee == agent_id else (View.ALL,)

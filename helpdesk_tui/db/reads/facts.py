"""What a list row leaves out of a ticket, for many tickets at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from helpdesk_tui.domain.messaging.state import Attribution
from helpdesk_tui.domain.ticket_details import TicketFacts
from helpdesk_tui.domain.times import from_us

_AT_ONCE = 500
"""Ids of one statement: older SQLite allows 999 parameters."""


def load_facts(connection: sqlite3.Connection, ids: Sequence[int]) -> dict[int, TicketFacts]:
    """Return the facts of the named tickets; unknown ids are left out."""
    found: dict[int, TicketFacts] = {}
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        marks = ", ".join("?" * len(some))
        rows = connection.execute(
            "SELECT t.id, t.created_at, t.recipient, p.id, p.name, p.email, p.phone,"
            " t.customer_name, team.name, s.id, s.kind, s.name, s.text, s.sent_at, s.message_id"
            " FROM ticket t JOIN profile p ON p.id = t.profile_id"
            " LEFT JOIN team ON team.id = t.team_id"
            " LEFT JOIN campaign_send s ON s.id = t.campaign_send_id"
            f" WHERE t.id IN ({marks})",
            some,
        )
        for row in rows:
            found[row[0]] = TicketFacts(
                created_at=from_us(row[1]),
                recipient=row[2],
                customer_id=row[3],
                customer_name=row[4] or row[7],
                customer_email=row[5],
                customer_phone=row[6],
                team=row[8],
                attribution=_attribution(row[9:]),
            )
    return found


def _attribution(row: tuple[Any, ...]) -> Attribution | None:
    if row[0] is None:
        return None
    return Attribution(row[0], row[1], row[2], row[3], from_us(row[4]), row[5] or 0)

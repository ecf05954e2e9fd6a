"""What was set aside becomes a ticket after all, because an agent wants it to."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk_tui.db import activity
from helpdesk_tui.db.accounts import load_account
from helpdesk_tui.db.activity import Entry
from helpdesk_tui.db.intake import load_standing, set_ticket
from helpdesk_tui.db.paths import StorePaths
from helpdesk_tui.db.reads.intake import load_intake_row
from helpdesk_tui.db.settings import load_desk_settings
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.errors import NotFound, UsageError
from helpdesk_tui.domain.messaging.received import Echo, Received
from helpdesk_tui.domain.times import to_us
from helpdesk_tui.services.messaging.arrivals import OUTSIDE_FIRST, Arrivals
from helpdesk_tui.services.messaging.lines import Line

if TYPE_CHECKING:
    import sqlite3


def write_ticket(
    connection: sqlite3.Connection, paths: StorePaths, actor: Actor, now: datetime, intake_id: int
) -> int:
    """Write a ticket of an intake row inside the caller's transaction; return it.

    It joins the ticket of its sender, where that is the rule of the channel. Where the row already
    has a ticket nothing is written.

    Raises:
        NotFound: ``intake.missing``.
        UsageError: ``intake.customer-missing`` where nobody knows who wrote it.
    """
    standing = load_standing(connection, intake_id)
    found = load_intake_row(connection, intake_id)
    if standing is None or found is None:
        raise NotFound("intake.missing", id=intake_id)
    account_id, made = standing
    if made is not None:
        return made
    row = found[0]
    account = None if account_id is None else load_account(connection, account_id)
    if account is None or row.customer is None:
        raise UsageError("intake.customer-missing", id=intake_id)
    arrivals = Arrivals(
        connection, paths, Line(connection, account, now), now, load_desk_settings(connection)
    )
    who = row.customer
    kind = Echo if row.reason == OUTSIDE_FIRST else Received
    ticket_id = arrivals.adopt(
        kind(row.external_id, row.received_at, who.addr, row.text, name=who.name)
    )
    set_ticket(connection, intake_id, ticket_id, to_us(now))
    entry = Entry("intake.ticket", ticket_id, None, {}, {"intake": intake_id})
    activity.record(connection, actor, now, [entry])
    return ticket_id

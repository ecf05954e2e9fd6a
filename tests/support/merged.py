"""Tickets of one customer on a desk, and the keys that lead to them, for tests of merging."""

from __future__ import annotations

from datetime import timedelta

from helpdesk_tui.screens.dialogs.merge import MergeDialog
from helpdesk_tui.services.desk import Desk
from tests.support.driving import Driving
from tests.support.store import add_message, add_ticket


def mine(desk: Desk, subject: str, *texts: str, hours: float = 1, **fields: object) -> int:
    """Add a ticket of mine (Lena's if nothing else is said) with a message per text."""
    at = desk.clock() - timedelta(hours=hours)
    values = {"assignee": "anna", "status": "open", "unread": 0, "subject": subject, **fields}
    ticket = add_ticket(desk.store, at=at, **values)  # type: ignore[arg-type]
    for index, text in enumerate(texts or (f"about {subject}",)):
        when = at + timedelta(minutes=index)
        add_message(desk.store, ticket, at=when, text=text, subject=subject)
    return ticket


def merged_into(desk: Desk, ticket: int) -> int | None:
    return desk.threads.detail(ticket).merged_into


def shown(it: Driving) -> list[str]:
    """Return the texts of the thread on screen."""
    pane = it.inbox.panes.thread
    thread = pane.thread if pane is not None else None
    return [each.text for each in thread.messages] if thread is not None else []


async def on(it: Driving, ticket: int) -> None:
    """Put the cursor on a ticket, by keys."""
    await it.until(lambda: it.inbox.tickets.cursor_row)
    await it.press("g", "g")
    while it.inbox.tickets.cursor_id != ticket:
        before = it.inbox.tickets.cursor_id
        await it.press("j")
        assert it.inbox.tickets.cursor_id != before, "not in this list"
    await it.until(
        lambda: (
            it.inbox.has_class("-narrow")
            or (it.inbox.panes.thread and it.inbox.panes.thread.ticket_id == ticket)
        )
    )


async def asked(it: Driving) -> MergeDialog:
    await it.press("ampersand")
    await it.until(lambda: isinstance(it.app.screen, MergeDialog))
    assert isinstance(it.app.screen, MergeDialog)
    return it.app.screen

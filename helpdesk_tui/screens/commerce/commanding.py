"""Changes asked for by name: behind ``:``, from the palette, by a macro. Each opens its dialog."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from helpdesk_tui.domain.commerce.commands import Command
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.text import clean

if TYPE_CHECKING:
    from helpdesk_tui.domain.ticket_details import TicketDetail
    from helpdesk_tui.screens.inbox.screen import InboxScreen


def command(inbox: InboxScreen, wanted: Command) -> None:
    """Ask for a change in the name of the customer of the ticket under the cursor."""
    row = inbox.tickets.cursor_row
    if row is None:
        inbox.complain(UsageError("customer.none"))
    else:
        command_all(inbox, row.id, (wanted,))


def command_all(inbox: InboxScreen, ticket_id: int, wanted: Sequence[Command]) -> None:
    """Ask for one change after the other: each opens once the one before is closed."""
    desk = inbox.desk
    if desk is None or not wanted:
        return

    def found(detail: TicketDetail) -> None:
        from helpdesk_tui.domain.commerce.changing import Person
        from helpdesk_tui.screens.commerce.opening import Opening

        name = clean(detail.row.customer_name) or clean(detail.customer_address)
        first, rest = wanted[0], wanted[1:]
        opening = Opening(inbox, desk, Person(detail.customer_id, name, ticket_id))
        opening.closed = lambda: command_all(inbox, ticket_id, rest)
        opening.begin(first.kind, first.name)

    inbox.ask(lambda: desk.threads.detail(ticket_id), found, group="commerce")

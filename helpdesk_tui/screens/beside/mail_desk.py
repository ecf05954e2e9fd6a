"""What an inbox does with mail beyond its tickets: rejected mail, addresses, who a customer is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from helpdesk_tui.domain.mail import Address
from helpdesk_tui.domain.subjects import typed_number
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.domain.messages import Thread
    from helpdesk_tui.screens.inbox.actions import InboxActions
    from helpdesk_tui.screens.inbox.data import InboxData
    from helpdesk_tui.screens.inbox.screen import InboxScreen
    from helpdesk_tui.services.desk import Desk


class MailDesk:
    """Opens the screens and dialogs about mail, and does what was chosen there."""

    def __init__(
        self, screen: InboxScreen, data: InboxData, desk: Desk, actions: InboxActions
    ) -> None:
        self._screen = screen
        self._data = data
        self._desk = desk
        self._actions = actions

    def handlers(self) -> dict[str, Callable[[], None]]:
        """Return what the keys do."""
        return {
            "go.intake": self.rejected,
            "go.addresses": self.addresses,
            "go.named": self.named_ticket,
            "go.number": self.numbered_ticket,
            "ticket.customer": self.customer,
        }

    def rejected(self) -> None:
        """Show the mail that made no ticket."""
        from helpdesk_tui.screens.beside.intake import FORWARDING, IntakeScreen

        screen = self._screen

        def left(ticket_id: int | None) -> None:
            count_rejected(screen, self._desk)
            if ticket_id == FORWARDING:
                self.addresses()
            elif ticket_id is not None:
                self.open_ticket(ticket_id)

        screen.app.push_screen(
            IntakeScreen(self._desk, screen.keymap, screen.signs, now=screen.now, zone=screen.zone),
            left,
        )

    def addresses(self) -> None:
        """Show the support addresses."""
        from helpdesk_tui.screens.beside.addresses import AddressesScreen

        screen = self._screen
        screen.app.push_screen(
            AddressesScreen(
                self._desk, screen.keymap, screen.signs, now=screen.now, zone=screen.zone
            )
        )

    def customer(self) -> None:
        """Ask who the customer of the ticket really is."""
        row = self._screen.tickets.cursor_row
        if row is None:
            return
        from helpdesk_tui.screens.dialogs.customer import CustomerDialog

        def chosen(customer: Address | None) -> None:
            if customer is not None:
                self._actions.set_customer(customer)

        def ask(likely: Sequence[Address]) -> None:
            dialog = CustomerDialog(likely)
            dialog.about = self._actions.about
            self._screen.app.push_screen(dialog, chosen)

        self._screen.ask(lambda: self._desk.customers.suggestions(row.id), ask, group="ask")

    def named_ticket(self) -> None:
        """Go to the ticket that the one on screen was merged into, or names without proof."""
        pane = self._screen.panes.thread
        thread = pane.thread if pane is not None else None
        named = None
        if thread is not None:
            is_part = thread.ticket.merged_into is not None
            named = thread.ticket.row.id if is_part else named_in(thread)
        if named is None:
            self._screen.footer.say(_("this ticket names no other one"))
        else:
            self.open_ticket(named)

    def numbered_ticket(self) -> None:
        """Ask for the number of a ticket and go there."""
        from helpdesk_tui.screens.dialogs.text import LineDialog

        def chosen(typed: str | None) -> None:
            number = typed_number(typed or "")
            if number is not None:
                self.open_ticket(number)
            elif typed:
                self._screen.footer.say(
                    _("“{typed}” is no ticket number").format(typed=clean(typed)[:20])
                )

        hint = _("The number of a ticket. One that was merged leads to where it stands now.")
        dialog = LineDialog(_("go to ticket"), "", hint, keys=_("enter goes there · esc closes"))
        self._screen.app.push_screen(dialog, chosen)

    def open_ticket(self, ticket_id: int) -> None:
        """Go into a ticket, wherever it stands; one that was merged, where it stands now."""
        desk, screen = self._desk, self._screen

        def find() -> int | None:
            standing = desk.merge_reads.standing(ticket_id)
            if standing != ticket_id:
                desk.merging.bring_drafts([ticket_id])
            return standing

        def found(standing: int | None) -> None:
            def entered() -> None:
                screen.panes.enter(standing or ticket_id)
                if standing not in (None, ticket_id):
                    screen.footer.say(
                        _(
                            "#{ticket_id} was merged into #{standing}: here it stands · :unmerge"
                            " takes it out"
                        ).format(ticket_id=ticket_id, standing=standing)
                    )

            self._data.open_ticket(standing or ticket_id, entered, missing)

        def missing() -> None:
            screen.footer.say(
                _("there is no ticket #{ticket_id} any more").format(ticket_id=ticket_id)
            )

        screen.ask(find, found, group="ask")


def named_in(thread: Thread) -> int | None:
    """Return the ticket that a thread's first mail named without proof, if it did."""
    for event in thread.events:
        named = event.after.get("named_ticket")
        if event.kind == "ticket.created" and isinstance(named, int):
            return named
    return None


def count_rejected(screen: InboxScreen, desk: Desk) -> None:
    """Count the mails that made no ticket, and show the number."""
    screen.start(desk.intake.count, lambda count: show_rejected(screen, count), group="rejected")


def show_rejected(screen: InboxScreen, count: int) -> None:
    """Show how many mails made no ticket and wait for somebody."""
    screen.update_header(rejected=count)
    screen.rail.show_rejected(count)

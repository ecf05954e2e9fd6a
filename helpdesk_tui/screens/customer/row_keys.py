"""What keys do on the screen of a customer: open what a row is about, copy it, follow it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from helpdesk_tui.domain.commerce.facts import Order, Subscription
from helpdesk_tui.widgets.sidebar.targets import Target, TargetKind
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.screens.customer.screen import CustomerScreen
    from helpdesk_tui.services.desk import Desk


class RowKeys:
    """Acts on the entries of the timeline, and on the rows of the facts beside it."""

    def __init__(self, screen: CustomerScreen, desk: Desk, go_to: Callable[[int], object]) -> None:
        self._screen = screen
        self._desk = desk
        self._go_to = go_to

    def open(self) -> None:
        """Go to the ticket of a message; show an order, a subscription; read all else."""
        screen = self._screen
        if screen.on_facts:
            screen.facts.choose()
            return
        entry = screen.list.current
        if entry is None:
            return
        if entry.ticket_id:
            self._leave_for(entry.ticket_id)
        elif isinstance(entry.value, Order):
            self._open_thing(TargetKind.ORDER, entry.source_id, entry.value.id)
        elif isinstance(entry.value, Subscription):
            self._open_thing(TargetKind.SUBSCRIPTION, entry.source_id, entry.value.id)
        else:
            screen.go(to_page=True)

    def choose(self, target: Target) -> None:
        """Do what a row of the facts is for."""
        does: dict[TargetKind, Callable[[], None]] = {
            TargetKind.ORDER: lambda: self._open_thing(target.kind, target.source_id, target.id),
            TargetKind.SUBSCRIPTION: lambda: self._open_thing(
                target.kind, target.source_id, target.id
            ),
            TargetKind.ACTION: lambda: self._open_action(int(target.id)),
            TargetKind.TICKET: lambda: self._leave_for(int(target.id)),
            TargetKind.ALL: lambda: self._screen.show_in(target.id),
            TargetKind.METRICS: self._screen.ask_events,
            TargetKind.ORDERS: lambda: self._screen.show_in("orders", target),
            TargetKind.EVENT: lambda: self._screen.show_in("events", target),
            TargetKind.TICKETS: lambda: self._screen.show_in("messages"),
        }
        does.get(target.kind, self.copy)()

    def copy(self) -> None:
        """Put what the cursor is on onto the clipboard."""
        screen = self._screen
        target, entry = screen.facts.current, screen.list.current
        said = target.copied if target is not None else entry.title if entry is not None else ""
        if said:
            screen.app.copy_to_clipboard(said)
            screen.footer.say(_("copied {text}").format(text=said))

    def follow(self) -> None:
        """Show where the thing under the cursor leads outside."""
        from helpdesk_tui.screens.thread.media import Media

        screen = self._screen
        target, entry = screen.facts.current, screen.list.current
        url = target.url if target is not None else entry.url if entry is not None else ""
        if url:
            Media(screen, lambda: self._desk, screen.keymap).follow(url)
        else:
            screen.footer.say(_("this leads nowhere outside"))

    def _leave_for(self, ticket_id: int) -> None:
        self._screen.dismiss(None)
        self._go_to(ticket_id)

    def _open_thing(self, kind: TargetKind, source_id: int, id: str) -> None:
        from helpdesk_tui.screens.commerce.opening import open_order, open_subscription

        opens = open_order if kind is TargetKind.ORDER else open_subscription
        opens(self._screen, self._desk, self._screen.whose, source_id, id)

    def _open_action(self, action_id: int) -> None:
        from helpdesk_tui.screens.commerce.opening import open_action

        open_action(self._screen, self._desk, self._screen.whose, action_id)

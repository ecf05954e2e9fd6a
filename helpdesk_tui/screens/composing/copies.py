"""Who gets a message: chosen by hand, or everybody who was on the answered mail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from helpdesk_tui.domain.mail import Address
from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.screens.composing.pane import ComposerPane
    from helpdesk_tui.screens.dialogs.recipients import Chosen
    from helpdesk_tui.services.desk import Desk
    from helpdesk_tui.services.replies import Recipients


class Copies:
    """Changes the recipients in the plan of the composer's pane."""

    def __init__(self, pane: ComposerPane, desk: Callable[[], Desk]) -> None:
        self._pane = pane
        self._desk = desk

    def choose(self, *, then: Callable[[], None] | None = None) -> None:
        """Ask who gets it; ``then`` goes on with what waited for that."""
        pane = self._pane
        if pane.thread is None or pane.composer.kind is DraftKind.NOTE:
            pane.composer.say(_("a note has no recipients: it stays here"))
            return
        if pane.is_live:
            pane.composer.say(_("a chat goes to its visitor alone"))
            return
        ticket = pane.thread.ticket.row.id
        pane.ask(
            lambda: self._desk().replies.people(ticket),
            lambda people: self._ask(people, then),
            pane.refuse,
            group="recipients",
        )

    def _ask(self, people: tuple[Address, ...], then: Callable[[], None] | None) -> None:
        pane = self._pane
        if not pane.is_open or pane.thread is None:
            return
        from helpdesk_tui.screens.dialogs.recipients import Chosen, RecipientsDialog

        is_forward = pane.composer.kind is DraftKind.FORWARD
        customer = pane.thread.ticket.customer_address
        to = pane.plan.to or (() if is_forward or not customer else (customer,))

        def chosen(answer: Chosen | None) -> None:
            if answer is not None:
                self._take(answer, customer)
                if then is not None:
                    then()

        known = Chosen(to, pane.plan.cc, pane.plan.bcc)
        pane.app.push_screen(RecipientsDialog(known, people, is_forward=is_forward), chosen)

    def _take(self, chosen: Chosen, customer: str) -> None:
        pane = self._pane
        to = chosen.to
        if pane.composer.kind is DraftKind.REPLY and to == (customer,):
            to = ()
        self._set(to, chosen.cc, chosen.bcc)

    def everybody(self) -> None:
        """Give copies to the others of the answered mail; frame and review name them."""
        if self._pane.thread is None:
            return
        ticket = self._pane.thread.ticket.row.id

        def found(recipients: Recipients) -> None:
            pane = self._pane
            if pane.is_open and pane.thread is not None and pane.thread.ticket.row.id == ticket:
                self._set(pane.plan.to, recipients.cc, pane.plan.bcc)
                if not recipients.cc:
                    pane.composer.say(_("nobody else was on this mail"))

        self._pane.ask(
            lambda: self._desk().replies.recipients(ticket, everyone=True),
            found,
            self._pane.refuse,
            group="recipients",
        )

    def _set(self, to: tuple[str, ...], cc: tuple[str, ...], bcc: tuple[str, ...]) -> None:
        pane = self._pane
        if pane.thread is None:
            return
        pane.plan = replace(pane.plan, to=to, cc=cc, bcc=bcc)
        counts = [f"{name} {len(part)}" for name, part in ((_("cc"), cc), (_("bcc"), bcc)) if part]
        pane.composer.set_state(f" {' · '.join(counts)}" if counts else " " + _("no copies"))
        pane.frame.entitle()

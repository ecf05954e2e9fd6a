"""Who the customer of a ticket really is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.widgets import Input

from helpdesk_tui.domain.mail import Address
from helpdesk_tui.domain.text import clean
from helpdesk_tui.screens.dialogs.base import PickDialog, fits
from helpdesk_tui.screens.dialogs.recipients import is_address
from helpdesk_tui.widgets.choices import ChoiceRow
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.words.language import N_, _
from helpdesk_tui.widgets.words.thread import shown_address


class CustomerDialog(PickDialog[Address]):
    """Offers the likely people of the mail, the likeliest first, or takes a typed address."""

    TITLE_TEXT: ClassVar[str] = N_("customer is …")
    OPENED_BY: ClassVar[str] = "ticket.customer"
    PLACEHOLDER: ClassVar[str] = N_("type to filter, or another address")
    HINT: ClassVar[str] = N_("enter moves the ticket to them · esc closes")

    def __init__(self, likely: Sequence[Address]) -> None:
        super().__init__()
        self._likely = tuple(likely)

    def prepare(self) -> None:
        """Ask for the address where nobody is likely."""
        super().prepare()
        self.choices.empty = _("type an address")
        if not self._likely:
            self.input.placeholder = _("type the customer's address")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Say what is missing; a selected person is taken by the handler of the base as well."""
        if self.choices.current is None:
            self.say(_("that is no address yet: write it as name@example.com"))

    def rows(self, typed: str) -> Sequence[ChoiceRow]:
        """Return the people that fit, and what was typed if it is an address."""
        rows = [_row(one) for one in self._likely if fits(typed, one.name, one.addr)]
        known = {one.addr for one in self._likely}
        address = typed.lower()
        if is_address(address) and address not in known:
            typed_row = _row(Address("", address), _("as typed"))
            return [typed_row, *rows]
        return rows

    def take(self, row: ChoiceRow) -> None:
        """Answer with the person."""
        if isinstance(row.value, Address):
            self.dismiss(row.value)


def _row(person: Address, note: str = "") -> ChoiceRow:
    address, name = shown_address(person.addr), clean(person.name)
    left: list[Span] = [(address, Ink.BRIGHT)]
    if name and name != address:
        left.append((f"  {name}", Ink.SOFT))
    return ChoiceRow(tuple(left), ((note, Ink.DIM),) if note else (), person)

"""Whose ticket a forwarded mail becomes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from helpdesk_tui.domain.mail import Address
from helpdesk_tui.domain.text import clean
from helpdesk_tui.screens.dialogs.base import Dialog
from helpdesk_tui.screens.dialogs.recipients import is_address
from helpdesk_tui.widgets.choices import CleanInput
from helpdesk_tui.widgets.words.language import N_, _


class WhoseDialog(Dialog[Address]):
    """A line with the customer that was found; enter takes it, and it can be corrected first."""

    TITLE_TEXT: ClassVar[str] = N_("whose ticket is it?")
    HINT: ClassVar[str] = N_("enter makes the ticket · esc closes")

    def __init__(self, found: Address | None) -> None:
        super().__init__()
        self._found = found

    def parts(self) -> Sequence[Widget]:
        """Return the line and what happens."""
        found = self._found.addr if self._found else ""
        text = (
            _("found in the forwarded text") if found else _("nothing was found: type the address")
        )
        return (
            CleanInput(found, "customer@example.com", id="dialog-input"),
            Static(
                Content(_("The customer's address, {text}.").format(text=text)), classes="hint gap"
            ),
            Static(
                Content(
                    _(
                        "The customer's own message comes first, your colleague's lines become a"
                        " note."
                    )
                ),
                classes="hint",
            ),
            Static("", id="dialog-news", classes="problem", markup=False),
        )

    def prepare(self) -> None:
        """Be ready to type."""
        super().prepare()
        self.query_one("#dialog-news").display = False
        self.query_one(CleanInput).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the address if it looks like one."""
        event.stop()
        address = event.value.strip().lower()
        if not is_address(address):
            line = self.query_one("#dialog-news", Static)
            line.display = True
            line.update(
                Content(
                    _("not an address: {address}").format(
                        address=clean(address) or _("nothing was typed")
                    )
                )
            )
            return
        known = self._found is not None and self._found.addr == address
        name = self._found.name if known and self._found is not None else ""
        self.dismiss(Address(name, address))

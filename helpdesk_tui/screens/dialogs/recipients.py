"""Who gets a copy of a reply."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from helpdesk_tui.domain.text import clean
from helpdesk_tui.screens.dialogs.base import Dialog
from helpdesk_tui.widgets.choices import CleanInput

_MOST = 50


class RecipientsDialog(Dialog[tuple[str, ...]]):
    """A line of addresses, separated by commas; empty means no copies."""

    TITLE_TEXT: ClassVar[str] = "copies to"
    HINT: ClassVar[str] = "enter takes it · esc leaves it as it was"

    def __init__(self, known: Sequence[str]) -> None:
        super().__init__()
        self._known = tuple(known)

    def parts(self) -> Sequence[Widget]:
        """Return the line and what it is for."""
        return (
            CleanInput(", ".join(self._known), "name@example.com, …", id="dialog-input"),
            Static(
                Content("The customer is always the recipient; copies go along openly (Cc)."),
                classes="hint gap",
            ),
            Static("", id="dialog-news", classes="problem", markup=False),
        )

    def prepare(self) -> None:
        """Be ready to type."""
        super().prepare()
        self.query_one(CleanInput).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the addresses if all of them look like one."""
        event.stop()
        wanted = [part.strip() for part in event.value.replace(";", ",").split(",")]
        addresses = tuple(dict.fromkeys(part.lower() for part in wanted if part))
        wrong = [one for one in addresses if not is_address(one)]
        if wrong or len(addresses) > _MOST:
            problem = f"not an address: {clean(wrong[0])}" if wrong else f"at most {_MOST} copies"
            self.query_one("#dialog-news", Static).update(Content(problem))
        else:
            self.dismiss(addresses)


def is_address(text: str) -> bool:
    """Return whether something looks like one mail address; the desk checks it again."""
    local, at, domain = text.rpartition("@")
    if not (local and at and domain) or text != clean(text) or len(text) > 254:
        return False
    return not any(char in text for char in ' <>()[],;:\\"') and "." in domain.strip(".")

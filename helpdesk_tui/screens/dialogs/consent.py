"""Consent that a customer gave elsewhere, written down with where they gave it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from helpdesk_tui.domain.text import clean
from helpdesk_tui.screens.dialogs.base import Dialog
from helpdesk_tui.widgets.choices import CleanInput
from helpdesk_tui.widgets.words.language import N_, _

_KINDS = ("transactional", "marketing")


@dataclass(frozen=True, slots=True)
class Given:
    """What the agent says of somebody's consent."""

    detail: str
    """Where and how they gave it."""
    kind: str


class ConsentDialog(Dialog[Given]):
    """Asks for the source: without one nothing is recorded."""

    DEFAULT_CSS = """
    ConsentDialog > #dialog-box { width: 72; }
    """
    TITLE_TEXT: ClassVar[str] = N_("record their consent")
    HINT: ClassVar[str] = N_("enter records it · tab what for · esc closes")

    def __init__(self, name: str, address: str, channel: str) -> None:
        super().__init__()
        self._name = clean(name) or clean(address)
        self._address = clean(address)
        self._channel = channel
        self._kind = _KINDS[0]

    def parts(self) -> Sequence[Widget]:
        """Return who, where, and what for."""
        who = _("{name} ({address}) has agreed to hear from us by {channel}.").format(
            name=self._name, address=self._address, channel=self._channel
        )
        return (
            Static(Content(who)),
            Static(
                Content.styled(_("Where, and how did they say so?"), "$soft"),
                classes="gap",
                markup=False,
            ),
            CleanInput("", _("by phone, 21 Nov; or: mail in ticket #41"), id="dialog-input"),
            Static(self._kinds(), id="consent-kinds", classes="gap", markup=False),
            Static(Content(_("It is kept with your name and the time.")), classes="hint gap"),
            Static("", id="dialog-news", classes="problem", markup=False),
        )

    def prepare(self) -> None:
        """Be ready to type."""
        super().prepare()
        line = self.query_one(CleanInput)
        line.first = self._before_typing
        line.focus()

    def _kinds(self) -> Content:
        words = {
            "transactional": _("about orders and questions"),
            "marketing": _("marketing as well"),
        }
        parts = [
            Content.styled(
                f"{'●' if kind == self._kind else '○'} {words[kind]}",
                "$bright" if kind == self._kind else "$dim",
            )
            for kind in _KINDS
        ]
        return Content("   ").join(parts)

    def _before_typing(self, event: events.Key) -> bool:
        if event.key not in ("tab", "shift+tab"):
            return False
        self._kind = _KINDS[1 - _KINDS.index(self._kind)]
        self.query_one("#consent-kinds", Static).update(self._kinds())
        return True

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Record it with its source."""
        event.stop()
        if event.value.strip():
            self.dismiss(Given(event.value.strip(), self._kind))
        else:
            said = _("without its source it is worth nothing: write where they said so")
            self.query_one("#dialog-news", Static).update(Content(said))

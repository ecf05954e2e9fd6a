"""Quitting, with what is unsent named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events

from helpdesk_tui.domain.text import shorten
from helpdesk_tui.screens.dialogs.confirm import ConfirmDialog
from helpdesk_tui.widgets.words.language import _

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Unsent:
    """What is not sent when the program ends."""

    drafts: tuple[tuple[int, str], ...] = ()
    """Ticket and its subject."""
    queued: tuple[tuple[int, str], ...] = ()
    running: str = ""
    """What is being done to many tickets, and how far it is."""


def quit_text(unsent: Unsent) -> str:
    """Return the body of the question."""
    parts = []
    if unsent.running:
        parts.append(
            _("{what}.\nIt stops where it is then; what is done can be undone later.").format(
                what=unsent.running
            )
        )
    if unsent.queued:
        parts.append(_listed(_("Waiting to leave; the worker sends them:"), unsent.queued))
    if unsent.drafts:
        parts.append(_listed(_("Drafts, kept for next time:"), unsent.drafts))
    return "\n\n".join(parts) or _("Nothing is unsent.")


def _listed(title: str, items: Sequence[tuple[int, str]]) -> str:
    lines = [f"  #{ticket}  {shorten(subject, 44)}" for ticket, subject in items[:_SHOWN]]
    if len(items) > _SHOWN:
        lines.append("  " + _("and {count} more").format(count=len(items) - _SHOWN))
    return "\n".join([title, *lines])


class QuitDialog(ConfirmDialog):
    """Asks before quitting; the key that opened it says yes as well."""

    def __init__(self, unsent: Unsent) -> None:
        super().__init__(_("Quit helpdesk?"), quit_text(unsent), _("quits"))

    def press(self, event: events.Key) -> None:
        """Take the answer; ctrl+q twice quits."""
        if event.key == "ctrl+q":
            event.stop()
            self.dismiss(True)
            return
        super().press(event)

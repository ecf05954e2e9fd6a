"""When a reply leaves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from helpdesk_tui.screens.dialogs.snooze import SnoozeDialog
from helpdesk_tui.widgets.choices import ChoiceRow
from helpdesk_tui.widgets.words.language import N_


class ScheduleDialog(SnoozeDialog):
    """Asks a moment as a snooze does, in the same words; each row says when that is."""

    TITLE_TEXT: ClassVar[str] = N_("send at · comes back if they write first")
    OPENED_BY: ClassVar[str] = "s outbox.reschedule"
    HINT: ClassVar[str] = N_("enter takes it · esc closes")

    def rows(self, typed: str) -> Sequence[ChoiceRow]:
        """Return the moment that was typed, or the usual ones; ``!`` means nothing here."""
        return super().rows(typed.rstrip("!"))

"""Until when a ticket sleeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.snooze import parse_when, zone_of
from helpdesk_tui.screens.dialogs.base import PickDialog
from helpdesk_tui.services.clock import local_zone
from helpdesk_tui.widgets.choices import ChoiceRow
from helpdesk_tui.widgets.ink import Ink

PRESETS = ("1h", "3h", "tonight", "tomorrow", "3d", "mon", "next week", "2w")


@dataclass(frozen=True, slots=True)
class SnoozeChoice:
    """A moment, and whether the ticket sleeps on when the customer writes."""

    until: datetime
    keep: bool = False
    zone: str = "UTC"
    """Zone that wall-clock times were meant in."""


class SnoozeDialog(PickDialog[SnoozeChoice]):
    """Offers usual moments, and understands what is typed."""

    TITLE_TEXT: ClassVar[str] = "snooze until"
    OPENED_BY: ClassVar[str] = "b"
    PLACEHOLDER: ClassVar[str] = "2h · tomorrow 9:00 · mon · 2026-12-01 14:00"
    HINT: ClassVar[str] = "! sleeps on through replies · enter takes it · esc closes"

    def __init__(self, now: datetime, zone: str = "") -> None:
        super().__init__()
        self._now = now
        self._zone = zone or local_zone()

    def rows(self, typed: str) -> Sequence[ChoiceRow]:
        """Return the moment that was typed, or the usual ones."""
        words = typed.removesuffix("!").strip()
        keep = typed.endswith("!")
        if not words:
            return [row for name in PRESETS if (row := self._row(name, keep=keep))]
        exact = self._row(words, keep=keep)
        fitting = [name for name in PRESETS if name.startswith(words) and name != words]
        rows = [row for name in fitting if (row := self._row(name, keep=keep))]
        return [exact, *rows] if exact else rows

    def _row(self, words: str, *, keep: bool) -> ChoiceRow | None:
        try:
            until = parse_when(words, self._now, self._zone)
        except UsageError:
            return None
        local = until.astimezone(zone_of(self._zone))
        when = f"{local:%a} {local.day} {local:%b %H:%M}" + (" !" if keep else "")
        return ChoiceRow(
            ((words, Ink.BRIGHT),),
            ((when, Ink.SOFT),),
            SnoozeChoice(until, keep=keep, zone=self._zone),
        )

    def take(self, row: ChoiceRow) -> None:
        """Answer with the moment."""
        if isinstance(row.value, SnoozeChoice):
            self.dismiss(row.value)

"""Until when a ticket sleeps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from textual.content import Content
from textual.widgets import Input

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.snoozing.snooze import parse_snooze, zone_of
from helpdesk_tui.domain.text import clean, fold
from helpdesk_tui.screens.dialogs.base import PickDialog
from helpdesk_tui.services.clock import local_zone
from helpdesk_tui.widgets.choices import ChoiceRow
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.words.errors import sentence
from helpdesk_tui.widgets.words.language import N_, _
from helpdesk_tui.widgets.words.snooze_moments import (
    REPLY,
    USUAL,
    clock_words,
    language_of,
    moment_words,
    span_words,
)


@dataclass(frozen=True, slots=True)
class SnoozeChoice:
    """A moment, and whether the ticket sleeps on when the customer writes."""

    until: datetime | None
    """None sleeps until the customer writes."""
    keep: bool = False
    zone: str = "UTC"
    """Zone that wall-clock times were meant in."""


class SnoozeDialog(PickDialog[SnoozeChoice]):
    """Offers usual moments, and understands what is typed; each row says when that is.

    "Until they reply" is offered where ``takes_reply`` says so.
    """

    TITLE_TEXT: ClassVar[str] = N_("snooze until")
    OPENED_BY: ClassVar[str] = "ticket.snooze"
    PLACEHOLDER: ClassVar[str] = N_("2h · tomorrow 9:00 · mon · 2026-12-01 14:00")
    HINT: ClassVar[str] = N_("! sleeps on through replies · enter takes it · esc closes")

    def __init__(
        self,
        now: datetime,
        zone: str = "",
        *,
        language: str = "",
        takes_reply: bool = False,
    ) -> None:
        super().__init__()
        self._now = now
        self._zone = zone or local_zone()
        self._language = language
        self._takes_reply = takes_reply
        self._problem = ""

    def prepare(self) -> None:
        """Say which zone times are meant in, where that is not the one of this machine."""
        super().prepare()
        self.choices.empty = _("no moment yet: 2h, tomorrow 9:00, mon, 1 dec 14:00")
        if self._zone != local_zone():
            box = self.query_one("#dialog-box")
            box.border_title = Content(f"{box.border_title} · {clean(self._zone)}")

    def rows(self, typed: str) -> Sequence[ChoiceRow]:
        """Return the moment that was typed, or the usual ones."""
        words = typed.rstrip("!").strip()
        mark = "!" if typed.endswith("!") else ""
        language = language_of(self._language)
        usual = list(USUAL[language])
        if self._takes_reply and not mark:
            usual.append(REPLY[language])
        self._problem = ""
        if not words:
            return self._known(f"{name}{mark}" for name in usual)
        exact = self._row(f"{words}{mark}", tells=True)
        start = fold(words)
        fitting = [name for name in usual if fold(name).startswith(start) and fold(name) != start]
        rows = self._known(f"{name}{mark}" for name in fitting)
        return [exact, *rows] if exact is not None else rows

    def _known(self, names: Iterable[str]) -> list[ChoiceRow]:
        return [row for name in names if (row := self._row(name)) is not None]

    def _row(self, words: str, *, tells: bool = False) -> ChoiceRow | None:
        """Return the row of what may be typed; None if it is no moment, which ``tells`` keeps."""
        try:
            sleep = parse_snooze(words, self._now, self._zone, language=self._language)
        except UsageError as error:
            if tells:
                self._problem = sentence(error)
            return None
        label: Span = (words.rstrip("!"), Ink.BRIGHT)
        if sleep.until is None:
            if not self._takes_reply:
                return None
            return ChoiceRow(
                (label,),
                ((_("their next message wakes it"), Ink.SOFT),),
                SnoozeChoice(None, zone=self._zone),
            )
        return ChoiceRow(
            (label,),
            self._moment(sleep.until, keep=sleep.keep),
            SnoozeChoice(sleep.until, keep=sleep.keep, zone=self._zone),
        )

    def _moment(self, until: datetime, *, keep: bool) -> tuple[Span, ...]:
        zone = zone_of(self._zone)
        spans: list[Span] = [
            (moment_words(until, self._now, zone), Ink.SOFT),
            (f", {span_words(until, self._now)}", Ink.DIM),
        ]
        if keep:
            spans.append((" !", Ink.WAITING))
        return tuple(spans)

    def remark(self) -> str:
        """Say what the clocks do until the selected moment."""
        row = self.choices.current
        choice = row.value if row is not None and self.input.value else None
        if not isinstance(choice, SnoozeChoice) or choice.until is None:
            return ""
        return clock_words(choice.until, self._now, zone_of(self._zone))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Say what is wrong with the words; a moment is taken by the handler of the base."""
        if self.choices.current is None:
            self.say(self._problem)

    def take(self, row: ChoiceRow) -> None:
        """Answer with the moment."""
        if isinstance(row.value, SnoozeChoice):
            self.dismiss(row.value)

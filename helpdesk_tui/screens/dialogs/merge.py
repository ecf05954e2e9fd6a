"""Which ticket a ticket becomes part of, and which part is taken out again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.merging import Candidate
from helpdesk_tui.domain.subjects import typed_number
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.tickets import TicketRow
from helpdesk_tui.screens.dialogs.base import PickDialog, fits
from helpdesk_tui.widgets.ages import age
from helpdesk_tui.widgets.choices import ChoiceRow, Choices
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.painted import width_of
from helpdesk_tui.widgets.words.errors import sentence_of
from helpdesk_tui.widgets.words.language import N_, _, ngettext
from helpdesk_tui.widgets.words.view_names import status_name
from helpdesk_tui.widgets.wrap import shorten_cells

_ROOM = 58
"""Cells of a row in a dialog as wide as they come."""
Look = Callable[[int, Callable[[Candidate | None], None]], None]
"""Looks a ticket up by its number, elsewhere, and hands over what it found."""


class MergeDialog(PickDialog[int]):
    """Offers the customer's other tickets, the one found alike first, or takes a number."""

    TITLE_TEXT: ClassVar[str] = N_("merge into …")
    OPENED_BY: ClassVar[str] = "ticket.merge"
    PLACEHOLDER: ClassVar[str] = N_("type to filter, or a ticket number")
    HINT: ClassVar[str] = N_("enter merges · esc closes")

    def __init__(
        self, ids: Sequence[int], candidates: Sequence[Candidate], now: datetime, look: Look
    ) -> None:
        super().__init__()
        self._ids = tuple(ids)
        self._candidates = tuple(candidates)
        self._now = now
        self._look = look
        self._looked: dict[int, Candidate | None] = {}

    def parts(self) -> Sequence[Widget]:
        """Return the line, the rows, and what enter does."""
        return (
            *super().parts(),
            Static("", id="dialog-then", classes="hint gap", markup=False),
        )

    def prepare(self) -> None:
        """Say what enter does."""
        super().prepare()
        self._tell()

    def rows(self, typed: str) -> Sequence[ChoiceRow]:
        """Return the tickets that fit, and the one whose number was typed."""
        found = [each for each in self._candidates if _fits(typed, each.row)]
        number = typed_number(typed)
        if number is not None:
            exact = [each for each in found if each.row.id == number]
            looked = self._looked.get(number)
            if looked is not None and not exact:
                exact = [looked]
            found = [*exact, *(each for each in found if each not in exact)]
        return [_row(each, self._now) for each in found]

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter, and look up what is no ticket of this customer."""
        event.prevent_default()  # the library calls the handler of the base class as well
        super().on_input_changed(event)
        number = typed_number(event.value.strip())
        known = {each.row.id for each in self._candidates}
        if number is not None and number not in known and number not in self._looked:
            self._look(number, lambda found: self._found(number, found))
        self._tell()

    def _found(self, number: int, found: Candidate | None) -> None:
        self._looked[number] = found
        if self.is_mounted and self.is_attached:
            typed = self.input.value.strip()
            self.choices.show(self.rows(typed))
            if found is None and typed_number(typed) == number:
                self.say(sentence_of("ticket.missing", id=number))
            self._tell()

    def before_typing(self, event: events.Key) -> bool:
        """Move in the rows, and say what enter would do there."""
        taken = super().before_typing(event)
        if taken and self.is_attached:
            self._tell()
        return taken

    def on_choices_clicked(self, message: Choices.Clicked) -> None:
        """Select a clicked row; merging is left to enter."""
        message.stop()
        message.prevent_default()
        self._tell()

    def take(self, row: ChoiceRow) -> None:
        """Answer with the ticket, unless it may not be."""
        candidate = row.value
        if not isinstance(candidate, Candidate):
            return
        if candidate.refusal:
            self.say(self._reason(candidate))
        else:
            self.dismiss(candidate.row.id)

    def _tell(self) -> None:
        """Say in one line which ticket stays, or why nothing will happen."""
        row = self.choices.current
        line = self.query_one("#dialog-then", Static)
        candidate = row.value if row is not None else None
        if not isinstance(candidate, Candidate):
            line.update("")
        elif candidate.refusal:
            line.update(Content(_("not possible: {reason}").format(reason=self._reason(candidate))))
        else:
            going = [each for each in self._ids if each != candidate.row.id]
            if len(going) == 1:
                said = _("#{going} becomes part of #{id}, which stays.")
            else:
                said = ngettext(
                    "{count} ticket becomes part of #{id}, which stays.",
                    "{count} tickets become part of #{id}, which stays.",
                    len(going),
                )
            first = going[0] if going else 0
            line.update(Content(said.format(going=first, count=len(going), id=candidate.row.id)))

    def _reason(self, candidate: Candidate) -> str:
        return sentence_of(candidate.refusal, id=self._ids[0])


class UnmergeDialog(PickDialog[int]):
    """Lists what was merged into a ticket; the chosen part is taken out again."""

    TITLE_TEXT: ClassVar[str] = N_("take out again")
    HINT: ClassVar[str] = N_("enter takes it out with all it brought · esc closes")

    def __init__(self, parts: Sequence[TicketRow], now: datetime) -> None:
        super().__init__()
        self._merged = tuple(parts)
        self._now = now

    def rows(self, typed: str) -> Sequence[ChoiceRow]:
        """Return the parts that fit."""
        return [_ticket_row(row, self._now, row.id) for row in self._merged if _fits(typed, row)]

    def take(self, row: ChoiceRow) -> None:
        """Answer with the ticket."""
        if isinstance(row.value, int):
            self.dismiss(row.value)


def _fits(typed: str, row: TicketRow) -> bool:
    return fits(typed, f"#{row.id}", row.subject, row.status.value, row.channel)


def _row(candidate: Candidate, now: datetime) -> ChoiceRow:
    note: tuple[Span, ...] = ((_("alike ·") + " ", Ink.ACCENT),) if candidate.is_offered else ()
    return _ticket_row(candidate.row, now, candidate, note, is_dim=bool(candidate.refusal))


def _ticket_row(
    row: TicketRow, now: datetime, value: object, note: tuple[Span, ...] = (), *,
    is_dim: bool = False,
) -> ChoiceRow:  # fmt: skip
    """Return channel, number and subject at the left, status and age at the right."""
    spec = CHANNELS.get(row.channel)
    state = _("spam") if row.spam else status_name(row.status)
    right = (*note, (f"{state} · {age(row.last_message_at, now)}", Ink.DIM))
    left: list[Span] = [(f"{spec.icon} ", Ink(spec.color))] if spec is not None else []
    left.append((f"#{row.id} ", Ink.DIM))
    taken = width_of([*left, *right]) + 4
    subject = shorten_cells(clean(row.subject) or _("no subject"), max(8, _ROOM - taken))
    left.append((subject, Ink.DIM if is_dim else Ink.BRIGHT))
    return ChoiceRow(tuple(left), right, value)

"""Which other profile is the same person, or no longer is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.content import Content
from textual.widgets import Input

from helpdesk_tui.domain.customers import PersonRow
from helpdesk_tui.domain.text import clean
from helpdesk_tui.screens.dialogs.base import PickDialog, fits
from helpdesk_tui.widgets.choices import ChoiceRow
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.words.language import N_, _
from helpdesk_tui.widgets.words.people import shown_address

_WHY = {
    "email": N_("same address"),
    "phone": N_("same number"),
    "name": N_("same name"),
    "": N_("similar name"),
}
_LEAST = 3
"""Letters from which on people are looked for."""
Found = Callable[[Sequence[PersonRow]], None]


@dataclass(frozen=True, slots=True)
class PersonChoice:
    """A profile that is to be linked, or to stand by itself again."""

    person: PersonRow
    is_linked: bool = False
    """It is linked: it shall be no longer."""


class PersonDialog(PickDialog[PersonChoice]):
    """Lists who is linked already, then who may be the same person; typing looks for others."""

    PLACEHOLDER: ClassVar[str] = N_("type a name or an address to look for others")
    HINT: ClassVar[str] = N_("enter links or parts them · z undoes it · esc closes")

    def __init__(
        self,
        person: PersonRow,
        alike: Sequence[PersonRow],
        linked: Sequence[PersonRow],
        look: Callable[[str, Found], None],
    ) -> None:
        super().__init__()
        self._person = person
        self._alike = tuple(alike)
        self._linked = tuple(linked)
        self._look = look
        self._found: tuple[PersonRow, ...] = ()

    def prepare(self) -> None:
        """Say whose other profiles are asked for."""
        super().prepare()
        self.choices.empty = _("nobody alike: type a name or an address")
        name = clean(self._person.name) or shown_address(self._person.email)
        box = self.query_one("#dialog-box")
        box.border_title = Content(_("same person as {name}").format(name=name))

    def rows(self, typed: str) -> Sequence[ChoiceRow]:
        """Return the people that fit."""
        rows = [_row(one, is_linked=True) for one in self._linked if _fits(typed, one)]
        known = {one.id for one in self._alike}
        more = tuple(one for one in self._found if one.id not in known)
        rows += [_row(one) for one in (*self._alike, *more) if _fits(typed, one)]
        return rows

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look for others who are called so."""
        typed = event.value.strip()
        if len(typed) >= _LEAST:
            self._look(typed, self._show_found)

    def _show_found(self, people: Sequence[PersonRow]) -> None:
        if self.is_attached:
            self._found = tuple(people)
            self.choices.show(self.rows(self.input.value.strip()), keep=True)

    def take(self, row: ChoiceRow) -> None:
        """Answer with the profile."""
        if isinstance(row.value, PersonChoice):
            self.dismiss(row.value)


def _fits(typed: str, person: PersonRow) -> bool:
    return fits(typed, person.name, person.email, person.phone)


def _row(person: PersonRow, *, is_linked: bool = False) -> ChoiceRow:
    address = shown_address(person.email) or clean(person.phone)
    name = clean(person.name) or address
    left: list[Span] = [(name, Ink.BRIGHT)]
    if address and address != name:
        left.append((f"  {address}", Ink.SOFT))
    why: Span = (_(_WHY[person.why]), Ink.GOOD if person.why else Ink.DIM)
    if is_linked:
        why = (_("linked: enter parts them"), Ink.WAITING)
    return ChoiceRow(tuple(left), (why,), PersonChoice(person, is_linked=is_linked))

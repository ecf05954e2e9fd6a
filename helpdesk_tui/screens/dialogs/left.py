"""What an action on many tickets left as it was, with the reason of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.content import Content

from helpdesk_tui.domain.text import clean
from helpdesk_tui.screens.dialogs.base import PickDialog, fits
from helpdesk_tui.widgets.choices import ChoiceRow
from helpdesk_tui.widgets.ink import Ink
from helpdesk_tui.widgets.words.errors import sentence_of
from helpdesk_tui.widgets.words.language import N_, _, ngettext
from helpdesk_tui.widgets.words.locale_forms import number

_SHOWN = 500


class LeftDialog(PickDialog[int]):
    """Lists the tickets; enter opens one."""

    PLACEHOLDER: ClassVar[str] = N_("type to filter")
    HINT: ClassVar[str] = N_("enter opens the ticket · gk shows this again · esc closes")

    def __init__(self, said: str, left: Sequence[tuple[int, str]]) -> None:
        super().__init__()
        self._said = said
        self._left = tuple(left)

    def prepare(self) -> None:
        """Say how many there are."""
        super().prepare()
        count = len(self._left)
        title = ngettext(
            "{said} · {count} left as it was", "{said} · {count} left as they were", count
        ).format(said=self._said, count=number(count))
        self.query_one("#dialog-box").border_title = Content(clean(title))

    def rows(self, typed: str) -> Sequence[ChoiceRow]:
        """Return the tickets that fit."""
        found: list[ChoiceRow] = []
        for ticket_id, code in self._left:
            reason = sentence_of(code, id=ticket_id)
            if not fits(typed, f"#{ticket_id}", reason):
                continue
            if len(found) == _SHOWN:
                found.append(ChoiceRow(((_("and more …"), Ink.DIM),), (), None))
                break
            left = ((f"#{ticket_id} ", Ink.BRIGHT), (clean(reason), Ink.SOFT))
            found.append(ChoiceRow(left, (), ticket_id))
        return found

    def take(self, row: ChoiceRow) -> None:
        """Answer with the ticket."""
        if isinstance(row.value, int):
            self.dismiss(row.value)

"""The tags of a ticket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import events

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.tags import tag_name
from helpdesk_tui.domain.text import clean
from helpdesk_tui.screens.dialogs.base import PickDialog, fits
from helpdesk_tui.widgets.choices import ChoiceRow
from helpdesk_tui.widgets.ink import Ink, Span

if TYPE_CHECKING:
    pass


@dataclass(frozen=True, slots=True)
class TagChange:
    """Tags to put on and to take off."""

    add: tuple[str, ...]
    remove: tuple[str, ...]


class TagsDialog(PickDialog[TagChange]):
    """Lists all tags, those of the ticket first; space changes one, enter is done."""

    TITLE_TEXT: ClassVar[str] = "tags"
    OPENED_BY: ClassVar[str] = "t"
    PLACEHOLDER: ClassVar[str] = "type to find or to make a tag"
    HINT: ClassVar[str] = "space on/off · enter done · esc closes"

    def __init__(self, current: Sequence[str], known: Sequence[str]) -> None:
        super().__init__()
        self._before = frozenset(current)
        self._on = set(current)
        rest = sorted(set(known) - self._before)
        self._names = [*sorted(current), *rest]

    def rows(self, typed: str) -> Sequence[ChoiceRow]:
        """Return the tags that fit; a name that is not there yet can be made."""
        rows = [self._row(name) for name in self._names if fits(typed, name)]
        new = _new_name(typed)
        if new and new not in self._names:
            left: tuple[Span, ...] = (("+ ", Ink.GOOD), (new, Ink.TAG), ("  new tag", Ink.DIM))
            rows.append(ChoiceRow(left, (), new))
        return rows

    def _row(self, name: str) -> ChoiceRow:
        on = name in self._on
        sign: Span = ("✓ ", Ink.GOOD) if on else ("  ", Ink.DIM)
        word = "on" if on and name in self._before else "added" if on else ""
        if not on and name in self._before:
            word = "taken off"
        ink = Ink.TAG if on else Ink.SOFT
        return ChoiceRow((sign, (clean(name), ink)), ((word, Ink.DIM),) if word else (), name)

    def before_typing(self, event: events.Key) -> bool:
        """Change a tag with space: tags have none in them."""
        if event.key != "space":
            return super().before_typing(event)
        row = self.choices.current
        if row is not None:
            self._toggle(str(row.value))
        return True

    def _toggle(self, name: str) -> None:
        self._on ^= {name}
        if name not in self._names:
            self._names.insert(0, name)
        if self.input.value:
            self.input.value = ""
        else:
            self.choices.show(self.rows(""), keep=True)

    def take(self, row: ChoiceRow) -> None:
        """Put the typed tag on, and answer with all that changed."""
        if self.input.value.strip():
            self._on |= {str(row.value)}
        add, remove = self._on - self._before, self._before - self._on
        self.dismiss(TagChange(tuple(sorted(add)), tuple(sorted(remove))))


def _new_name(typed: str) -> str:
    try:
        return tag_name(typed) if typed else ""
    except UsageError:
        return ""

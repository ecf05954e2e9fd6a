"""The tags of a ticket, or of a set of tickets."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.widgets import Input

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.macros.search import score
from helpdesk_tui.domain.tags import tag_name
from helpdesk_tui.domain.text import clean
from helpdesk_tui.screens.dialogs.base import PickDialog
from helpdesk_tui.widgets.choices import ChoiceRow
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.words.errors import sentence
from helpdesk_tui.widgets.words.language import N_, _, pgettext

_COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class TagChange:
    """Tags to put on and to take off."""

    add: tuple[str, ...]
    remove: tuple[str, ...]


class TagsDialog(PickDialog[TagChange]):
    """Lists all tags, those of the tickets first; space changes one, enter is done.

    In a set of tickets a tag that only some have is marked as such: space puts it on all of them,
    then takes it off all, then leaves it as it was.
    """

    TITLE_TEXT: ClassVar[str] = N_("tags")
    OPENED_BY: ClassVar[str] = "ticket.tag"
    PLACEHOLDER: ClassVar[str] = N_("type to find or to make a tag")
    HINT: ClassVar[str] = N_("space on/off · enter done · esc closes")

    def __init__(
        self,
        current: Sequence[str],
        known: Sequence[str],
        *,
        some: Collection[str] = (),
        counts: Mapping[str, int] | None = None,
    ) -> None:
        super().__init__()
        self._before = frozenset(current)
        self._some = frozenset(some) - self._before
        self._on = set(current)
        self._off: set[str] = set()
        self._counts = counts if counts is not None else {}
        mine = {*self._before, *self._some}
        rest = sorted(set(known) - mine)
        if self._counts:
            # what is used most is wanted most
            rest.sort(key=lambda name: -self._counts.get(name, 0))
        self._names = [*sorted(current), *sorted(self._some), *rest]

    def rows(self, typed: str) -> Sequence[ChoiceRow]:
        """Return the tags that fit; a name that is not there yet can be made."""
        ranked = [(score(typed, name), name) for name in self._names]
        fitting = [one for one in ranked if one[0]]
        if typed:
            fitting.sort(key=lambda one: -one[0])
        rows = [self._row(name) for _score, name in fitting]
        new = _new_name(typed)
        if new and new not in self._names:
            left: tuple[Span, ...] = (
                ("+ ", Ink.GOOD),
                (new, Ink.TAG),
                ("  " + _("new tag"), Ink.DIM),
            )
            made = ChoiceRow(left, (), new)
            # a slip of a known name is likelier meant as that one, if only letters are missing
            rows = [*rows, made] if rows and _is_start(fitting, typed) else [made, *rows]
        return rows

    def _row(self, name: str) -> ChoiceRow:
        sign, word = self._state(name)
        ink = Ink.SOFT if sign == " " else Ink.TAG
        right: list[Span] = [(word, Ink.DIM)] if word else []
        count = self._counts.get(name, 0)
        if count:
            number = f"{_COUNTED}+" if count >= _COUNTED else str(count)
            right.append((f"{'  ' if word else ''}{number:>5}", Ink.DIM))
        return ChoiceRow(((f"{sign} ", Ink.GOOD), (clean(name), ink)), tuple(right), name)

    def _state(self, name: str) -> tuple[str, str]:
        """Return the sign and the word of what a tag will be."""
        if name in self._on:
            return "✓", pgettext("tag", "on") if name in self._before else _("added")
        if name in self._before or name in self._off:
            return " ", _("taken off")
        return ("◐", _("on some")) if name in self._some else (" ", "")

    def before_typing(self, event: events.Key) -> bool:
        """Change a tag with space: tags have none in them."""
        if event.key != "space":
            return super().before_typing(event)
        row = self.choices.current
        if row is not None:
            self._toggle(str(row.value))
        return True

    def closes_on(self, key: str) -> bool:
        """Return whether a key closes the dialog: no letter does, any may begin a new tag."""
        return len(key) > 1 and super().closes_on(key)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Say why what was typed cannot be a tag; one is taken by the handler of the base."""
        if self.choices.current is None and event.value.strip():
            self.say(_why_no_tag(event.value.strip()))

    def _toggle(self, name: str) -> None:
        if name in self._some and name in self._on:
            self._on.discard(name)
            self._off.add(name)
        elif name in self._off:
            self._off.discard(name)
        else:
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
        add = self._on - self._before
        remove = (self._before - self._on) | (self._off - self._on)
        self.dismiss(TagChange(tuple(sorted(add)), tuple(sorted(remove))))


def _is_start(fitting: Sequence[tuple[int, str]], typed: str) -> bool:
    return any(name.startswith(typed) for _score, name in fitting)


def _new_name(typed: str) -> str:
    try:
        return tag_name(typed) if typed else ""
    except UsageError:
        return ""


def _why_no_tag(typed: str) -> str:
    try:
        tag_name(typed)
    except UsageError as error:
        return sentence(error)
    return ""

"""The macros that are offered for a ticket: which fit what is typed, on which keys, how drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk_tui.domain.macros.macro import Mode
from helpdesk_tui.domain.macros.search import Findable, findable, score_of
from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.ages import age
from helpdesk_tui.widgets.choices import ChoiceRow
from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.signs import Signs
from helpdesk_tui.widgets.words.language import _, ngettext
from helpdesk_tui.widgets.wrap import shorten_cells

if TYPE_CHECKING:
    from helpdesk_tui.services.macros.macros import MacroPreview, MacroRow, Macros

DIGITS = "123456789"
"""The keys of favourites."""
_AROUND = 14
"""Cells of a row that are not its name."""


@dataclass(frozen=True, slots=True)
class PickedMacro:
    """What was chosen."""

    row: MacroRow
    runs: bool
    """Do all of it now, instead of putting its text into the draft."""
    language: str = ""
    preview: MacroPreview | None = None
    typed: str = ""
    """What was typed after the choice, for the draft."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The macros that are offered, and which of them are on keys."""

    rows: tuple[MacroRow, ...]
    favourites: Mapping[str, MacroRow]
    _found: dict[int, Findable] = field(default_factory=dict)
    """What each is found by: a picker asks again with every key."""

    def key_of(self, macro_id: int) -> str:
        """Return the key of a macro; nothing where it is on none."""
        return next((key for key, row in self.favourites.items() if row.id == macro_id), "")

    def fitting(self, typed: str) -> list[MacroRow]:
        """Return what fits the likeliest first; all of them, favourites on top, for nothing."""
        scored = [(score_of(typed, self._findable(row)), row) for row in self.rows]
        fitting = [pair for pair in scored if pair[0]]
        keys = {row.id: key for key, row in self.favourites.items()}
        if typed:
            fitting.sort(key=lambda pair: (-pair[0], -pair[1].uses, pair[1].name))
        else:
            fitting.sort(key=lambda pair: (keys.get(pair[1].id, "x"), -pair[1].uses, pair[1].name))
        return [row for _score, row in fitting]

    def _findable(self, row: MacroRow) -> Findable:
        found = self._found.get(row.id)
        if found is None:
            texts = [text for bodies in row.macro.bodies for text in bodies.texts.values()]
            found = self._found[row.id] = findable(row.name, " ".join(texts))
        return found


def read_shelf(macros: Macros, ticket_id: int) -> Shelf:
    """Return what a ticket is offered. Blocks."""
    rows = macros.offered(ticket_id)
    offered = {row.id for row in rows}
    keys = {key: row for key, row in macros.favourites().items() if row.id in offered}
    return Shelf(rows, keys)


def offer_row(row: MacroRow, key: str, width: int, signs: Signs) -> ChoiceRow:
    """Return a macro as a row: its key, its name, whether it runs, how often it was used."""
    left: list[Span] = [
        (f"{key or ' '} ", Ink.KEY),
        (shorten_cells(clean(row.name), max(12, width - _AROUND)), Ink.BRIGHT),
    ]
    if row.macro.mode is Mode.RUN:
        left.append(("  " + _("runs"), Ink.WAITING))
    right: list[Span] = [(signs.plain(f"{row.uses}×"), Ink.DIM)] if row.uses else []
    return ChoiceRow(tuple(left), tuple(right), row)


def used_line(row: MacroRow, now: datetime) -> list[Span]:
    """Return how often a macro was used, and when last."""
    if not row.uses:
        return [(_("never used"), Ink.DIM)]
    said = ngettext("used once", "used {count} times", row.uses).format(count=row.uses)
    when = f" · {age(row.used_at, now)}" if row.used_at is not None else ""
    return [(f"{said}{when}", Ink.DIM)]

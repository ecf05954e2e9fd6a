"""Fill a macro's text in: one pass, values as text, holes where something is missing.

A value is never read as a macro again, whatever it contains, and is only ever looked up in plain
mappings and sequences: no attribute of anything can be reached.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, tzinfo
from decimal import Decimal

from helpdesk_tui.domain.macros.formats import (
    Language,
    format_date,
    format_money,
    language_of,
)
from helpdesk_tui.domain.macros.names import PROVIDED
from helpdesk_tui.domain.macros.text import Filter, Template, Variable
from helpdesk_tui.domain.money import Money
from helpdesk_tui.domain.text import clean, clean_lines

LEFT, RIGHT = "⟦", "⟧"
"""What a hole is written between: no message with one of them leaves."""
_HOLE = re.compile(f"{LEFT}([^{LEFT}{RIGHT}\n]{{1,200}}){RIGHT}")
_BRACES = re.compile(r"\{\{[ \t]{0,20}([A-Za-z_][^{}\n]{0,199})\}\}")
"""A variable as macros write it, such as one that was typed or pasted into a reply."""
_BRACKETS = str.maketrans({LEFT: "[", RIGHT: "]"})
_WITH_LINES = frozenset({"text", "address", "note"})
"""Names whose values keep their line breaks."""
_LONGEST_VALUE = 20_000
_LARGEST = 10**30
_DECIMAL = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,10})?")

NO_VALUE = "no-value"
NOT_CONNECTED = "not-connected"
LEFT_OPEN = "left-open"
"""Why there is a hole: nothing known, no service that would know, or written so by hand."""

Value = str | int | Decimal | date | Money | Sequence["Value"] | Mapping[str, "Value"] | None
"""What a name may stand for."""

ITEMS = "[]"
"""The key under which a group holds its numbered items, newest first."""


@dataclass(frozen=True, slots=True)
class Hole:
    """A place that nothing was found for."""

    start: int
    end: int
    """Where it stands in the filled-in text."""
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with its variables filled in."""

    text: str
    holes: tuple[Hole, ...] = ()

    @property
    def html(self) -> str:
        """The same for the HTML part: everything escaped, lines kept."""
        return to_html(self.text)


@dataclass(frozen=True, slots=True)
class Context:
    """What a text is filled in from."""

    values: Mapping[str, Value]
    language: str = "en"
    zone: tzinfo = UTC
    connected: frozenset[str] = frozenset()
    """Roots whose service is connected: what they lack is not known, rather than not asked."""


def to_html(text: str) -> str:
    """Return a text as HTML that shows exactly it."""
    return html.escape(text).replace("\n", "<br>\n")


def find_holes(text: str) -> tuple[Hole, ...]:
    """Return the holes that are still open in a text, such as a draft."""
    return tuple(
        Hole(found.start(), found.end(), found[1], LEFT_OPEN) for found in _HOLE.finditer(text)
    )


def open_holes(text: str) -> tuple[Hole, ...]:
    """Return the holes of a text that is about to leave, variables that nobody filled in included.

    What it quotes is not looked at.
    """
    braces = (
        Hole(found.start(), found.end(), found[1].strip(), LEFT_OPEN)
        for found in _BRACES.finditer(text)
    )
    found = sorted((*find_holes(text), *braces), key=lambda hole: hole.start)
    return tuple(
        hole for hole in found if not text.startswith(">", text.rfind("\n", 0, hole.start) + 1)
    )


def render(template: Template, context: Context) -> Filled:
    """Fill a text in."""
    language = language_of(context.language)
    out: list[str] = []
    holes: list[Hole] = []
    length = 0
    for part in template.parts:
        if isinstance(part, str):
            # what a person left open in the macro itself stays open
            holes += [
                Hole(length + hole.start, length + hole.end, hole.name, hole.reason)
                for hole in find_holes(part)
            ]
            piece = part
        else:
            found = _fill(part, context, language)
            piece = f"{LEFT}{part.name}{RIGHT}" if found is None else found
            if found is None:
                reason = _reason(part, context)
                holes.append(Hole(length, length + len(piece), part.name, reason))
        out.append(piece)
        length += len(piece)
    return Filled("".join(out), tuple(holes))


def _reason(variable: Variable, context: Context) -> str:
    root = variable.path[0]
    is_absent = root in PROVIDED and root not in context.connected
    return NOT_CONNECTED if is_absent else NO_VALUE


def _fill(variable: Variable, context: Context, language: Language) -> str | None:
    """Return what stands for a variable; None for a hole."""
    value = _look_up(variable.path, context.values) if variable.path else variable.literal
    for each in variable.filters:
        value = _filtered(value, each, language, context.zone)
    if not variable.path:
        return value if isinstance(value, str) else None
    text = _as_text(value, language, context.zone)
    return text if text is None or variable.path[-1] in _WITH_LINES else clean(text)


def _look_up(path: Sequence[str | int], values: Mapping[str, Value]) -> Value:
    found: Value = values
    for step in path:
        if isinstance(step, int) and isinstance(found, Mapping):
            found = found.get(ITEMS)
        if isinstance(found, Mapping):
            found = found.get(str(step))
        elif isinstance(step, int) and isinstance(found, Sequence) and _is_list(found):
            found = found[step] if step < len(found) else None
        else:
            return None
    return found


def _is_list(value: Value) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _as_text(value: Value, language: Language, zone: tzinfo) -> str | None:
    """Return a value as text that can do no harm; None for nothing."""
    text: str | None = None
    if isinstance(value, str):
        text = clean_lines(value[:_LONGEST_VALUE])
    elif isinstance(value, date):
        text = format_date(value, "", language, zone)
    elif isinstance(value, Money):
        text = format_money(value, language)
    elif isinstance(value, (int, Decimal)):
        text = _number(value, language)
    elif isinstance(value, Sequence):
        text = _joined(value, ", ", language, zone)
    return text.translate(_BRACKETS) if text and text.strip() else None


def _number(value: int | Decimal, language: Language) -> str | None:
    if isinstance(value, int):
        return str(int(value)) if abs(value) < _LARGEST else None
    if not value.is_finite() or abs(value) >= _LARGEST or value.adjusted() < -20:
        return None
    return f"{value:f}".replace(".", language.decimal)


def _joined(value: Sequence[Value], by: str, language: Language, zone: tzinfo) -> str:
    found = [_as_text(each, language, zone) for each in value if not _is_list(each)]
    return by.join(clean(each) for each in found if each)


def _filtered(value: Value, each: Filter, language: Language, zone: tzinfo) -> Value:
    """Return a value after a filter; nothing stays nothing until a default."""
    if each.name == "default":
        is_missing = _as_text(value, language, zone) is None
        return each.argument if is_missing else value
    if value is None:
        return None
    if each.name == "date":
        return (
            format_date(value, each.argument or "", language, zone)
            if isinstance(value, date)
            else value
        )
    if each.name == "money":
        return _money(value, each.argument or "", language)
    if _is_list(value):
        return _of_list(value, each, language, zone)
    return _of_text(value, each.name) if isinstance(value, str) else value


def _of_list(value: Value, each: Filter, language: Language, zone: tzinfo) -> Value:
    if not isinstance(value, Sequence) or not value:
        return None
    if each.name == "join":
        by = ", " if each.argument is None else each.argument
        return _joined(value, by, language, zone)
    return value[0]


def _of_text(value: str, name: str) -> str:
    if name == "upper":
        return value.upper()
    if name == "title":
        return " ".join(word[:1].upper() + word[1:] for word in value.split(" "))
    if name == "first":
        return next(iter(value.split()), "")
    return value.strip()


def _money(value: Value, currency: str, language: Language) -> Value:
    if isinstance(value, Money):
        return format_money(Money(value.amount, currency or value.currency), language)
    if isinstance(value, str):
        if not _DECIMAL.fullmatch(value):
            return value
        value = Decimal(value)
    if isinstance(value, (int, Decimal)):
        return format_money(Money(Decimal(value), currency), language)
    return value

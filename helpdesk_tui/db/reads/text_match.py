"""Words of a query as expressions of the full-text index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk_tui.domain.query.parsing import Group, Node, Term
from helpdesk_tui.domain.text import fold

_COLUMNS = {"subject": "subject", "from": "people", "file": "files", "order": "{subject body}"}
"""Fields that are columns of the full-text index."""
_NOTES = " AND message.direction = 'note'"
_MESSAGES = " AND message.direction != 'note'"
_IN = {
    "notes": ("", _NOTES), "messages": ("", _MESSAGES), "subject": ("subject", ""),
    "files": ("files", ""),
}  # fmt: skip
"""Columns and messages that ``in:`` looks into."""


@dataclass(frozen=True, slots=True)
class Clause:
    """What one message must hold."""

    match: str
    """A full-text expression."""
    where: str = ""
    """A further condition on ``message``, beginning with AND."""


def places_of(parts: Sequence[Node], inherited: tuple[str, ...]) -> tuple[str, ...]:
    """Return where words are looked for by the ``in:`` among the parts of a group."""
    for part in parts:
        if isinstance(part, Term) and part.field == "in":
            return part.values
    return inherited


def clauses_of(parts: Sequence[Node], places: tuple[str, ...]) -> list[Clause]:
    """Return what a message must hold to hold all of some words; any of these suffices."""
    found = []
    for column, where in [_IN[place] for place in places] or [("", "")]:
        expressions = [one for one in (_expression(part, column) for part in parts) if one]
        if expressions:
            found.append(Clause(" AND ".join(expressions), where))
    return found


def has_words(term: Term) -> bool:
    """Tell whether there is anything in a term that the index can look up."""
    return any(phrase(value) for value in term.values)


def _expression(node: Node, column: str) -> str:
    if isinstance(node, Group):
        parts = [one for one in (_expression(part, column) for part in node.parts) if one]
        if len(parts) < 2:
            return "".join(parts)
        return "(" + (" OR " if node.either else " AND ").join(parts) + ")"
    place = _COLUMNS.get(node.field, column)
    last = len(node.values) - 1
    phrases = [
        phrase(value.replace("*", " "), prefix=node.prefix and number == last)
        for number, value in enumerate(node.values)
    ]
    parts = [f"{place} : {one}" if place else one for one in phrases if one]
    return parts[0] if len(parts) == 1 else f"({' OR '.join(parts)})" if parts else ""


def phrase(value: str, *, prefix: bool = False) -> str:
    """Return words as a quoted full-text phrase; empty if there is nothing to look for.

    Everything is quoted, so that no character and no word of the query syntax means anything.
    """
    folded = fold(value).replace("\0", " ")
    if not any(char.isalnum() for char in folded):
        return ""
    quoted = '"' + folded.strip().replace('"', '""') + '"'
    return quoted + " *" if prefix and folded[-1:].isalnum() else quoted

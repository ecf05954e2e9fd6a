"""A query written out again: what is parsed from it is the same query."""

from __future__ import annotations

import re

from helpdesk_tui.domain.query.fields import SORTS
from helpdesk_tui.domain.query.tokens import Mark, tokens_of
from helpdesk_tui.domain.query.values import Group, Node, Query, Term

_PLAIN = re.compile(r'[^\s",()*]+')


def render(query: Query) -> str:
    """Return a query as text.

    A word that may be the beginning of a longer one is marked with ``*``; a space at the end says
    that the last word is whole.
    """
    parts = [_part(part) for part in query.root.parts]
    if query.sort is not None:
        names = {sort: name for name, sort in reversed(SORTS.items())}
        parts.append(f"sort:{names[query.sort]}")
    if query.limit is not None:
        parts.append(f"limit:{query.limit}")
    only = query.root.parts[0] if len(query.root.parts) == 1 else None
    if isinstance(only, Group) and only.either and not only.negated:
        parts[0] = parts[0][1:-1]  # brackets around everything say nothing
    return " ".join([*parts, ""])


def _part(node: Node) -> str:
    minus = "-" if node.negated else ""
    if isinstance(node, Term):
        return minus + (f"{node.field}{node.op}" if node.field else "") + _values(node)
    if node.either:
        return f"{minus}({' OR '.join(' '.join(map(_part, _parts(one))) for one in node.parts)})"
    return f"{minus}({' '.join(map(_part, node.parts))})"


def _parts(node: Node) -> tuple[Node, ...]:
    return node.parts if isinstance(node, Group) else (node,)


def _values(term: Term) -> str:
    if term.op == ":~":
        return quoted(term.values[0])
    last = len(term.values) - 1
    return ",".join(
        _value(term, value, prefix=term.prefix and number == last)
        for number, value in enumerate(term.values)
    )


def _value(term: Term, value: str, *, prefix: bool) -> str:
    star = "*" if prefix else ""
    if term.field in ("", "file") or not _PLAIN.fullmatch(value):
        return _word(term, value, star)
    return f"{quoted(value)}{star}" if star else value


def _word(term: Term, value: str, star: str) -> str:
    """Return a word as it stands where that is read back as this very word."""
    if not term.field and _PLAIN.fullmatch(value):
        tokens = tokens_of(f"{value}{star} ")
        token = tokens[0]
        alone = len(tokens) == 1 and token.mark is Mark.TERM and not token.negated
        if alone and not token.field and token.values == (value + star,):
            return value + star
    return quoted(value) + star


def quoted(value: str) -> str:
    """Return a value that may hold spaces as one; a quotation mark cannot stand in it."""
    return f'"{value}"'

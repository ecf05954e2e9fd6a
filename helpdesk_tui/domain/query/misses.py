"""Why a search found nothing, and where there would be something."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from helpdesk_tui.domain.query.values import Group, Node, Query, Term
from helpdesk_tui.domain.tickets import View, ViewFilter

_STATUSES = frozenset(("open", "snoozed", "closed"))
_PIECE = re.compile(r"\S+")


class Beyond(StrEnum):
    """Where a search can be let look besides."""

    SPAM = "spam"
    STATUS = "status"
    """Tickets of any status."""


@dataclass(frozen=True, slots=True)
class Wider:
    """A search that finds more."""

    beyond: Beyond
    where: ViewFilter
    count: int = 0


@dataclass(frozen=True, slots=True)
class Missed:
    """What is known of a search without hits."""

    parts: tuple[Node, ...]
    """The parts of the query that find nothing by themselves."""
    wider: Wider | None
    """Where there would be something."""


def alone(query: Query, part: Node) -> Query:
    """Return a query for one part of another."""
    return replace(query, root=Group((part,), either=False, negated=False), sort=None, limit=None)


def wider_than(where: ViewFilter, query: Query) -> tuple[Wider, ...]:
    """Return what else could be looked through: any status, and what is held for spam."""
    found = []
    states = [part for part in query.root.parts if _is_status(part)]
    if where.status is not None or (states and len(states) < len(query.root.parts)):
        text = _without(query.text, states)
        found.append(Wider(Beyond.STATUS, replace(where, status=None, query=text, saved_id=0)))
    named = {value for term in query.terms if term.field == "is" for value in term.values}
    if where.view is View.ALL and "spam" not in named:
        spam = replace(where, status=None, query=f"{query.text.strip()} is:spam", saved_id=0)
        found.append(Wider(Beyond.SPAM, spam))
    return tuple(found)


def _is_status(part: Node) -> bool:
    plain = isinstance(part, Term) and part.field == "is" and not part.negated
    return plain and isinstance(part, Term) and set(part.values) <= _STATUSES


def _without(text: str, parts: list[Node]) -> str:
    for part in sorted(
        (one for one in parts if isinstance(one, Term)), key=_position, reverse=True
    ):
        piece = _PIECE.match(text, part.position)
        if piece is not None:
            text = text[: piece.start()] + text[piece.end() :]
    return " ".join(text.split())


def _position(term: Term) -> int:
    return term.position

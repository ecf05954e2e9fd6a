"""What a query is made of once it is understood: a tree of terms and groups."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as member

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.moments import Span
from helpdesk_tui.domain.tickets import Sort


class QueryError(UsageError):
    """A query that cannot be understood.

    ``values`` hold ``text`` (the query), ``position`` (where the mistake starts, for a caret) and
    ``known`` (what would be right there, if that is a list).
    """


@dataclass(frozen=True, slots=True)
class Bounds:
    """A stretch of whole numbers, both ends included; None is open."""

    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Term:
    """One condition of a query."""

    field: str
    """Name of a field, or empty for words that may stand anywhere in a message."""
    values: tuple[str, ...]
    """Any of these suffices."""
    negated: bool
    prefix: bool
    """True if the (last) value may be the beginning of a longer word."""
    position: int = member(compare=False)
    """Where it starts in the query."""
    op: str = ":"
    span: Span | None = None
    """The time that is asked for."""
    bounds: Bounds | None = None
    """The numbers that are asked for."""


@dataclass(frozen=True, slots=True)
class Group:
    """Several conditions: all of them must hold, or with ``either`` any one."""

    parts: tuple[Term | Group, ...]
    either: bool
    negated: bool


Node = Term | Group


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was understood."""

    text: str = member(compare=False)
    root: Group
    """All of its parts must hold."""
    sort: Sort | None = None
    """The order asked for with ``sort:``."""
    limit: int | None = None
    """How many tickets at most, asked for with ``limit:``."""

    @property
    def terms(self) -> tuple[Term, ...]:
        """Every term, from left to right."""
        return tuple(terms_of(self.root))


def terms_of(node: Node) -> list[Term]:
    """Return the terms of a part of a query, from left to right."""
    if isinstance(node, Term):
        return [node]
    return [term for part in node.parts for term in terms_of(part)]

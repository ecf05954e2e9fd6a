"""From a parsed query to SQL: one condition on tickets, and the ways to come by few of them."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field, replace
from datetime import datetime

from helpdesk_tui.db.reads.conditions import condition_of
from helpdesk_tui.db.reads.lists import SHOWN, scope_of
from helpdesk_tui.db.reads.orders import PLAIN
from helpdesk_tui.db.reads.piece import Asker, Piece
from helpdesk_tui.db.reads.shop_conditions import order as order_condition
from helpdesk_tui.db.reads.text_match import Clause, clauses_of, has_words, places_of
from helpdesk_tui.domain.query.parsing import (
    Group,
    Node,
    Query,
    QueryError,
    Term,
    is_text,
    terms_of,
)
from helpdesk_tui.domain.text import fold
from helpdesk_tui.domain.tickets import Sort, Status, View, ViewFilter
from helpdesk_tui.domain.times import to_us

_SPAM = "spam = 1 AND merged_into IS NULL"
_MERGED = "merged_into IS NOT NULL"
_STATUSES = tuple(status.value for status in Status)


@dataclass(slots=True)
class Criteria:
    """What a search asks for."""

    view: ViewFilter
    """The plain view it searches in."""
    scopes: list[str]
    """Conditions of the views that are searched; no ticket is in two of them."""
    match: Clause | None = None
    """Words that one message must hold."""
    conditions: list[str] = field(default_factory=list)
    """Conditions on columns of ``ticket``."""
    checks: list[str] = field(default_factory=list)
    """Conditions that look into messages: dear, so they are asked last."""
    params: dict[str, object] = field(default_factory=dict)
    sources: list[tuple[str, ...]] = field(default_factory=list)
    """Selects of ticket ids; those of one entry together hold every ticket that can be found."""
    floor: int | None = None
    """No ticket is found that last moved before this …"""
    ceiling: int | None = None
    """… or at this time or later."""
    limit: int | None = None

    @property
    def sort(self) -> Sort:
        """The order of the hits."""
        return self.view.sort

    @property
    def walks_words(self) -> bool:
        """Whether hits stand in the order of the messages that match."""
        return self.match is not None and self.sort in PLAIN

    @property
    def is_plain(self) -> bool:
        """Whether nothing but words is asked for, anywhere, newest or oldest first."""
        alone = not (self.conditions or self.checks) and self.view.status is None
        return alone and self.walks_words and self.view.view is View.ALL

    @property
    def where(self) -> str:
        """The condition on columns of tickets, the view's included."""
        scope = " OR ".join(f"({one})" for one in self.scopes)
        return " AND ".join((f"({scope})", *self.conditions))

    @property
    def test(self) -> str:
        """The conditions on columns beyond the view's."""
        return " AND ".join(self.conditions) or "1"


def criteria_of(
    connection: sqlite3.Connection,
    view: ViewFilter,
    query: Query,
    agent_id: int | None,
    now: datetime,
) -> Criteria:
    """Return what a query asks for within a view.

    Raises:
        QueryError: if it names a tag or a person that there is none of, or no word at all.
    """
    if query.sort is not None:
        view = replace(view, sort=query.sort)
    narrowed, rest = _narrowed(view, query.root, _Team(connection, agent_id))
    asker = Asker(connection, query.text, agent_id, to_us(now), {}, _extents(narrowed, query.root))
    criteria = Criteria(narrowed, list(asker.scopes), limit=query.limit)
    criteria.params = {**scope_of(narrowed).params}
    asker.params.update(criteria.params)
    criteria.params = asker.params
    _fill(asker, criteria, rest)
    if query.terms and narrowed == view and not _has_condition(criteria):
        raise QueryError("query.no-words", text=query.text, position=0, known=())
    return criteria


def _has_condition(criteria: Criteria) -> bool:
    return bool(criteria.match or criteria.conditions or criteria.checks)


def _extents(view: ViewFilter, root: Group) -> tuple[str, ...]:
    """Return the conditions of the views that a query reaches: spam only where it names it."""
    plain = scope_of(view).where
    if view.view is not View.ALL:
        return (plain,)
    named = _named(root)
    demanded = {
        part.values for part in root.parts
        if isinstance(part, Term) and part.field == "is" and not part.negated
    }  # fmt: skip
    more = plain.removeprefix(SHOWN)
    if ("merged",) in demanded:
        return (_MERGED + more,)
    found = [plain]
    if "spam" in named:
        found.append(_SPAM + more)
    if "merged" in named:
        found.append(_MERGED + more)
    return tuple(found)


def _named(root: Group) -> frozenset[str]:
    """Return the states a query asks for, wherever it does."""
    return frozenset(
        value for term in terms_of(root) if term.field == "is" and not term.negated
        for value in term.values
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Team:
    """Who is meant by ``me`` and by a name."""

    connection: sqlite3.Connection
    agent_id: int | None

    def named(self, term: Term) -> int | None:
        """Return the one agent that a term asks for, or None."""
        if term.field != "assignee":
            return None
        wanted = fold(term.values[0].removeprefix("@"))
        found = self.connection.execute("SELECT id, name FROM agent").fetchall()
        return next((number for number, name in found if fold(name) == wanted), None)


def _narrowed(view: ViewFilter, root: Group, team: _Team) -> tuple[ViewFilter, tuple[Node, ...]]:
    """Take states and the assignee into the view itself, where a view with an index shows them."""
    rest: list[Node] = []
    named = _named(root)
    for part in root.parts:
        found = _narrower(view, part, team, named) if isinstance(part, Term) else None
        if found is None:
            rest.append(part)
        else:
            view = found
    return view, tuple(rest)


def _narrower(
    view: ViewFilter, term: Term, team: _Team, named: frozenset[str]
) -> ViewFilter | None:
    if term.negated or len(term.values) != 1:
        return None
    value = term.values[0].lower().removeprefix("@")
    name = {"me": "mine", "none": "unassigned"}.get(value, "") if term.field == "assignee" else ""
    state = value if term.field == "is" else name
    if state in _STATUSES and view.status is None:
        return replace(view, status=Status(state))
    if view.view is not View.ALL or "merged" in named:
        return None
    if state == "spam":
        return replace(view, view=View.SPAM)
    if "spam" in named:
        return None
    if state == "unassigned":
        return replace(view, view=View.UNASSIGNED)
    agent = team.agent_id if state == "mine" else team.named(term)
    return None if agent is None else replace(view, view=View.MINE, agent_id=agent)


def _fill(asker: Asker, criteria: Criteria, parts: tuple[Node, ...]) -> None:
    words = [part for part in parts if _is_words(asker, part)]
    places = places_of(parts, ())
    clauses = clauses_of(words, places)
    if len(clauses) == 1:
        criteria.match = clauses[0]
    elif clauses:
        _add(criteria, _any_clause(asker, clauses))
    for part in parts:
        if part in words or (isinstance(part, Term) and part.field == "in"):
            continue
        if is_wordless(part):
            continue
        _add(criteria, _piece(asker, part, places))
        if isinstance(part, Term):
            _bound(criteria, part)


def _is_words(asker: Asker, node: Node) -> bool:
    """Tell whether a part is words alone: an order that a shop knows finds its customer, too."""
    return is_text(node) and all(_bought(asker, term) is None for term in terms_of(node))


def _bought(asker: Asker, term: Term) -> Piece | None:
    """Return the condition that the customer has the order that a term names."""
    return order_condition(asker, term) if term.field == "order" and has_words(term) else None


def is_wordless(node: Node) -> bool:
    """Tell whether a part is an excluded word that holds nothing to look for."""
    return isinstance(node, Term) and node.field == "" and not has_words(node)


def _add(criteria: Criteria, piece: Piece) -> None:
    (criteria.checks if piece.is_heavy else criteria.conditions).append(f"({piece.sql})")
    criteria.sources += piece.sources


def _bound(criteria: Criteria, term: Term) -> None:
    """Learn from a time that is asked for when tickets can have moved last."""
    if term.negated or term.span is None or term.field in ("closed", "snoozed"):
        return
    if term.span.start is not None:
        start = to_us(term.span.start)
        criteria.floor = start if criteria.floor is None else max(criteria.floor, start)
    if term.field == "updated" and term.span.end is not None:
        end = to_us(term.span.end)
        criteria.ceiling = end if criteria.ceiling is None else min(criteria.ceiling, end)


# --- parts inside of brackets ---------------------------------------------------------------------


def _piece(asker: Asker, node: Node, places: tuple[str, ...]) -> Piece:
    """Return any part of a query as one condition."""
    plain = replace(node, negated=False)
    if isinstance(plain, Term) and (bought := _bought(asker, plain)) is not None:
        named = _joined([bought, _any_clause(asker, clauses_of([plain], places))], either=True)
        return named.negated() if node.negated else named
    if isinstance(node, Term) and not is_text(plain):
        return condition_of(asker, node)
    if isinstance(plain, Group) and not _is_words(asker, plain):
        found = _group(asker, plain, places)
    else:
        clauses = clauses_of([plain], places)
        if not clauses:
            raise _no_words(asker, plain)
        found = _any_clause(asker, clauses)
    return found.negated() if node.negated else found


def _group(asker: Asker, group: Group, places: tuple[str, ...]) -> Piece:
    if group.either:
        return _joined([_piece(asker, part, places) for part in group.parts], either=True)
    places = places_of(group.parts, places)
    words = [part for part in group.parts if _is_words(asker, part)]
    pieces = []
    if words:
        clauses = clauses_of(words, places)
        if not clauses:
            raise _no_words(asker, group)
        pieces.append(_any_clause(asker, clauses))
    pieces += [
        _piece(asker, part, places) for part in group.parts
        if part not in words and not (isinstance(part, Term) and part.field == "in")
    ]  # fmt: skip
    return _joined(pieces, either=False)


def _no_words(asker: Asker, node: Node) -> QueryError:
    position = terms_of(node)[0].position
    return QueryError("query.no-words", text=asker.text, position=position, known=())


def _any_clause(asker: Asker, clauses: list[Clause]) -> Piece:
    return _joined([_clause(asker, clause) for clause in clauses], either=True)


def _clause(asker: Asker, clause: Clause) -> Piece:
    mark = asker.bind(clause.match)
    return Piece(
        "EXISTS (SELECT 1 FROM message CROSS JOIN message_fts ON message_fts.rowid = message.id"
        f" WHERE message.ticket_id = ticket.id{clause.where} AND message_fts MATCH {mark})",
        is_heavy=True,
        sources=(
            (
                "SELECT (SELECT ticket_id FROM message WHERE message.id = message_fts.rowid)"
                f" FROM message_fts WHERE message_fts MATCH {mark}",
            ),
        ),
    )


def _joined(pieces: list[Piece], *, either: bool) -> Piece:
    if len(pieces) == 1:
        return pieces[0]
    # cheap conditions first: SQLite asks them in this order
    pieces = sorted(pieces, key=lambda piece: piece.is_heavy)
    sql = (" OR " if either else " AND ").join(f"({piece.sql})" for piece in pieces)
    sources: tuple[tuple[str, ...], ...]
    if not either:
        sources = tuple(source for piece in pieces for source in piece.sources)
    elif all(piece.sources for piece in pieces):
        sources = (tuple(select for piece in pieces for select in piece.sources[0]),)
    else:
        sources = ()
    return Piece(sql, any(piece.is_heavy for piece in pieces), sources)

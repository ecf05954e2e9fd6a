"""The query language: what is typed into the search line, as a tree of conditions.

::

    query := or ; or := and ("OR" and)* ; and := term+            # space = AND
    term  := "-"? ( field op value | "phrase" | word | "(" query ")" )
    op    := ":" | ":>" | ":<" | ":>=" | ":<=" | ":~" (regular expression)
    value := word | "quoted" | a,b,c (any of) | a..b (range)

The last word is searched as a beginning, because it may still be typed. Whatever is typed either
parses or raises :class:`QueryError`, which knows the place of the mistake.
"""

from __future__ import annotations

from datetime import datetime

from helpdesk_tui.domain.query.fields import FIELDS, SORTS, STATES
from helpdesk_tui.domain.query.terms import Asked, mistake, term_of
from helpdesk_tui.domain.query.tokens import Mark, Token, tokens_of
from helpdesk_tui.domain.query.values import (
    Bounds,
    Group,
    Node,
    Query,
    QueryError,
    Term,
    terms_of,
)  # fmt: skip

__all__ = [
    "FIELDS", "MAX_LENGTH", "MAX_TERMS", "STATES", "Bounds", "Group", "Node", "Query",
    "QueryError", "Term", "is_text", "parse_query", "terms_of",
]  # fmt: skip

MAX_LENGTH = 2000
MAX_TERMS = 40
MAX_DEPTH = 10
_SHAPING = ("sort", "limit")
"""Operators about the list as a whole."""
_AFTER_OR = ("word", '"a phrase"', "tag:…", "(…)")
_TEXT = ("", "subject", "from", "file", "order")
"""Operators that the full-text index answers."""


def parse_query(text: str, *, now: datetime, zone: str = "UTC") -> Query:
    """Return what a query means.

    Args:
        text: as typed.
        now: the present moment, for ages and names of days.
        zone: name of the time zone of the person who asks.

    Raises:
        QueryError: if it cannot be understood.
    """
    if len(text) > MAX_LENGTH:
        raise mistake(text, "query.too-long", MAX_LENGTH)
    tokens = tokens_of(text)
    terms = [token for token in tokens if token.mark is Mark.TERM]
    if len(terms) > MAX_TERMS:
        raise mistake(text, "query.too-long", terms[MAX_TERMS].position)
    return _Parser(Asked(text, now, zone), tokens).query()


def is_text(node: Node) -> bool:
    """Tell whether a part is words alone, so that one message can hold it as a whole."""
    if isinstance(node, Group):
        return not node.negated and all(is_text(part) for part in node.parts)
    plain = node.field in _TEXT and node.op == ":" and not node.negated
    return plain and not (node.field == "file" and any("*" in value for value in node.values))


class _Parser:
    """Builds the tree; one pass from left to right."""

    def __init__(self, asked: Asked, tokens: list[Token]) -> None:
        self._asked = asked
        self._tokens = tokens
        self._at = 0
        self._depth = 0
        self._shape: dict[str, Term] = {}

    def query(self) -> Query:
        """Read everything."""
        parts = self._either()
        if self._at < len(self._tokens):
            raise mistake(self._asked.text, "query.stray-bracket", self._tokens[self._at].position)
        root = parts[0] if len(parts) == 1 else Group((Group(parts, True, False),), False, False)
        sort, limit = self._shape.get("sort"), self._shape.get("limit")
        return Query(
            self._asked.text,
            root,
            None if sort is None else SORTS[sort.values[0]],
            None if limit is None or limit.bounds is None else limit.bounds.low,
        )

    def _either(self) -> tuple[Group, ...]:
        """Read up to the bracket that closes, or the end: what stands between the ORs."""
        start = self._at
        sides = [self._all()]
        while self._here(Mark.OR):
            place = self._tokens[self._at].position
            self._at += 1
            is_last = self._at == len(self._tokens)
            sides.append(self._all())
            if is_last and sides[-2].parts:
                raise mistake(self._asked.text, "query.unfinished", place, _AFTER_OR)
            if not (sides[-2].parts and sides[-1].parts):
                raise mistake(self._asked.text, "query.empty-side", place)
        if self._depth and not sides[0].parts:
            place = self._tokens[start - 1].position
            if self._at == len(self._tokens):
                raise mistake(self._asked.text, "query.unfinished", place, _AFTER_OR)
            raise mistake(self._asked.text, "query.empty-brackets", place)
        return tuple(sides)

    def _all(self) -> Group:
        parts: list[Node] = []
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token.mark is Mark.OPEN:
                parts.append(self._brackets(token))
            elif token.mark is Mark.TERM:
                self._at += 1
                term = term_of(self._asked, token)
                if term.field in _SHAPING:
                    self._shaped(term)
                else:
                    parts.append(term)
            else:
                break
        self._check_places(parts)
        return Group(tuple(parts), False, False)

    def _brackets(self, token: Token) -> Node:
        self._at += 1
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise mistake(self._asked.text, "query.too-deep", token.position)
        sides = self._either()
        if not self._here(Mark.CLOSE):
            raise mistake(self._asked.text, "query.unfinished", token.position, (")",))
        self._at += 1
        self._depth -= 1
        if len(sides) > 1:
            return Group(sides, True, token.negated)
        return Group(sides[0].parts, False, token.negated)

    def _here(self, mark: Mark) -> bool:
        return self._at < len(self._tokens) and self._tokens[self._at].mark is mark

    def _shaped(self, term: Term) -> None:
        code = ""
        if self._depth:
            code = "query.inside-brackets"
        elif term.negated:
            code = "query.not-negated"
        elif len(term.values) > 1 or term.field in self._shape:
            code = "query.one-value"
        if code:
            raise mistake(self._asked.text, code, term.position, field=term.field)
        self._shape[term.field] = term

    def _check_places(self, parts: list[Node]) -> None:
        """Refuse ``in:notes`` with no words beside it."""
        for part in parts:
            if isinstance(part, Term) and part.field == "in":
                if any(term.field == "" for other in parts for term in terms_of(other)):
                    continue
                raise mistake(
                    self._asked.text, "query.place-needs-words", part.position,
                    value=",".join(part.values),
                )  # fmt: skip

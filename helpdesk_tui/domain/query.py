"""The query language: what is typed into the search line, as a list of terms.

A query is terms set apart by spaces, all of which must hold: words, ``"phrases"`` and
``field:value``, each with ``-`` before it for the opposite. The last word is searched as a
beginning, because it may still be typed. Whatever is typed either parses or raises
:class:`QueryError`, which knows the place of the mistake.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.moments import FORMS, Span, span_of
from helpdesk_tui.domain.text import clean

MAX_LENGTH = 2000
MAX_TERMS = 40

STATES = (
    "open", "snoozed", "closed", "unread", "read", "spam", "mine", "unassigned",
    "waiting", "draft", "automatic",
)  # fmt: skip
"""Values of ``is:``."""
FIELDS = (
    "is", "assignee", "channel", "tag", "from", "to", "subject", "customer", "file", "has",
    "created", "updated",
)  # fmt: skip
"""Every field by its own name."""
_VALUES = {"is": STATES, "channel": tuple(CHANNELS), "has": ("attachment",)}
"""Fields whose values are known without the store."""
_ALIASES = {"label": "tag", "status": "is", "requester": "customer"}
_GMAIL = {
    "before": (":<", ":>"), "after": (":>=", ":<"), "older": (":<", ":>"), "newer": (":>=", ":<"),
}  # fmt: skip
"""Gmail's time operators, as comparisons of ``updated``: with a date, and with an age."""
_TIMES = ("created", "updated")
_KNOWN = tuple(sorted({*FIELDS, *_ALIASES, *_GMAIL, "in"}))

_FIELD = re.compile(r"([A-Za-z_]+)(:(?:>=|<=|>|<|~)?)")
_STARTS_WITH_NUMBER_OF_AGE = re.compile(r"\d+[hdw]$")


class QueryError(UsageError):
    """A query that cannot be understood.

    ``values`` hold ``text`` (the query), ``position`` (where the mistake starts, for a caret) and
    ``known`` (what would be right there, if that is a list).
    """


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
    position: int
    """Where it starts in the query."""
    span: Span | None = None
    """The time of ``created:`` and ``updated:``."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was understood."""

    text: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class _Token:
    """A piece of the text: its field and comparison (if any) and the values behind them."""

    position: int
    negated: bool
    field: str
    op: str
    values: tuple[str, ...]
    is_open: bool
    """True if it ends with the text, so that it may still grow."""


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
        raise QueryError("query.too-long", text=text, position=MAX_LENGTH, known=())
    tokens = _tokens(text)
    if len(tokens) > MAX_TERMS:
        position = tokens[MAX_TERMS].position
        raise QueryError("query.too-long", text=text, position=position, known=())
    return Query(text, tuple([_term(text, token, now, zone) for token in tokens]))


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    position = 0
    while True:
        while position < len(text) and text[position].isspace():
            position += 1
        if position >= len(text):
            return found
        token, position = _token(text, position)
        found.append(token)


def _token(text: str, start: int) -> tuple[_Token, int]:
    position = start
    negated = (
        text[position] == "-" and position + 1 < len(text) and not text[position + 1].isspace()
    )
    if negated:
        position += 1
    field = op = ""
    head = _FIELD.match(text, position)
    if head and _is_field(text, head):
        field, op = head[1].lower(), head[2]
        position = head.end()
    values, end, is_open = _values(text, position, many=bool(field))
    if not field and not values[0]:
        return _Token(start, negated, "", "", (text[start:end],), is_open), max(end, start + 1)
    return _Token(start, negated, field, op, values, is_open), end


def _is_field(text: str, head: re.Match[str]) -> bool:
    """Tell ``tag:vip`` from text that merely contains a colon: ``https://…``, ``Re: …``."""
    if head[1].lower() in _KNOWN:
        return True
    rest = text[head.end() : head.end() + 2]
    return bool(rest) and not rest[0].isspace() and rest != "//"


def _values(text: str, start: int, *, many: bool) -> tuple[tuple[str, ...], int, bool]:
    """Read the value (with ``many``: values between commas) at a place.

    Returns:
        the values, the place behind them, and whether the last one may still grow.
    """
    values: list[str] = []
    position = start
    while True:
        value, position, is_open = _value(text, position, many=many)
        values.append(value)
        if not (many and position < len(text) and text[position] == ","):
            return tuple(values), position, is_open
        position += 1


def _value(text: str, start: int, *, many: bool) -> tuple[str, int, bool]:
    if text[start : start + 1] == '"':
        end = text.find('"', start + 1)
        if end < 0:
            return text[start + 1 :], len(text), True
        return text[start + 1 : end], end + 1, False
    end = start
    while end < len(text) and not text[end].isspace() and text[end] != '"':
        if many and text[end] == ",":
            break
        end += 1
    return text[start:end], end, end == len(text)


def _term(text: str, token: _Token, now: datetime, zone: str) -> Term:
    if not token.field:
        return _words(text, token)
    field, op, values = _canonical(text, token)
    if not any(value.strip() for value in values):
        raise _error("query.missing-value", text, token, _VALUES.get(field, ()))
    if field in _TIMES:
        return _time(text, token, field, op, now, zone)
    if op != ":":
        raise _error("query.no-comparison", text, token, _TIMES, field=field)
    wanted = _VALUES.get(field)
    kept = tuple([value.strip() for value in values if value.strip()])
    if wanted is not None:
        kept = tuple([value.lower() for value in kept])
        for value in kept:
            if value not in wanted:
                raise _error("query.unknown-value", text, token, wanted, field=field, value=value)
    prefix = token.is_open and not token.negated
    return Term(field, tuple(map(clean, kept)), token.negated, prefix, token.position)


def _words(text: str, token: _Token) -> Term:
    word = token.values[0]
    if word == "OR":
        raise _error("query.no-or", text, token, ())
    prefix = not token.negated and (token.is_open or word.endswith("*"))
    return Term("", (clean(word.rstrip("*")),), token.negated, prefix, token.position)


def _canonical(text: str, token: _Token) -> tuple[str, str, tuple[str, ...]]:
    """Return field, comparison and values with other programs' spellings made ours."""
    field, op = token.field, token.op
    if field == "in" and token.values == ("spam",):
        return "is", op, token.values
    if field in _GMAIL and op == ":":
        by_age = _STARTS_WITH_NUMBER_OF_AGE.match(token.values[0])
        return "updated", _GMAIL[field][1 if by_age else 0], token.values
    field = _ALIASES.get(field, field)
    if field not in FIELDS:
        raise _error("query.unknown-operator", text, token, FIELDS, field=field)
    return field, op, token.values


def _time(text: str, token: _Token, field: str, op: str, now: datetime, zone: str) -> Term:
    span = None
    if len(token.values) == 1:
        span = span_of(op, token.values[0].lower(), now, zone)
    if span is None:
        raise _error("query.unclear-time", text, token, FORMS, value=",".join(token.values))
    return Term(field, token.values, token.negated, False, token.position, span)


def _error(
    code: str, text: str, token: _Token, known: tuple[str, ...], **values: object
) -> QueryError:
    return QueryError(code, text=text, position=token.position, known=known, **values)

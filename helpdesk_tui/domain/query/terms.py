"""From one piece of a query to a condition: other programs' spellings made ours, values checked."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from helpdesk_tui.domain.moments import FORMS, span_of
from helpdesk_tui.domain.money import to_micros
from helpdesk_tui.domain.query.fields import (
    BY_NAME,
    COMPARED,
    GMAIL_TIMES,
    IN_STATES,
    LEVELS,
    OFFERED,
    VALUE_ALIASES,
    Field,
    Kind,
    like,
    own_name,
)  # fmt: skip
from helpdesk_tui.domain.query.pattern import is_safe
from helpdesk_tui.domain.query.tokens import Token
from helpdesk_tui.domain.query.values import Bounds, QueryError, Term
from helpdesk_tui.domain.text import clean

MOST_LISTED = 1000
"""The largest ``limit:``."""
_STARTS_WITH_NUMBER_OF_AGE = re.compile(r"\d+[hdwmy]$")
_NUMBER = re.compile(r"\d{1,9}")
_AMOUNT = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)(%?)")
_SIZE = re.compile(r"(\d{1,9})(k|m|g)?b?", re.IGNORECASE)
_UNITS = {"": 1, "k": 1000, "m": 1_000_000, "g": 1_000_000_000}
_HALF_A_TIME = re.compile(r"\d[\d.-]*")
_EXAMPLES = ("word", '"two words"')
_AHEAD = ("snoozed",)
"""Times that lie in the future."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The query that a piece belongs to, and who asks."""

    text: str
    now: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece under its own field."""

    asked: Asked
    token: Token
    field: Field
    op: str
    values: tuple[str, ...]

    def term(self, values: tuple[str, ...], *, op: str = ":", prefix: bool = False) -> Term:
        return Term(self.field.name, values, self.token.negated, prefix, self.token.position, op)

    def error(self, code: str, known: tuple[str, ...] = (), **values: object) -> QueryError:
        values = {"field": self.field.name, "value": clean(",".join(self.values)), **values}
        return mistake(self.asked.text, code, self.token.position, known, **values)

    def unknown(self, value: str, known: tuple[str, ...]) -> QueryError:
        """Return the error about a value outside its list; while it is typed, it is unfinished."""
        further = tuple(name for name in known if name.startswith(value))
        if self.token.is_open and further:
            return self.error("query.unfinished", further)
        meant = like(value, known)
        code = "query.unknown-value-like" if meant else "query.unknown-value"
        return self.error(code, known, value=clean(value), like=meant)


def mistake(
    text: str, code: str, position: int, known: tuple[str, ...] = (), **values: object
) -> QueryError:
    """Return an error about a place of a query."""
    return QueryError(code, text=text, position=position, known=known, **values)


def term_of(asked: Asked, token: Token) -> Term:
    """Return the condition that a piece is.

    Raises:
        QueryError: if it is none.
    """
    if not token.field:
        return _free_words(token)
    piece = _canonical(asked, token)
    kind = piece.field.kind
    if kind is Kind.LATER:
        raise piece.error("query.not-yet")
    if not any(value.strip() for value in piece.values):
        is_last = token.end == len(asked.text)
        if is_last:
            raise piece.error("query.unfinished", piece.field.values or _EXAMPLES)
        raise piece.error("query.missing-value", piece.field.values)
    if piece.op == ":~":
        return _pattern(piece)
    if piece.op != ":" and kind not in COMPARED:
        comparing = tuple(name for name in OFFERED if BY_NAME[name].kind in COMPARED)
        raise piece.error("query.no-comparison", comparing)
    return _MAKERS[kind](piece)


def _free_words(token: Token) -> Term:
    # cleaned first: what nobody can see must not hide the star at the end
    word = clean(token.values[0])
    starred = token.starred or word.endswith("*")
    prefix = not token.negated and (token.is_open or starred)
    return Term("", (word.rstrip("*"),), token.negated, prefix, token.position)


def _canonical(asked: Asked, token: Token) -> _Piece:
    """Return a piece with other programs' spellings of field, comparison and values made ours."""
    name, op, values = token.field, token.op, token.values
    if name == "in" and len(values) == 1 and values[0].lower() in IN_STATES:
        name, values = "is", (IN_STATES[values[0].lower()],)
    elif name in GMAIL_TIMES and op == ":":
        by_age = _STARTS_WITH_NUMBER_OF_AGE.match(values[0])
        name, op = "updated", GMAIL_TIMES[name][1 if by_age else 0]
    field = BY_NAME.get(own_name(name))
    if field is None:
        meant = like(name, OFFERED)
        code = "query.unknown-operator-like" if meant else "query.unknown-operator"
        raise mistake(asked.text, code, token.position, OFFERED, field=clean(name), like=meant)
    return _Piece(asked, token, field, op, values)


def _kept(piece: _Piece) -> tuple[str, ...]:
    return tuple([clean(value.strip()) for value in piece.values if value.strip()])


def _prefix(piece: _Piece) -> bool:
    return (piece.token.is_open or piece.token.starred) and not piece.token.negated


def _choice(piece: _Piece) -> Term:
    same = VALUE_ALIASES.get(piece.field.name, {})
    values = []
    for value in _kept(piece):
        name = same.get(value.lower(), value.lower())
        if name not in piece.field.values:
            raise piece.unknown(value.lower(), piece.field.values)
        values.append(name)
    if piece.field.name == "in" and piece.token.negated:
        raise piece.error("query.not-negated")
    return piece.term(tuple(values))


def _names(piece: _Piece) -> Term:
    return piece.term(_kept(piece), prefix=_prefix(piece))


def _pattern(piece: _Piece) -> Term:
    if not piece.field.takes_pattern:
        known = tuple(name for name in OFFERED if BY_NAME[name].takes_pattern)
        raise piece.error("query.no-pattern", known)
    pattern = piece.values[0]
    if not is_safe(pattern):
        raise piece.error("query.bad-pattern")
    return piece.term((pattern,), op=":~")


def _time(piece: _Piece) -> Term:
    asked, span = piece.asked, None
    if len(piece.values) == 1:
        ahead = piece.field.name in _AHEAD
        value = piece.values[0].strip().lower()
        span = span_of(piece.op, value, asked.now, asked.zone, ahead=ahead)
    if span is None:
        is_half = piece.token.is_open and _HALF_A_TIME.fullmatch(piece.values[0])
        raise piece.error("query.unfinished" if is_half else "query.unclear-time", FORMS)
    token = piece.token
    return Term(piece.field.name, (value,), token.negated, False, token.position, piece.op, span)


def _numbers(piece: _Piece, read: Callable[[str], int | None]) -> tuple[str, Bounds | None]:
    """Return the number (or range) as typed, and what it means with its comparison."""
    value = piece.values[0].strip().lower() if len(piece.values) == 1 else ""
    first, dots, last = value.partition("..")
    if not dots:
        number = read(value)
        return value, None if number is None else _compared(piece.op, number)
    low, high = read(first) if first else None, read(last) if last else None
    wrong = (first and low is None) or (last and high is None) or not (first or last)
    return value, None if wrong or piece.op != ":" else Bounds(low, high)


def _compared(op: str, number: int) -> Bounds:
    return {
        ":": Bounds(number, number),
        ":>": Bounds(number + 1, None),
        ":>=": Bounds(number, None),
        ":<": Bounds(None, number - 1),
        ":<=": Bounds(None, number),
    }[op]


def _number_of(text: str) -> int | None:
    return int(text) if _NUMBER.fullmatch(text) else None


def _amount_of(text: str) -> int | None:
    """Return an amount in millionths, as the store compares it; a share may be in percent."""
    found = _AMOUNT.fullmatch(text)
    return to_micros(Decimal(found[1]) / (100 if found[2] else 1)) if found else None


def _size_of(text: str) -> int | None:
    found = _SIZE.fullmatch(text)
    return int(found[1]) * _UNITS[found[2] or ""] if found else None


def _bounded(piece: _Piece, value: str, bounds: Bounds | None, code: str) -> Term:
    if bounds is None:
        raise piece.error(code)
    token = piece.token
    return Term(
        piece.field.name, (value,), token.negated, False, token.position, piece.op, None, bounds
    )


def _number(piece: _Piece) -> Term:
    value, bounds = _numbers(piece, _number_of)
    return _bounded(piece, value, bounds, "query.unclear-number")


def _amount(piece: _Piece) -> Term:
    value, bounds = _numbers(piece, _amount_of)
    return _bounded(piece, value, bounds, "query.unclear-number")


def _size(piece: _Piece) -> Term:
    value, found = _numbers(piece, _size_of)
    bounds = None
    if found is not None and found.low is not None and found.low == found.high:
        smaller = piece.field.name == "smaller"
        bounds = Bounds(None, found.low - 1) if smaller else Bounds(found.low, None)
    return _bounded(piece, value, bounds, "query.unclear-size")


def _level_of(text: str) -> int | None:
    return LEVELS.index(text) if text in LEVELS else None


def _level(piece: _Piece) -> Term:
    if len(piece.values) > 1 or (piece.op == ":" and ".." not in piece.values[0]):
        if piece.op != ":":
            raise piece.error("query.one-value")
        return _choice(piece)
    _, bounds = _numbers(piece, _level_of)
    if bounds is None:
        raise piece.unknown(piece.values[0].strip().lower(), LEVELS)
    low = 0 if bounds.low is None else bounds.low
    high = len(LEVELS) - 1 if bounds.high is None else bounds.high
    levels = LEVELS[low : high + 1]
    if not levels:
        raise piece.error("query.no-level", LEVELS)
    return piece.term(levels)


def _limit(piece: _Piece) -> Term:
    value, bounds = _numbers(piece, _number_of)
    if bounds is not None and (bounds.low is None or not 1 <= bounds.low <= MOST_LISTED):
        bounds = None
    return _bounded(piece, value, bounds, "query.unclear-limit")


_MAKERS: dict[Kind, Callable[[_Piece], Term]] = {
    Kind.CHOICE: _choice,
    Kind.SORT: _choice,
    Kind.NAME: _names,
    Kind.WORDS: _names,
    Kind.PART: _names,
    Kind.TIME: _time,
    Kind.NUMBER: _number,
    Kind.AMOUNT: _amount,
    Kind.SIZE: _size,
    Kind.LEVEL: _level,
    Kind.LIMIT: _limit,
}

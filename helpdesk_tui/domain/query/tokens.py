"""The pieces of a query: words, values behind operators, brackets and OR, with their places."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from helpdesk_tui.domain.query.fields import BY_NAME, COMPARED, KNOWN, own_name

_FIELD = re.compile(r"([A-Za-z_]+)(:(?:>=|<=|>|<|~)?)")
_BARE = re.compile(r"([A-Za-z_]+)(>=|<=|>|<)(?=[^\s<>=])")
"""Zendesk writes comparisons without a colon."""


class Mark(StrEnum):
    """What a piece is."""

    TERM = "term"
    OPEN = "("
    CLOSE = ")"
    OR = "OR"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text: its field and comparison (if any) and the values behind them."""

    mark: Mark
    position: int
    end: int
    negated: bool = False
    field: str = ""
    op: str = ""
    values: tuple[str, ...] = ()
    is_open: bool = False
    """True if it ends with the text, so that it may still grow."""
    starred: bool = False
    """A ``*`` behind the last value: it may be the beginning of a longer word."""


def tokens_of(text: str) -> list[Token]:
    """Return the pieces of a query, from left to right."""
    found: list[Token] = []
    position = depth = 0
    while True:
        while position < len(text) and text[position].isspace():
            position += 1
        if position >= len(text):
            return found
        token = _token(text, position, depth)
        depth += (token.mark is Mark.OPEN) - (token.mark is Mark.CLOSE)
        found.append(token)
        position = token.end


def _token(text: str, start: int, depth: int) -> Token:
    position = start
    negated = (
        text[position] == "-" and position + 1 < len(text) and not text[position + 1].isspace()
    )
    if negated:
        position += 1
    if text[position] == "(":
        return Token(Mark.OPEN, start, position + 1, negated)
    if text[position] == ")":
        return Token(Mark.CLOSE, position, position + 1)
    field = op = ""
    head = _head(text, position)
    if head:
        field, op = head[1].lower(), head[2] if head[2][0] == ":" else f":{head[2]}"
        position = head.end()
    read = _Reader(text, many=bool(field) and op != ":~", depth=depth)
    values = read.values(position)
    if not field and values == ("OR",) and not negated and text[position] != '"':
        return Token(Mark.OR, start, read.end)
    return Token(Mark.TERM, start, read.end, negated, field, op, values, read.is_open, read.starred)


def _head(text: str, position: int) -> re.Match[str] | None:
    head = _FIELD.match(text, position)
    if head is not None:
        return head if _is_field(text, head) else None
    bare = _BARE.match(text, position)
    if bare is None:
        return None
    known = BY_NAME.get(own_name(bare[1].lower()))
    return bare if known is not None and known.kind in COMPARED else None


def _is_field(text: str, head: re.Match[str]) -> bool:
    """Tell ``tag:vip`` from text that merely contains a colon: ``https://…``, ``Re: …``."""
    if head[1].lower() in KNOWN:
        return True
    rest = text[head.end() : head.end() + 2]
    return bool(rest) and not rest[0].isspace() and rest != "//"


class _Reader:
    """Reads the value (with ``many``: values between commas) at a place."""

    def __init__(self, text: str, *, many: bool, depth: int) -> None:
        self._text = text
        self._many = many
        self._depth = depth
        self.end = 0
        """The place behind what was read …"""
        self.is_open = False
        """… whether its last value may still grow …"""
        self.starred = False
        """… and whether a ``*`` stands behind a quoted one."""

    def values(self, start: int) -> tuple[str, ...]:
        """Read from a place on."""
        values: list[str] = []
        position = start
        while True:
            values.append(self._value(position))
            if not (self._many and self._text[self.end : self.end + 1] == ","):
                return tuple(values)
            position = self.end + 1

    def _value(self, start: int) -> str:
        text = self._text
        self.starred = False
        if text[start : start + 1] == '"':
            close = text.find('"', start + 1)
            self.is_open = close < 0
            if close < 0:
                self.end = len(text)
                return text[start + 1 :]
            self.starred = text[close + 1 : close + 2] == "*"
            self.end = close + 1 + self.starred
            return text[start + 1 : close]
        end, inner = start, 0
        while end < len(text) and not self._stops(text[end], inner):
            inner += (text[end] == "(") - (text[end] == ")")
            end += 1
        self.end = end
        self.is_open = end == len(text)
        return text[start:end]

    def _stops(self, char: str, inner: int) -> bool:
        if char == ")":
            return inner == 0 and self._depth > 0
        return char.isspace() or char == '"' or (self._many and char == ",")

"""The text of a macro: ``{{ customer.first_name | default: "there" }}`` read into parts.

A subset of Liquid without logic: a dotted path with ``[n]``, then filters. Reading never fails;
what is wrong is named with its position.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from helpdesk_tui.domain.macros.formats import is_date_format
from helpdesk_tui.domain.macros.names import ROOTS, Group, Kind
from helpdesk_tui.domain.text import clean

LONGEST = 50_000
"""Characters of one text."""
_MAX_FILTERS = 10
_MAX_INDEX = 999


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a text, and where."""

    code: str
    start: int
    end: int
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter with its argument; None for none."""

    name: str
    argument: str | None = None


@dataclass(frozen=True, slots=True)
class Variable:
    """A place that is filled in."""

    path: tuple[str | int, ...]
    """``("order", 1, "total")``; empty for a literal."""
    filters: tuple[Filter, ...]
    start: int
    end: int
    """Where it stands in the source."""
    literal: str = ""
    kind: Kind = Kind.TEXT
    """What it is before the filters."""

    @property
    def name(self) -> str:
        """The path as it is written."""
        words = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path]
        return "".join(words).removeprefix(".")


@dataclass(frozen=True, slots=True)
class Template:
    """A text that was read: plain stretches and variables, in order."""

    parts: tuple[str | Variable, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The places that are filled in."""
        return tuple(part for part in self.parts if isinstance(part, Variable))


class _Wrong(Exception):
    def __init__(self, code: str, at: int, length: int = 1, **values: str) -> None:
        super().__init__(code)
        self.problem = Problem(code, at, at + length, {k: clean(v) for k, v in values.items()})


_OPEN = re.compile(r"\{\{|\{%")
_EDGE = re.compile(r"\{[{%]|\}\}|%\}")
_STRING = re.compile(r'"((?:[^"\\\n]|\\["\\])*)"|' r"'((?:[^'\\\n]|\\['\\])*)'")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_INDEX = re.compile(r"\[\s*(\d{1,9})\s*\]")
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,6})?")
_SPACE = re.compile(r"\s*")
_ESCAPE = re.compile(r"\\(.)")

_ANY = frozenset(Kind)
_NEEDS: dict[str, frozenset[Kind]] = {
    "default": _ANY,
    "date": frozenset({Kind.DATE}),
    "money": frozenset({Kind.MONEY, Kind.NUMBER}),
    "upper": frozenset({Kind.TEXT}),
    "title": frozenset({Kind.TEXT}),
    "first": frozenset({Kind.TEXT, Kind.LIST}),
    "join": frozenset({Kind.LIST}),
    "trim": frozenset({Kind.TEXT}),
}
FILTERS = tuple(_NEEDS)
"""The names of the filters."""
_TAKES = {"default": True, "date": False, "money": False, "join": False}
"""Filters with an argument, and whether it is needed."""
_CURRENCY = re.compile(r"[A-Z]{3}")


def read(text: str) -> Template:
    """Read a text; what is wrong in it is in ``problems``, and left out of the parts."""
    if len(text) > LONGEST:
        values = {"limit": str(LONGEST)}
        return Template((), (Problem("macro.too-long", LONGEST, len(text), values),))
    parts: list[str | Variable] = []
    problems: list[Problem] = []
    position = 0
    while (found := _OPEN.search(text, position)) is not None:
        if found.start() > position:
            parts.append(text[position : found.start()])
        try:
            variable = _Reader(text, found.start()).variable()
        except _Wrong as wrong:
            problems.append(wrong.problem)
            position = _after(text, found.end())
        else:
            parts.append(variable)
            position = variable.end
    if position < len(text):
        parts.append(text[position:])
    return Template(tuple(parts), tuple(problems))


def _after(text: str, position: int) -> int:
    """Return where reading goes on behind something wrong: after its end, or where one begins."""
    found = _EDGE.search(text, position)
    if found is None:
        return len(text)
    return found.start() if found[0].startswith("{") else found.end()


class _Reader:
    """Reads one variable."""

    def __init__(self, text: str, start: int) -> None:
        self._text = text
        self._start = start
        self._at = start + 2

    def variable(self) -> Variable:
        """Return the variable that starts here."""
        if self._text.startswith("{%", self._start):
            raise _Wrong("macro.logic", self._start, 2)
        if self._text.find("}}", self._at) < 0:
            raise _Wrong("macro.unclosed", self._start, 2)
        self._skip()
        first = self._at
        literal = self._string()
        path = () if literal is not None else self._path()
        kind = Kind.TEXT if literal is not None else _kind(path, first)
        filters: list[Filter] = []
        now = kind
        while self._take("|"):
            if len(filters) == _MAX_FILTERS:
                raise _Wrong("macro.too-many-filters", self._at, limit=str(_MAX_FILTERS))
            each, at = self._filter()
            now = _kind_after(each, now, at)
            filters.append(each)
        if not self._text.startswith("}}", self._at):
            raise self._unexpected()
        end = self._at + 2
        return Variable(path, tuple(filters), self._start, end, literal or "", kind)

    def _unexpected(self) -> _Wrong:
        return _Wrong("macro.unexpected", self._at, found=self._text[self._at : self._at + 1])

    def _skip(self) -> None:
        found = _SPACE.match(self._text, self._at)
        self._at = found.end() if found else self._at

    def _take(self, sign: str) -> bool:
        self._skip()
        if not self._text.startswith(sign, self._at):
            return False
        self._at += len(sign)
        self._skip()
        return True

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self._text, self._at)
        if found is not None:
            self._at = found.end()
        return found

    def _string(self) -> str | None:
        found = self._match(_STRING)
        if found is None:
            return None
        return _ESCAPE.sub(r"\1", found[1] if found[1] is not None else found[2])

    def _path(self) -> tuple[str | int, ...]:
        name = self._match(_NAME)
        if name is None:
            raise self._unexpected()
        path: list[str | int] = [name[0]]
        while True:
            if (index := self._match(_INDEX)) is not None:
                path.append(min(int(index[1]), _MAX_INDEX + 1))
            elif self._text.startswith(".", self._at):
                self._at += 1
                name = self._match(_NAME)
                if name is None:
                    raise self._unexpected()
                path.append(name[0])
            else:
                return tuple(path)

    def _filter(self) -> tuple[Filter, int]:
        at = self._at
        name = self._match(_NAME)
        if name is None:
            raise self._unexpected()
        if name[0] not in _NEEDS:
            raise _Wrong("macro.unknown-filter", at, len(name[0]), name=name[0],
                         known=", ".join(FILTERS))  # fmt: skip
        argument = self._argument() if self._take(":") else None
        _check_argument(name[0], argument, at)
        return Filter(name[0], argument), at

    def _argument(self) -> str:
        text = self._string()
        if text is not None:
            return text
        number = self._match(_NUMBER)
        if number is None:
            raise self._unexpected()
        return number[0]


def _check_argument(name: str, argument: str | None, at: int) -> None:
    length = len(name)
    if argument is None:
        if _TAKES.get(name):
            raise _Wrong("macro.argument-missing", at, length, name=name)
        return
    if name not in _TAKES:
        raise _Wrong("macro.argument-unwanted", at, length, name=name)
    if name == "date" and not is_date_format(argument):
        raise _Wrong("macro.date-format", at, length, format=argument)
    if name == "money" and not _CURRENCY.fullmatch(argument):
        raise _Wrong("macro.currency", at, length, currency=argument)


def _kind_after(each: Filter, now: Kind, at: int) -> Kind:
    """Return what a value is after a filter.

    Raises:
        _Wrong: if the filter does not fit.
    """
    if now not in _NEEDS[each.name]:
        raise _Wrong("macro.filter-misfit", at, len(each.name), name=each.name, kind=now.value)
    return now if each.name == "default" else Kind.TEXT


def _kind(path: tuple[str | int, ...], at: int) -> Kind:
    """Return the kind of a value.

    Raises:
        _Wrong: if there is no such name.
    """
    known: Kind | Group | None = Group(ROOTS)
    walked = ""
    for step in path:
        options = ", ".join(known.fields) if isinstance(known, Group) else ""
        walked += f"[{step}]" if isinstance(step, int) else f".{step}"
        known = _step(known, step)
        if known is None:
            name = walked.removeprefix(".")
            raise _Wrong("macro.unknown-name", at, len(name), name=name, known=options)
    if not isinstance(known, Kind):
        name = walked.removeprefix(".")
        options = ", ".join(f"{name}.{each}" for each in known.fields) if known else ""
        raise _Wrong("macro.name-is-group", at, len(name), name=name, known=options)
    return known


def _step(known: Kind | Group | None, step: str | int) -> Kind | Group | None:
    if isinstance(step, int):
        if known is Kind.LIST:
            return Kind.TEXT if step <= _MAX_INDEX else None
        return known.item if isinstance(known, Group) and step <= _MAX_INDEX else None
    return known.fields.get(step) if isinstance(known, Group) else None

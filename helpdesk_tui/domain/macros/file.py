"""A macro as a TOML file: read with every mistake named by its line, and written back."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.macros.actions import Misread, one_of, read_actions, text_of, texts_of
from helpdesk_tui.domain.macros.lines import Lines
from helpdesk_tui.domain.macros.macro import (
    Actions,
    Bodies,
    BodyKind,
    Macro,
    Mode,
    Scope,
    Then,
    WhatsappTemplate,
)
from helpdesk_tui.domain.macros.render import find_holes
from helpdesk_tui.domain.macros.text import Problem, read
from helpdesk_tui.domain.sms import count_segments
from helpdesk_tui.domain.snoozing.snooze import parse_snooze
from helpdesk_tui.domain.text import clean

T = TypeVar("T")
MAX_SOURCE = 200_000
"""Characters of one file."""
_KEYS = ("name", "keys", "mode", "language", "scope", "body", "actions")
_SCOPE = ("teams", "channels", "tags")
_LANGUAGE = re.compile(r"[a-z]{2}(_[A-Z]{2})?")
_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)
"""Whether a snooze can be understood is looked at as of this day."""
_LATER = ("snooze.past", "snooze.too-far")
_FAVOURITE = re.compile(r"[1-9]")
_AT = re.compile(r" \(at line (\d+), column (\d+)\)$")
_MAX_LANGUAGES = 30
_MAX_NAME = 100
_MANY_SEGMENTS = 3
_MAX_PARAMETERS = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to say about a macro's file."""

    code: str
    line: int
    column: int = 1
    values: Mapping[str, str] = field(default_factory=dict)
    is_error: bool = True
    """Whether it keeps the macro from being saved."""


@dataclass(frozen=True, slots=True)
class MacroReading:
    """What was read: the macro, unless there are errors among the findings."""

    macro: Macro | None
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that keep it from being saved."""
        return tuple(each for each in self.findings if each.is_error)


def parse_macro(source: str) -> Macro:
    """Return the macro of a file.

    Raises:
        UsageError: ``macro.*`` for the first mistake, with its line and column.
    """
    reading = read_macro(source)
    if reading.macro is None:
        first = reading.errors[0]
        raise UsageError(first.code, line=first.line, column=first.column, **first.values)
    return reading.macro


def read_macro(source: str) -> MacroReading:
    """Read a macro's file, naming every mistake; never raises."""
    try:
        raw = _loads(source)
    except Misread as error:
        line, column = error.values.get("line", "1"), error.values.get("column", "1")
        values = {k: v for k, v in error.values.items() if k not in ("line", "column")}
        return MacroReading(None, (Finding(error.code, int(line), int(column), values),))
    return _Reader(raw, Lines(source)).reading()


def _loads(source: str) -> dict[str, Any]:
    if len(source) > MAX_SOURCE:
        raise Misread("macro.too-long", "", limit=MAX_SOURCE)
    try:
        source.encode()
        return tomllib.loads(source)
    except UnicodeEncodeError as error:
        raise Misread("macro.control", "", name="file") from error
    except (ValueError, RecursionError) as error:
        text = str(error)
        found = _AT.search(text)
        where = {"line": found[1], "column": found[2]} if found else {}
        if "end of document" in text:
            where = {"line": source.count("\n") + 1}
        reason = _AT.sub("", text).removesuffix(" (at end of document)")
        raise Misread("macro.toml", "", reason=reason, **where) from error


class _Reader:
    """Reads one file's values and collects what is wrong with them."""

    def __init__(self, raw: dict[str, Any], lines: Lines) -> None:
        self._raw = raw
        self._lines = lines
        self._findings: list[Finding] = []

    def reading(self) -> MacroReading:
        """Return what was read."""
        macro = Macro(
            name=self._try(self._name, ""),
            keys=self._try(self._favourite, ""),
            mode=self._try(self._mode, Mode.INSERT),
            scope=self._try(self._scope, Scope()),
            bodies=tuple(self._bodies()),
            actions=self._try(self._actions, Actions()),
            then=self._try(self._then, Then.USUAL),
        )
        for key in self._raw:
            if key not in _KEYS:
                self._wrong(Misread("macro.unknown-key", key, name=key, known=", ".join(_KEYS)))
        self._look_at(macro)
        findings = tuple(sorted(self._findings, key=lambda each: (each.line, each.column)))
        is_wrong = any(each.is_error for each in findings)
        return MacroReading(None if is_wrong else macro, findings)

    def _try(self, load: Callable[[], T], otherwise: T) -> T:
        try:
            return load()
        except Misread as error:
            self._wrong(error)
            return otherwise

    def _wrong(self, error: Misread, *, is_error: bool = True) -> None:
        line = self._lines.of(error.key)
        self._findings.append(Finding(error.code, line, 1, error.values, is_error))

    def _name(self) -> str:
        name = " ".join(text_of(self._raw, "name").split())
        if not name:
            raise Misread("macro.no-name", "name")
        if len(name) > _MAX_NAME:
            raise Misread("macro.too-long", "name", limit=_MAX_NAME)
        return name

    def _favourite(self) -> str:
        keys = text_of(self._raw, "keys")
        if keys and not _FAVOURITE.fullmatch(keys):
            raise Misread("macro.bad-value", "keys", name="keys", value=keys, known="1 to 9")
        return keys

    def _mode(self) -> Mode:
        mode = text_of(self._raw, "mode") or Mode.INSERT
        return Mode(one_of(mode, "mode", tuple(Mode)))

    def _actions(self) -> Actions:
        return read_actions(_table(self._raw, "actions", ("then",)))

    def _then(self) -> Then:
        then = text_of(_table(self._raw, "actions"), "then", "actions.")
        return Then(one_of(then, "actions.then", tuple(Then)))

    def _scope(self) -> Scope:
        raw = _table(self._raw, "scope")
        for key in raw:
            if key not in _SCOPE:
                raise Misread("macro.unknown-key", f"scope.{key}", name=key,
                              known=", ".join(_SCOPE))  # fmt: skip
        teams, channels, tags = (texts_of(raw, name, "scope.") for name in _SCOPE)
        for channel in channels:
            if channel not in CHANNELS:
                raise Misread("macro.bad-value", "scope.channels", name="channels",
                              value=channel, known=", ".join(CHANNELS))  # fmt: skip
        return Scope(teams, channels, tags)

    def _bodies(self) -> Iterator[Bodies]:
        """Yield the texts of each language, the one it was written in first."""
        raw = self._try(lambda: _table(self._raw, "body"), dict[str, Any]())
        first = self._try(self._language, "en")
        plain = {key: value for key, value in raw.items() if not _LANGUAGE.fullmatch(key)}
        languages = [key for key in raw if key not in plain]
        found = self._try(lambda: self._texts(plain, first, "body."), Bodies(first))
        if found.texts or found.whatsapp_template:
            yield found
        if len(languages) > _MAX_LANGUAGES or first in languages:
            self._wrong(Misread("macro.bad-language", f"body.{languages[-1]}", name=languages[-1]))
            return
        for name in languages:
            yield self._try(partial(self._translated, raw, name), Bodies(name))

    def _language(self) -> str:
        code = text_of(self._raw, "language").replace("-", "_") or "en"
        if not _LANGUAGE.fullmatch(code):
            raise Misread("macro.bad-language", "language", name=code)
        return code

    def _translated(self, raw: Mapping[str, Any], name: str) -> Bodies:
        key = f"body.{name}"
        return self._texts(_table(raw, name, key=key), name, f"{key}.")

    def _texts(self, raw: Mapping[str, Any], language: str, where: str) -> Bodies:
        known = (*BodyKind, "whatsapp_template")
        texts: dict[BodyKind, str] = {}
        template = None
        for key in raw:
            if key not in known:
                raise Misread("macro.unknown-key", where + key, name=key, known=", ".join(known))
            if key == "whatsapp_template":
                template = self._whatsapp(raw, where)
                continue
            text = text_of(raw, key, where, lines=True)
            if text.strip():
                texts[BodyKind(key)] = text.rstrip("\n")
            self._check(text, where + key)
        return Bodies(language, texts, template)

    def _whatsapp(self, raw: Mapping[str, Any], where: str) -> WhatsappTemplate:
        key = f"{where}whatsapp_template"
        table = _table(raw, "whatsapp_template", key=key)
        name = text_of(table, "name", f"{key}.")
        parameters = texts_of(table, "parameters", f"{key}.")
        if not name or len(parameters) > _MAX_PARAMETERS or set(table) - {"name", "parameters"}:
            raise Misread("macro.bad-value", key, name="whatsapp_template", value=name or "-",
                          known="{ name, parameters }")  # fmt: skip
        for text in parameters:
            self._check(text, key)
        return WhatsappTemplate(name, parameters)

    def _check(self, text: str, key: str) -> None:
        """Name what is wrong in a text with variables."""
        for problem in read(text).problems:
            self._problem(problem, text, key)
        for hole in find_holes(text):
            at = Problem("macro.left-open", hole.start, hole.end, {"name": clean(hole.name)})
            self._problem(at, text, key, is_error=False)

    def _problem(self, problem: Problem, text: str, key: str, *, is_error: bool = True) -> None:
        line, column = self._lines.inside(key, text, problem.start)
        self._findings.append(Finding(problem.code, line, column, problem.values, is_error))

    def _check_snooze(self, macro: Macro) -> None:
        """Refuse a snooze that could never be understood; a day that has passed is no matter."""
        text = macro.actions.snooze_text
        language = macro.bodies[0].language if macro.bodies else ""
        try:
            if text:
                parse_snooze(text, _SOME_DAY, "UTC", language=language)
        except UsageError as error:
            if error.code not in _LATER:
                values = {name: str(value) for name, value in error.values.items()}
                self._wrong(Misread(error.code, "actions.snooze", **values))

    def _look_at(self, macro: Macro) -> None:
        """Say what is allowed but hardly meant, and look at the note's variables."""
        self._check(macro.actions.note, "actions.note")
        self._check_snooze(macro)
        has_text = any(each.texts or each.whatsapp_template for each in macro.bodies)
        if not has_text and macro.actions == Actions():
            self._wrong(Misread("macro.does-nothing", "name"))
        if macro.mode is Mode.RUN and not macro.actions.unattended:
            self._wrong(Misread("macro.never-unattended", "mode"))
        for bodies in macro.bodies:
            size = count_segments(bodies.texts.get(BodyKind.SMS, ""))
            if size.segments > _MANY_SEGMENTS:
                key = "body.sms" if bodies is macro.bodies[0] else f"body.{bodies.language}.sms"
                values = {"segments": size.segments, "encoding": size.encoding}
                self._wrong(Misread("macro.long-sms", key, **values), is_error=False)


def _table(
    raw: Mapping[str, Any], name: str, without: tuple[str, ...] = (), key: str = ""
) -> dict[str, Any]:
    value = raw.get(name, {})
    if not isinstance(value, dict):
        raise Misread("macro.wrong-type", key or name, name=name, kind="table")
    return {key: each for key, each in value.items() if key not in without}

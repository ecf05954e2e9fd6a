"""A macro as the fields of an editor: what is typed becomes a file, mistakes find their field.

Actions are lines such as ``tag +refund -new``; line breaks within one are written as in Python.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from helpdesk_tui.domain.macros.actions import ORDER, written_actions
from helpdesk_tui.domain.macros.file import Finding, read_macro
from helpdesk_tui.domain.macros.lines import Lines
from helpdesk_tui.domain.macros.macro import Macro, Mode, Then
from helpdesk_tui.domain.macros.writing import toml_of

SCOPES = ("teams", "channels", "tags")
_LISTS = frozenset({"attach", "order", "sub", *SCOPES})
TEXTS = ("email", "chat", "sms", "whatsapp")
"""The texts of one language, as an editor names them."""
_WHATSAPP = "whatsapp_template"


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something that is wrong, and where in the form: row and column count from 0."""

    finding: Finding
    where: str
    """``name``, ``actions``, ``scope``, or a text such as ``pl.email``."""
    row: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class MacroForm:
    """What stands in the editor."""

    name: str = ""
    keys: str = ""
    mode: str = Mode.INSERT.value
    language: str = "en"
    """The language that it was written in."""
    scope: str = ""
    """Lines such as ``teams returns, sales``."""
    actions: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    """By language and kind: ``en.email``, ``pl.sms`` …"""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that there are texts in, the first one's first."""
        found = [key.partition(".")[0] for key in self.texts]
        return tuple(dict.fromkeys((self.language, *found)))

    def with_text(self, where: str, text: str) -> MacroForm:
        """Return the form with another text."""
        return replace(self, texts={**self.texts, where: text})


def form_of(macro: Macro) -> MacroForm:
    """Return the form of a macro."""
    texts: dict[str, str] = {}
    for bodies in macro.bodies:
        for kind, text in bodies.texts.items():
            texts[f"{bodies.language}.{kind.value}"] = text
        if bodies.whatsapp_template is not None:
            template = bodies.whatsapp_template
            texts[f"{bodies.language}.whatsapp"] = "\n".join((template.name, *template.parameters))
    actions = written_actions(macro.actions)
    if macro.then is not Then.USUAL:
        actions["then"] = macro.then.value
    scope = {"teams": macro.scope.teams, "channels": macro.scope.channels, "tags": macro.scope.tags}
    return MacroForm(
        name=macro.name,
        keys=macro.keys,
        mode=macro.mode.value,
        language=macro.bodies[0].language if macro.bodies else "en",
        scope="\n".join(f"{name} {', '.join(value)}" for name, value in scope.items() if value),
        actions="\n".join(_line(name, value) for name, value in actions.items()),
        texts=texts,
    )


def _line(name: str, value: Any) -> str:
    if value is True:
        return name
    if isinstance(value, dict):
        return f"{name} " + ", ".join(f"{key}={each}" for key, each in value.items())
    text = ", ".join(value) if isinstance(value, list) else str(value)
    return f"{name} " + text.replace("\\", "\\\\").replace("\n", "\\n")


def source_of(form: MacroForm) -> str:
    """Return the file of what stands in the editor, whether it is right or not."""
    values: dict[str, Any] = {"name": form.name}
    if form.keys:
        values["keys"] = form.keys
    if form.mode != Mode.INSERT.value:
        values["mode"] = form.mode
    if form.language != "en":
        values["language"] = form.language
    values["scope"] = {name: value for name, value, _row in _rows(form.scope)}
    values["actions"] = {name: value for name, value, _row in _rows(form.actions)}
    body: dict[str, Any] = {}
    for language in form.languages:
        texts = _texts(form, language)
        if language == form.language:
            body |= texts
        elif texts:
            body[language] = texts
    values["body"] = body
    return toml_of(values)


def _texts(form: MacroForm, language: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for kind in TEXTS:
        text = form.texts.get(f"{language}.{kind}", "")
        if text.strip() and kind == "whatsapp":
            name, *parameters = text.strip("\n").split("\n")
            found[_WHATSAPP] = {"name": name, "parameters": parameters}
        elif text.strip():
            found[kind] = text
    return found


def _rows(text: str) -> list[tuple[str, Any, int]]:
    """Return name, value and row of each line; the last of a name counts."""
    found: dict[str, tuple[str, Any, int]] = {}
    for row, line in enumerate(text.split("\n")):
        name, _blank, rest = line.strip().partition(" ")
        if name:
            found[name] = (name, _value(name, rest.strip()), row)
    return list(found.values())


def _value(name: str, text: str) -> Any:
    if name == "spam":
        return text.lower() not in ("no", "off", "false")
    if name in _LISTS:
        return [part.strip() for part in text.split(",") if part.strip()]
    if name == "set":
        pairs = (part.partition("=") for part in text.split(","))
        return {key.strip(): value.strip() for key, _sign, value in pairs if key.strip()}
    return text.replace("\\\\", "\x00").replace("\\n", "\n").replace("\x00", "\\")


def mistakes(form: MacroForm) -> tuple[Mistake, ...]:
    """Return everything that is wrong or odd, each with the field that it stands in."""
    unknown = [
        Mistake(Finding("macro.unknown-key", 1, 1, {"name": name, "known": ", ".join(known)}),
                where, row)
        for where, text, known in (("actions", form.actions, ORDER), ("scope", form.scope, SCOPES))
        for name, _value, row in _rows(text)
        if name not in known
    ]  # fmt: skip
    source = source_of(form)
    lines = Lines(source)
    found = [_placed(form, lines, each) for each in read_macro(source).findings]
    told = {(one.where, one.row) for one in unknown}
    fresh = [one for one in found if (one.where, one.row) not in told]
    several = len(unknown) + len(fresh) > 1
    # what is not understood does nothing either: that needs no saying
    shown = [one for one in fresh if not (several and one.finding.code == "macro.does-nothing")]
    return (*unknown, *shown)


def _placed(form: MacroForm, lines: Lines, finding: Finding) -> Mistake:
    """Return the field of a mistake in the file that was made of the form."""
    best, where, first = 0, "name", 0
    for key, place, row in _fields(form):
        line = lines.of(key)
        if best < line <= finding.line and (line > 1 or key == "name"):
            best, where, first = line, place, row
    if where in ("name", "scope", "actions"):
        return Mistake(finding, where, first)
    inside = finding.line - best - 1
    return Mistake(finding, where, max(0, inside), finding.column - 1 if inside >= 0 else 0)


def _fields(form: MacroForm) -> list[tuple[str, str, int]]:
    """Return the keys of the file, each with its field and its row there."""
    found = [("name", "name", 0), ("keys", "name", 0), ("mode", "name", 0), ("language", "name", 0)]
    found += [(f"scope.{name}", "scope", row) for name, _value, row in _rows(form.scope)]
    found += [(f"actions.{name}", "actions", row) for name, _value, row in _rows(form.actions)]
    for where in form.texts:
        language, _dot, kind = where.partition(".")
        name = _WHATSAPP if kind == "whatsapp" else kind
        key = f"body.{name}" if language == form.language else f"body.{language}.{name}"
        if language != form.language:
            found.append((f"body.{language}", where, 0))
        found.append((key, where, 0))
    return found

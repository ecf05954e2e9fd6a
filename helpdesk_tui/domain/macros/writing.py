"""Write a macro as its TOML file, and change single things in one that people wrote."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from helpdesk_tui.domain.macros.actions import written_actions
from helpdesk_tui.domain.macros.file import parse_macro, read_macro
from helpdesk_tui.domain.macros.macro import Bodies, Macro, MacroFile, Mode

_LONG_TABLES = ("body",)
"""Tables whose texts are written over several lines."""
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_KEYS_LINE = re.compile(r"^keys\s*=\s*(?:\"[^\"\n]*\"|'[^'\n]*')", re.MULTILINE)
_NAME_LINE = re.compile(r"^name\s*=[^\n]*$", re.MULTILINE)
_TABLE_LINE = re.compile(r"^\s*\[", re.MULTILINE)


def write_macro(macro: Macro) -> str:
    """Return the file of a macro; reading it gives the same macro."""
    values: dict[str, Any] = {"name": macro.name}
    if macro.keys:
        values["keys"] = macro.keys
    if macro.mode is not Mode.INSERT:
        values["mode"] = macro.mode.value
    if macro.bodies and macro.bodies[0].language != "en":
        values["language"] = macro.bodies[0].language
    scope = {"teams": macro.scope.teams, "channels": macro.scope.channels, "tags": macro.scope.tags}
    values["scope"] = {name: list(value) for name, value in scope.items() if value}
    values["actions"] = written_actions(macro.actions)
    if macro.then:
        values["actions"]["then"] = macro.then.value
    body: dict[str, Any] = {}
    for index, bodies in enumerate(macro.bodies):
        if index:
            body[bodies.language] = _texts(bodies)
        else:
            body = _texts(bodies)
    values["body"] = body
    return toml_of(values)


def _texts(bodies: Bodies) -> dict[str, Any]:
    values: dict[str, Any] = {kind.value: text for kind, text in bodies.texts.items()}
    if bodies.whatsapp_template is not None:
        template = bodies.whatsapp_template
        parameters = list(template.parameters)
        values["whatsapp_template"] = {"name": template.name, "parameters": parameters}
    return values


def toml_of(values: Mapping[str, Any]) -> str:
    """Return the values of a macro's file as TOML."""
    return "\n".join(_lines(values, "", is_long=False)).lstrip("\n") + "\n"


def _lines(values: Mapping[str, Any], table: str, *, is_long: bool) -> list[str]:
    """Return a table: plain values first, then the tables in it."""
    tables = {key: value for key, value in values.items() if _is_table(key, value)}
    plain = [
        f"{_key(key)} = {_value(value, is_long=is_long)}"
        for key, value in values.items()
        if key not in tables
    ]
    lines = ["", f"[{table}]", *plain] if table and plain else plain
    for key, value in tables.items():
        name = f"{table}.{_key(key)}" if table else _key(key)
        lines += _lines(value, name, is_long=is_long or key in _LONG_TABLES)
    return lines


def _is_table(key: str, value: Any) -> bool:
    return isinstance(value, dict) and key not in ("whatsapp_template", "set")


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _quoted(key)


def _value(value: Any, *, is_long: bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _long(value) if is_long or "\n" in value else _quoted(value)
    if isinstance(value, dict):
        inner = ", ".join(f"{_key(k)} = {_value(each, is_long=False)}" for k, each in value.items())
        return f"{{ {inner} }}"
    return "[" + ", ".join(_quoted(each) for each in value) + "]"


def toml_text(text: str) -> str:
    """Return a text as TOML has it, over several lines where it has several."""
    return _value(text, is_long=False)


def _escaped(char: str, kept: str = "") -> str:
    if char in kept:
        return char
    if char in '"\\':
        return f"\\{char}"
    is_control = ord(char) < 0x20 or ord(char) == 0x7F
    return f"\\u{ord(char):04x}" if is_control else char


def _quoted(text: str) -> str:
    return '"' + "".join(_escaped(char) for char in text) + '"'


def _long(text: str) -> str:
    # quotes may stand as they are unless three in a row, or one at the end, would end the text
    plain = "".join(_escaped(char, kept='"\n\t') for char in text).replace('"""', '""\\"')
    return f'"""\n{plain[:-1]}\\""""' if plain.endswith('"') else f'"""\n{plain}"""'


def with_keys(source: str, keys: str) -> str:
    """Return a macro's file with another favourite key, the rest as people wrote it.

    Raises:
        UsageError: ``macro.*`` if the file cannot be read.
    """
    wanted = replace(parse_macro(source), keys=keys)
    table = _TABLE_LINE.search(source)
    at = table.start() if table else len(source)
    head, line = source[:at], f'keys = "{keys}"'
    if _KEYS_LINE.search(head):
        head = _KEYS_LINE.sub(line, head, count=1)
    else:
        head = _NAME_LINE.sub(lambda found: f"{found[0]}\n{line}", head, count=1)
    return _if_it_reads_as(head + source[at:], wanted)


def with_files(source: str, files: Mapping[str, MacroFile]) -> str:
    """Return a macro's file with other files in the place of some, given by how they stand there.

    Raises:
        UsageError: ``macro.*`` if the file cannot be read.
    """
    macro = parse_macro(source)
    changed = source
    for written, file in files.items():
        for quote in ('"', "'"):
            changed = changed.replace(f"{quote}{written}{quote}", _quoted(file.written))
    attach = tuple(files.get(file.written, file) for file in macro.actions.attach)
    return _if_it_reads_as(changed, replace(macro, actions=replace(macro.actions, attach=attach)))


def _if_it_reads_as(source: str, wanted: Macro) -> str:
    """Return a changed file if it means what is wanted, else one that does."""
    return source if read_macro(source).macro == wanted else write_macro(wanted)

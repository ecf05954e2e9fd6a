"""``macro lint``: mistakes of macros with line and column, in files or in the store."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from helpdesk_tui.cli.context import desk_of, output_of
from helpdesk_tui.cli.macro_files import found_files, named_files, read_text
from helpdesk_tui.cli.output import Output
from helpdesk_tui.domain.errors import NotFound
from helpdesk_tui.domain.macros.file import Finding, read_macro
from helpdesk_tui.widgets.words.language import _

_TOML = (".toml",)


def run(args: argparse.Namespace) -> int:
    """Name every mistake; the exit code says whether there is one."""
    out = output_of(args)
    found = list(_in_files(args.paths)) if args.paths else list(_in_store(args))
    if out.json:
        out.document({"findings": [_json(place, each) for place, each in found]})
    for place, each in found:
        _say(out, place, each)
    errors = sum(each.is_error for _, each in found)
    if not out.json:
        out.say(
            _("{errors} errors, {count} warnings").format(errors=errors, count=len(found) - errors)
            if found
            else _("no mistakes")
        )
    return 1 if errors else 0


def _in_files(paths: list[Path]) -> Iterator[tuple[str, Finding]]:
    names: dict[str, Path] = {}
    for path in found_files(paths, _TOML):
        reading = read_macro(read_text(path))
        yield from ((str(path), each) for each in reading.findings)
        if reading.macro is None:
            continue
        try:
            named_files(reading.macro, path.parent)
        except NotFound as error:
            values = {name: str(value) for name, value in error.values.items()}
            yield str(path), Finding(error.code, 1, 1, values)
        name = reading.macro.name.casefold()
        if name in names:
            yield str(path), Finding("macro.exists", 1, 1, {"name": reading.macro.name})
        names[name] = path


def _in_store(args: argparse.Namespace) -> Iterator[tuple[str, Finding]]:
    with desk_of(args) as desk:
        for name, source in desk.macros.sources():
            yield from ((name, each) for each in read_macro(source).findings)


def _json(place: str, each: Finding) -> dict[str, Any]:
    return {
        "file": place,
        "line": each.line,
        "column": each.column,
        "code": each.code,
        "error": each.is_error,
        "values": dict(each.values),
    }


def _say(out: Output, place: str, each: Finding) -> None:
    from helpdesk_tui.widgets.words.errors import sentence_of

    kind = "error" if each.is_error else "warning"
    text = f"{place}:{each.line}:{each.column}: {kind}: {sentence_of(each.code, **each.values)}"
    if out.json:
        return
    out.say(text)

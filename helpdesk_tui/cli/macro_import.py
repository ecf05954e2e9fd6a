"""``macro import``: macros from TOML, CSV, and the exports of other helpdesks."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpdesk_tui.cli.context import desk_of, output_of
from helpdesk_tui.cli.macro_files import found_files, named_files, read_text
from helpdesk_tui.cli.output import Output
from helpdesk_tui.domain.errors import HelpdeskError, NotFound, UsageError
from helpdesk_tui.domain.macros.file import parse_macro
from helpdesk_tui.domain.macros.import_draft import Lost
from helpdesk_tui.domain.macros.imports import read_export, read_foreign_rows
from helpdesk_tui.domain.macros.table import is_own_table, read_rows, sources_of
from helpdesk_tui.domain.macros.writing import with_files
from helpdesk_tui.domain.mail import OutgoingFile
from helpdesk_tui.services.desk import Desk
from helpdesk_tui.widgets.words.language import _

_FAILED = ("failed", "exists")


@dataclass(frozen=True, slots=True)
class _Found:
    """A macro that a file holds."""

    file: Path
    source: str
    lost: tuple[Lost, ...] = ()
    files: dict[str, OutgoingFile] = field(default_factory=dict)
    origin: str = "helpdesk"


@dataclass(frozen=True, slots=True)
class _Result:
    """What came of it."""

    file: Path
    name: str
    state: str
    """``new``, ``replaced``, ``unchanged``, ``exists`` or ``failed``."""
    lost: tuple[Lost, ...] = ()
    error: HelpdeskError | None = None
    origin: str = "helpdesk"


def run(args: argparse.Namespace) -> int:
    """Read macros from files into the store."""
    out = output_of(args)
    results: list[_Result] = []
    with desk_of(args) as desk:
        for path in found_files(args.paths):
            try:
                found = list(_macros_in(path))
            except HelpdeskError as error:
                results.append(_Result(path, path.name, "failed", error=error))
                continue
            results += [
                _bring(desk, each, replace=args.replace, dry_run=args.dry_run) for each in found
            ]
    if out.json:
        out.document({"macros": [_json(each) for each in results], "dry_run": args.dry_run})
    _say(out, results)
    return 1 if any(each.state in _FAILED for each in results) else 0


def _macros_in(path: Path) -> Iterator[_Found]:
    text = read_text(path)
    if path.suffix.lower() == ".json":
        origin, foreign = read_export(text)
        yield from (_Found(path, each.source, each.lost, origin=origin) for each in foreign)
    elif path.suffix.lower() == ".csv":
        rows = read_rows(text)
        if is_own_table(rows):
            yield from (_with_files(path, source) for source in sources_of(rows))
        else:
            found = read_foreign_rows(rows)
            yield from (_Found(path, each.source, each.lost, origin="table") for each in found)
    else:
        yield _with_files(path, text)


def _with_files(path: Path, source: str) -> _Found:
    try:
        files = named_files(parse_macro(source), path.parent)
    except UsageError:
        # said once more when it is saved, with its place
        files = {}
    return _Found(path, source, files=files)


def _bring(desk: Desk, found: _Found, *, replace: bool, dry_run: bool) -> _Result:
    name = found.file.name
    try:
        macro = parse_macro(found.source)
        name = macro.name
        try:
            there = desk.macros.find(name)
        except NotFound:
            there = None
        if there is not None and _is_same(found, there.source):
            return _result(found, name, "unchanged")
        if there is not None and not replace:
            return _result(found, name, "exists", UsageError("macro.exists", name=name))
        if not dry_run:
            macro_id = there.id if there else None
            desk.macros.save(found.source, macro_id=macro_id, files=found.files)
    except HelpdeskError as error:
        return _result(found, name, "failed", error)
    return _result(found, name, "replaced" if there else "new")


def _is_same(found: _Found, source: str) -> bool:
    """Tell whether the store has it just so already."""
    if not found.files:
        return found.source == source
    from helpdesk_tui.domain.macros.macro import MacroFile
    from helpdesk_tui.services.drafts import ready

    rows = ready(tuple(found.files.values())).rows
    stored = {
        written: MacroFile(row[0], row[3]) for written, row in zip(found.files, rows, strict=True)
    }
    return with_files(found.source, stored) == source


def _result(found: _Found, name: str, state: str, error: HelpdeskError | None = None) -> _Result:
    return _Result(found.file, name, state, found.lost, error, found.origin)


def _json(result: _Result) -> dict[str, Any]:
    error = result.error
    values = {} if error is None else {name: str(each) for name, each in error.values.items()}
    return {
        "file": str(result.file),
        "name": result.name,
        "state": result.state,
        "origin": result.origin,
        "lost": [{"code": each.code, "what": each.what} for each in result.lost],
        "error": None if error is None else {"code": error.code, **values},
    }


def _say(out: Output, results: list[_Result]) -> None:
    from helpdesk_tui.widgets.words.errors import sentence
    from helpdesk_tui.widgets.words.macros import lost_words

    for result in results:
        for each in result.lost:
            out.warn(f"{result.name}: {lost_words(each.code, each.what)}")
        if result.error is not None:
            values = result.error.values
            place = f":{values['line']}:{values['column']}" if "line" in values else ""
            out.warn(f"{result.file}{place}: {result.name}: {sentence(result.error)}")
    if not out.json:
        counts = {
            state: sum(each.state == state for each in results)
            for state in ("new", "replaced", "unchanged", *reversed(_FAILED))
        }
        named = [f"{count} {state}" for state, count in counts.items() if count]
        out.say(" · ".join(named) or _("no macros found"))

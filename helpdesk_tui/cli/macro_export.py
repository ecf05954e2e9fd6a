"""``macro export``: macros as TOML files with what they attach, or as one table."""

from __future__ import annotations

import argparse
from pathlib import Path

from helpdesk_tui.cli.context import desk_of, output_of
from helpdesk_tui.cli.macro_files import slug
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.filenames import safe_name
from helpdesk_tui.domain.macros.macro import MacroFile
from helpdesk_tui.domain.macros.table import write_table
from helpdesk_tui.domain.macros.writing import with_files
from helpdesk_tui.services.macros.macros import MacroRow, Macros
from helpdesk_tui.widgets.words.language import _


def run(args: argparse.Namespace) -> int:
    """Write macros to a folder or a table."""
    out = output_of(args)
    with desk_of(args) as desk:
        macros = desk.macros
        found = tuple(macros.find(name) for name in args.names) or macros.all()
        try:
            if args.path.suffix.lower() == ".csv":
                args.path.write_text(
                    write_table(row.macro for row in found), encoding="utf-8", newline=""
                )
                written = [args.path] if found else []
            else:
                written = _write_folder(macros, found, args.path)
        except OSError as error:
            reason = error.strerror or str(error)
            raise UsageError("file.unwritable", path=args.path, reason=reason) from error
    if out.json:
        out.document({"files": [str(path) for path in written], "macros": len(found)})
    else:
        out.say(_("{count} macros written to {path}").format(count=len(found), path=args.path))
    return 0


def _write_folder(macros: Macros, found: tuple[MacroRow, ...], folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    taken: set[str] = set()
    written: list[Path] = []
    for row in found:
        name = slug(row.name, taken)
        placed = {
            file.written: MacroFile(_write_file(macros, file, folder, name))
            for file in row.macro.actions.attach
            if file.sha256
        }
        source = with_files(row.source, placed) if placed else row.source
        path = folder / f"{name}.toml"
        path.write_text(source, encoding="utf-8", newline="")
        written.append(path)
    return written


def _write_file(macros: Macros, file: MacroFile, folder: Path, name: str) -> str:
    """Write what a macro attaches beside it, and return its path from there."""
    place = folder / name
    place.mkdir(exist_ok=True)
    path = place / safe_name(file.path.replace("\\", "/").rpartition("/")[2])
    path.write_bytes(macros.file(file).data)
    return f"{name}/{path.name}"

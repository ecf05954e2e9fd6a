"""Files of macros on disk: found, read, never followed out of their folder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from helpdesk_tui.cli.writing import read_file
from helpdesk_tui.domain.errors import NotFound, UsageError
from helpdesk_tui.domain.macros.macro import Macro
from helpdesk_tui.domain.mail import OutgoingFile
from helpdesk_tui.domain.text import fold
from helpdesk_tui.widgets.words.language import _

KINDS = (".toml", ".csv", ".json")
_MAX_BYTES = 20_000_000
_NOT_IN_SLUG = re.compile(r"[^a-z0-9]+")
_LONGEST_SLUG = 60


def found_files(paths: Iterable[Path], kinds: tuple[str, ...] = KINDS) -> Iterator[Path]:
    """Yield the files that paths name: files as they are, folders by what lies in them.

    Raises:
        UsageError: ``file.missing`` for a path that is not there.
    """
    for path in paths:
        if path.is_dir():
            yield from sorted(
                each
                for each in path.rglob("*")
                if each.suffix.lower() in kinds and each.is_file() and not _is_hidden(each, path)
            )
        elif path.exists():
            yield path
        else:
            raise UsageError("file.missing", path=path)


def _is_hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(folder).parts)


def read_text(path: Path) -> str:
    """Return a file as text.

    Raises:
        UsageError: if it cannot be read, is too large, or no UTF-8.
    """
    data = read_file(path).data
    if len(data) > _MAX_BYTES:
        raise UsageError(
            "file.unreadable",
            path=path,
            reason=_("more than {limit} bytes").format(limit=_MAX_BYTES),
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError("file.unreadable", path=path, reason=_("it is no UTF-8")) from error


def named_files(macro: Macro, folder: Path) -> dict[str, OutgoingFile]:
    """Return the files that a macro names by path, by how they stand in it.

    Raises:
        NotFound: ``macro.file-missing`` for one that is not there, or lies outside of the folder.
    """
    found: dict[str, OutgoingFile] = {}
    for file in macro.actions.attach:
        if file.sha256:
            continue
        path = folder / file.path.replace("\\", "/")
        inside = path.resolve().is_relative_to(folder.resolve())
        if not inside or not path.is_file():
            raise NotFound("macro.file-missing", name=file.path, macro=macro.name)
        found[file.written] = read_file(path)
    return found


def slug(name: str, taken: set[str]) -> str:
    """Return a file name for a macro that none has yet, and take it."""
    base = _NOT_IN_SLUG.sub("-", fold(name)).strip("-")[:_LONGEST_SLUG] or "macro"
    found, number = base, 1
    while found in taken:
        number += 1
        found = f"{base}-{number}"
    taken.add(found)
    return found

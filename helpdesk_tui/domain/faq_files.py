"""The FAQ as files: TOML and tables (CSV); what is written reads back as the very same."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from helpdesk_tui.domain.cells import as_cell, of_cell
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.faq import FaqDraft, checked
from helpdesk_tui.domain.macros.writing import toml_text
from helpdesk_tui.domain.text import clean

COLUMNS = ("key", "language", "category", "published", "question", "answer", "words")
"""The columns of a table, and the names in a TOML file; ``question`` and ``answer`` are needed."""
DEFAULT_LANGUAGE = "en"

_TABLE = "faq"
_HEADER = re.compile(r"\s*\[\[\s*faq\s*\]\]\s*(?:#.*)?")
_LINE = re.compile(r"\(at line (\d+)")
_MULTI = re.compile(r'"""|\'\'\'')
_TRUE = frozenset({"true", "yes", "1", "on"})
_FALSE = frozenset({"false", "no", "0", "off", ""})


@dataclass(frozen=True, slots=True)
class Read:
    """An entry of a file, or what is wrong with it."""

    line: int
    draft: FaqDraft | None = None
    error: UsageError | None = None


def write_toml(drafts: Iterable[FaqDraft]) -> str:
    """Return entries as a TOML file."""
    return "\n".join(_toml_entry(draft) for draft in drafts)


def _toml_entry(draft: FaqDraft) -> str:
    lines = [f"[[{_TABLE}]]"]
    for name in COLUMNS:
        value = getattr(draft, name)
        if isinstance(value, bool):
            lines.append(f"{name} = {'true' if value else 'false'}")
        elif value or name in ("question", "answer"):
            lines.append(f"{name} = {toml_text(value)}")
    return "\n".join(lines) + "\n"


def read_toml(text: str) -> list[Read]:
    """Return the entries of a TOML file, in their order.

    Raises:
        UsageError: ``faq.file`` with the line, where the file cannot be read at all.
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _LINE.search(str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        raise UsageError("faq.file", line=line, reason=clean(str(error))) from error
    except RecursionError as error:
        raise UsageError("faq.not-entries", line=1, name="[[[") from error
    entries = values.get(_TABLE, [])
    unknown = [name for name in values if name != _TABLE]
    if unknown or not isinstance(entries, list):
        name = clean(unknown[0]) if unknown else _TABLE
        raise UsageError("faq.not-entries", line=1, name=name)
    lines = [*_headers(text)]
    return [_read(entry, lines[at] if at < len(lines) else 1) for at, entry in enumerate(entries)]


def _headers(text: str) -> Iterator[int]:
    """Yield the lines at which entries begin; lines inside of a text are none of them."""
    ending = ""
    for number, line in enumerate(text.split("\n"), 1):
        if not ending and _HEADER.fullmatch(line.rstrip("\r")):
            yield number
            continue
        for mark in _MULTI.findall(line):
            if not ending:
                ending = mark
            elif mark == ending:
                ending = ""


def _read(entry: object, line: int) -> Read:
    try:
        return Read(line, checked(_draft(entry)))
    except UsageError as error:
        return Read(line, error=UsageError(error.code, **{**error.values, "line": line}))


def _draft(entry: object) -> FaqDraft:
    if not isinstance(entry, Mapping):
        raise UsageError("faq.bad-field", name=_TABLE)
    for name, value in entry.items():
        kind = bool if name == "published" else str
        if name not in COLUMNS or not isinstance(value, kind):
            raise UsageError("faq.bad-field", name=clean(name))
    return FaqDraft(**{"language": DEFAULT_LANGUAGE, "question": "", "answer": "", **entry})


def write_table(drafts: Iterable[FaqDraft]) -> str:
    """Return entries as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for draft in drafts:
        values = (getattr(draft, name) for name in COLUMNS)
        writer.writerow([_cell(value) for value in values])
    return out.getvalue()


def _cell(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else as_cell(str(value))


def read_table(text: str) -> list[Read]:
    """Return the entries of a CSV text, in their order.

    Raises:
        UsageError: ``faq.file`` with the line, where the table cannot be read at all.
    """
    text = text.removeprefix("\ufeff")
    first = text.partition("\n")[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    found: list[Read] = []
    names: list[str] | None = None
    begin = 1
    try:
        for cells in reader:
            if names is None:
                names = _names(cells)
            elif any(cells):
                found.append(_read_row(names, cells, begin))
            begin = reader.line_num + 1
    except csv.Error as error:
        raise UsageError("faq.file", line=begin, reason=str(error)) from error
    if names is None:
        raise UsageError("faq.column-missing", line=1, name="question")
    return found


def _names(cells: list[str]) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    for name in names:
        if name not in COLUMNS:
            raise UsageError(
                "faq.column-unknown", line=1, name=clean(name), known=", ".join(COLUMNS)
            )
    for needed in ("question", "answer"):
        if needed not in names:
            raise UsageError("faq.column-missing", line=1, name=needed)
    return names


def _read_row(names: list[str], cells: list[str], line: int) -> Read:
    if len(cells) > len(names) and any(cells[len(names) :]):
        return Read(line, error=UsageError("faq.bad-field", name=str(len(names) + 1), line=line))
    entry: dict[str, Any] = {
        name: of_cell(cell).replace("\r\n", "\n")
        for name, cell in zip(names, cells, strict=False)
        if cell or name in ("question", "answer")
    }
    published = str(entry.pop("published", "")).strip().lower()
    if published not in _TRUE | _FALSE:
        return Read(line, error=UsageError("faq.bad-field", name="published", line=line))
    return _read({**entry, "published": published in _TRUE}, line)


def read_file(name: str, text: str) -> list[Read]:
    """Return the entries of a file by the ending of its name: a table for ``.csv``, else TOML.

    Raises:
        UsageError: ``faq.file``.
    """
    return read_table(text) if name.lower().endswith(".csv") else read_toml(text)

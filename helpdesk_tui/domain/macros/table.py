"""Macros as a table (CSV): one row for each macro and language."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from helpdesk_tui.domain.cells import as_cell, of_cell
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.macros.actions import written_actions
from helpdesk_tui.domain.macros.macro import Macro, Mode
from helpdesk_tui.domain.macros.writing import toml_of

COLUMNS = (
    "name", "language", "email", "chat", "sms", "keys", "mode", "teams", "channels", "scope_tags",
    "note", "attach", "tag", "assign", "priority", "status", "snooze", "spam", "then",
)  # fmt: skip
"""The columns, in this order; only ``name`` is needed."""
_SCOPE = {"teams": "teams", "channels": "channels", "scope_tags": "tags"}
_PLAIN = ("note", "tag", "assign", "priority", "status", "snooze", "then")
_TRUE = ("true", "yes", "1")


def write_table(macros: Iterable[Macro]) -> str:
    """Return macros as CSV; what a table cannot hold (webhooks, templates) is left out."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for macro in macros:
        for row in _rows(macro):
            writer.writerow({name: as_cell(value) for name, value in row.items()})
    return out.getvalue()


def _rows(macro: Macro) -> Iterator[dict[str, str]]:
    actions = written_actions(macro.actions)
    first = {
        "keys": macro.keys,
        "mode": "" if macro.mode is Mode.INSERT else macro.mode.value,
        "teams": ", ".join(macro.scope.teams),
        "channels": ", ".join(macro.scope.channels),
        "scope_tags": ", ".join(macro.scope.tags),
        **{name: str(actions.get(name, "")) for name in _PLAIN},
        "attach": "\n".join(actions.get("attach", ())),
        "spam": "yes" if macro.actions.spam else "",
        "then": macro.then.value,
    }
    texts = [
        {"language": each.language, **{kind.value: text for kind, text in each.texts.items()}}
        for each in macro.bodies
    ]
    for index, row in enumerate(texts or [{}]):
        yield {"name": macro.name, **row, **(first if index == 0 else {})}


def read_rows(text: str) -> list[dict[str, str]]:
    """Return the rows of a CSV text by the names of its columns, in lower case.

    Raises:
        UsageError: ``macro.table`` if it is none, ``macro.table-empty`` without a row.
    """
    text = text.removeprefix("\ufeff")
    first = text.partition("\n")[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    try:
        found = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise UsageError("macro.table", reason=str(error)) from error
    if not found:
        raise UsageError("macro.table-empty")
    names = [name.strip().lower().replace(" ", "_") for name in found[0]]
    return [dict(zip(names, row, strict=False)) for row in found[1:] if any(row)]


def is_own_table(rows: Sequence[Mapping[str, str]]) -> bool:
    """Tell whether rows are of a table that we would write ourselves."""
    return bool(rows) and "name" in rows[0] and set(rows[0]) <= set(COLUMNS)


def sources_of(rows: Iterable[Mapping[str, str]]) -> list[str]:
    """Return the macros of our own table as their files, in order; nothing is checked yet."""
    grouped: dict[str, list[Mapping[str, str]]] = {}
    for cells in rows:
        row = {name: of_cell(cell) for name, cell in cells.items()}
        grouped.setdefault(" ".join(row.get("name", "").split()), []).append(row)
    return [toml_of(_values(name, found)) for name, found in grouped.items()]


def _values(name: str, rows: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    first = rows[0]
    body: dict[str, Any] = _texts(first)
    language = first.get("language", "").strip()
    for row in rows[1:]:
        body[row.get("language", "").strip() or "-"] = _texts(row)
    actions: dict[str, Any] = {key: first[key] for key in _PLAIN if first.get(key)}
    actions["attach"] = [line for line in first.get("attach", "").splitlines() if line.strip()]
    actions["spam"] = first.get("spam", "").strip().lower() in _TRUE
    scope = {key: _list(first.get(column, "")) for column, key in _SCOPE.items()}
    return {
        "name": name,
        **{key: first[key] for key in ("keys", "mode") if first.get(key)},
        **({"language": language} if language not in ("", "en") else {}),
        "scope": {key: value for key, value in scope.items() if value},
        "actions": {key: value for key, value in actions.items() if value},
        "body": body,
    }


def _texts(row: Mapping[str, str]) -> dict[str, Any]:
    texts = {kind: row.get(kind, "").replace("\r\n", "\n") for kind in ("email", "chat", "sms")}
    return {kind: text for kind, text in texts.items() if text.strip()}


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]

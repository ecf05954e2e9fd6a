"""The log as a file for other programs: JSON lines or CSV, page by page."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpdesk_tui.domain.activity import ActivityFilter, ActivityRow
from helpdesk_tui.services.private_files import keep_file

if TYPE_CHECKING:
    from helpdesk_tui.services.activity import Activity

_PAGE = 500
MOST = 100_000
"""Entries of one file; ask for a shorter time for less."""
COLUMNS = (
    "id", "at", "kind", "actor_kind", "actor", "ticket", "message", "change", "undone", "before",
    "after",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula at the beginning of a cell."""


class Form(StrEnum):
    """How it is written."""

    JSON = "json"
    CSV = "csv"


def entries(
    activity: Activity, wanted: ActivityFilter, limit: int = MOST, *, after: int | None = None
) -> Iterator[ActivityRow]:
    """Yield entries of the log, the newest first, read page by page."""
    left = limit
    while left > 0:
        page = activity.page(wanted, after=after, limit=min(_PAGE, left))
        yield from page.rows
        left -= len(page.rows)
        after = page.next
        if after is None:
            return


def entry_json(row: ActivityRow) -> dict[str, Any]:
    """Return an entry as the command line and files have it."""
    return {
        "id": str(row.id),
        "at": _time(row.at),
        "kind": row.kind,
        "actor": {"kind": row.actor_kind, "name": row.agent},
        "ticket": _id(row.ticket_id),
        "message": _id(row.message_id),
        "change": row.change_id or None,
        "undone": row.is_undone,
        "before": dict(row.before),
        "after": dict(row.after),
    }


def csv_cells(row: ActivityRow) -> list[str]:
    """Return an entry as cells that no spreadsheet takes for formulas."""
    made = entry_json(row)
    cells = [
        made["id"], made["at"], made["kind"], row.actor_kind, row.agent, made["ticket"] or "",
        made["message"] or "", row.change_id, "yes" if row.is_undone else "no",
        _packed(made["before"]), _packed(made["after"]),
    ]  # fmt: skip
    return [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells]


def written(activity: Activity, wanted: ActivityFilter, form: Form) -> str:
    """Return the entries as the text of a file."""
    out = io.StringIO()
    if form is Form.JSON:
        for row in entries(activity, wanted):
            out.write(_packed(entry_json(row)) + "\n")
    else:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(COLUMNS)
        table.writerows(csv_cells(row) for row in entries(activity, wanted))
    return out.getvalue()


def export(activity: Activity, wanted: ActivityFilter, target: Path) -> Path:
    """Write the entries to a new file, as CSV where its name ends so; return where it went.

    Raises:
        UsageError: ``attachment.no-folder``.
        StoreError: ``attachment.unwritable``.
    """
    form = Form.CSV if target.suffix.lower() == ".csv" else Form.JSON
    text = written(activity, wanted, form)
    return keep_file(target.expanduser().parent, target.name, text.encode())


def _packed(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _id(value: int | None) -> str | None:
    return None if value is None else str(value)

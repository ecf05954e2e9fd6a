"""``activity`` and ``undo``: what happened, and going back on it."""

from __future__ import annotations

import argparse
import csv
import sys
from datetime import UTC
from zoneinfo import ZoneInfo

from helpdesk_tui.cli.bulk import undone
from helpdesk_tui.cli.context import desk_of, number, output_of
from helpdesk_tui.cli.output import Output, cut
from helpdesk_tui.cli.triage import report_change
from helpdesk_tui.domain.activity import ActivityFilter, ActivityRow, UndoPreview
from helpdesk_tui.domain.activity_filter import groups_of, since_of, until_of
from helpdesk_tui.domain.errors import NotFound, UsageError
from helpdesk_tui.services.activity_export import COLUMNS, csv_cells, entries, entry_json
from helpdesk_tui.services.desk import Desk
from helpdesk_tui.widgets.words.activity import (
    exact,
    moved_words,
    preview_title,
    preview_words,
    what,
    who,
)
from helpdesk_tui.widgets.words.language import _

_DETAIL_CELLS = 72


def show(args: argparse.Namespace) -> int:
    """Print a part of the log, the newest first: as JSON lines, CSV, ids or a table."""
    out = output_of(args)
    if args.csv and (out.json or out.quiet):
        raise UsageError("argument.clash", names="--csv --json -q")
    with desk_of(args) as desk:
        wanted = _wanted(args, desk)
        after = number(args.after) if args.after else None
        rows = entries(desk.activity, wanted, args.limit, after=after)
        if out.json:
            for row in rows:
                out.document(entry_json(row))
        elif args.csv:
            table = csv.writer(sys.stdout, lineterminator="\n")
            table.writerow(COLUMNS)
            table.writerows(csv_cells(row) for row in rows)
        elif out.quiet:
            out.ids([row.id for row in rows])
        else:
            _print_rows(out, list(rows), ZoneInfo(desk.zone), args.limit)
    return 0


def _wanted(args: argparse.Namespace, desk: Desk) -> ActivityFilter:
    now, zone = desk.clock(), desk.zone
    return ActivityFilter(
        ticket_id=None if args.ticket is None else number(args.ticket),
        agent_id=desk.team.agent(args.by.lstrip("@")).id if args.by else None,
        groups=groups_of(args.kind) if args.kind else frozenset(),
        since=since_of(args.since, now, zone) if args.since else None,
        until=until_of(args.until, now, zone) if args.until else None,
    )


def _print_rows(out: Output, rows: list[ActivityRow], zone: ZoneInfo, limit: int) -> None:
    if not rows:
        out.say(_("nothing like this happened"))
        return
    heading = [_("id"), _("when"), _("who"), _("ticket"), _("what"), "", _("change")]
    out.table([heading, *(_cells(row, zone) for row in rows)], right=frozenset({0, 3}))
    if len(rows) == limit:
        out.say(_("more with --after {cursor}").format(cursor=rows[-1].id))


def _cells(row: ActivityRow, zone: ZoneInfo) -> list[str]:
    done = _("{what} (undone)").format(what=what(row)) if row.is_undone else what(row)
    return [
        str(row.id),
        exact(row.at.astimezone(zone)),
        who(row),
        "" if row.ticket_id is None else f"#{row.ticket_id}",
        done,
        cut(moved_words(row, zone), _DETAIL_CELLS),
        row.change_id,
    ]


def undo(args: argparse.Namespace) -> int:
    """Take back a change; without one what this agent did last, after asking."""
    out = output_of(args)
    with desk_of(args) as desk:
        if args.dry_run or not args.change:
            preview = _preview(args, desk)
            if args.dry_run:
                return _print_preview(out, preview, desk)
            if not _is_wanted(args, preview, desk):
                return 0
            change = undone(desk, preview.change_id)
        else:
            change = undone(desk, args.change)
    return report_change(out, change)


def _preview(args: argparse.Namespace, desk: Desk) -> UndoPreview:
    if args.change:
        return desk.activity.preview(args.change)
    found = desk.activity.newest_undoable()
    if found is None:
        raise NotFound("undo.nothing")
    return found


def _is_wanted(args: argparse.Namespace, preview: UndoPreview, desk: Desk) -> bool:
    """Ask a person; a script has to say so."""
    if args.yes:
        return True
    if not sys.stdin.isatty():
        raise UsageError("undo.unasked", change=preview.change_id)
    print(preview_words(preview, ZoneInfo(desk.zone)), file=sys.stderr)
    print(f"\n{preview_title(preview)} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes", _("yes"))


def _print_preview(out: Output, preview: UndoPreview, desk: Desk) -> int:
    if out.json:
        out.document(
            {
                "change": preview.change_id,
                "at": preview.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
                "agent": preview.agent or None,
                "again": preview.again,
                "tickets": preview.tickets,
                "entries": [entry_json(row) for row in preview.entries],
                "kept": [{"id": str(item), "field": field} for item, field in preview.kept],
                "skipped": [{"id": str(item), "code": code} for item, code in preview.skipped],
            }
        )
    elif out.quiet:
        out.ids([preview.change_id])
    else:
        out.say(preview_words(preview, ZoneInfo(desk.zone)))
    return 0 if preview.tickets else 1

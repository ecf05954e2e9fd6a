"""Verbs over everything a query finds: counted and asked about first, done in parts."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from helpdesk_tui.cli.context import desk_of, output_of
from helpdesk_tui.cli.output import Output, cut
from helpdesk_tui.cli.progress import Progress
from helpdesk_tui.domain.errors import HelpdeskError, UsageError
from helpdesk_tui.domain.tickets import TicketRow, View, ViewFilter
from helpdesk_tui.domain.triage import Change
from helpdesk_tui.widgets.words.language import _, ngettext

if TYPE_CHECKING:
    from helpdesk_tui.services.bulk import Report, Targets, Verb
    from helpdesk_tui.services.desk import Desk

AS_WANTED = (
    "ticket.already", "ticket.not-tagged", "ticket.not-watched", "ticket.not-blocked",
)  # fmt: skip
"""How codes of tickets begin that are as wanted already."""

_INTERRUPTED = 130
_SUBJECT = 60


def is_asked(args: argparse.Namespace) -> bool:
    """Tell whether a query says which tickets are meant, and nothing else does.

    Raises:
        UsageError: ``bulk.ids-and-query``, ``bulk.only-query``.
    """
    if getattr(args, "query", None) is None:
        if getattr(args, "dry_run", False) or getattr(args, "yes", False):
            raise UsageError("bulk.only-query")
        return False
    if getattr(args, "ids", None):
        raise UsageError("bulk.ids-and-query")
    if not args.query.strip():
        raise UsageError("argument.missing", name="--query QUERY")
    return True


def act_on_query(args: argparse.Namespace, verb: Verb, *, but: Sequence[int] = ()) -> int:
    """Do a verb to all that a query finds, once it is confirmed; return the exit code.

    Args:
        args: the parsed command line.
        verb: what is done.
        but: tickets that are left out.
    """
    out = output_of(args)
    with desk_of(args) as desk:
        where = ViewFilter(View.ALL, query=args.query.strip())
        targets = desk.bulk.everything(where, left_out=frozenset(but))
        sample = desk.bulk.sample(targets)
        if args.dry_run:
            _show(out, targets, sample)
            return 0
        if not targets.ids:
            _print(out, None)
            return 0
        if not args.yes and not _confirmed(targets, sample):
            return 1
        return _run(out, desk, targets, verb)


def _show(out: Output, targets: Targets, sample: Sequence[TicketRow]) -> None:
    if out.json:
        out.document({"count": len(targets), "sample": [str(row.id) for row in sample]})
    elif out.quiet:
        out.ids(targets.ids)
    else:
        out.say(_counted(len(targets)))
        for row in sample:
            out.say(f"  #{row.id}  {cut(row.customer_name, 24)}  {cut(row.subject, _SUBJECT)}")
        if len(targets) > len(sample):
            out.say("  " + _("and {count} more").format(count=len(targets) - len(sample)))


def _counted(count: int) -> str:
    return ngettext("{count} ticket", "{count} tickets", count).format(count=count)


def _confirmed(targets: Targets, sample: Sequence[TicketRow]) -> bool:
    """Ask on the terminal; anything but yes is no.

    Raises:
        UsageError: ``bulk.needs-yes`` where nobody can be asked.
    """
    if not sys.stdin.isatty():
        raise UsageError("bulk.needs-yes", count=len(targets))
    _show(Output(json=False), targets, sample)
    print(_("Go on? [y/N]") + " ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _run(out: Output, desk: Desk, targets: Targets, verb: Verb) -> int:
    from helpdesk_tui.db.activity import new_change_id

    change_id = new_change_id()
    try:
        with Progress(sys.stderr, len(targets)) as progress:
            report = desk.bulk.run(
                verb, targets, change_id=change_id, told=lambda seen, _total: progress.show(seen)
            )
    except KeyboardInterrupt:
        out.warn(_("stopped; to take back what was done: helpdesk ticket undo {change}").format(
            change=change_id))  # fmt: skip
        return _INTERRUPTED
    return _print(out, report)


def undone(desk: Desk, change_id: str) -> Change:
    """Take back an action, on however many tickets it was done."""
    from helpdesk_tui.services.bulk import CHUNK

    if desk.bulk.count(change_id) <= CHUNK:
        return desk.activity.undo(change_id)
    with Progress(sys.stderr, 1) as progress:
        report = desk.bulk.undo(change_id, told=progress.show)
    if report.error is not None:
        raise report.error
    return Change(report.change_id, tuple(report.changed), report.skipped, report.kept)


def _print(out: Output, report: Report | None) -> int:
    """Print what came of it; what was left is named on stderr."""
    from helpdesk_tui.widgets.words.errors import sentence

    changed = report.changed if report is not None else ()
    skipped = report.skipped if report is not None else ()
    if out.json:
        out.document(
            {
                "change": report.change_id if report is not None else "",
                "changed": [str(item) for item in changed],
                "skipped": [{"id": str(item), "code": code} for item, code in skipped],
            }
        )
    elif out.quiet:
        out.ids(changed)
    elif report is not None and changed:
        said = _("done: {tickets} · to take it back: helpdesk ticket undo {change}")
        out.say(said.format(tickets=_counted(len(changed)), change=report.change_id))
    else:
        out.say(_("no ticket to do that to"))
    failed = [each for each in skipped if not each[1].startswith(AS_WANTED)]
    for item, code in failed:
        out.warn(f"#{item}: {sentence(HelpdeskError(code, id=item, ticket_id=item))}")
    if report is not None and report.error is not None:
        raise report.error
    return 1 if failed else 0

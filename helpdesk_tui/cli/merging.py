"""``ticket merge``, ``unmerge`` and ``split``: one ticket of several, several of one."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence

from helpdesk_tui.cli.bulk import act_on_query, is_asked
from helpdesk_tui.cli.context import desk_of, number, output_of
from helpdesk_tui.cli.triage import report_change
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.triage import Change
from helpdesk_tui.services.desk import Desk
from helpdesk_tui.widgets.words.language import _


def merge(args: argparse.Namespace) -> int:
    """Make tickets part of another: ``--into ID``, or the last of the ids."""
    if is_asked(args):
        return _merge_found(args)
    if not args.ids:
        raise UsageError("argument.missing", name="ID")
    ids = [number(text) for text in args.ids]
    into = number(args.into) if args.into is not None else ids.pop()
    if not ids:
        raise UsageError("argument.missing", name="--into ID")
    out = output_of(args)
    with desk_of(args) as desk:
        change = desk.merging.merge(ids, into)
    return report_change(out, change)


def _merge_found(args: argparse.Namespace) -> int:
    """Merge what a query finds into one ticket that is named."""
    if args.into is None:
        raise UsageError("argument.missing", name="--into ID")
    into = number(args.into)

    def verb(desk: Desk, ids: Sequence[int], seen: Mapping[int, int] | None) -> Change:
        return desk.merging.merge(ids, into, versions=seen)

    return act_on_query(args, verb, but=[into])


def unmerge(args: argparse.Namespace) -> int:
    """Take a merged ticket out again."""
    out = output_of(args)
    with desk_of(args) as desk:
        change = desk.merging.unmerge(number(args.id))
    return report_change(out, change)


def split(args: argparse.Namespace) -> int:
    """Make a ticket of a message, or of it and all that follows."""
    out = output_of(args)
    with desk_of(args) as desk:
        found = desk.merging.split(number(args.message), following=args.following)
    if out.json:
        out.document({"ticket": str(found.ticket_id), "change": found.change.change_id})
    elif out.quiet:
        out.ids([found.ticket_id])
    else:
        out.say(_("done: now ticket #{ticket_id}").format(ticket_id=found.ticket_id))
    return 0

"""``block``: senders whose mail stays unseen."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from helpdesk_tui.cli.context import desk_of, output_of
from helpdesk_tui.cli.tickets import age
from helpdesk_tui.domain.times import rfc3339
from helpdesk_tui.widgets.words.language import _


def list_blocks(args: argparse.Namespace) -> int:
    """Print the blocked senders, the newest first."""
    out = output_of(args)
    with desk_of(args) as desk:
        blocks = desk.blocks.all()
    if out.json:
        shown = [
            {
                "id": str(each.id),
                "kind": each.kind,
                "value": each.value,
                "agent": each.agent or None,
                "at": rfc3339(each.at),
            }
            for each in blocks
        ]
        out.document({"blocks": shown})
    elif out.quiet:
        out.ids([each.id for each in blocks])
    elif blocks:
        now = datetime.now(UTC)
        rows = [[each.value, each.agent or "–", age(each.at, now)] for each in blocks]
        out.table([[_("sender"), _("by"), _("age")], *rows])
    else:
        out.say(_("nobody is blocked"))
    return 0


def remove(args: argparse.Namespace) -> int:
    """Let an address through again."""
    out = output_of(args)
    with desk_of(args) as desk:
        desk.blocks.remove(args.address)
    if out.json:
        out.document({"removed": args.address})
    else:
        out.say(_("mail of {address} is seen again").format(address=args.address))
    return 0

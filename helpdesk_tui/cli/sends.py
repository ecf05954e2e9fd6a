"""``sends``: campaigns and flows that customers answer."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from helpdesk_tui.cli.context import desk_of, output_of
from helpdesk_tui.cli.table_import import TableImport, before_id
from helpdesk_tui.cli.tickets import age
from helpdesk_tui.domain.actor import require_admin
from helpdesk_tui.domain.times import rfc3339
from helpdesk_tui.widgets.words.language import _
from helpdesk_tui.widgets.words.messaging_notices import attribution_kind


def import_sends(args: argparse.Namespace) -> int:
    """Take marketing sends over from a file; what is known changes nothing."""
    from helpdesk_tui.services.messaging.sends import Sends
    from helpdesk_tui.services.messaging.tables import read_sends

    with desk_of(args) as desk:
        require_admin(desk.actor)
        sends = Sends(desk.store, desk.actor, now=desk.clock)
        job = TableImport(output_of(args))
        job.run(read_sends(args.path, region=args.region), sends.store)
    return job.report({})


def list_sends(args: argparse.Namespace) -> int:
    """Print marketing sends, the newest first."""
    from helpdesk_tui.services.messaging.sends import Sends

    out = output_of(args)
    with desk_of(args) as desk:
        found = Sends(desk.store, desk.actor).page(
            before=before_id(args.after), limit=args.limit + 1, answered=args.answered
        )
    shown = found[: args.limit]
    following = str(shown[-1].id) if len(found) > len(shown) else None
    if out.json:
        listed = [
            {
                "id": str(each.id),
                "number": each.address,
                "channel": each.channel,
                "kind": each.kind,
                "name": each.name,
                "sent_at": rfc3339(each.sent_at),
                "delivered_at": each.delivered_at and rfc3339(each.delivered_at),
                "answer": None if each.message_id is None else str(each.message_id),
            }
            for each in shown
        ]
        out.document({"sends": listed, "next": following})
    elif out.quiet:
        out.ids([each.id for each in shown])
    elif shown:
        now = datetime.now(UTC)
        rows = [
            [each.name, attribution_kind(each.kind), each.address, age(each.sent_at, now),
             _("answered") if each.message_id else "–"]
            for each in shown
        ]  # fmt: skip
        out.table([[_("name"), _("kind"), _("number"), _("age"), _("answer")], *rows])
    else:
        out.say(_("no campaign or flow is known: helpdesk sends import FILE"))
    return 0

"""``consent`` and ``sends``: who may be written to, and what marketing sent."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from helpdesk_tui.cli.context import desk_of, number, output_of
from helpdesk_tui.cli.table_import import TableImport, before_id
from helpdesk_tui.cli.tickets import age
from helpdesk_tui.domain.actor import require_admin
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import NotFound
from helpdesk_tui.domain.messaging.state import ConsentState
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.times import rfc3339
from helpdesk_tui.services.messaging.consent import ConsentRow
from helpdesk_tui.services.messaging.numbers import e164
from helpdesk_tui.widgets.words.language import _, ngettext
from helpdesk_tui.widgets.words.messaging import CONSENT, consent_kind

if TYPE_CHECKING:
    pass

WITH_OPT_OUT = tuple(name for name, spec in CHANNELS.items() if spec.has_opt_out)
"""Channels on which consent is kept."""


def list_consents(args: argparse.Namespace) -> int:
    """Print entries of the log, the newest first."""
    out = output_of(args)
    address = e164(args.number) if args.number else ""
    with desk_of(args) as desk:
        found = desk.consent.entries(
            channel=args.channel,
            address=address,
            before=before_id(args.after),
            limit=args.limit + 1,
        )
    shown = found[: args.limit]
    following = str(shown[-1].id) if len(found) > len(shown) else None
    if out.json:
        out.document({"consent": [consent_json(each) for each in shown], "next": following})
    elif out.quiet:
        out.ids([each.id for each in shown])
    elif shown:
        now = datetime.now(UTC)
        head = [_("number"), _("channel"), _("consent"), _("kind"), _("source"), _("age")]
        rows = [
            [each.address, each.channel, _(CONSENT[each.state]), consent_kind(each.kind),
             _source(each),
             age(each.at, now)]
            for each in shown
        ]  # fmt: skip
        out.table([head, *rows])
    else:
        out.say(_("nobody has given or withdrawn consent yet"))
    return 0


def show(args: argparse.Namespace) -> int:
    """Print what is known of a number, channel by channel."""
    out = output_of(args)
    address = e164(args.number, args.region)
    with desk_of(args) as desk:
        found = {name: desk.consent.state(address, name) for name in WITH_OPT_OUT}
    known = [each for each in found.values() if each is not None]
    if out.json:
        out.document({
            "number": address,
            **{name: None if row is None else consent_json(row) for name, row in found.items()},
        })  # fmt: skip
    elif known:
        now = datetime.now(UTC)
        out.table([
            [each.channel, _(CONSENT[each.state]), consent_kind(each.kind),
             _source(each), age(each.at, now)]
            for each in known
        ])  # fmt: skip
    else:
        raise NotFound("consent.unknown", address=address)
    return 0


def record(args: argparse.Namespace) -> int:
    """Note that somebody gave consent."""
    return _note(args, ConsentState.GIVEN)


def withdraw(args: argparse.Namespace) -> int:
    """Note that somebody withdrew consent."""
    return _note(args, ConsentState.WITHDRAWN)


def _note(args: argparse.Namespace, state: ConsentState) -> int:
    from helpdesk_tui.services.messaging.tables import moment

    out = output_of(args)
    with desk_of(args) as desk:
        if args.ticket:
            row = desk.consent.record_for(number(args.ticket), state, args.source, kind=args.kind)
        else:
            row = desk.consent.record(
                e164(args.number, args.region), state, args.source, channel=args.channel,
                kind=args.kind, at=moment(args.at) if args.at else None,
            )  # fmt: skip
    if out.json:
        out.document(consent_json(row))
    elif out.quiet:
        out.ids([row.address])
    else:
        out.say(
            _("{number}, {channel}: {state}").format(
                number=row.address, channel=row.channel, state=_(CONSENT[row.state])
            )
        )
    return 0


def import_file(args: argparse.Namespace) -> int:
    """Take consent over from a file; what was taken over before is passed over."""
    from helpdesk_tui.services.messaging.tables import read_consents

    with desk_of(args) as desk:
        require_admin(desk.actor)
        refused = 0

        def store(rows: Sequence[Any]) -> int:
            nonlocal refused
            added, kept = desk.consent.add(rows)
            refused += len(kept)
            return added

        job = TableImport(output_of(args))
        job.run(read_consents(args.path, region=args.region), store)
    if refused:
        job.out.warn(ngettext(
            "{count} number has opted out since and stays so",
            "{count} numbers have opted out since and stay so",
            refused,
        ).format(count=refused))  # fmt: skip
    return job.report({"opted_out": refused})


def consent_json(row: ConsentRow) -> dict[str, Any]:
    """Return an entry of the log."""
    return {
        "number": row.address,
        "channel": row.channel,
        "state": row.state.value,
        "kind": row.kind,
        "source": row.source,
        "detail": row.detail or None,
        "ours": row.ours or None,
        "agent": row.agent or None,
        "at": rfc3339(row.at),
    }


def _source(row: ConsentRow) -> str:
    return ": ".join(filter(None, (row.agent or row.source, clean(row.detail))))

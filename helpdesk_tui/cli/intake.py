"""``intake list``, ``show`` and ``ticket``: what was received and made no ticket, and why."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from helpdesk_tui.cli.context import desk_of, number, output_of
from helpdesk_tui.cli.output import Output, cut
from helpdesk_tui.cli.schemas import intake_json, intake_mail_json
from helpdesk_tui.cli.tickets import age
from helpdesk_tui.domain.intake import IntakePage, IntakeRow
from helpdesk_tui.widgets.words.intake import reason_for
from helpdesk_tui.widgets.words.language import _

_SUBJECT_CELLS = 48
_SENDER_CELLS = 32


def list_intake(args: argparse.Namespace) -> int:
    """Print a page of what made no ticket, newest first."""
    out = output_of(args)
    after = number(args.after) if args.after else None
    with desk_of(args) as desk:
        page = desk.intake.page(after=after, limit=args.limit, everything=args.all)
    if out.quiet:
        out.ids([row.id for row in page.rows])
    elif out.json:
        following = str(page.rows[-1].id) if page.has_more else None
        out.document({"intake": [intake_json(row) for row in page.rows], "next": following})
    else:
        _print_page(out, page)
    return 0


def show(args: argparse.Namespace) -> int:
    """Print one of them with its reason and the text of the mail."""
    from helpdesk_tui.sync.parser import ParserProcess

    out = output_of(args)
    with desk_of(args) as desk:
        row, raw = desk.intake.load(number(args.id))
    if row.is_message:
        return _show_message(out, row)
    with ParserProcess() as parser:
        mail = parser.parse([raw])[0].mail
    if out.json:
        out.document({**intake_json(row), **intake_mail_json(mail)})
        return 0
    _print_head(out, row)
    for line in mail.text.splitlines():
        out.say(f"  {line}".rstrip())
    for file in mail.attachments:
        out.say(
            "  "
            + _("{filename}  {content_type}  {size} bytes").format(
                filename=file.filename, content_type=file.content_type, size=file.size
            )
        )
    return 0


def _show_message(out: Output, row: IntakeRow) -> int:
    """Print one that came by SMS, WhatsApp or Instagram."""
    if out.json:
        out.document({**intake_json(row), "text": row.text})
        return 0
    _print_head(out, row)
    for line in row.text.splitlines():
        out.say(f"  {line}".rstrip())
    return 0


def ticket(args: argparse.Namespace) -> int:
    """Make a ticket of one of them, or name the ticket that was made before."""
    from helpdesk_tui.domain.mail import Address
    from helpdesk_tui.sync.intake_tickets import make_ticket
    from helpdesk_tui.sync.parser import ParserProcess

    out = output_of(args)
    customer = Address("", args.customer) if args.customer else None
    with desk_of(args) as desk, ParserProcess() as parser:
        made = make_ticket(desk.store, desk.actor, parser, number(args.id), customer)
    if out.json:
        out.document({"id": str(number(args.id)), "ticket": str(made)})
    elif out.quiet:
        out.ids([made])
    else:
        out.say(_("ticket #{made}").format(made=made))
    return 0


def _print_page(out: Output, page: IntakePage) -> None:
    if not page.rows:
        out.say(_("nothing here: all that came in made a ticket"))
        return
    now = datetime.now(UTC)
    rows = [
        [
            str(row.id),
            row.reason,
            cut(row.sender, _SENDER_CELLS) or "–",
            cut(row.subject, _SUBJECT_CELLS) or "–",
            row.account or "–",
            age(row.received_at, now),
        ]
        for row in page.rows
    ]
    heading = [_("id"), _("reason"), _("from"), _("subject"), _("channel"), _("age")]
    out.table([heading, *rows], right=frozenset({0, 5}))
    if page.has_more:
        out.say(_("more with --after {id}").format(id=page.rows[-1].id))


def _person(row: IntakeRow) -> str:
    if row.customer is None:
        return ""
    name, address = row.customer.name, row.customer.addr
    return f"{name} <{address}>" if name else address


def _print_head(out: Output, row: IntakeRow) -> None:
    when = row.received_at.astimezone().strftime("%Y-%m-%d %H:%M")
    evidence = "; ".join(f"{code}: {detail}" if detail else code for code, detail in row.evidence)
    pairs = (
        (_("reason"), f"{row.reason}: {reason_for(row).what}"),
        (_("evidence"), evidence),
        (_("from"), row.sender),
        (_("customer"), _person(row)),
        (_("received"), when),
        (_("channel"), row.account),
        (_("ticket"), f"#{row.ticket_id}" if row.ticket_id is not None else ""),
    )
    subject = cut(row.subject, 100) or _("(no subject)")
    out.say(f"{row.id} {subject}")
    for name, value in pairs:
        if value:
            out.say(f"  {name:9} {cut(value, 300)}")
    out.say("")

"""``channel template``: what may be sent while a window is shut."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from helpdesk_tui.cli.accounts import account_of
from helpdesk_tui.cli.context import desk_of, output_of
from helpdesk_tui.widgets.words.language import _, ngettext

if TYPE_CHECKING:
    from helpdesk_tui.domain.messaging.templates import TemplateRow


def list_templates(args: argparse.Namespace) -> int:
    """Print the templates of a channel."""
    out = output_of(args)
    with desk_of(args) as desk:
        found = desk.templates.of_account(account_of(desk, args.name))
    if out.json:
        out.document({"templates": [_json(each) for each in found]})
    elif out.quiet:
        for each in found:
            out.say(f"{each.name} {each.language}")
    elif found:
        heading = [_("name"), _("language"), _("state"), _("values"), _("text")]
        out.table([heading, *(_cells(each) for each in found)])
    else:
        out.say(_("no templates: helpdesk channel template add --help"))
    return 0


def add(args: argparse.Namespace) -> int:
    """Enter a template."""
    from helpdesk_tui.domain.messaging.templates import TemplateFound

    out = output_of(args)
    text = args.text if args.text is not None else sys.stdin.read()
    entered = TemplateFound(args.template, args.language, "approved", text, args.category, args.id)
    with desk_of(args) as desk:
        account = account_of(desk, args.name)
        desk.templates.add(account, entered)
        found = next(
            each
            for each in desk.templates.of_account(account)
            if (each.name, each.language) == (entered.name, entered.language)
        )
    if out.json:
        out.document(_json(found))
    else:
        said = _("{name} ({language}) can be sent from {channel} now")
        out.say(said.format(name=found.name, language=found.language, channel=args.name))
    return 0


def remove(args: argparse.Namespace) -> int:
    """Remove a template that was entered."""
    out = output_of(args)
    with desk_of(args) as desk:
        count = desk.templates.remove(account_of(desk, args.name), args.template, args.language)
    if out.json:
        out.document({"removed": count})
    else:
        said = ngettext("{count} template is removed", "{count} templates are removed", count)
        out.say(said.format(count=count))
    return 0


def _json(row: TemplateRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "language": row.language,
        "category": row.category,
        "status": row.status,
        "text": row.body,
        "values": row.places,
        "source": row.source,
    }


def _cells(row: TemplateRow) -> list[str]:
    text = " ".join(row.body.split())
    return [row.name, row.language, row.status, str(row.places), text]

"""The options of ``channel template``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk_tui.cli.options import add_command, add_group, add_quiet
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.cli.options import type_of_groups


def add_templates(channel: type_of_groups) -> None:
    """Add ``template`` to the commands of a channel."""
    group = add_group(channel, "template", _("the approved templates of a channel (WhatsApp)"))
    listing = add_command(
        group, "list", "templates:list_templates", _("list them with state and text")
    )
    listing.add_argument("name", metavar="CHANNEL")
    add_quiet(listing)
    add = add_command(
        group, "add", "templates:add", _("enter one that the provider has approved, or change it")
    )
    remove = add_command(group, "remove", "templates:remove", _("remove one that was entered"))
    for leaf in (add, remove):
        leaf.add_argument("name", metavar="CHANNEL")
        leaf.add_argument("template", metavar="NAME")
    add.add_argument(
        "--language", required=True, metavar="CODE", help=_("as approved, such as en_US")
    )
    add.add_argument(
        "--text", metavar="TEXT", help=_("with {{1}}, {{2}} … (default: read standard input)")
    )
    add.add_argument("--category", default="", metavar="NAME", help=_("such as utility"))
    add.add_argument(
        "--id", default="", metavar="ID", help=_("Twilio: its ContentSid, which begins with HX")
    )
    remove.add_argument(
        "--language", default="", metavar="CODE", help=_("only in this one, else in all")
    )

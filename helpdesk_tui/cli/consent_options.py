"""The options of ``consent`` and ``sends``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_tui.cli.options import add_command, add_group, add_page, add_quiet
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.widgets.words.language import N_, _

if TYPE_CHECKING:
    import argparse

    from helpdesk_tui.cli.options import type_of_groups

_CHANNELS = tuple(name for name, spec in CHANNELS.items() if spec.has_opt_out)
_KINDS = ("marketing", "transactional")


def add_consents(commands: type_of_groups) -> None:
    """Add the commands about consent and about what marketing sent."""
    group = add_group(commands, "consent", _("who may be written to by SMS and WhatsApp"))
    found = add_command(group, "list", "consent:list_consents", _("list entries, newest first"))
    found.add_argument("--channel", choices=_CHANNELS, default="")
    found.add_argument("--number", default="", metavar="NUMBER", help=_("of this number only"))
    add_page(found)
    show = add_command(group, "show", "consent:show", _("show what is known of a number"))
    show.add_argument("number", metavar="NUMBER")
    _add_region(show)
    for name, meaning in (
        ("record", N_("note that somebody gave consent, and where")),
        ("withdraw", N_("note that somebody withdrew consent, and where")),
    ):
        leaf = add_command(group, name, f"consent:{name}", _(meaning))
        who = leaf.add_mutually_exclusive_group(required=True)
        who.add_argument("number", nargs="?", metavar="NUMBER", help=_("such as +46701112233"))
        who.add_argument("--ticket", metavar="ID", help=_("the customer of this ticket"))
        leaf.add_argument(
            "--source",
            required=True,
            metavar="TEXT",
            help=_("where it was said, such as: form 17"),
        )
        leaf.add_argument("--channel", choices=_CHANNELS, default=_CHANNELS[0])
        leaf.add_argument("--kind", choices=_KINDS, default=_KINDS[1])
        leaf.add_argument("--at", default="", metavar="TIME", help=_("when; default: now"))
        _add_region(leaf)
        add_quiet(leaf)
    _add_import(
        group,
        "consent:import_file",
        _("take consent over from a CSV file: number, state; kind, channel, at, source"),
    )
    sends = add_group(commands, "sends", _("campaigns and flows that customers answer"))
    _add_import(
        sends,
        "sends:import_sends",
        _("take sends over from a CSV file: id, number, name, sent_at, delivered_at; kind, text"),
    )
    listed = add_command(sends, "list", "sends:list_sends", _("list sends, newest first"))
    listed.add_argument("--answered", action="store_true", help=_("only those with an answer"))
    add_page(listed)


def _add_import(group: type_of_groups, run: str, help: str) -> None:
    leaf = add_command(group, "import", run, help)
    leaf.add_argument("path", type=Path, metavar="FILE")
    _add_region(leaf)


def _add_region(leaf: argparse.ArgumentParser) -> None:
    leaf.add_argument(
        "--region", default="", metavar="COUNTRY", help=_("country of national numbers, such as SE")
    )

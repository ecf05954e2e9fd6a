"""The options of ``view``."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from helpdesk_tui.cli.options import add_command, add_group, add_quiet
from helpdesk_tui.domain.views import SORTS
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.cli.options import type_of_groups


def add_views(commands: type_of_groups) -> None:
    """Add ``view`` and its commands."""
    group = add_group(commands, "view", _("queries that are kept under a name"))
    add_quiet(
        add_command(group, "list", "views:list_views", _("list them with their unread tickets"))
    )
    save = add_command(group, "save", "views:save", _("keep a query under a name"))
    save.add_argument("name", metavar="NAME")
    save.add_argument("query", metavar="QUERY", help=_("as 'search' takes it; '' is every ticket"))
    save.add_argument(
        "--status",
        choices=("open", "snoozed", "closed", "any"),
        default="open",
        help=_("the status it shows (open)"),
    )
    save.add_argument(
        "--sort",
        choices=[sort.value for sort in SORTS],
        default="newest",
        help=_("who comes first (newest)"),
    )
    save.add_argument("--pin", default="", metavar="KEY", help=_("the key that opens it: 1 to 9"))
    save.add_argument("--replace", action="store_true", help=_("overwrite the one of this name"))
    _add_whose(save)
    add_quiet(save)
    rename = add_command(group, "rename", "views:rename", _("give one another name"))
    rename.add_argument("name", metavar="NAME")
    rename.add_argument("new_name", metavar="NEW")
    pin = add_command(group, "pin", "views:pin", _("put one on a key"))
    pin.add_argument("name", metavar="NAME")
    pin.add_argument("pin", metavar="KEY", help=_("1 to 9, or none"))
    move = add_command(group, "move", "views:move", _("put one further up or down"))
    move.add_argument("name", metavar="NAME")
    move.add_argument("way", choices=("up", "down", "first", "last"))
    delete = add_command(group, "delete", "views:delete", _("delete one; its tickets stay"))
    delete.add_argument("name", metavar="NAME")
    for leaf in (rename, pin, move, delete):
        _add_whose(leaf)
        add_quiet(leaf)


def _add_whose(parser: argparse.ArgumentParser) -> None:
    whose = parser.add_mutually_exclusive_group()
    whose.add_argument("--shared", action="store_true", help=_("one that everybody sees"))
    whose.add_argument("--private", action="store_true", help=_("one of your own"))

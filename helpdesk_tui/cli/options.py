"""What the commands of the tree share: how one is added, and the options many of them take."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    type_of_groups = argparse._SubParsersAction[argparse.ArgumentParser]

CLI = "helpdesk_tui.cli"
_DIGITS = 10
"""Numbers of so many digits are refused: a store counts in eight bytes."""


def add_common(parser: argparse.ArgumentParser, *, top: bool = False) -> None:
    """Add what every command takes; before or after the command name alike."""
    missing = None if top else argparse.SUPPRESS
    group = parser.add_argument_group(_("store and identity"))
    group.add_argument(
        "--store", metavar="DIR", default=missing, help=_("the store (or HELPDESK_STORE)")
    )
    group.add_argument(
        "--config",
        metavar="FILE",
        type=Path,
        default=missing,
        help=_("the TOML configuration (or HELPDESK_CONFIG)"),
    )
    group.add_argument(
        "--agent", metavar="NAME", default=missing, help=_("who acts (or HELPDESK_AGENT)")
    )
    group.add_argument(
        "--verbose",
        action="store_true",
        default=False if top else argparse.SUPPRESS,
        help=_("name the cause of an error too"),
    )


def add_command(
    commands: type_of_groups, name: str, run: str, help: str, *, json: bool = True
) -> argparse.ArgumentParser:
    """Add a command; ``run`` is its ``module:function``."""
    parser = commands.add_parser(name, help=help, description=help[0].upper() + help[1:] + ".")
    parser.set_defaults(run=f"{CLI}.{run}")
    add_common(parser)
    if json:
        parser.add_argument("--json", action="store_true", help=_("print JSON on stdout only"))
    return parser


def add_group(commands: type_of_groups, name: str, help: str) -> type_of_groups:
    """Add a command that has commands of its own."""
    parser = commands.add_parser(name, help=help, description=help[0].upper() + help[1:] + ".")
    return parser.add_subparsers(title=_("commands"), metavar="COMMAND", required=True)


def add_quiet(parser: argparse.ArgumentParser) -> None:
    """Add the option that prints ids only."""
    parser.add_argument("-q", "--quiet", action="store_true", help=_("print ids only"))


def add_page(parser: argparse.ArgumentParser) -> None:
    """Add the options of a list that is read page by page."""
    parser.add_argument(
        "--limit", type=_positive, default=50, metavar="N", help=_("this many at most (50)")
    )
    parser.add_argument(
        "--after", default="", metavar="CURSOR", help=_("'next' of the page before")
    )
    add_quiet(parser)


def add_ids(parser: argparse.ArgumentParser, help: str = "") -> None:
    """Add ids of tickets."""
    parser.add_argument("ids", nargs="+", metavar="ID", help=help or _("numbers of tickets"))
    add_quiet(parser)


def add_targets(parser: argparse.ArgumentParser, help: str = "") -> None:
    """Add tickets by number, or by a query that finds them."""
    parser.add_argument(
        "ids", nargs="*", metavar="ID", help=help or _("numbers of tickets; or give --query")
    )
    add_query(parser)
    add_quiet(parser)


def add_query(parser: argparse.ArgumentParser) -> None:
    """Add the options of a command over everything that a query finds."""
    parser.add_argument(
        "--query", metavar="QUERY", help=_("do it to all tickets that this finds, as search does")
    )
    parser.add_argument(
        "--dry-run", action="store_true", help=_("with --query: only say how many and show some")
    )
    parser.add_argument("--yes", action="store_true", help=_("with --query: do not ask"))


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:_DIGITS]) > 0 and len(text) < _DIGITS):
        raise argparse.ArgumentTypeError(_("must be a number from 1 to 999999999"))
    return int(text)

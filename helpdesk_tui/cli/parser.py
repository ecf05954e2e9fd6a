"""The tree of commands and their options; nothing here runs or imports a command.

Each leaf names its handler as ``module:function``, so that a command pays for its own imports only.
"""

from __future__ import annotations

import argparse
import re
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_tui import __version__
from helpdesk_tui.cli.options import (
    CLI,
    add_command,
    add_common,
    add_group,
    add_page,
    add_quiet,
    add_targets,
)
from helpdesk_tui.cli.usage import Parser
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from helpdesk_tui.cli.options import type_of_groups


_LEAVES_OUT = re.compile(r"-[a-z]+:\S")
_WORDS = "--words"
"""Behind it stands a line to complete: what the scripts of the shells ask with."""

_PARTS = (
    (("init", "demo"), "parser:_add_setup"),
    (("channel",), "channel_options:add_channels"),
    (("sync", "import", "mail"), "parser:_add_mail"),
    (("relay",), "relay_options:add_relay"),
    (("ticket", "search", "attachment"), "parser:_add_tickets"),
    (("activity", "undo"), "history_options:add_history"),
    (("macro",), "macro_options:add_macros"),
    (("view",), "view_options:add_views"),
    (("faq",), "faq_options:add_faq"),
    (("intake",), "parser:_add_intake"),
    (("agent",), "team_options:add_agents"),
    (("team",), "team_options:add_teams"),
    (("profile",), "team_options:add_profiles"),
    (("block",), "team_options:add_blocks"),
    (("consent", "sends"), "consent_options:add_consents"),
    (("source",), "source_options:add_sources"),
    (("action",), "action_options:add_actions"),
    (("setting",), "setting_options:add_settings"),
    (("hours",), "setting_options:add_hours"),
    (("keys",), "setting_options:add_keys"),
    (("status",), "setting_options:add_status"),
    (("doctor", "secret", "backup", "restore"), "care_options:add_care"),
    (("completion", "man"), "help_options:add_helps"),
)
"""What adds which commands, in their order: building them all takes as long as a short command."""


def build_parser(*, only: str | None = None) -> argparse.ArgumentParser:
    """Return the parser of the whole command line.

    Args:
        only: The command that is run, so that it pays for no other; one that is not known gets
            the whole tree. Empty for that of the options before a command.
    """
    parser: argparse.ArgumentParser = Parser(
        prog="helpdesk",
        description=_("A helpdesk worked from the terminal. Without a command it opens the UI."),
        epilog=_("'helpdesk COMMAND --help' says more about one of them."),
    )
    parser.add_argument("--version", action="version", version=f"helpdesk {__version__}")
    add_common(parser, top=True)
    parser.add_argument(
        "--ticket",
        metavar="N",
        dest="goes_to",
        default="",
        help=_("open the UI in this ticket: 42, #42 or helpdesk://ticket/42"),
    )
    parser.set_defaults(run=f"{CLI}.ui:open_ui")
    if only != "":
        tree = parser.add_subparsers(title=_("commands"), metavar="COMMAND", dest="command")
        _add_commands(tree, only)
    return parser


def _add_commands(tree: type_of_groups, only: str | None) -> None:
    parts = [part for names, part in _PARTS if only in names] or [part for _, part in _PARTS]
    for part in parts:
        module, name = part.split(":")
        getattr(import_module(f"{CLI}.{module}"), name)(tree)


def _add_setup(commands: type_of_groups) -> None:
    init = add_command(commands, "init", "init:run", _("set up a store and its first agent"))
    init.add_argument("--non-interactive", action="store_true", help=_("ask nothing"))
    init.add_argument(
        "--group",
        metavar="NAME",
        default="",
        help=_("share the store among the Unix accounts of a group"),
    )
    init.add_argument(
        "--set",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help=_("answer a question beforehand: agent.name, agent.full_name, agent.email, desk.name"),
    )
    demo = add_command(
        commands, "demo", "demo_command:run", _("try it on a throw-away store with sample tickets")
    )
    demo.add_argument("--headless", action="store_true", help=_("print the store, open no UI"))
    demo.add_argument("--seed", type=int, default=1, help=argparse.SUPPRESS)


def _add_mail(commands: type_of_groups) -> None:
    sync = add_command(commands, "sync", "sync:run", _("fetch and send: the worker"))
    sync.add_argument("--once", action="store_true", help=_("one round, then a summary"))
    sync.add_argument("--channel", metavar="NAME", help=_("this channel only"))
    sync.add_argument("--quiet", "-q", action="store_true", help=_("print nothing"))
    bring = add_command(
        commands, "import", "importing:run", _("turn mbox, Maildir or .eml into tickets")
    )
    bring.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help=_("files, or folders to look through")
    )
    bring.add_argument(
        "--mailbox", metavar="ADDRESS", default="", help=_("the mailbox it came from")
    )
    mail = add_group(commands, "mail", _("look at mails"))
    explain = add_command(
        mail, "explain", "explain:run", _("say how each mail is understood, storing nothing")
    )
    explain.add_argument("files", nargs="+", type=Path, metavar="FILE")
    explain.add_argument(
        "--own", action="append", default=[], metavar="ADDRESS", help=_("an address of ours")
    )
    page = add_command(
        mail, "original", "original:run", _("print a mail as a harmless page for a browser")
    )
    page.add_argument(
        "file", type=Path, metavar="FILE", help=_("an .eml file; - is standard input")
    )


def _add_tickets(commands: type_of_groups) -> None:
    from helpdesk_tui.cli.triage_options import add_triage
    from helpdesk_tui.cli.writing_options import add_writing

    group = add_group(commands, "ticket", _("read and work tickets"))
    listed = add_command(group, "list", "tickets:list_tickets", _("list tickets, newest first"))
    listed.add_argument("--view", default="", metavar="NAME", help=_("those of this view"))
    _list_options(listed)
    show = add_command(group, "show", "tickets:show", _("show a ticket with its thread"))
    show.add_argument("id", metavar="ID")
    add_quiet(show)
    add_writing(group)
    add_triage(group)
    _add_merging(group)
    search = add_command(
        commands, "search", "tickets:search", _("find tickets by words and operators")
    )
    _list_options(search, required=True)
    files = add_group(commands, "attachment", _("files of tickets"))
    get = add_command(
        files, "get", "attachments:get", _("write a file of a message to disk"), json=False
    )
    get.add_argument("id", metavar="ID", help=_("as 'ticket show' prints it in brackets"))
    get.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help=_("default: standard output")
    )
    fetch = add_command(
        files, "fetch", "attachments:fetch", _("have a file fetched from its provider again")
    )
    fetch.add_argument("id", metavar="ID", help=_("as 'ticket show' prints it in brackets"))
    add_quiet(fetch)
    put = add_command(files, "put", "attachments:put", _("add a file to your draft; never sends"))
    put.add_argument("ticket", metavar="TICKET")
    put.add_argument("--name", required=True, help=_("its file name; the bytes come by stdin"))
    add_quiet(put)


def _add_intake(commands: type_of_groups) -> None:
    group = add_group(commands, "intake", _("what came in and made no ticket"))
    listed = add_command(
        group, "list", "intake:list_intake", _("list it with reasons, newest first")
    )
    listed.add_argument(
        "--all", action="store_true", help=_("also what was dismissed or made a ticket")
    )
    add_page(listed)
    show = add_command(group, "show", "intake:show", _("show one with its reason and its text"))
    show.add_argument("id", metavar="ID")
    ticket = add_command(
        group, "ticket", "intake:ticket", _("make a ticket of one; prints its number")
    )
    ticket.add_argument("id", metavar="ID")
    ticket.add_argument(
        "--customer", metavar="ADDRESS", help=_("whose ticket it is, if the mail names another")
    )
    add_quiet(ticket)


def _list_options(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    nargs = None if required else "?"
    parser.add_argument(
        "query",
        nargs=nargs,
        default="",
        metavar="QUERY",
        help=_("words, and fields such as is:open tag:refund from:jo@shop.example created:<2d"),
    )
    add_page(parser)


def _add_merging(group: type_of_groups) -> None:
    merge = add_command(group, "merge", "merging:merge", _("make tickets of a customer one ticket"))
    add_targets(merge, _("numbers of tickets; without --into, the last one is the one that stays"))
    merge.add_argument("--into", metavar="ID", help=_("the ticket that stays"))
    unmerge = add_command(group, "unmerge", "merging:unmerge", _("take a merged ticket out again"))
    unmerge.add_argument("id", metavar="ID")
    add_quiet(unmerge)
    split = add_command(group, "split", "merging:split", _("make a message a ticket of its own"))
    split.add_argument("message", metavar="MESSAGE", help=_("as 'ticket show --json' names it"))
    split.add_argument("--following", action="store_true", help=_("take all later messages along"))
    add_quiet(split)


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Return the parsed arguments; ends the process as argparse does on wrong usage."""
    if _WORDS in argv and "completion" in argv[: argv.index(_WORDS)]:
        # what is typed on another line is no argument of this one
        at = argv.index(_WORDS)
        args = parse(argv[:at])
        args.words = list(argv[at + 1 :])
        return args
    # a query may begin with what is left out; no option has a colon behind its name
    words = [f" {each}" if _LEAVES_OUT.match(each) else each for each in argv]
    return build_parser(only=_command(argv)).parse_args(words)


def _command(argv: Sequence[str]) -> str | None:
    """Return the command behind options of the whole program that are written in full.

    Nothing if no command follows: then the interface is opened. None if anything else stands there.
    """
    words = iter(argv)
    for word in words:
        name, is_joined, _value = word.partition("=")
        if name in ("--store", "--config", "--agent"):
            if not is_joined and next(words, "-").startswith("-"):
                return None
        elif word != "--verbose":
            return None if word.startswith("-") else word
    return ""

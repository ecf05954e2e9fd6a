"""The tree of commands and their options; nothing here runs or imports a command.

Each leaf names its handler as ``module:function``, so that a command pays for its own imports only.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from helpdesk_tui import __version__
from helpdesk_tui.cli.macro_options import add_macros
from helpdesk_tui.cli.options import (
    CLI,
    add_command,
    add_common,
    add_group,
    add_ids,
    add_page,
    add_quiet,
)
from helpdesk_tui.cli.team_options import add_agents, add_blocks, add_profiles, add_teams
from helpdesk_tui.cli.triage_options import add_triage
from helpdesk_tui.cli.view_options import add_views
from helpdesk_tui.cli.writing_options import add_writing
from helpdesk_tui.domain.text import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from helpdesk_tui.cli.options import type_of_groups


class _Parser(argparse.ArgumentParser):
    """A parser that repeats wrong arguments as harmless text."""

    def error(self, message: str) -> NoReturn:
        super().error(clean(message))


def build_parser(*, commands: bool = True) -> argparse.ArgumentParser:
    """Return the parser of the whole command line, or of the options before a command only."""
    parser: argparse.ArgumentParser = _Parser(
        prog="helpdesk",
        description="A helpdesk worked from the terminal. Without a command it opens the UI.",
        epilog="'helpdesk COMMAND --help' says more about one of them.",
    )
    parser.add_argument("--version", action="version", version=f"helpdesk {__version__}")
    add_common(parser, top=True)
    parser.set_defaults(run=f"{CLI}.ui:open_ui")
    if commands:
        tree = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command")
        _add_setup(tree)
        _add_channel(tree)
        _add_mail(tree)
        _add_tickets(tree)
        add_macros(tree)
        add_views(tree)
        _add_intake(tree)
        add_agents(tree)
        add_teams(tree)
        add_profiles(tree)
        add_blocks(tree)
        _add_settings(tree)
        _add_care(tree)
    return parser


def _add_setup(commands: type_of_groups) -> None:
    init = add_command(commands, "init", "init:run", "set up a store and its first agent")
    init.add_argument("--non-interactive", action="store_true", help="ask nothing")
    init.add_argument(
        "--set",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="answer a question beforehand: agent.name, agent.full_name, agent.email, desk.name",
    )
    demo = add_command(
        commands, "demo", "demo_command:run", "try it on a throw-away store with sample tickets"
    )
    demo.add_argument("--headless", action="store_true", help="print the store, open no UI")
    demo.add_argument("--seed", type=int, default=1, help=argparse.SUPPRESS)


def _add_channel(commands: type_of_groups) -> None:
    group = add_group(commands, "channel", "the connected mailboxes")
    kinds = add_group(group, "add", "connect a channel")
    email = add_command(kinds, "email", "channel:add_email", "connect a mailbox by IMAP and SMTP")
    email.add_argument("--name", required=True, help="short name, such as support")
    email.add_argument("--address", required=True, help="address of the mailbox")
    email.add_argument("--sender", default="", metavar="TEXT", help="sender name of replies")
    email.add_argument("--user", default="", help="login name (default: the address)")
    for side, port in (
        ("imap", "993, or 143 with starttls"),
        ("smtp", "465, or 587 with starttls"),
    ):
        email.add_argument(
            f"--{side}-host", default="", metavar="HOST", help=f"the {side.upper()} server"
        )
        email.add_argument(f"--{side}-port", type=int, default=0, metavar="PORT", help=port)
        email.add_argument(
            f"--{side}-tls",
            choices=("implicit", "starttls", "none"),
            default="implicit",
            help="implicit: TLS from the first byte; none: only to this machine",
        )
    email.add_argument("--ca-file", default="", metavar="FILE", help="trust this CA (PEM)")
    email.add_argument("--folder", default="INBOX", help="folder to read (INBOX)")
    email.add_argument("--sent-folder", default="", help="folder of sent copies (found by itself)")
    how = email.add_mutually_exclusive_group()
    how.add_argument("--password-stdin", action="store_true", help="read it from standard input")
    how.add_argument(
        "--password-command",
        default="",
        metavar="COMMAND",
        help="a command that prints it, run at each start, such as 'pass show mail'",
    )
    how.add_argument(
        "--oauth",
        choices=("microsoft", "google", "custom"),
        default="",
        help="sign in at the provider instead of using a password",
    )
    _add_oauth(email)
    email.add_argument("--no-test", action="store_true", help="save without connecting first")
    again = add_command(group, "sign-in", "signing_in:sign_in", "sign in to a channel anew")
    again.add_argument("name", metavar="NAME")
    _add_client_secret(again)
    change = add_command(group, "password", "channel:password", "change the password of a channel")
    change.add_argument("name", metavar="NAME")
    change.add_argument("--password-stdin", action="store_true", help="read it from standard input")
    change.add_argument("--no-test", action="store_true", help="keep it without connecting first")
    add_command(group, "list", "channel:list_channels", "list the channels")
    for name, meaning in (
        ("test", "log in to the servers of a channel and say what works"),
        ("enable", "let the worker use a channel"),
        ("disable", "keep the worker from a channel"),
    ):
        leaf = add_command(group, name, f"channel:{name}", meaning)
        leaf.add_argument("name", metavar="NAME")
    _add_address(group)


def _add_address(channel: type_of_groups) -> None:
    group = add_group(channel, "address", "the addresses that are forwarded into the mailboxes")
    add_quiet(add_command(group, "list", "address:list_addresses", "list them with their state"))
    for name, meaning in (
        ("add", "add an address and say how to forward its mail"),
        ("show", "show one and how to forward its mail"),
        ("done", "note that the forwarding is set up"),
        ("test", "send a test mail and wait until the forwarding brings it"),
        ("off", "stop using an address; its tickets stay"),
        ("on", "use an address again"),
        ("rename", "change the sender name of its replies"),
        ("provider", "say whose instructions apply"),
        ("signature", "change what stands below its replies, after the agent's"),
        ("remove", "remove an address that was never used"),
    ):
        leaf = add_command(group, name, f"address:{name}", meaning)
        leaf.add_argument("address", metavar="ADDRESS")
        _add_address_options(leaf, name)


def _add_address_options(leaf: argparse.ArgumentParser, name: str) -> None:
    from helpdesk_tui.domain.accounts import Provider

    providers = [each.value for each in Provider]
    if name == "add":
        leaf.add_argument("--channel", default="", metavar="NAME", help="the mailbox, if several")
        leaf.add_argument("--provider", default="", choices=providers, help="whose mail it is")
        leaf.add_argument("--sender", default="", metavar="TEXT", help="sender name of replies")
        add_quiet(leaf)
    elif name == "show":
        leaf.add_argument("--handout", action="store_true", help="as a text for an administrator")
    elif name == "rename":
        leaf.add_argument("name", metavar="TEXT")
    elif name == "provider":
        leaf.add_argument("provider", metavar="PROVIDER", choices=providers)
    elif name == "signature":
        leaf.add_argument("--text", metavar="TEXT", help="default: read from standard input")


def _add_oauth(email: argparse.ArgumentParser) -> None:
    email.add_argument(
        "--client-id", default="", metavar="ID", help="of the app that you registered there"
    )
    email.add_argument("--tenant", default="", help="microsoft: your directory (common)")
    for name in ("token", "device", "authorize"):
        email.add_argument(f"--{name}-url", default="", metavar="URL", help=argparse.SUPPRESS)
    email.add_argument("--scopes", default="", help=argparse.SUPPRESS)
    _add_client_secret(email)


def _add_client_secret(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--client-secret-stdin",
        action="store_true",
        help="read the secret of your app (google) from standard input",
    )


def _add_mail(commands: type_of_groups) -> None:
    sync = add_command(commands, "sync", "sync:run", "fetch and send: the worker")
    sync.add_argument("--once", action="store_true", help="one round, then a summary")
    sync.add_argument("--channel", metavar="NAME", help="this channel only")
    sync.add_argument("--quiet", "-q", action="store_true", help="print nothing")
    bring = add_command(
        commands, "import", "importing:run", "turn mbox, Maildir or .eml into tickets"
    )
    bring.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="files, or folders to look through"
    )
    bring.add_argument("--mailbox", metavar="ADDRESS", default="", help="the mailbox it came from")
    mail = add_group(commands, "mail", "look at mails")
    explain = add_command(
        mail, "explain", "explain:run", "say how each mail is understood, storing nothing"
    )
    explain.add_argument("files", nargs="+", type=Path, metavar="FILE")
    explain.add_argument(
        "--own", action="append", default=[], metavar="ADDRESS", help="an address of ours"
    )
    page = add_command(
        mail, "original", "original:run", "print a mail as a harmless page for a browser"
    )
    page.add_argument("file", type=Path, metavar="FILE", help="an .eml file; - is standard input")


def _add_tickets(commands: type_of_groups) -> None:
    group = add_group(commands, "ticket", "read and work tickets")
    listed = add_command(group, "list", "tickets:list_tickets", "list tickets, newest first")
    listed.add_argument("--view", default="", metavar="NAME", help="those of this view")
    _list_options(listed)
    show = add_command(group, "show", "tickets:show", "show a ticket with its thread")
    show.add_argument("id", metavar="ID")
    add_writing(group)
    add_triage(group)
    _add_merging(group)
    search = add_command(
        commands, "search", "tickets:search", "find tickets by words and operators"
    )
    _list_options(search, required=True)
    files = add_group(commands, "attachment", "files of tickets")
    get = add_command(
        files, "get", "attachments:get", "write a file of a message to disk", json=False
    )
    get.add_argument("id", metavar="ID", help="as 'ticket show' prints it in brackets")
    get.add_argument("-o", "--output", type=Path, metavar="FILE", help="default: standard output")
    put = add_command(files, "put", "attachments:put", "add a file to your draft; never sends")
    put.add_argument("ticket", metavar="TICKET")
    put.add_argument("--name", required=True, help="its file name; the bytes come by stdin")
    add_quiet(put)


def _add_intake(commands: type_of_groups) -> None:
    group = add_group(commands, "intake", "what came in and made no ticket")
    listed = add_command(group, "list", "intake:list_intake", "list it with reasons, newest first")
    listed.add_argument(
        "--all", action="store_true", help="also what was dismissed or made a ticket"
    )
    add_page(listed)
    show = add_command(group, "show", "intake:show", "show one with its reason and its text")
    show.add_argument("id", metavar="ID")
    ticket = add_command(
        group, "ticket", "intake:ticket", "make a ticket of one; prints its number"
    )
    ticket.add_argument("id", metavar="ID")
    ticket.add_argument(
        "--customer", metavar="ADDRESS", help="whose ticket it is, if the mail names another"
    )
    add_quiet(ticket)


def _list_options(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    nargs = None if required else "?"
    parser.add_argument(
        "query",
        nargs=nargs,
        default="",
        metavar="QUERY",
        help="words, and fields such as is:open tag:refund from:jo@shop.example created:<2d",
    )
    add_page(parser)


def _add_merging(group: type_of_groups) -> None:
    merge = add_command(group, "merge", "merging:merge", "make tickets of a customer one ticket")
    add_ids(merge, "numbers of tickets; without --into, the last one is the one that stays")
    merge.add_argument("--into", metavar="ID", help="the ticket that stays")
    unmerge = add_command(group, "unmerge", "merging:unmerge", "take a merged ticket out again")
    unmerge.add_argument("id", metavar="ID")
    add_quiet(unmerge)
    split = add_command(group, "split", "merging:split", "make a message a ticket of its own")
    split.add_argument("message", metavar="MESSAGE", help="as 'ticket show --json' names it")
    split.add_argument("--following", action="store_true", help="take all later messages along")
    add_quiet(split)


def _add_settings(commands: type_of_groups) -> None:
    group = add_group(commands, "setting", "the settings of the desk")
    add_quiet(add_command(group, "list", "settings:list_settings", "list them with their values"))
    get = add_command(group, "get", "settings:get", "print the value of one")
    get.add_argument("name", metavar="NAME")
    change = add_command(
        group, "set", "settings:change", "change one; without a value: its default"
    )
    change.add_argument("name", metavar="NAME")
    change.add_argument(
        "value", nargs="*", metavar="VALUE", help="lists: several, or with commas between"
    )
    add_quiet(change)


def _add_care(commands: type_of_groups) -> None:
    doctor = add_command(
        commands, "doctor", "doctor:run", "check configuration, store, secrets and channels"
    )
    doctor.add_argument("--mend", action="store_true", help="count the kept counters anew")
    add_command(commands, "status", "status:run", "one line: unread, mine, unassigned")
    backup = add_command(
        commands, "backup", "backups:backup", "copy the whole store, also while in use"
    )
    backup.add_argument("file", type=Path, metavar="FILE")
    restore = add_command(commands, "restore", "backups:restore", "make a store from a backup")
    restore.add_argument("file", type=Path, metavar="FILE")


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Return the parsed arguments; ends the process as argparse does on wrong usage."""
    # the tree of commands takes as long to build as the interface to draw
    return build_parser(commands=not _opens_ui(argv)).parse_args(argv)


def _opens_ui(argv: Sequence[str]) -> bool:
    """Tell whether nothing but options of the whole program was given, each written in full."""
    words = iter(argv)
    for word in words:
        name, is_joined, _ = word.partition("=")
        if name in ("--store", "--config", "--agent"):
            if not is_joined and next(words, "-").startswith("-"):
                return False
        elif word != "--verbose":
            return False
    return True

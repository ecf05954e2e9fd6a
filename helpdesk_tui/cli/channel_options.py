"""The options of ``channel``: mailboxes, chats and the addresses forwarded into them."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from helpdesk_tui.cli.messaging_options import add_change, add_numbers
from helpdesk_tui.cli.meta_options import add_webhook
from helpdesk_tui.cli.options import add_command, add_group, add_quiet
from helpdesk_tui.cli.template_options import add_templates
from helpdesk_tui.widgets.words.language import N_, _

if TYPE_CHECKING:
    from helpdesk_tui.cli.options import type_of_groups


def add_channels(commands: type_of_groups) -> None:
    """Add the command ``channel`` with all below it."""
    group = add_group(commands, "channel", _("the connected mailboxes and chats"))
    kinds = add_group(group, "add", _("connect a channel"))
    _add_email(kinds)
    _add_webchat(kinds)
    add_numbers(kinds)
    _add_care(group)
    _add_snippets(group)
    _add_address(group)
    add_change(group)
    add_templates(group)
    add_webhook(group)


def _add_email(kinds: type_of_groups) -> None:
    email = add_command(
        kinds, "email", "channel:add_email", _("connect a mailbox by IMAP and SMTP")
    )
    email.add_argument("--name", required=True, help=_("short name, such as support"))
    email.add_argument("--address", required=True, help=_("address of the mailbox"))
    email.add_argument("--sender", default="", metavar="TEXT", help=_("sender name of replies"))
    email.add_argument("--user", default="", help=_("login name (default: the address)"))
    for side, port in (
        ("imap", N_("993, or 143 with starttls")),
        ("smtp", N_("465, or 587 with starttls")),
    ):
        email.add_argument(
            f"--{side}-host",
            default="",
            metavar="HOST",
            help=_("the {side} server").format(side=side.upper()),
        )
        email.add_argument(f"--{side}-port", type=int, default=0, metavar="PORT", help=_(port))
        email.add_argument(
            f"--{side}-tls",
            choices=("implicit", "starttls", "none"),
            default="implicit",
            help=_("implicit: TLS from the first byte; none: only to this machine"),
        )
    email.add_argument("--ca-file", default="", metavar="FILE", help=_("trust this CA (PEM)"))
    email.add_argument("--folder", default="INBOX", help=_("folder to read (INBOX)"))
    email.add_argument(
        "--sent-folder", default="", help=_("folder of sent copies (found by itself)")
    )
    how = email.add_mutually_exclusive_group()
    how.add_argument("--password-stdin", action="store_true", help=_("read it from standard input"))
    how.add_argument(
        "--password-command",
        default="",
        metavar="COMMAND",
        help=_("a command that prints it, run at each start, such as 'pass show mail'"),
    )
    how.add_argument(
        "--oauth",
        choices=("microsoft", "google", "custom"),
        default="",
        help=_("sign in at the provider instead of using a password"),
    )
    _add_oauth(email)
    email.add_argument("--no-test", action="store_true", help=_("save without connecting first"))


def _add_webchat(kinds: type_of_groups) -> None:
    chat = add_command(
        kinds, "webchat", "webchat:add_webchat", _("connect a chat tab through its relay")
    )
    chat.add_argument("--name", default="chat", help=_("short name (chat)"))
    chat.add_argument(
        "--relay", required=True, metavar="URL", help=_("public address of the relay")
    )
    chat.add_argument("--site", default="shop", metavar="ID", help=_("id of the shop there (shop)"))
    chat.add_argument(
        "--origin",
        action="append",
        default=[],
        metavar="URL",
        help=_("address of the shop whose pages carry the tab; may be given several times"),
    )
    chat.add_argument(
        "--token-stdin", action="store_true", help=_("read the relay's token from standard input")
    )
    chat.add_argument("--no-test", action="store_true", help=_("save without connecting first"))


def _add_snippets(group: type_of_groups) -> None:
    from helpdesk_tui.services.snippets import LANGUAGES

    snippet = add_command(
        group, "snippet", "webchat:snippet", _("print what the shop puts on its pages and server")
    )
    snippet.add_argument("name", metavar="NAME")
    snippet.add_argument(
        "--language", default="html", choices=tuple(LANGUAGES), help=_("of the shop's server")
    )
    key = add_command(
        group,
        "identity-key",
        "webchat:identity_key",
        _("show or renew the key that the shop signs its customers with"),
    )
    key.add_argument("name", metavar="NAME")
    key.add_argument(
        "--rotate", action="store_true", help=_("make a new one; the former holds on beside it")
    )
    key.add_argument("--drop-former", action="store_true", help=_("stop accepting the former one"))


def _add_care(group: type_of_groups) -> None:
    again = add_command(group, "sign-in", "signing_in:sign_in", _("sign in to a channel anew"))
    again.add_argument("name", metavar="NAME")
    _add_client_secret(again)
    change = add_command(
        group, "password", "channel:password", _("change the password of a channel")
    )
    change.add_argument("name", metavar="NAME")
    change.add_argument(
        "--password-stdin", action="store_true", help=_("read it from standard input")
    )
    change.add_argument(
        "--no-test", action="store_true", help=_("keep it without connecting first")
    )
    add_quiet(add_command(group, "list", "channel:list_channels", _("list the channels")))
    for name, meaning in (
        ("test", N_("log in to the servers of a channel and say what works")),
        ("enable", N_("let the worker use a channel")),
        ("disable", N_("keep the worker from a channel")),
    ):
        leaf = add_command(group, name, f"channel:{name}", _(meaning))
        leaf.add_argument("name", metavar="NAME")


def _add_address(channel: type_of_groups) -> None:
    group = add_group(channel, "address", _("the addresses that are forwarded into the mailboxes"))
    add_quiet(add_command(group, "list", "address:list_addresses", _("list them with their state")))
    for name, meaning in (
        ("add", N_("add an address and say how to forward its mail")),
        ("show", N_("show one and how to forward its mail")),
        ("done", N_("note that the forwarding is set up")),
        ("test", N_("send a test mail and wait until the forwarding brings it")),
        ("off", N_("stop using an address; its tickets stay")),
        ("on", N_("use an address again")),
        ("rename", N_("change the sender name of its replies")),
        ("provider", N_("say whose instructions apply")),
        ("signature", N_("change what stands below its replies, after the agent's")),
        ("remove", N_("remove an address that was never used")),
    ):
        leaf = add_command(group, name, f"address:{name}", _(meaning))
        leaf.add_argument("address", metavar="ADDRESS")
        _add_address_options(leaf, name)


def _add_address_options(leaf: argparse.ArgumentParser, name: str) -> None:
    from helpdesk_tui.domain.accounts import Provider

    providers = [each.value for each in Provider]
    if name == "add":
        leaf.add_argument(
            "--channel", default="", metavar="NAME", help=_("the mailbox, if several")
        )
        leaf.add_argument("--provider", default="", choices=providers, help=_("whose mail it is"))
        leaf.add_argument("--sender", default="", metavar="TEXT", help=_("sender name of replies"))
        add_quiet(leaf)
    elif name == "show":
        leaf.add_argument(
            "--handout", action="store_true", help=_("as a text for an administrator")
        )
    elif name == "rename":
        leaf.add_argument("name", metavar="TEXT")
    elif name == "provider":
        leaf.add_argument("provider", metavar="PROVIDER", choices=providers)
    elif name == "signature":
        leaf.add_argument("--text", metavar="TEXT", help=_("default: read from standard input"))


def _add_oauth(email: argparse.ArgumentParser) -> None:
    email.add_argument(
        "--client-id", default="", metavar="ID", help=_("of the app that you registered there")
    )
    email.add_argument("--tenant", default="", help=_("microsoft: your directory (common)"))
    for name in ("token", "device", "authorize"):
        email.add_argument(f"--{name}-url", default="", metavar="URL", help=argparse.SUPPRESS)
    email.add_argument("--scopes", default="", help=argparse.SUPPRESS)
    _add_client_secret(email)


def _add_client_secret(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--client-secret-stdin",
        action="store_true",
        help=_("read the secret of your app (google) from standard input"),
    )

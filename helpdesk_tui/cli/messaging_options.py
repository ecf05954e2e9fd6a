"""The options of ``channel add`` for numbers and accounts at providers."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from helpdesk_tui.cli.meta_options import add_instagram, add_meta_number
from helpdesk_tui.cli.options import add_command
from helpdesk_tui.widgets.words.language import N_, _

if TYPE_CHECKING:
    from helpdesk_tui.cli.options import type_of_groups


def add_numbers(kinds: type_of_groups) -> None:
    """Add ``sms``, ``whatsapp`` and ``instagram`` to the channels that can be connected."""
    sms = add_command(
        kinds, "sms", "messaging_channel:add_sms", _("connect a number for text messages (Twilio)")
    )
    _add_number(sms, "sms")
    _add_twilio(sms, is_needed=True)
    sms.add_argument(
        "--links",
        default="",
        metavar="URL",
        help=_("your own address that leads to the relay: links are made short with it"),
    )
    add_common(sms)
    whatsapp = add_command(
        kinds,
        "whatsapp",
        "messaging_channel:add_whatsapp",
        _("connect a number for WhatsApp (Twilio or Meta)"),
    )
    _add_number(whatsapp, "whatsapp")
    whatsapp.add_argument(
        "--provider",
        required=True,
        choices=("twilio", "meta"),
        help=_("who carries it: Twilio, or Meta's Cloud API"),
    )
    _add_twilio(whatsapp, is_needed=False)
    add_meta_number(whatsapp)
    add_common(whatsapp)
    add_common(add_instagram(kinds))


def add_change(channel: type_of_groups) -> None:
    """Add ``change`` to the commands of a channel."""
    command = add_command(
        channel,
        "change",
        "messaging_change:change",
        _("change what a number or an account of a provider has; an empty value takes it away"),
    )
    command.add_argument("name", metavar="NAME")
    for option, meta, meaning in (
        ("--relay", "URL", N_("public address of the relay")),
        ("--hook", "ID", N_("id of the webhook at the relay")),
        ("--links", "URL", N_("your own address that leads to the relay, for short links")),
        ("--messaging-service", "MG…", N_("Twilio: the Messaging Service")),
        ("--version", "VERSION", N_("Meta: version of its interface, such as v24.0")),
    ):
        command.add_argument(option, default=None, metavar=meta, help=_(meaning))
    command.add_argument(
        "--human-agent",
        choices=("on", "off"),
        default=None,
        help=_("Instagram: Meta has granted the human agent tag"),
    )
    command.add_argument("--no-test", action="store_true", help=_("save without connecting first"))


def add_common(command: argparse.ArgumentParser) -> None:
    """Add what the accounts of all providers have."""
    command.add_argument(
        "--relay", default="", metavar="URL", help=_("public address of the relay, for files")
    )
    command.add_argument(
        "--hook",
        default="",
        metavar="ID",
        help=_("id of the webhook at the relay, such as messages: news come at once"),
    )
    command.add_argument(
        "--token-stdin",
        action="store_true",
        help=_("read the secrets from standard input, a line each"),
    )
    command.add_argument("--api", default="", metavar="URL", help=argparse.SUPPRESS)
    command.add_argument("--no-test", action="store_true", help=_("save without connecting first"))


def _add_number(command: argparse.ArgumentParser, name: str) -> None:
    command.add_argument("--name", default=name, help=_("short name ({name})").format(name=name))
    command.add_argument(
        "--number", required=True, metavar="NUMBER", help=_("ours, such as +15550001111")
    )


def _add_twilio(command: argparse.ArgumentParser, *, is_needed: bool) -> None:
    command.add_argument(
        "--account-sid",
        default="",
        required=is_needed,
        metavar="AC…",
        help=_("id of the account at Twilio"),
    )
    command.add_argument(
        "--key-sid",
        default="",
        metavar="SK…",
        help=_("id of an API key that logs in instead of the account's auth token"),
    )
    command.add_argument(
        "--messaging-service",
        default="",
        metavar="MG…",
        help=_("the Messaging Service that the number sends through"),
    )

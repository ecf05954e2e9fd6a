"""The options of ``channel add`` for numbers and accounts at Meta."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from helpdesk_tui.cli.options import add_command
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.cli.options import type_of_groups


def add_meta_number(whatsapp: argparse.ArgumentParser) -> None:
    """Add what a number of WhatsApp's Cloud API needs."""
    whatsapp.add_argument(
        "--phone-number-id",
        default="",
        metavar="ID",
        help=_("meta: id of the phone number, from the app's dashboard"),
    )
    whatsapp.add_argument(
        "--waba-id",
        default="",
        metavar="ID",
        help=_("meta: id of the WhatsApp business account"),
    )
    _add_version(whatsapp)


def add_instagram(kinds: type_of_groups) -> argparse.ArgumentParser:
    """Add ``instagram`` to the channels that can be connected."""
    command = add_command(
        kinds, "instagram", "meta_channel:add_instagram", _("connect an account of Instagram")
    )
    command.add_argument("--name", default="instagram", help=_("short name (instagram)"))
    command.add_argument(
        "--handle", required=True, metavar="@NAME", help=_("user name of our account")
    )
    command.add_argument(
        "--account-id", required=True, metavar="ID", help=_("id of our account, digits only")
    )
    command.add_argument(
        "--login",
        choices=("instagram", "facebook"),
        default="instagram",
        help=_("where the token comes from: Instagram Login, or Facebook Login with a page"),
    )
    command.add_argument("--page-id", default="", metavar="ID", help=_("facebook: id of the page"))
    command.add_argument(
        "--human-agent",
        action="store_true",
        help=_("Meta has granted the app the human agent tag: answers within 7 days"),
    )
    _add_version(command)
    return command


def add_webhook(group: type_of_groups) -> None:
    """Add the command that says what to enter at a provider."""
    webhook = add_command(
        group,
        "webhook",
        "meta_channel:webhook",
        _("print the address and the token to enter at the provider, so that news come"),
    )
    webhook.add_argument("name", metavar="NAME")


def _add_version(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--version", default="", metavar="vNN.N", help=_("meta: version of the Graph API")
    )

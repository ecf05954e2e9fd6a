"""The options of ``relay``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_tui.cli.options import add_command
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.cli.options import type_of_groups


def add_relay(commands: type_of_groups) -> None:
    """Add the command that serves visitors of the chat tab, and providers of messages."""
    relay = add_command(
        commands,
        "relay",
        "relay:run",
        _("the public service between chat visitors, providers and the worker"),
    )
    relay.add_argument(
        "--host", default="", metavar="HOST", help=_("listen there (127.0.0.1: this machine only)")
    )
    relay.add_argument(
        "--port", type=int, default=-1, metavar="PORT", help=_("listen there (8484)")
    )
    relay.add_argument(
        "--token-file", type=Path, metavar="FILE", help=_("holds the token of the worker, mode 600")
    )
    relay.add_argument(
        "--public-url",
        default="",
        metavar="URL",
        help=_("as browsers reach it, such as https://chat.shop.example"),
    )
    relay.add_argument(
        "--trusted-proxy",
        action="append",
        default=[],
        metavar="ADDRESS",
        help=_("believe this proxy about visitors' addresses; a network such as 10.0.0.0/8 works"),
    )
    relay.add_argument(
        "--files-room",
        type=int,
        default=0,
        metavar="MB",
        help=_("megabytes that files for Twilio and Instagram take together (2000)"),
    )
    relay.add_argument(
        "--new-token", type=Path, metavar="FILE", help=_("only make a new token, into a new file")
    )

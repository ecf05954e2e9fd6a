"""The options of ``setting``, ``keys`` and ``status``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_tui.cli.options import add_command, add_group, add_quiet
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.cli.options import type_of_groups


def add_settings(commands: type_of_groups) -> None:
    """Add ``setting`` and its commands."""
    group = add_group(commands, "setting", _("the settings of the desk and of the acting agent"))
    add_quiet(
        add_command(group, "list", "settings:list_settings", _("list them with their values"))
    )
    get = add_command(group, "get", "settings:get", _("print the value of one"))
    get.add_argument("name", metavar="NAME")
    change = add_command(
        group, "set", "settings:change", _("change one; without a value: its default")
    )
    change.add_argument("name", metavar="NAME")
    change.add_argument(
        "value", nargs="*", metavar="VALUE", help=_("lists: several, or with commas between")
    )
    change.add_argument(
        "--desk", action="store_true", help=_("of a personal one: what everybody starts with")
    )
    add_quiet(change)


def add_hours(commands: type_of_groups) -> None:
    """Add ``hours``."""
    add_quiet(
        add_command(
            commands, "hours", "hours:run", _("whether the office is open, and when it is next")
        )
    )


def add_keys(commands: type_of_groups) -> None:
    """Add ``keys``."""
    keys = add_command(commands, "keys", "keys:run", _("print the table of keys, and check it"))
    keys.add_argument(
        "--preset", metavar="NAME", default="", help=_("default, gmail or vim-strict")
    )
    keys.add_argument(
        "--file", type=Path, metavar="FILE", help=_("check the bindings of another TOML file")
    )


def add_status(commands: type_of_groups) -> None:
    """Add ``status``."""
    status = add_command(commands, "status", "status:run", _("one line for a status bar"))
    status.add_argument(
        "--format",
        choices=("plain", "tmux", "json"),
        default="plain",
        help=_("plain text (the usual), with tmux's colours, or JSON"),
    )

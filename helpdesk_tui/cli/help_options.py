"""The options of ``completion`` and ``man``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk_tui.cli.options import add_command
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.cli.options import type_of_groups


def add_helps(commands: type_of_groups) -> None:
    """Add what helps with the command line itself."""
    completion = add_command(
        commands,
        "completion",
        "completion:run",
        _("print what makes a shell complete commands"),
        json=False,
    )
    completion.add_argument(
        "shell", nargs="?", choices=("bash", "zsh", "fish"), metavar="SHELL",
        help=_("bash, zsh or fish"),
    )  # fmt: skip
    completion.set_defaults(words=None)
    add_command(commands, "man", "manual:run", _("print the manual page"), json=False)

"""The options of ``doctor``, ``backup`` and ``restore``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_tui.cli.options import add_command
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.cli.options import type_of_groups


def add_care(commands: type_of_groups) -> None:
    """Add what takes care of a store."""
    doctor = add_command(
        commands, "doctor", "doctor:run", _("check configuration, store, secrets and channels")
    )
    doctor.add_argument(
        "--mend",
        action="store_true",
        help=_("count the kept counters anew, and put modes of files right"),
    )
    backup = add_command(
        commands, "backup", "backups:backup", _("copy the whole store, also while in use")
    )
    backup.add_argument("file", type=Path, metavar="FILE")
    restore = add_command(commands, "restore", "backups:restore", _("make a store from a backup"))
    restore.add_argument("file", type=Path, metavar="FILE")

"""The options of ``doctor``, ``secret``, ``backup`` and ``restore``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_tui.cli.options import add_command, add_group
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
    secret = add_group(commands, "secret", _("keys of other services: kept, never shown"))
    add_command(
        secret, "list", "secret:list_secrets", _("say which there may be, and where each is")
    )
    kept = add_command(secret, "set", "secret:set_one", _("keep one; asks for it unseen"))
    kept.add_argument("name", metavar="NAME", help=_("such as ai, for the language model"))
    kept.add_argument("--stdin", action="store_true", help=_("read it from standard input"))
    backup = add_command(
        commands, "backup", "backups:backup", _("copy the whole store, also while in use")
    )
    backup.add_argument("file", type=Path, metavar="FILE")
    restore = add_command(commands, "restore", "backups:restore", _("make a store from a backup"))
    restore.add_argument("file", type=Path, metavar="FILE")

"""The options of ``activity`` and ``undo``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk_tui.cli.options import add_command, add_page, add_quiet
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.cli.options import type_of_groups


def add_history(commands: type_of_groups) -> None:
    """Add what reads the log and goes back on it."""
    log = add_command(
        commands, "activity", "activity:show", _("what happened to a ticket, or on the desk")
    )
    log.add_argument("ticket", nargs="?", metavar="TICKET", help=_("its number; none: the desk"))
    log.add_argument("--by", default="", metavar="AGENT", help=_("what this agent did"))
    log.add_argument(
        "--kind",
        default="",
        metavar="KINDS",
        help=_("status, assigned, tags, messages, notes, merges, customer, macros, undone, desk"),
    )
    log.add_argument("--since", default="", metavar="DAY", help=_("from then on: 3d, 2026-11-20"))
    log.add_argument("--until", default="", metavar="DAY", help=_("up to then, that day included"))
    log.add_argument("--csv", action="store_true", help=_("print a table for spreadsheets"))
    add_page(log)
    undo = add_command(
        commands, "undo", "activity:undo", _("take back a change, also days later; or do it again")
    )
    undo.add_argument(
        "change", nargs="?", default="", metavar="CHANGE",
        help=_("as the commands name it with --json; none: what you did last"),
    )  # fmt: skip
    undo.add_argument("--dry-run", action="store_true", help=_("only say what it would do"))
    undo.add_argument("--yes", "-y", action="store_true", help=_("do not ask"))
    add_quiet(undo)

"""The options of ``action``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk_tui.cli.options import add_command, add_group, add_page, add_quiet
from helpdesk_tui.domain.commerce.actions import ActionState
from helpdesk_tui.widgets.words.language import N_, _

if TYPE_CHECKING:
    from helpdesk_tui.cli.options import type_of_groups

OUTCOMES = ("done", "not-done")


def add_actions(commands: type_of_groups) -> None:
    """Add the commands about changes of orders and subscriptions."""
    group = add_group(commands, "action", _("changes of orders and subscriptions in the shop"))
    listed = add_command(group, "list", "actions:list_actions", _("list changes, the newest first"))
    listed.add_argument(
        "--state",
        action="append",
        default=[],
        choices=[state.value for state in ActionState],
        help=_("only those that stand so; may be given again"),
    )
    listed.add_argument("--profile", default="", metavar="ID", help=_("of this customer only"))
    listed.add_argument("--ticket", default="", metavar="ID", help=_("of this ticket only"))
    add_page(listed)
    for name, meaning in (
        ("show", N_("show a change: what was seen, what was asked for, what came of it")),
        ("check", N_("have the shop looked at now for a change that nobody can tell of")),
    ):
        leaf = add_command(group, name, f"actions:{name}", _(meaning))
        leaf.add_argument("id", metavar="ID", help=_("its number in the list"))
        add_quiet(leaf)
    decide = add_command(
        group, "decide", "actions:decide", _("say what became of a change nobody can tell of")
    )
    decide.add_argument("id", metavar="ID", help=_("its number in the list"))
    decide.add_argument("outcome", choices=OUTCOMES, help=_("as you have seen it in the shop"))
    add_quiet(decide)

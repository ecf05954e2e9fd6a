"""The options of the verbs over tickets, such as close, snooze, assign and block."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from helpdesk_tui.cli.options import add_command, add_ids, add_query, add_quiet, add_targets
from helpdesk_tui.domain.tickets import Priority
from helpdesk_tui.widgets.words.language import Marked, _

if TYPE_CHECKING:
    from helpdesk_tui.cli.options import type_of_groups

_PLAIN: Marked[Mapping[str, str]] = {
    "close": "close tickets",
    "reopen": "open closed or snoozed tickets again",
    "read": "mark tickets read",
    "unread": "mark tickets unread",
    "spam": "mark tickets as spam",
    "not-spam": "take tickets out of spam",
    "watch": "watch tickets: hear of what happens in them",
    "unwatch": "watch tickets no longer",
    "block": "block the senders of tickets: their later mail stays unseen",
    "unblock": "let the senders of tickets through again",
    "take-over": "take chats from the automatic answer: they are open and yours",
}


_BY_QUERY = ("close", "reopen", "read", "unread", "spam", "not-spam")
"""Verbs that a query may say the tickets of."""


def add_triage(group: type_of_groups) -> None:
    """Add the verbs to the commands of a ticket."""
    for name, meaning in _PLAIN.items():
        leaf = add_command(group, name, f"triage:{name.replace('-', '_')}", _(meaning))
        if name in _BY_QUERY:
            add_targets(leaf)
        else:
            add_ids(leaf)
    _add_snooze(group)
    _add_assign(group)
    _add_priority(group)
    _add_customer(group)
    _add_tag(group, "tag", _("add tags to a ticket"))
    _add_tag(group, "untag", _("take tags off a ticket"))
    undo = add_command(group, "undo", "triage:undo", _("take back a change, also days later"))
    undo.add_argument("change", metavar="CHANGE", help=_("as the commands name it with --json"))
    add_quiet(undo)


def _add_snooze(group: type_of_groups) -> None:
    snooze = add_command(group, "snooze", "triage:snooze", _("put tickets away until a moment"))
    add_targets(snooze, _("numbers of tickets; without --until, WHEN comes last: 42 tomorrow"))
    snooze.add_argument(
        "--until", metavar="WHEN", help=_("2h, tomorrow 9:00, mon, 2026-12-01, until they reply")
    )
    snooze.add_argument(
        "--keep", action="store_true", help=_("a customer's message does not wake it")
    )


def _add_assign(group: type_of_groups) -> None:
    assign = add_command(group, "assign", "triage:assign", _("give tickets to an agent or a team"))
    to = assign.add_mutually_exclusive_group()
    to.add_argument("--to", metavar="AGENT", help=_("a name, me or none"))
    to.add_argument("--team", metavar="TEAM", help=_("a team: nobody's until one of it takes them"))
    add_targets(assign, _("numbers of tickets; without --to or --team, AGENT comes last: 42 anna"))


def _add_priority(group: type_of_groups) -> None:
    priority = add_command(group, "priority", "triage:priority", _("say how urgent tickets are"))
    priority.add_argument(
        "level",
        metavar="LEVEL",
        choices=[each.value for each in Priority],
        help=_("low, normal, high or urgent"),
    )
    add_targets(priority)


def _add_customer(group: type_of_groups) -> None:
    customer = add_command(group, "customer", "triage:customer", _("say whose a ticket is"))
    customer.add_argument("id", metavar="ID")
    customer.add_argument("address", metavar="ADDRESS")
    customer.add_argument("--name", default="", help=_("their name, if it is not known yet"))
    add_quiet(customer)


def _add_tag(group: type_of_groups, name: str, meaning: str) -> None:
    tag = add_command(group, name, f"triage:{name}", meaning)
    tag.add_argument(
        "words",
        nargs="+",
        metavar="WORD",
        help=_("the number of a ticket, then tags; with --query tags only"),
    )
    add_query(tag)
    add_quiet(tag)

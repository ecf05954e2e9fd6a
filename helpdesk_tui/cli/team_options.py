"""The options of ``agent``, ``team``, ``profile`` and ``block``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk_tui.cli.options import add_command, add_group, add_quiet
from helpdesk_tui.widgets.words.language import N_, _

if TYPE_CHECKING:
    from helpdesk_tui.cli.options import type_of_groups

_ROLES = ("support", "manager", "admin", "owner")


def add_agents(commands: type_of_groups) -> None:
    """Add the commands about agents."""
    group = add_group(commands, "agent", _("the team"))
    add = add_command(group, "add", "agents:add", _("add an agent"))
    add.add_argument("name", metavar="NAME")
    add.add_argument("--full-name", default="", metavar="TEXT")
    add.add_argument("--email", default="", metavar="ADDRESS")
    add.add_argument("--role", choices=_ROLES, default="support")
    add_quiet(add)
    add_quiet(add_command(group, "list", "agents:list_agents", _("list the agents")))
    role = add_command(group, "role", "agents:role", _("say what an agent may do"))
    role.add_argument("name", metavar="AGENT")
    role.add_argument("role", choices=_ROLES)
    add_quiet(role)
    for name, meaning in (
        ("remove", N_("let an agent go; what they did stays")),
        ("restore", N_("let a former agent come back")),
    ):
        leaf = add_command(group, name, f"agents:{name}", _(meaning))
        leaf.add_argument("name", metavar="AGENT")
        add_quiet(leaf)
    for name, meaning in (
        ("available", N_("say that an agent takes part when work is shared out")),
        ("away", N_("say that an agent takes no work for now")),
    ):
        leaf = add_command(group, name, f"agents:{name}", _(meaning))
        leaf.add_argument("name", nargs="?", default="", metavar="NAME", help=_("default: oneself"))
        add_quiet(leaf)


def add_teams(commands: type_of_groups) -> None:
    """Add the commands about teams."""
    group = add_group(commands, "team", _("teams of agents who share work"))
    add_quiet(
        add_command(group, "list", "teams:list_teams", _("list the teams with their members"))
    )
    for name, meaning in (
        ("add", N_("make a team")),
        ("remove", N_("remove a team without tickets")),
    ):
        leaf = add_command(group, name, f"teams:{name}", _(meaning))
        leaf.add_argument("name", metavar="TEAM")
        add_quiet(leaf)
    member = add_group(group, "member", _("who belongs to a team"))
    for name, meaning in (
        ("add", N_("let agents join a team")),
        ("remove", N_("let agents leave a team")),
    ):
        leaf = add_command(member, name, f"teams:member_{name}", _(meaning))
        leaf.add_argument("name", metavar="TEAM")
        leaf.add_argument("agents", nargs="+", metavar="AGENT")


def add_profiles(commands: type_of_groups) -> None:
    """Add the commands about customers."""
    group = add_group(commands, "profile", _("customers"))
    link = add_command(group, "link", "people:link", _("say that two customers are one person"))
    link.add_argument("profile", metavar="CUSTOMER", help=_("its number: customer.id of a ticket"))
    link.add_argument("into", metavar="INTO", help=_("the customer it becomes part of"))
    unlink = add_command(
        group, "unlink", "people:unlink", _("let a linked customer stand alone again")
    )
    unlink.add_argument("profile", metavar="CUSTOMER")
    add_quiet(link)
    add_quiet(unlink)
    for name, meaning in (
        ("show", N_("show what is known of a customer, and how old it is")),
        ("refresh", N_("ask the worker to fetch it anew")),
        ("export", N_("print all that the desk holds of a customer as JSON")),
        ("erase", N_("erase a customer for good: messages, files, all that is known")),
    ):
        leaf = add_command(group, name, f"profiles:{name}", _(meaning))
        called = _("its number: customer.id of a ticket")
        if name != "erase":
            called = _("its number, mail address or phone number")
        leaf.add_argument("profile", metavar="CUSTOMER", help=called)
        if name == "erase":
            leaf.add_argument("--yes", action="store_true", help=_("do not ask"))
        add_quiet(leaf)


def add_blocks(commands: type_of_groups) -> None:
    """Add the commands about blocked senders."""
    group = add_group(commands, "block", _("senders whose mail stays unseen"))
    add_quiet(add_command(group, "list", "blocks:list_blocks", _("list them, the newest first")))
    remove = add_command(group, "remove", "blocks:remove", _("let an address through again"))
    remove.add_argument("address", metavar="ADDRESS")

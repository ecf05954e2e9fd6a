"""``agent add`` and ``agent list``: the team."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from helpdesk_tui.cli.context import desk_of, output_of
from helpdesk_tui.cli.schemas import agent_json
from helpdesk_tui.domain.tickets import AgentRow
from helpdesk_tui.widgets.words.codes import role_name
from helpdesk_tui.widgets.words.language import _, pgettext

if TYPE_CHECKING:
    from helpdesk_tui.services.admin import Admin


def add(args: argparse.Namespace) -> int:
    """Add an agent and print the id."""
    out = output_of(args)
    with desk_of(args) as desk:
        desk.admin.add_agent(args.name, full_name=args.full_name, email=args.email, role=args.role)
        agent = desk.team.agent(args.name)
    if out.json:
        out.document(agent_json(agent))
    elif out.quiet:
        out.ids([agent.id])
    else:
        out.say(_("added {name} ({role})").format(name=agent.name, role=role_name(agent.role)))
    return 0


def list_agents(args: argparse.Namespace) -> int:
    """Print the team."""
    out = output_of(args)
    with desk_of(args) as desk:
        agents = desk.team.agents()
    if out.json:
        out.document({"agents": [agent_json(agent) for agent in agents]})
    elif out.quiet:
        out.ids([agent.id for agent in agents])
    else:
        heading = [_("name"), _("role"), _("full name"), _("email"), ""]
        rows = [[a.name, role_name(a.role), a.full_name, a.email, _state(a)] for a in agents]
        out.table([heading, *rows])
    return 0


def _state(agent: AgentRow) -> str:
    if not agent.active:
        return pgettext("agent", "left")
    return "" if agent.available else pgettext("agent", "away")


def role(args: argparse.Namespace) -> int:
    """Say what an agent may do."""
    return _change(args, lambda admin: admin.set_role(args.name, args.role))


def remove(args: argparse.Namespace) -> int:
    """Let an agent go; what they did stays, and so do their tickets."""
    return _change(args, lambda admin: admin.set_agent_active(args.name, active=False))


def restore(args: argparse.Namespace) -> int:
    """Let a former agent come back."""
    return _change(args, lambda admin: admin.set_agent_active(args.name, active=True))


def _change(args: argparse.Namespace, change: Callable[[Admin], None]) -> int:
    out = output_of(args)
    with desk_of(args) as desk:
        change(desk.admin)
        agent = desk.team.agent(args.name)
    if out.json:
        out.document(agent_json(agent))
    elif out.quiet:
        out.ids([agent.id])
    else:
        left = "" if agent.active else f", {_state(agent)}"
        out.say(f"{agent.name}: {role_name(agent.role)}{left}")
    return 0


def available(args: argparse.Namespace) -> int:
    """Say that an agent takes part when work is shared out."""
    return _set_available(args, available=True)


def away(args: argparse.Namespace) -> int:
    """Say that an agent takes no work for now."""
    return _set_available(args, available=False)


def _set_available(args: argparse.Namespace, *, available: bool) -> int:
    out = output_of(args)
    with desk_of(args, needs_agent=not args.name) as desk:
        desk.teams.set_available(available=available, agent=args.name)
        agent = desk.team.agent(args.name or desk.actor.name)
    if out.json:
        out.document(agent_json(agent))
    elif out.quiet:
        out.ids([agent.id])
    else:
        said = _("{name} is available") if available else _("{name} is away")
        out.say(said.format(name=agent.name))
    return 0

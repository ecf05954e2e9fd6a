"""``agent add`` and ``agent list``: the team."""

from __future__ import annotations

import argparse

from helpdesk_tui.cli.context import desk_of, output_of
from helpdesk_tui.cli.schemas import agent_json


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
        out.say(f"added {agent.name} ({agent.role})")
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
        heading = ["name", "role", "full name", "email", ""]
        rows = [[a.name, a.role, a.full_name, a.email, "" if a.active else "left"] for a in agents]
        out.table([heading, *rows])
    return 0

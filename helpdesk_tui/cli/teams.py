"""``team``: agents who share work."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from helpdesk_tui.cli.context import desk_of, output_of
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.services.teams import Teams


def list_teams(args: argparse.Namespace) -> int:
    """Print the teams with their members."""
    out = output_of(args)
    with desk_of(args) as desk:
        teams = desk.teams.all()
    if out.json:
        shown = [{"id": str(t.id), "name": t.name, "members": list(t.members)} for t in teams]
        out.document({"teams": shown})
    elif out.quiet:
        out.ids([team.id for team in teams])
    elif teams:
        out.table(
            [[_("team"), _("members")], *([t.name, " ".join(t.members) or "–"] for t in teams)]
        )
    else:
        out.say(_("no teams yet"))
    return 0


def add(args: argparse.Namespace) -> int:
    """Make a team and print its id."""
    out = output_of(args)
    with desk_of(args) as desk:
        team_id = desk.teams.add(args.name)
    if out.json:
        out.document({"id": str(team_id), "name": args.name})
    elif out.quiet:
        out.ids([team_id])
    else:
        out.say(_("added the team {name}").format(name=args.name))
    return 0


def remove(args: argparse.Namespace) -> int:
    """Remove a team that has no tickets."""
    out = output_of(args)
    with desk_of(args) as desk:
        desk.teams.remove(args.name)
    if out.json:
        out.document({"removed": args.name})
    elif not out.quiet:
        out.say(_("removed the team {name}").format(name=args.name))
    return 0


def member_add(args: argparse.Namespace) -> int:
    """Let agents join a team."""
    return _change_members(args, "joined", lambda teams, name: teams.add_member(args.name, name))


def member_remove(args: argparse.Namespace) -> int:
    """Let agents leave a team."""
    return _change_members(args, "left", lambda teams, name: teams.remove_member(args.name, name))


def _change_members(
    args: argparse.Namespace, done_as: str, change: Callable[[Teams, str], bool]
) -> int:
    """Change who belongs to a team, and print who does now."""
    out = output_of(args)
    with desk_of(args) as desk:
        done = [name for name in args.agents if change(desk.teams, name)]
        members = desk.teams.team(args.name).members
    if out.json:
        out.document({"team": args.name, done_as: done, "members": list(members)})
    else:
        out.say(f"{args.name}: {' '.join(members) or _('nobody')}")
    return 0

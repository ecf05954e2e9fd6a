"""``profile link`` and ``unlink``: customers that are one person."""

from __future__ import annotations

import argparse

from helpdesk_tui.cli.context import desk_of, number, output_of
from helpdesk_tui.cli.triage import report_change
from helpdesk_tui.widgets.words.language import _


def link(args: argparse.Namespace) -> int:
    """Make a customer part of another one."""
    profile, into = number(args.profile), number(args.into)
    out = output_of(args)
    with desk_of(args) as desk:
        change = desk.people.link(profile, into)
    if not (out.json or out.quiet):
        out.say(
            _("customer {profile} is now part of customer {into}").format(
                profile=profile, into=into
            )
        )
    return report_change(out, change)


def unlink(args: argparse.Namespace) -> int:
    """Let a linked customer stand alone again."""
    profile = number(args.profile)
    out = output_of(args)
    with desk_of(args) as desk:
        change = desk.people.unlink(profile)
    if not (out.json or out.quiet):
        out.say(_("customer {profile} stands alone again").format(profile=profile))
    return report_change(out, change)

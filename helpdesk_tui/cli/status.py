"""``status``: one line for a status bar."""

from __future__ import annotations

import argparse

from helpdesk_tui.cli.context import desk_of, output_of
from helpdesk_tui.domain.tickets import Status, View


def run(args: argparse.Namespace) -> int:
    """Print how many tickets wait: unread, mine, unassigned."""
    out = output_of(args)
    with desk_of(args) as desk:
        counts = desk.inbox.counts()
    numbers = {
        "unread": counts[View.ALL].unread,
        "mine": counts[View.MINE].total(Status.OPEN),
        "unassigned": counts[View.UNASSIGNED].total(Status.OPEN),
    }
    if out.json:
        out.document(numbers)
    else:
        out.say(" · ".join(f"{name} {count}" for name, count in numbers.items()))
    return 0

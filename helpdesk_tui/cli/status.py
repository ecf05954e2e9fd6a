"""``status``: one line for a status bar, such as that of tmux."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from helpdesk_tui.cli.context import agent_name, output_of, store_root

if TYPE_CHECKING:
    from helpdesk_tui.services.status import DeskStatus


def run(args: argparse.Namespace) -> int:
    """Print how the desk stands: unread, mine, unassigned, the longest wait, sync.

    Nothing is written, not even a migration: a bar asks every few seconds.
    """
    from helpdesk_tui.services.clock import utc_now
    from helpdesk_tui.services.status import load_status
    from helpdesk_tui.widgets.ages import age
    from helpdesk_tui.widgets.status_line import plain_line, status_parts, tmux_line

    out = output_of(args)
    status = load_status(store_root(args), agent_name(args))
    if out.json or args.format == "json":
        out.document(_json(status))
        return 0
    since = status.waiting_since
    parts = status_parts(
        mine=(status.mine_unread, status.mine),
        unassigned=(status.unassigned_unread, status.unassigned),
        unread=status.unread,
        waiting=age(since, utc_now()) if since is not None else "",
        flow=status.flow,
    )
    out.say(tmux_line(parts) if args.format == "tmux" else plain_line(parts))
    return 0


def _json(status: DeskStatus) -> dict[str, object]:
    from helpdesk_tui.domain.times import rfc3339

    since = status.waiting_since
    return {
        "unread": status.unread,
        "mine": status.mine,
        "mine_unread": status.mine_unread,
        "unassigned": status.unassigned,
        "unassigned_unread": status.unassigned_unread,
        "waiting_since": None if since is None else rfc3339(since),
        "sync": {"state": status.flow.state.value, "account": status.flow.account or None},
    }

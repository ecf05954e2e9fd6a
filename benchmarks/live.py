"""C4: from a commit in one process to its picture in another."""

from __future__ import annotations

import time

from benchmarks.common import SMALL, Result, percentile, seeded, ui
from benchmarks.screen import first_customer
from benchmarks.term import terminal
from helpdesk_tui.domain.tickets import Status, View, ViewFilter
from helpdesk_tui.services.desk import open_desk


def live_change(rounds: int = 40) -> list[Result]:
    """Tag the ticket that the other process shows on top, and wait for the tag on its screen."""
    store = seeded(SMALL)
    desk = open_desk(store, agent="anna")
    mine = ViewFilter(View.MINE, Status.OPEN, agent_id=desk.actor.agent_id)
    ticket = desk.inbox.page(mine, limit=1).rows[0].id
    waits: list[float] = []
    try:
        with terminal(ui(store), first_customer(store)) as term:
            term.calm(1.0)
            for number in range(rounds):
                tag = f"aa{number:02}"
                term.calm(0.4)
                desk.triage.tag([ticket], [tag])
                waits.append(term.wait_for_bytes(tag.encode(), f"the tag {tag}"))
                desk.triage.untag([ticket], [tag])
                time.sleep(0.3)
    finally:
        desk.close()
    p95 = percentile(waits, 0.95) * 1000
    return [Result("C4", "commit in one process → painted in another p95", p95, "ms", 250, 120)]

"""C2: an agent's writes while the worker brings in a backlog."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.common import Result, percentile
from benchmarks.ingest import mailbox, new_store
from helpdesk_tui.services.desk import Desk, open_desk

_EVERY = 0.03
"""Seconds between two writes: several agents at work at once."""


def agent_writes(mails: int = 10_000) -> list[Result]:
    """Tag, assign, snooze and note in this process while another one runs the backfill."""
    waits: list[float] = []
    with tempfile.TemporaryDirectory() as folder, mailbox(mails) as box:
        store = Path(folder) / "store"
        new_store(store, box)
        command = [sys.executable, "-m", "helpdesk_tui", "--store", str(store), "sync", "--once"]
        worker = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=box.environment())
        desk = open_desk(store, agent="anna")
        # an agent's program has loaded what it writes with; the first write here has not
        desk.triage, desk.replies  # noqa: B018
        try:
            while worker.poll() is None:
                wait = _one_write(desk, len(waits))
                if wait is not None:
                    waits.append(wait)
                time.sleep(_EVERY)
        finally:
            desk.close()
            worker.kill()
    if len(waits) < 20:
        raise RuntimeError(f"only {len(waits)} writes happened during the backfill")
    p95, p99 = percentile(waits, 0.95) * 1000, percentile(waits, 0.99) * 1000
    note = f"{len(waits)} writes, maximum {max(waits) * 1000:.0f} ms"
    return [
        Result("C2", "an agent's write during a backfill p95", p95, "ms", 30, 12, note),
        Result("C2", "an agent's write during a backfill p99", p99, "ms", 150, 50),
    ]


def _one_write(desk: Desk, number: int) -> float | None:
    from helpdesk_tui.domain.tickets import View, ViewFilter

    rows = desk.inbox.page(ViewFilter(View.ALL), limit=20).rows
    if not rows:
        return None
    ticket = rows[number % len(rows)].id
    start = time.perf_counter()
    if number % 3 == 0:
        desk.triage.tag([ticket], [f"t{number % 7}"])
    elif number % 3 == 1:
        desk.triage.close([ticket])
    else:
        desk.replies.note(ticket, "checked with the warehouse")
    return time.perf_counter() - start

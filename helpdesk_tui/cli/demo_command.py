"""``helpdesk demo``: a throw-away store with sample tickets, gone when the UI closes."""

from __future__ import annotations

import argparse
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from helpdesk_tui.cli.context import output_of


def run(args: argparse.Namespace) -> int:
    """Fill a store in a temporary folder, then open the UI on it or wait beside it."""
    with _throw_away_store() as root:
        count = fill(root, seed=args.seed)
        if not args.headless:
            from helpdesk_tui.cli.demo.desk import AGENT
            from helpdesk_tui.cli.ui import open_store

            return open_store(root, agent=AGENT)
        out = output_of(args)
        if out.json:
            out.document({"store": str(root), "agent": "anna", "tickets": count})
        else:
            out.say(f"sample store with {count} tickets: {root}")
            out.say(f"  helpdesk --store {root} --agent anna")
            out.say(f"  helpdesk --store {root} ticket list is:open")
            out.say("Ctrl-C removes it.")
        _wait_to_be_stopped()
    return 0


def fill(root: Path, *, seed: int = 1, now: datetime | None = None) -> int:
    """Make a store in ``root`` and write the sample desk; return the number of tickets."""
    from helpdesk_tui.cli.demo.desk import sample_desk
    from helpdesk_tui.db.migrate import ensure_schema
    from helpdesk_tui.db.store import Store
    from helpdesk_tui.services.history import write_desk

    moment = now or datetime.now(UTC)
    ensure_schema(root)
    store = Store(root)
    try:
        desk = sample_desk(moment, seed)
        write_desk(store, desk, moment)
    finally:
        store.close()
    return len(desk.tickets)


@contextmanager
def _throw_away_store() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="helpdesk-demo-"))
    try:
        yield folder / "store"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait_to_be_stopped() -> None:
    """Wait for Ctrl-C, SIGTERM or SIGHUP, so that the store is removed in each case."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()

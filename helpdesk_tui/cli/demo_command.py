"""``helpdesk demo``: a throw-away store with sample tickets, gone when the UI closes."""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from helpdesk_tui.cli.context import output_of
from helpdesk_tui.cli.demo import AGENT
from helpdesk_tui.cli.output import Output
from helpdesk_tui.cli.ui import open_store
from helpdesk_tui.widgets.words.language import _


def run(args: argparse.Namespace) -> int:
    """Fill a store in a temporary folder, then open the UI on it or wait beside it."""
    with _throw_away_store() as root:
        with _stopped_by_signals() as stop:
            count = fill(root, seed=args.seed)
            if args.headless:
                _say_how_to_use_it(output_of(args), root, count)
                stop.wait()
        if args.headless or stop.is_set():
            return 0
        return open_store(root, agent=AGENT)


def _say_how_to_use_it(out: Output, root: Path, count: int) -> None:
    if out.json:
        out.document({"store": str(root), "agent": AGENT, "tickets": count})
    else:
        out.say(
            _("a store with {count} sample tickets is in {root}").format(count=count, root=root)
        )
        out.say(f"  helpdesk --store {root} --agent {AGENT}")
        out.say(f"  helpdesk --store {root} ticket list is:open")
        out.say(_("Ctrl-C removes it."))
    sys.stdout.flush()


def fill(root: Path, *, seed: int = 1, now: datetime | None = None) -> int:
    """Make a store in ``root`` and write the sample desk; return the number of tickets."""
    from helpdesk_tui.cli.demo.desk import sample_desk
    from helpdesk_tui.cli.demo.macros import save_macros
    from helpdesk_tui.db.migrate import ensure_schema
    from helpdesk_tui.db.store import Store
    from helpdesk_tui.services.history import write_desk

    moment = now or datetime.now(UTC)
    ensure_schema(root)
    store = Store(root)
    try:
        desk = sample_desk(moment, seed)
        write_desk(store, desk, moment)
        save_macros(store, moment)
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


@contextmanager
def _stopped_by_signals() -> Iterator[threading.Event]:
    """Give an event that Ctrl-C, SIGTERM and SIGHUP set, so that the store is removed each time."""
    stop = threading.Event()
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    former = {number: signal.signal(number, lambda *_: stop.set()) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)

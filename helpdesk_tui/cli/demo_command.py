"""``helpdesk demo``: a throw-away store with sample tickets, gone when the UI closes."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_tui.cli.context import output_of
from helpdesk_tui.cli.demo import AGENT
from helpdesk_tui.cli.output import Output
from helpdesk_tui.cli.ui import open_store
from helpdesk_tui.domain.errors import RemoteError
from helpdesk_tui.widgets.words.errors import sentence
from helpdesk_tui.widgets.words.language import _

if TYPE_CHECKING:
    from helpdesk_tui.cli.demo.web import Web

_END_WITHIN = 3.0


def run(args: argparse.Namespace) -> int:
    """Fill a store in a temporary folder, then open the UI on it or wait beside it."""
    out = output_of(args)
    with _throw_away_store() as root, ExitStack() as running:
        with _stopped_by_signals() as stop:
            count = fill(root, seed=args.seed)
            web = _begin(root, running, out)
            if args.headless:
                _say_how_to_use_it(out, root, count, web)
                stop.wait()
        if args.headless or stop.is_set():
            return 0
        greeting = ""
        if web is not None:
            greeting = _("Chat as a customer: {url}").format(url=web.shop)
            out.say(greeting)
        return open_store(root, agent=AGENT, greeting=greeting)


def _begin(root: Path, running: ExitStack, out: Output) -> Web | None:
    """Start shop, relay and worker; without them the sample desk is there all the same."""
    from helpdesk_tui.cli.demo.phones import open_phones
    from helpdesk_tui.cli.demo.web import connect, web_of
    from helpdesk_tui.services.desk import open_desk

    try:
        web = running.enter_context(web_of(root.parent / "relay"))
    except RemoteError as error:
        out.warn(sentence(error))
        return None
    with closing(open_desk(root, agent=AGENT)) as desk:
        connect(desk, web)
        open_phones(desk)
    web.hand_over(os.environ)
    running.enter_context(_worker(root))
    return web


@contextmanager
def _worker(root: Path) -> Iterator[None]:
    """Run the worker of the throw-away store: it is gone before the store is."""
    from helpdesk_tui.services.worker_state import start_worker

    worker = start_worker(root)
    try:
        yield
    finally:
        worker.terminate()
        try:
            worker.communicate(timeout=_END_WITHIN)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.communicate()


def _say_how_to_use_it(out: Output, root: Path, count: int, web: Web | None) -> None:
    if out.json:
        document: dict[str, object] = {"store": str(root), "agent": AGENT, "tickets": count}
        if web is not None:
            document |= {"relay": web.relay, "shop": web.shop}
        out.document(document)
    else:
        out.say(
            _("a store with {count} sample tickets is in {root}").format(count=count, root=root)
        )
        if web is not None:
            out.say(_("a shop page to chat from is at {url}").format(url=web.shop))
        out.say(f"  helpdesk --store {root} --agent {AGENT}")
        out.say(f"  helpdesk --store {root} ticket list is:open")
        out.say(_("Ctrl-C removes it."))
    sys.stdout.flush()


def fill(root: Path, *, seed: int = 1, now: datetime | None = None) -> int:
    """Make a store in ``root`` and write the sample desk; return the number of tickets."""
    from helpdesk_tui.cli.demo.context import open_shop
    from helpdesk_tui.cli.demo.desk import sample_desk
    from helpdesk_tui.cli.demo.macros import save_macros
    from helpdesk_tui.cli.demo.questions import save_questions
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
        save_questions(store, moment)
        open_shop(store, desk, moment, seed)
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

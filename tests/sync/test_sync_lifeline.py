"""A worker that an interface started ends with it, after what was about to leave."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from helpdesk_tui.db.store import Store
from helpdesk_tui.services.worker_state import worker_running
from helpdesk_tui.sync.lifeline import watch_starter
from tests.support.store import add_message, add_ticket, make_store
from tests.support.waiting import PATIENCE, until

STARTER = """
import sys, threading
from pathlib import Path
from helpdesk_tui.services.worker_state import start_worker
child = start_worker(Path(sys.argv[1]))
print(child.pid, flush=True)
threading.Event().wait()
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path)
    yield store
    store.close()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGHUP, signal.SIGTERM])
def test_a_worker_does_not_outlive_the_one_that_started_it(
    store: Store, number: signal.Signals
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STARTER, str(store.paths.root)], stdout=subprocess.PIPE
    ) as starter:
        assert starter.stdout is not None
        worker = int(starter.stdout.readline())
        try:
            until(lambda: worker_running(store.paths))
            starter.send_signal(number)
            starter.wait(PATIENCE)
            until(lambda: not worker_running(store.paths))
        finally:
            starter.kill()
            if worker_running(store.paths):
                os.kill(worker, signal.SIGKILL)


def queued(store: Store, due: datetime) -> int:
    ticket = add_ticket(store)
    return add_message(store, ticket, direction="outbound", delivery="queued", due_at=due)


def test_what_is_about_to_leave_leaves_first(store: Store) -> None:
    message = queued(store, datetime.now(UTC) + timedelta(seconds=5))
    ours, theirs = os.pipe()
    stop = threading.Event()
    watch_starter(store.paths.root, ours, stop)
    assert not stop.wait(0.5)
    os.close(theirs)
    assert not stop.wait(1.0)
    with store.write() as connection:
        connection.execute(
            "UPDATE message SET delivery = 'sent', due_at = NULL WHERE id = ?", (message,)
        )
    assert stop.wait(PATIENCE)
    os.close(ours)


def test_what_leaves_much_later_keeps_no_worker(store: Store) -> None:
    queued(store, datetime.now(UTC) + timedelta(hours=1))
    ours, theirs = os.pipe()
    stop = threading.Event()
    watch_starter(store.paths.root, ours, stop)
    os.close(theirs)
    assert stop.wait(PATIENCE)
    os.close(ours)

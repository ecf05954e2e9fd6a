"""Exactly one worker: a lock that dies with its owner."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from helpdesk_tui.domain.errors import StoreError
from helpdesk_tui.sync.lease import WorkerLock
from tests.support.waiting import AT_ONCE, PATIENCE

HOLD = """
import pathlib, sys
from helpdesk_tui.sync.lease import WorkerLock
lock = WorkerLock(pathlib.Path(sys.argv[1]))
print(lock.take(), flush=True)
sys.stdin.read()
"""


def test_only_one_holds_it_and_the_next_follows(tmp_path: Path):
    first, second = WorkerLock(tmp_path / "lock"), WorkerLock(tmp_path / "lock")
    assert first.take()
    assert first.take()
    assert not second.take()
    first.free()
    assert second.take()
    second.free()


def test_a_killed_owner_frees_it(tmp_path: Path):
    path = tmp_path / "lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"True\n"
        lock = WorkerLock(path)
        assert not lock.take()
        owner.kill()
        owner.wait()
        assert lock.wait(threading.Event(), every=0.01)
        lock.free()


def test_waiting_ends_when_told_to(tmp_path: Path):
    first, second = WorkerLock(tmp_path / "lock"), WorkerLock(tmp_path / "lock")
    first.take()
    stop = threading.Event()
    threading.Timer(0.1, stop.set).start()
    started = time.monotonic()
    assert not second.wait(stop, every=PATIENCE)
    assert time.monotonic() - started < AT_ONCE
    first.free()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path):
    with pytest.raises(StoreError) as caught:
        WorkerLock(tmp_path / "missing" / "lock").take()
    assert caught.value.code == "store.unwritable"

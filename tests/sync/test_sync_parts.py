"""The small parts of the worker: backoff, the service manager, jobs."""

from __future__ import annotations

import json
import socket
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from helpdesk_tui.domain.accounts import Account, AccountState, JobState
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.errors import NotFound
from helpdesk_tui.services.jobs import INTAKE_TICKET, SYNC_NOW, Jobs
from helpdesk_tui.sync.backoff import Backoff
from helpdesk_tui.sync.notify import notify_service
from helpdesk_tui.sync.passwords import stored_passwords
from helpdesk_tui.sync.requests import JobLoop
from tests.support.store import FakeClock, make_store


def test_waits_double_from_a_second_to_five_minutes_and_begin_anew():
    backoff = Backoff()
    waits = [backoff.next() for _ in range(40)]
    for number, wait in enumerate(waits):
        assert min(300, 2**number) / 2 <= wait <= min(300, 2**number)
    backoff.clear()
    assert backoff.next() <= 1
    assert Backoff().next(at_least=60) == 60


def test_the_service_manager_hears_where_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    assert not notify_service("READY=1")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        assert notify_service("READY=1")
        assert manager.recv(100) == b"READY=1"
    assert not notify_service("READY=1")


def test_a_job_is_done_once_by_one_worker(tmp_path: Path):
    store = make_store(tmp_path)
    jobs = Jobs(store, SYSTEM)
    first = jobs.ask(SYNC_NOW, {"channel": "x"}, key="same")
    assert jobs.ask(SYNC_NOW, key="same") == first
    claimed = jobs.claim("one")
    assert claimed is not None
    assert claimed.arguments == {"channel": "x"}
    assert jobs.claim("one") is None
    jobs.finish(claimed, {"seen": 3})
    assert jobs.load(first).state is JobState.DONE
    assert jobs.load(first).result == {"seen": 3}
    with pytest.raises(NotFound):
        jobs.load(first + 1)
    store.close()


def test_a_job_of_a_dead_worker_is_taken_over(tmp_path: Path):
    store = make_store(tmp_path)
    jobs = Jobs(store, SYSTEM)
    first = jobs.ask(SYNC_NOW)
    assert jobs.claim("dead") is not None
    again = jobs.claim("alive")
    assert again is not None
    assert again.id == first
    store.close()


def test_a_job_that_dies_of_something_unforeseen_has_failed_at_once(tmp_path: Path):
    store = make_store(tmp_path)
    jobs = Jobs(store, SYSTEM)
    dying = jobs.ask(INTAKE_TICKET, {"intake": "no number"})
    nobody = cast("Any", None)
    with pytest.raises(ValueError, match="no number"):
        JobLoop(store, "worker", nobody, dict, nobody).step()
    job = jobs.load(dying)
    assert (job.state, job.result) == (JobState.FAILED, {"code": "job.failed"})
    store.close()


def test_a_job_that_waited_too_long_fails(tmp_path: Path):
    store, clock = make_store(tmp_path), FakeClock()
    jobs = Jobs(store, SYSTEM, now=clock)
    late = jobs.ask(SYNC_NOW, within=timedelta(minutes=1))
    clock.advance(minutes=2)
    assert jobs.claim("worker") is None
    assert jobs.load(late).state is JobState.FAILED
    store.close()


def test_the_command_for_all_passwords_is_not_asked_for_one_that_need_not_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "c.toml"
    code = "import sys; sys.exit(1) if sys.argv[1].endswith('-smtp') else print(sys.argv[1])"
    config.write_text(f'[secrets]\n"*" = {json.dumps([sys.executable, "-c", code, "{name}"])}\n')
    monkeypatch.setenv("HELPDESK_CONFIG", str(config))
    account = Account(1, "support", "email", "s@shop.example", True, "{}", AccountState.NEW, "")
    assert stored_passwords(tmp_path)(account, "smtp") == "support"

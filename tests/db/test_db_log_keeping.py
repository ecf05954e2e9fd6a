"""The write-ahead log stays short, whoever reads, and no writer hears of it."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from helpdesk_tui.db import log_keeping
from helpdesk_tui.db.store import Store
from tests.support.store import make_store

_ROW = 400_000
"""Bytes of a written value: a hundred pages of log."""


def _log_size(store: Store) -> int:
    database = store.paths.database
    return database.with_name(f"{database.name}-wal").stat().st_size


def _write(store: Store, number: int, *, bulk: bool) -> None:
    with store.write(bulk=bulk) as connection:
        connection.execute(
            "INSERT OR REPLACE INTO setting (scope, name, value) VALUES ('desk', :n, :v)",
            {"n": f"n{number % 3}", "v": "x" * _ROW if bulk else str(number)},
        )


def _relay(store: Store, ended: threading.Event) -> None:
    """Read from now until the end, always beginning the next read before the last one ends."""
    others = [Store(store.paths.root) for _ in range(2)]
    held: list[ExitStack] = []
    try:
        number = 0
        while not ended.is_set():
            stack = ExitStack()
            connection = stack.enter_context(others[number % 2].read())
            connection.execute("SELECT count(*) FROM setting").fetchone()
            if held:
                held.pop().close()
            held.append(stack)
            number += 1
            ended.wait(0.002)
    finally:
        while held:
            held.pop().close()
        for other in others:
            other.close()


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a short log a long one."""
    monkeypatch.setattr(log_keeping, "_COPY_AT", 150)
    monkeypatch.setattr(log_keeping, "_BEGIN_ANEW_AT", 300)
    monkeypatch.setattr(log_keeping, "_TOO_LONG", 600)


@pytest.mark.usefixtures("small")
def test_the_log_begins_anew_though_somebody_reads_at_every_moment(tmp_path: Path) -> None:
    store, ended = make_store(tmp_path), threading.Event()
    reader = threading.Thread(target=_relay, args=(store, ended))
    reader.start()
    try:
        for number in range(30):
            _write(store, number, bulk=True)
    finally:
        ended.set()
        reader.join()
    # thirty times a hundred pages were written: 12 MB
    assert _log_size(store) < 4_000_000
    store.close()


@pytest.mark.usefixtures("small")
def test_a_reader_that_does_not_end_stops_neither_bulk_work_nor_agents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_keeping, "_PATIENCE", 0.01)
    monkeypatch.setattr(log_keeping, "_TRIES", 2)
    store = make_store(tmp_path)
    other = Store(store.paths.root)
    with other.read() as connection:
        connection.execute("SELECT count(*) FROM setting").fetchone()
        for number in range(10):
            _write(store, number, bulk=True)
            _write(store, number + 10, bulk=False)
    _write(store, 99, bulk=True)
    with store.read() as connection:
        assert connection.execute("SELECT count(*) FROM setting").fetchone()[0] == 3
    other.close()
    store.close()


@pytest.mark.usefixtures("small")
def test_nobody_hears_that_the_store_is_busy_while_the_log_begins_anew(tmp_path: Path) -> None:
    store, ended = make_store(tmp_path), threading.Event()
    done: list[int] = []

    def agent(number: int) -> None:
        mine = Store(store.paths.root)
        try:
            for turn in range(25):
                _write(mine, turn * 4 + number, bulk=False)
                done.append(number)
        finally:
            mine.close()

    reader = threading.Thread(target=_relay, args=(store, ended))
    agents = [threading.Thread(target=agent, args=(number,)) for number in range(4)]
    for thread in (reader, *agents):
        thread.start()
    try:
        number = 0
        while any(thread.is_alive() for thread in agents):
            _write(store, number, bulk=True)
            number += 1
    finally:
        ended.set()
        for thread in (reader, *agents):
            thread.join()
    assert len(done) == 100
    store.close()

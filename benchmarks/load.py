"""Many at once on one store (C1, C2, C3, C5, K6), and nobody at all (M2)."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.common import (
    LARGE,
    Result,
    cache,
    environment,
    percentile,
    program,
    seeded,
    ui,
)
from benchmarks.peers import mbox
from benchmarks.screen import first_customer
from benchmarks.term import Term, terminal
from helpdesk_tui.db.paths import StorePaths
from helpdesk_tui.domain.tickets import View, ViewFilter
from helpdesk_tui.services.desk import open_desk

TICKETS = 50_000
MAILS = 150_000
"""More than come in while it is measured."""
READERS, AGENTS = 8, 12
QUIET_SECONDS, LOAD_SECONDS = 20, 60
IDLE_SECONDS = 15
_PATIENCE = 90
"""Seconds beyond the time asked for that a part may take to start and end."""
_PRESSES = 60


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """Give a copy of a seeded store to write into."""
    with tempfile.TemporaryDirectory(dir=cache()) as folder:
        store = Path(folder) / "store"
        shutil.copytree(seeded(TICKETS), store)
        os.sync()  # or the first commits would wait until the disk has taken the copy
        yield store


@contextlib.contextmanager
def ingesting(store: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Take mail in, as fast as it goes, in processes of its own."""
    mails = mbox(MAILS, 500_000)
    worker = subprocess.Popen(
        program(store, "import", str(mails)), env={**os.environ, **environment()},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait_for_mail(store, worker)
        yield worker
        if worker.poll() is not None:
            raise RuntimeError("the mail came to its end while it was measured: give more of it")
    finally:
        worker.terminate()
        try:
            worker.wait(20)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()


def _wait_for_mail(store: Path, worker: subprocess.Popen[bytes], limit: float = 60.0) -> None:
    desk = open_desk(store, agent="anna")
    try:
        before = desk.inbox.height(ViewFilter(View.ALL))
        end = time.monotonic() + limit
        while desk.inbox.height(ViewFilter(View.ALL)) == before:
            if worker.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"waited {limit:g} s for mail to come in: none did")
            time.sleep(0.1)
    finally:
        desk.close()


def _start(store: Path, role: str, count: int, seconds: float) -> list[subprocess.Popen[str]]:
    script = str(Path(__file__).with_name("load_part.py"))
    return [
        subprocess.Popen(
            [sys.executable, script, str(store), role, str(number), str(seconds)],
            stdout=subprocess.PIPE, text=True, env={**os.environ, **environment()},
        )
        for number in range(count)
    ]  # fmt: skip


def _gather(parts: list[subprocess.Popen[str]], seconds: float) -> list[dict[str, Any]]:
    found = []
    for part in parts:
        try:
            out, _ = part.communicate(timeout=seconds + _PATIENCE)
        except subprocess.TimeoutExpired:
            part.kill()
            raise RuntimeError("waited for a reader or an agent to end: it hangs") from None
        if part.returncode:
            raise RuntimeError(f"a reader or an agent ended with {part.returncode}")
        found.append(json.loads(out))
    return found


def _p95(parts: list[dict[str, Any]]) -> float:
    return percentile([one for part in parts for one in part["times"]], 0.95) * 1000


def under_load() -> list[Result]:
    """Measure eight readers alone, then with twelve agents and mail coming in."""
    with scratch() as store:
        quiet = _p95(_gather(_start(store, "reader", READERS, QUIET_SECONDS), QUIET_SECONDS))
        with ingesting(store):
            readers = _start(store, "reader", READERS, LOAD_SECONDS)
            agents = _start(store, "agent", AGENTS, LOAD_SECONDS)
            wal = _largest_wal(store, LOAD_SECONDS)
            read, written = _gather(readers, LOAD_SECONDS), _gather(agents, LOAD_SECONDS)
        loaded, busy = _p95(read), sum(part["busy"] for part in (*read, *written))
        done = sum(part["done"] for part in written)
        refused = sum(part["refused"] for part in written)
        lost = _lost(store, written)
    writes_p95, writes_p99 = (
        percentile([one for part in written for one in part["times"]], share) * 1000
        for share in (0.95, 0.99)
    )
    errors = {error for part in (*read, *written) for error in part["errors"]}
    writes = f"{done} writes, {refused} refused as somebody was faster {' '.join(errors)}"
    return [
        Result("C1", "list p95, 8 readers + 12 agents + mail / quiet", loaded / quiet, "×", 2, 1.5,
               f"{loaded:.1f} against {quiet:.1f} ms"),
        Result("C2", "an agent's write among all that p95", writes_p95, "ms", 30, 12),
        Result("C2", "an agent's write among all that p99", writes_p99, "ms", 150, 50),
        Result("C3", "busy errors of 12 agents and 8 readers in 60 s", busy, "", 0, 0, writes),
        Result("C3", "lost updates of 12 agents in 60 s", lost, "", 0, 0),
        Result("C5", "largest WAL in 60 s of all that", wal, "MB", 64, 16),
    ]  # fmt: skip


def _largest_wal(store: Path, seconds: float) -> float:
    wal = StorePaths(store).database.with_name(StorePaths(store).database.name + "-wal")
    end, largest = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        with contextlib.suppress(FileNotFoundError):
            largest = max(largest, wal.stat().st_size)
        time.sleep(0.25)
    return largest / 1e6


def _lost(store: Path, parts: list[dict[str, Any]]) -> int:
    """Count the changes that were said to be made and are not there."""
    desk = open_desk(store, agent="anna")
    try:
        ids = {ticket for part in parts for ticket, _ in (*part["expected"], *part["gone"])}
        rows = desk.inbox.rows(sorted(ids), ViewFilter(View.ALL))
    finally:
        desk.close()
    tags = {ticket: row.tags if row is not None else () for ticket, row in rows.items()}
    missing = [1 for part in parts for ticket, tag in part["expected"] if tag not in tags[ticket]]
    back = [1 for part in parts for ticket, tag in part["gone"] if tag in tags[ticket]]
    return len(missing) + len(back)


def keys_under_load() -> list[Result]:
    """K6: `j` to the first byte while mail comes in flat out, against the same with none."""
    with scratch() as store, terminal(ui(store), first_customer(store)) as term:
        idle = _presses(term)
        with ingesting(store):
            loaded = _presses(term)
    note = f"{loaded * 1000:.1f} against {idle * 1000:.1f} ms"
    what = "j → first byte p95 while mail comes in / idle"
    return [Result("K6", what, loaded / idle, "×", 2, 1.3, note)]


def _presses(term: Term) -> float:
    times = []
    for number in range(_PRESSES):
        term.settle(0.15, what="a moment without news")
        answer = term.press("j" if number % 20 < 10 else "k", 0.06)
        if answer.first is not None:
            times.append(answer.first)
    if len(times) < _PRESSES // 2:
        raise RuntimeError(f"waited for the answer to j: {len(times)} of {_PRESSES} came")
    return percentile(times, 0.95)


def idle() -> list[Result]:
    """M2: what the program computes and writes in 15 seconds in which nothing happens."""
    store = seeded(LARGE)
    with terminal(ui(store), first_customer(store)) as term:
        term.calm(5.0)
        # the clock in the header moves once a minute: that is no idleness
        left = 60 - time.time() % 60
        if left < IDLE_SECONDS + 2:
            time.sleep(left + 1)
            term.calm(0.5)
        cpu, written = term.cpu(), term.total
        end = time.monotonic() + IDLE_SECONDS
        while (now := time.monotonic()) < end:
            term.read(end - now)
        cpu, written = term.cpu() - cpu, term.total - written
    return [
        Result("M2", "computing time of 15 s idle", cpu * 1000, "ms", 150, 60),
        Result("M2", "bytes written in 15 s idle", written, "B", 0, 0),
    ]

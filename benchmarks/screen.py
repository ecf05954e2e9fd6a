"""What a person feels: start-up (T1, T5), keys (K1, K2), opening a ticket (K5), memory (M1)."""

from __future__ import annotations

import contextlib
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.common import (
    LARGE,
    SIZE,
    SMALL,
    Result,
    Skipped,
    environment,
    interleaved,
    percentile,
    seeded,
    tool,
    tool_path,
    ui,
)

READY = "#"
"""On the screen as soon as the first ticket of the list is drawn in its pane."""
_NEOMUTT = """
set quit=yes help=yes mbox_type=Maildir record="" postponed="" sort=threads
"""
_PREVIEW_DELAY = 0.12
_BRIDGE = 0.17
"""Seconds of quiet that end a measurement: more than the preview waits, so that it is seen."""
_QUIET = 0.08
"""The same where nothing waits; a tick of the clock must not count as part of the picture."""


@contextlib.contextmanager
def terminal(command: list[str], ready: str, size: tuple[int, int] = SIZE) -> Iterator[Any]:
    """Start a program in a pty and wait for its first useful screen."""
    term = tool("pty_latency").Term(command, *size, env=environment())
    try:
        term.started = term.until(ready, 60)[1]
        term.settle(0.3)
        term.feed()
        yield term
    finally:
        term.close()


def _start(command: list[str], ready: str) -> float:
    term = tool("pty_latency").Term(command, *SIZE, env=environment())
    try:
        seconds: float = term.until(ready, 60)[1]
        return seconds
    finally:
        term.close()


def first_customer(store: Path) -> str:
    """Return a text that only the filled list shows: the first customer of the default view."""
    from helpdesk_tui.domain.tickets import Status, View, ViewFilter
    from helpdesk_tui.services.desk import open_desk

    desk = open_desk(store, agent="anna")
    try:
        where = ViewFilter(View.UNASSIGNED, Status.OPEN)
        mine = ViewFilter(View.MINE, Status.OPEN, agent_id=desk.actor.agent_id)
        page = desk.inbox.page(mine, limit=1)
        rows = page.rows or desk.inbox.page(where, limit=1).rows
        return rows[0].customer_name
    finally:
        desk.close()


def start_up(rounds: int = 7) -> list[Result]:
    """T1: first useful screen at 1M tickets against a Textual hello; T5: against 1k tickets."""
    large, small = seeded(LARGE), seeded(SMALL)
    hello = [sys.executable, str(tool_path("tui_sketch")), "hello"]
    names = first_customer(large), first_customer(small)
    sides = (
        lambda: _start(hello, "READY"),
        lambda: _start(ui(large), names[0]),
        lambda: _start(ui(small), names[1]),
    )
    for side in sides:
        side()
    (floor, ours, ours_small), _ = interleaved(sides, rounds)
    note = f"hello {floor * 1000:.0f} ms, 1M {ours * 1000:.0f} ms, 1k {ours_small * 1000:.0f} ms"
    return [
        Result("T1", "first useful screen, 1M / Textual hello", ours / floor, "×", 1.6, 1.25, note),
        Result("T5", "first useful screen, 1M / 1k tickets", ours / ours_small, "×", 1.1, 1.03),
    ]  # fmt: skip


@contextlib.contextmanager
def _neomutt() -> Iterator[Any]:
    if shutil.which("neomutt") is None:
        raise Skipped("install neomutt: apt-get install neomutt")
    with tempfile.TemporaryDirectory() as folder:
        box = Path(folder) / "mail"
        tool("gen_mail").write_maildir(str(box), 2000, 1, "cur")
        rc = Path(folder) / "rc"
        rc.write_text(f"{_NEOMUTT}set folder={folder}\nset spoolfile={box}\n")
        command = ["neomutt", "-n", "-F", str(rc), "-R", "-f", str(box)]
        with terminal(command, "NeoMutt") as term:
            yield term


def keys(presses: int = 60) -> list[Result]:
    """K1: `j` to the first byte, K2: bytes of the list per `j`, M1: memory, against neomutt."""
    times: dict[str, list[float]] = {"ours": [], "mutt": []}
    sizes: dict[str, list[int]] = {"ours": [], "mutt": []}
    store = seeded(LARGE)
    with terminal(ui(store), first_customer(store)) as ours, _neomutt() as mutt:
        for number in range(presses):
            for name, term in (("ours", ours), ("mutt", mutt)):
                key = "j" if number % 40 < 20 else "k"
                # The preview follows 120 ms after the key: a gap of 60 ms sees the list alone.
                first, _, count = term.press(key, 0.06)
                if first is None:
                    continue
                times[name].append(first)
                sizes[name].append(count)
                term.settle(0.25)
                term.feed()
        _page(ours)
        memory = ours.rss() / 1024
    ours_p95, mutt_p95 = percentile(times["ours"], 0.95), percentile(times["mutt"], 0.95)
    bytes_ours, bytes_mutt = statistics.median(sizes["ours"]), statistics.median(sizes["mutt"])
    note = f"ours {ours_p95 * 1000:.1f} ms, neomutt {mutt_p95 * 1000:.1f} ms"
    return [
        Result("K1", "j → first byte p95 / neomutt", ours_p95 / mutt_p95, "×", 10, 5, note),
        Result("K1", "j → first byte p95", ours_p95 * 1000, "ms", 16, 8),
        Result("K2", "bytes of the list per j / neomutt", bytes_ours / bytes_mutt, "×", 3, 2,
               f"{bytes_ours:.0f} against {bytes_mutt:.0f} bytes"),
        Result("M1", "memory of the UI at 1M tickets after paging", memory, "MB", 80, 60),
    ]  # fmt: skip


def _page(term: Any, presses: int = 80) -> None:
    """Page through the list, as an agent would who looks for something."""
    for _ in range(presses):
        term.press("space", 0.05)


def open_ticket(rounds: int = 30) -> list[Result]:
    """K5: a ticket of 50 messages, from the key to the last byte of its picture."""
    store = seeded(LARGE)
    wide: list[float] = []
    narrow: list[float] = []
    with terminal(ui(store), first_customer(store)) as term:
        for number in range(rounds * 2):
            os_key = "j" if number % 2 == 0 else "k"
            _, last, _ = term.press(os_key, _BRIDGE)
            if number % 2 and last is not None:
                wide.append(last - _PREVIEW_DELAY)
            term.settle(0.3)
            term.feed()
    with terminal(ui(store), first_customer(store), (90, 30)) as term:
        for _ in range(rounds):
            _, last, _ = term.press("enter", _QUIET)
            narrow.append(last or 0.0)
            term.press("q", 0.15)
            time.sleep(0.05)
    preview, opened = percentile(wide, 0.95) * 1000, percentile(narrow, 0.95) * 1000
    return [
        Result("K5", "preview of 50 messages painted p95", preview, "ms", 60, 30),
        Result("K5", "ticket of 50 messages opened p95", opened, "ms", 60, 30),
    ]  # fmt: skip

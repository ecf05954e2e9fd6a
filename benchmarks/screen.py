"""What a person feels: start-up (T1, T5), keys (K1–K4), opening a ticket (K5), memory (M1)."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from benchmarks.common import (
    LARGE,
    SMALL,
    Result,
    Skipped,
    interleaved,
    percentile,
    seeded,
    tool_path,
    ui,
)
from benchmarks.peers import aerc, neomutt
from benchmarks.term import Term, started, terminal

PREVIEW_DELAY = 0.12
BRIDGE = 0.4
"""Seconds of quiet that end a measurement: well more than the preview waits, so that it is seen on
a busy machine too, where 0.17 took the key for all there was."""
_QUIET = 0.08
"""The same where nothing waits; a tick of the clock must not count as part of the picture."""
_AT_ONCE = 50


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
        lambda: started(hello, "READY"),
        lambda: started(ui(large), names[0]),
        lambda: started(ui(small), names[1]),
    )
    for side in sides:
        side()
    (floor, ours, ours_small), _ = interleaved(sides, rounds)
    note = f"hello {floor * 1000:.0f} ms, 1M {ours * 1000:.0f} ms, 1k {ours_small * 1000:.0f} ms"
    return [
        Result("T1", "first useful screen, 1M / Textual hello", ours / floor, "×", 1.6, 1.25, note),
        Result("T5", "first useful screen, 1M / 1k tickets", ours / ours_small, "×", 1.1, 1.03),
    ]  # fmt: skip


def keys(presses: int = 60) -> list[Result]:
    """K1: `j` to the first byte, K2: bytes of the list per `j`, M1: memory, against neomutt."""
    store = seeded(LARGE)
    with terminal(ui(store), first_customer(store)) as ours:
        results = [
            *_beside("K1, K2 and K4", lambda: neomutt(SMALL * 50), lambda mutt: [
                *_single_keys(ours, mutt, presses), _many_keys(ours, mutt)
            ]),
            *_beside("K3", lambda: aerc(SMALL * 50), lambda peer: [_pages(ours, peer)]),
        ]  # fmt: skip
        for _ in range(80):
            ours.press("space", 0.03)
        memory = ours.memory()
    what = "memory of the UI at 1M tickets after paging"
    return [*results, Result("M1", what, memory, "MB", 80, 60)]


def _beside(
    ids: str,
    peer: Callable[[], AbstractContextManager[Term]],
    measure: Callable[[Term], list[Result]],
) -> list[Result]:
    """Measure against a peer; without it the other figures are still taken."""
    try:
        with peer() as term:
            return measure(term)
    except Skipped as reason:
        print(f"{ids}: skipped, {reason}")
        return []


def _single_keys(ours: Term, mutt: Term, presses: int) -> list[Result]:
    times: dict[Term, list[float]] = {ours: [], mutt: []}
    sizes: dict[Term, list[int]] = {ours: [], mutt: []}
    for number in range(presses):
        for term in (ours, mutt):
            # the preview follows 120 ms after the key: a gap of 60 ms sees the list alone
            answer = term.press("j" if number % 40 < 20 else "k", 0.06)
            if answer.first is None:
                continue
            times[term].append(answer.first)
            sizes[term].append(answer.size)
            if term is ours:
                term.calm(0.25)
    if not times[ours] or not times[mutt]:
        raise RuntimeError("waited for the answer to j: one of the two never wrote anything")
    ours_p95, mutt_p95 = percentile(times[ours], 0.95), percentile(times[mutt], 0.95)
    bytes_ours, bytes_mutt = statistics.median(sizes[ours]), statistics.median(sizes[mutt])
    note = f"ours {ours_p95 * 1000:.1f} ms, neomutt {mutt_p95 * 1000:.1f} ms"
    return [
        Result("K1", "j → first byte p95 / neomutt", ours_p95 / mutt_p95, "×", 10, 5, note),
        Result("K1", "j → first byte p95", ours_p95 * 1000, "ms", 16, 8),
        Result("K2", "bytes of the list per j / neomutt", bytes_ours / bytes_mutt, "×", 3, 2,
               f"{bytes_ours:.0f} against {bytes_mutt:.0f} bytes"),
    ]  # fmt: skip


def _many_keys(ours: Term, mutt: Term, rounds: int = 7) -> Result:
    """K4: fifty keys at once, until the cursor stands and nothing is written any more."""

    def side(term: Term) -> Callable[[], float]:
        turn = iter(range(1000))

        def measure() -> float:
            key = "j" if next(turn) % 2 == 0 else "k"
            term.send(*[key] * _AT_ONCE)
            # the preview is measured as K5: the gap ends before it begins, though that counts from
            # the last key and the gap from the picture of it
            answer = term.settle(_QUIET, 1.0, f"the end of fifty times {key}")
            term.calm(0.3)
            if answer.last is None:
                raise RuntimeError(f"waited for the answer to fifty times {key}: there was none")
            return answer.last

        return measure

    (mine, theirs), _ = interleaved((side(ours), side(mutt)), rounds)
    note = f"ours {mine * 1000:.0f} ms, neomutt {theirs * 1000:.0f} ms"
    return Result("K4", "50 keys at once, settled / neomutt", mine / theirs, "×", 1.0, 0.4, note)


def _pages(ours: Term, peer: Term, rounds: int = 12) -> Result:
    """K3: bytes of a page down, without the preview that follows when the keys rest."""

    def side(term: Term, key: str) -> Callable[[], float]:
        def measure() -> float:
            size = term.press(key, 0.09, 1.0).size
            term.calm(0.3)
            return float(size)

        return measure

    ours.press("g", 0.05)
    ours.press("g", 0.4)
    (mine, theirs), _ = interleaved((side(ours, "space"), side(peer, "pgdn")), rounds)
    if not theirs:
        raise RuntimeError("waited for a page of aerc: it wrote nothing")
    note = f"{mine:,.0f} against {theirs:,.0f} bytes"
    return Result("K3", "bytes per page / aerc", mine / theirs, "×", 1.5, 0.8, note)


def open_ticket(rounds: int = 30) -> list[Result]:
    """K5: a ticket of 50 messages, from the key to the last byte of its picture."""
    store = seeded(LARGE)
    wide: list[float] = []
    narrow: list[float] = []
    with terminal(ui(store), first_customer(store)) as term:
        for number in range(rounds * 2):
            answer = term.press("j" if number % 2 == 0 else "k", BRIDGE)
            if number % 2 and answer.last is not None:
                wide.append(answer.last - PREVIEW_DELAY)
            term.calm(0.2)
    with terminal(ui(store), first_customer(store), (90, 30)) as term:
        for _ in range(rounds):
            answer = term.press("enter", _QUIET)
            if answer.last is None:
                raise RuntimeError(f"waited for an opened ticket: none came; {term.text()}")
            narrow.append(answer.last)
            term.press("q", 0.15)
            time.sleep(0.05)
    preview, opened = percentile(wide, 0.95) * 1000, percentile(narrow, 0.95) * 1000
    return [
        Result("K5", "preview of 50 messages painted p95", preview, "ms", 60, 30),
        Result("K5", "ticket of 50 messages opened p95", opened, "ms", 60, 30),
    ]  # fmt: skip

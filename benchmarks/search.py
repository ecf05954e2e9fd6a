"""S1, S4, S5, L2: searches, filters and views, from the first statement to rows that can be drawn.

The peer is notmuch's library, in a process of its own, on the same mails and words. Where it is not
installed there is still the floor: the same words in one statement of SQLite, nothing around it.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence

from benchmarks.common import LARGE, Result, Skipped, interleaved, percentile, seeded
from benchmarks.peers import Notmuch
from helpdesk_tui.domain.tickets import Status, View, ViewFilter
from helpdesk_tui.services.desk import Desk, open_desk

MEDIUM = 50_000
MANY = 500_000
WORDS = ("refund ", "parcel ", "jackets ", "two week ", "parcel office ", '"larger size" ')
"""Newest 50 of a word, of two, of a phrase."""
EXPRESSIONS = (
    '"refund"', '"parcel"', '"jackets"', '"two" AND "week"', '"parcel" AND "office"',
    '"larger size"',
)  # fmt: skip
"""The same as the index itself is asked."""
FILTERS = (
    "is:open", "is:snoozed", "is:closed", "is:unread", "is:spam", "is:waiting", "assignee:me",
    "assignee:none", "assignee:marek is:snoozed", "tag:vip", "channel:whatsapp", "priority:high",
    "created:<2d", "-paczka", "(tag:vip OR is:snoozed)",
)  # fmt: skip
ROUNDS = 30


def searches() -> list[Result]:
    """Measure words, words with every kind of filter, the growth with size, and completion."""
    desk = open_desk(seeded(MEDIUM), agent="anna")
    try:
        results, medium = _words(desk)
    finally:
        desk.close()
    desk = open_desk(seeded(MANY), agent="anna")
    try:
        results += [filters(desk, "500k"), _completion(desk)]
        growth = _against_the_floor(desk)[0] / medium
    finally:
        desk.close()
    return [*results, Result("S5", "growth of S1 from 50k to 500k", growth, "×", 5, 2)]


def _words(desk: Desk) -> tuple[list[Result], float]:
    """Return S1, and the milliseconds that it took us."""
    ours, floor = _against_the_floor(desk)
    try:
        peer = Notmuch(MEDIUM)
    except Skipped as reason:
        print(f"S1 against notmuch: skipped, {reason}")
        note = f"ours {ours:.2f} ms, one statement {floor:.2f} ms"
        what = "newest 50 by words at 50k p95 / one statement"
        return [Result("S1", what, ours / floor, "×", 8, 4, note)], ours
    try:
        mine, theirs = _against_notmuch(desk, peer)
    finally:
        peer.close()
    note = f"ours {mine:.2f} ms, notmuch {theirs:.2f} ms, one statement {floor:.2f} ms"
    what = "newest 50 by words at 50k p95 / notmuch"
    return [Result("S1", what, mine / theirs, "×", 0.25, 0.1, note)], ours


def _against_notmuch(desk: Desk, peer: Notmuch) -> tuple[float, float]:
    """Return the medians of the 95th percentiles of five runs of each, in ms, taken in turn."""
    for words in WORDS:
        _page(desk, words)
        peer.search(words.strip())

    def run(ask: Callable[[str], float]) -> float:
        return percentile([ask(words) for _ in range(6) for words in WORDS], 0.95) * 1000

    sides = (
        lambda: run(lambda words: _page(desk, words)),
        lambda: run(lambda words: peer.search(words.strip())),
    )
    (mine, theirs), _ = interleaved(sides, 7)
    return mine, theirs


def _page(desk: Desk, query: str) -> float:
    start = time.perf_counter()
    desk.inbox.page(ViewFilter(View.ALL, query=query), limit=50)
    return time.perf_counter() - start


def _floor(connection: sqlite3.Connection, expression: str) -> float:
    start = time.perf_counter()
    connection.execute(
        "SELECT ticket.* FROM (SELECT rowid AS number FROM message_fts WHERE message_fts MATCH ?"
        " ORDER BY rowid DESC LIMIT 50) CROSS JOIN message ON message.id = number"
        " CROSS JOIN ticket ON ticket.id = ticket_id",
        (expression,),
    ).fetchall()
    return time.perf_counter() - start


def _against_the_floor(desk: Desk) -> tuple[float, float]:
    """Return the 95th percentiles of our pages and of the index alone, in ms, taken in turn."""
    ours, floor = [], []
    for _ in range(ROUNDS):
        for words, expression in zip(WORDS, EXPRESSIONS, strict=True):
            ours.append(_page(desk, words))
            with desk.store.read() as connection:
                floor.append(_floor(connection, expression))
    return percentile(ours, 0.95) * 1000, percentile(floor, 0.95) * 1000


def _worst(names: Sequence[str], measure: Callable[[str], float], rounds: int) -> tuple[str, float]:
    """Return what has the highest 95th percentile, and that in ms."""
    found = {}
    for name in names:
        measure(name)  # what is asked for the first time comes from the disk
        found[name] = [measure(name) for _ in range(rounds)]
    p95 = {name: percentile(values, 0.95) * 1000 for name, values in found.items()}
    worst = max(p95, key=p95.__getitem__)
    return worst, p95[worst]


def filters(desk: Desk, size: str) -> Result:
    """S4: words with any filter, and any filter alone: the slowest of them."""
    queries = [f"{word} {one} " for word in ("parcel", "refund") for one in FILTERS]
    queries += [f"{one} " for one in FILTERS]
    worst, p95 = _worst(queries, lambda query: _page(desk, query), ROUNDS)
    what = f"words with any filter at {size}, worst p95 to rows"
    return Result("S4", what, p95, "ms", 100, 30, f"worst: {worst.strip()}")


def _completion(desk: Desk) -> Result:
    def complete(text: str) -> float:
        start = time.perf_counter()
        desk.inbox.searches.complete(text, len(text))
        return time.perf_counter() - start

    texts = ("", "ta", "tag:", "is:", "assignee:", "channel:", "priority:", "from:customer1")
    worst, p95 = _worst(texts, complete, ROUNDS)
    what = "completion of a query at 500k, worst p95"
    return Result("S6", what, p95, "ms", 10, 5, f"worst: {worst or '(nothing)'}")


def views() -> list[Result]:
    """Measure the first page of every built-in view under every status, and all badges, at 1M."""
    desk = open_desk(seeded(LARGE), agent="anna")
    try:
        wheres = [ViewFilter(view, status) for view in View for status in (None, *Status)]

        def page(where: ViewFilter) -> float:
            start = time.perf_counter()
            desk.inbox.page(where, limit=50)
            return time.perf_counter() - start

        def badges() -> float:
            start = time.perf_counter()
            desk.inbox.counts()
            return time.perf_counter() - start

        worst, slowest = "", 0.0
        for where in wheres:
            p95 = percentile([page(where) for _ in range(ROUNDS)], 0.95) * 1000
            if p95 > slowest:
                worst, slowest = f"{where.view.value} {where.status or 'any'}", p95
        counted = percentile([badges() for _ in range(ROUNDS)], 0.95) * 1000
    finally:
        desk.close()
    if counted > slowest:
        worst, slowest = "badges", counted
    what = "any built-in view or all badges at 1M, worst p95"
    return [Result("L2", what, slowest, "ms", 5, 1, f"worst: {worst}, badges {counted:.2f} ms")]

"""Figures at 5 million messages (S2, S3, S4, L1): by hand, as the store takes a while to make."""

from __future__ import annotations

import time

from benchmarks.common import LARGE, Result, percentile, seeded
from benchmarks.lists import deep_page
from benchmarks.search import WORDS, filters
from helpdesk_tui.domain.tickets import View, ViewFilter
from helpdesk_tui.services.desk import Desk, open_desk

PER_TICKET = 5
"""Messages of a ticket: a million tickets hold five million."""
PREFIXES = ("re", "par", "jack", "custo", "ord", "wo", "sta")
"""Words half typed, as while a search is typed."""
ROUNDS = 30


def large() -> list[Result]:
    """Measure words, half words, filters and deep pages at five million messages."""
    store = seeded(LARGE, PER_TICKET)
    desk = open_desk(store, agent="anna")
    try:
        words = _worst(desk, WORDS)
        prefixes = _worst(desk, PREFIXES)
        filtered = filters(desk, "5M messages")
    finally:
        desk.close()
    return [
        Result("S2", "newest 50 by words at 5M messages, p95", words, "ms", 10, 3),
        Result("S3", "newest 50 by half a word at 5M messages, p95", prefixes, "ms", 20, 5),
        filtered,
        *deep_page(store=store),
    ]


def _worst(desk: Desk, queries: tuple[str, ...]) -> float:
    """Return the 95th percentile of the pages of some searches, in ms."""
    times = []
    for query in queries:
        where = ViewFilter(View.ALL, query=query)
        desk.inbox.page(where, limit=50)  # what is asked for the first time comes from the disk
        for _ in range(ROUNDS):
            started = time.perf_counter()
            desk.inbox.page(where, limit=50)
            times.append(time.perf_counter() - started)
    return percentile(times, 0.95) * 1000

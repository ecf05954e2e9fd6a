"""L1: a page of the list deep down against the first page."""

from __future__ import annotations

import time
from pathlib import Path

from benchmarks.common import LARGE, Result, interleaved, seeded
from helpdesk_tui.domain.tickets import SortKey, View, ViewFilter
from helpdesk_tui.services.desk import open_desk

DEPTH = 500_000


def deep_page(rounds: int = 200, store: Path | None = None) -> list[Result]:
    """Measure a page of 50 at depth 500k and the first one, in turn, in one process."""
    desk = open_desk(store or seeded(LARGE), agent="anna")
    where = ViewFilter(View.ALL)
    try:
        with desk.store.read() as connection:
            row = connection.execute(
                "SELECT last_message_at, id FROM ticket WHERE spam = 0 AND merged_into IS NULL "
                "ORDER BY last_message_at DESC, id DESC LIMIT 1 OFFSET :depth",
                {"depth": DEPTH},
            ).fetchone()
        key = SortKey(*row)

        def page(after: SortKey | None) -> float:
            start = time.perf_counter()
            found = desk.inbox.page(where, after=after, limit=50)
            if len(found.rows) != 50:
                raise RuntimeError("the page is not full")
            return time.perf_counter() - start

        (first, deep), _ = interleaved((lambda: page(None), lambda: page(key)), rounds)
    finally:
        desk.close()
    note = f"first {first * 1000:.2f} ms, deep {deep * 1000:.2f} ms"
    return [Result("L1", "page at depth 500k / first page", deep / first, "×", 1.5, 1.1, note)]

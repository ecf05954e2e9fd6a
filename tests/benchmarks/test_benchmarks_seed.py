"""The seeded store is a whole and consistent one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from benchmarks.seed import END, TOP_MESSAGES, seed
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.times import to_us
from tests.support.store import make_store


def dump(root: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(root / "helpdesk.db")) as link:
        link.create_function("fold", 1, str, deterministic=True)
        return link.execute(query).fetchall()


def test_seeding_makes_the_same_consistent_store_each_time(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    seed(first, 300, 2)
    second.mkdir()
    seed(second, 300, 2)
    for table in ("ticket", "message", "participant", "ticket_tag", "activity", "ticket_tally"):
        query = f"SELECT * FROM {table} ORDER BY 1, 2"
        assert dump(first, query) == dump(second, query), table
    assert dump(first, "SELECT count(*) FROM ticket") == [(300,)]
    counted = "SELECT coalesce(assignee_id, 0), status, spam, count(*), sum(unread) FROM ticket"
    assert dump(first, f"{counted} GROUP BY 1, 2, 3") == dump(
        first, "SELECT * FROM ticket_tally ORDER BY 1, 2"
    )


def test_a_seeded_store_has_what_a_new_one_has(tmp_path: Path) -> None:
    root = tmp_path / "seeded"
    seed(root, 60)
    schema = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
    assert dump(root, schema) == dump(make_store(tmp_path).paths.root, schema)
    store = Store(root)
    with store.write() as connection:
        connection.execute(
            "INSERT INTO message_fts(message_fts, rank) VALUES('integrity-check', 1)"
        )
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    top = "SELECT message_count, last_message_at FROM ticket ORDER BY last_message_at DESC LIMIT 1"
    assert dump(root, top) == [(TOP_MESSAGES, to_us(END))]
    unordered = (
        "SELECT count(*) FROM message a JOIN message b ON b.id = a.id + 1"
        " WHERE b.received_at < a.received_at"
    )
    assert dump(root, unordered) == [(0,)]
    wrong = (
        "SELECT id FROM ticket t WHERE message_count !="
        " (SELECT count(*) FROM message WHERE ticket_id = t.id) OR last_message_at !="
        " (SELECT max(received_at) FROM message WHERE ticket_id = t.id)"
    )
    assert dump(root, wrong) == []

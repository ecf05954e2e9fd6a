"""The live database between processes: whoever comes and goes, the others still see each other."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

from helpdesk_tui.db.live import WANTED_FOR, LiveStore
from helpdesk_tui.db.modes import make_file
from tests.support.waiting import PATIENCE

NOW = 1_000_000_000
COME_AND_GO = """
import sys
from pathlib import Path
from helpdesk_tui.db.live import WANTED_FOR, LiveStore
live = LiveStore(Path(sys.argv[1]))
live.beat("s", (1, "anna"), None, "here", 1_000)
print([row[0] for row in live.visitors(1_000)])
live.close()
"""


def come_and_go(path: Path) -> str:
    """Be another program that opens the database, looks who is there, and ends."""
    done = subprocess.run(
        [sys.executable, "-c", COME_AND_GO, str(path)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True, text=True, timeout=PATIENCE, check=True,
    )  # fmt: skip
    return done.stdout.strip()


def test_who_goes_does_not_part_those_who_stay(tmp_path: Path) -> None:
    path = tmp_path / "live.db"
    with closing(LiveStore(path)) as first, closing(LiveStore(path)) as second:
        first.tell_visitors([(1, 1, 0)], 1_000)
        assert second.version() > 0
        assert come_and_go(path) == "[1]"
        first.tell_visitors([(2, 1, 0)], 1_000)
        assert come_and_go(path) == "[1, 2]"
        assert [row[0] for row in second.visitors(1_000)] == [1, 2]


def test_a_file_is_made_once_whoever_makes_it(tmp_path: Path) -> None:
    path = tmp_path / "live.db"
    former = os.umask(0)
    try:
        threads = [threading.Thread(target=make_file, args=(path, tmp_path)) for _ in range(8)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    finally:
        os.umask(former)
    assert [each.name for each in tmp_path.iterdir()] == ["live.db"]
    path.chmod(0o644)
    path.write_text("kept")
    make_file(path, tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text() == "kept"


def test_what_is_wanted_is_taken_once_the_most_urgent_first(tmp_path: Path) -> None:
    path = tmp_path / "live.db"
    with closing(LiveStore(path)) as desk, closing(LiveStore(path)) as worker:
        assert worker.take_wanted(0) == []
        seen = worker.version()
        desk.want([7, 8], 1, 1_000)
        desk.want([9], 0, 2_000)
        assert worker.version() != seen
        assert worker.take_wanted(3_000) == [(9, 0, 2_000), (7, 1, 1_000), (8, 1, 1_000)]
        assert worker.take_wanted(3_000) == []


def test_whoever_is_opened_was_wanted_all_the_more(tmp_path: Path) -> None:
    with closing(LiveStore(tmp_path / "live.db")) as live:
        live.want([7], 1, 1_000)
        live.want([7], 0, 2_000)
        live.want([7], 1, 3_000)
        assert live.take_wanted(4_000) == [(7, 0, 3_000)]


def test_nobody_waits_any_more_for_what_was_wanted_long_ago(tmp_path: Path) -> None:
    with closing(LiveStore(tmp_path / "live.db")) as live:
        live.want([7], 0, 1_000)
        live.want([8], 0, WANTED_FOR)
        assert live.take_wanted(WANTED_FOR + 1_000) == [(8, 0, WANTED_FOR)]


def test_odd_values_that_somebody_wrote_in_there_keep_nobody_else_waiting(tmp_path: Path) -> None:
    path = tmp_path / "live.db"
    live = LiveStore(path)
    live.want([7], 0, 1_000)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO want VALUES (8, 'first', 1000), (9, 0, 'now')")
    assert live.take_wanted(1_001) == [(7, 0, 1_000)]
    live.close()


def test_file_that_was_removed_is_made_anew_by_those_who_had_it_open(tmp_path: Path) -> None:
    with (
        closing(LiveStore(tmp_path / "live.db")) as one,
        closing(LiveStore(tmp_path / "live.db")) as other,
    ):
        one.want([1], 0, NOW)
        assert [row[0] for row in other.take_wanted(NOW)] == [1]
        before = other.version()
        for each in tmp_path.iterdir():
            each.unlink()
        one.want([2], 0, NOW)
        assert other.version() != before
        assert [row[0] for row in other.take_wanted(NOW)] == [2]
        one.beat("s", (1, "anna"), None, "reading", NOW)
        assert [row[1] for row in other.present(NOW)] == ["anna"]

"""Visitors of chats: the worker tells, screens see it at once and for next to nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from helpdesk_tui.domain.presence import VisitorNow
from helpdesk_tui.services.desk import open_desk
from tests.support.store import FakeClock, make_desk

HERE, TYPING, GONE = VisitorNow(True), VisitorNow(True, typing=True), VisitorNow(False)


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def worker(tmp_path, clock):
    desk = make_desk(tmp_path, "worker", clock)
    yield desk.visitors
    desk.close()


@pytest.fixture
def anna(worker, tmp_path, clock):
    desk = open_desk(tmp_path / "store", agent="worker", clock=clock)
    yield desk.visitors
    desk.close()


def test_who_is_there_types_or_is_away_is_seen(worker, anna):
    worker.tell({7: HERE, 8: TYPING, 9: GONE})
    assert anna.look() == {7: HERE, 8: TYPING, 9: GONE}
    assert anna.look(8) == {8: TYPING}
    assert anna.look(10) == {}
    worker.tell({7: GONE, 8: HERE, 9: TYPING})
    assert anna.look() == {7: GONE, 8: HERE, 9: TYPING}


def test_looking_again_gives_the_same_object_while_nothing_changed(worker, anna, clock):
    worker.tell({7: HERE})
    first = anna.look()
    for _ in range(8):
        clock.advance(seconds=1)
        worker.tell({7: HERE})
        assert anna.look() is first


def test_what_is_known_is_written_seldom(worker, anna, clock, tmp_path):
    def told():
        with closing(sqlite3.connect(tmp_path / "store" / "live.db")) as live:
            return live.execute("SELECT told_at FROM visitor").fetchone()

    worker.tell({7: HERE})
    first = told()
    clock.advance(seconds=10)
    worker.tell({7: HERE})
    assert told() == first
    clock.advance(seconds=11)
    worker.tell({7: HERE})
    assert told() != first


def test_typing_and_presence_fade_when_nobody_speaks_of_them_any_more(worker, anna, clock):
    worker.tell({7: TYPING})
    assert anna.look() == {7: TYPING}
    clock.advance(seconds=36)
    assert anna.look() == {7: HERE}
    clock.advance(seconds=40)
    assert anna.look() == {}
    clock.advance(minutes=15)
    worker.tell({8: HERE})
    assert anna.look() == {8: HERE}


def test_a_chat_that_ended_has_nobody_there(worker, anna):
    worker.tell({7: TYPING, 8: HERE})
    worker.forget(7)
    worker.forget(99)
    assert anna.look() == {7: GONE, 8: HERE}


@pytest.mark.parametrize("row", [("x", 1, 0), (b"5", 1, 0), (5, 1, "soon"), (5, 1, None)])
def test_what_no_program_of_ours_wrote_hides_nobody(worker, anna, tmp_path, row):
    worker.tell({7: HERE})
    with closing(sqlite3.connect(tmp_path / "store" / "live.db")) as live, live:
        live.execute("CREATE TABLE other AS SELECT * FROM visitor")
        live.execute("DROP TABLE visitor")
        live.execute("CREATE TABLE visitor (ticket_id, online, typing_until, told_at)")
        live.execute("INSERT INTO visitor SELECT * FROM other")
        live.execute("INSERT INTO visitor SELECT ?, ?, ?, told_at FROM other", row)
    assert anna.look() == {7: HERE}


def test_without_the_live_file_nobody_is_seen_and_nothing_fails(tmp_path, clock):
    desk = make_desk(tmp_path, clock=clock)
    desk.store.paths.live.mkdir()
    desk.visitors.tell({7: HERE})
    assert desk.visitors.look() == {}
    desk.close()


def test_a_read_only_desk_tells_nothing(worker, tmp_path, clock):
    desk = open_desk(tmp_path / "store", agent="worker", read_only=True, clock=clock)
    desk.visitors.tell({7: HERE})
    assert not desk.store.paths.live.exists()
    worker.tell({7: HERE})
    assert desk.visitors.look() == {7: HERE}
    desk.close()

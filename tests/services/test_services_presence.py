"""Agents see each other: in the ticket, typing, gone."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing

import pytest

from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.presence import PresenceState
from helpdesk_tui.services.desk import open_desk
from helpdesk_tui.services.presence import Presence
from tests.support.store import FakeClock, add_agent, make_desk


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def anna(tmp_path, clock):
    desk = make_desk(tmp_path, clock=clock)
    add_agent(desk.store, "marek")
    yield desk
    desk.close()


@pytest.fixture
def marek(anna, clock):
    desk = open_desk(anna.store.paths.root, agent="marek", clock=clock)
    yield desk
    desk.close()


def _seen(present):
    return [(one.agent, one.state) for one in present]


def test_an_agent_sees_the_others_in_a_ticket_and_not_itself(anna, marek, clock):
    marek.presence.beat(7)
    anna.presence.beat(7)
    assert _seen(anna.presence.others(7)) == [("marek", PresenceState.VIEWING)]
    assert anna.presence.others(8) == []
    assert anna.presence.others(7)[0].since == clock.now


def test_typing_is_seen_and_since_stays_until_the_ticket_changes(anna, marek, clock):
    marek.presence.beat(7)
    start = clock.now
    clock.advance(seconds=5)
    marek.presence.beat(7, typing=True)
    (seen,) = anna.presence.others(7)
    assert (seen.state, seen.since, seen.ticket_id) == (PresenceState.TYPING, start, 7)
    marek.presence.beat(None)
    assert anna.presence.others(7) == []
    (seen,) = anna.presence.team()
    assert (seen.state, seen.since, seen.ticket_id) == (PresenceState.HERE, clock.now, None)


def test_an_agent_that_stopped_beating_fades(anna, marek, clock):
    marek.presence.beat(7)
    assert anna.presence.team()
    clock.advance(seconds=16)
    assert anna.presence.others(7) == []
    assert not anna.presence.team()
    marek.presence.beat(7)
    assert anna.presence.team()


def test_leaving_is_seen_at_once(anna, marek):
    marek.presence.beat(7)
    marek.presence.leave()
    assert anna.presence.team() == []


def test_closing_the_desk_says_goodbye(anna, marek):
    marek.presence.beat(7)
    marek.close()
    assert anna.presence.team() == []


def test_two_terminals_of_one_agent_count_once_by_the_more_telling(anna, marek, clock):
    second = Presence(marek.store, marek.actor, now=clock)
    marek.presence.beat(7)
    second.beat(7, typing=True)
    assert _seen(anna.presence.others(7)) == [("marek", PresenceState.TYPING)]
    second.close()
    assert _seen(anna.presence.others(7)) == [("marek", PresenceState.VIEWING)]


def test_the_system_is_nobody_but_sees_who_is_here(anna, clock):
    system = Presence(anna.store, SYSTEM, now=clock)
    system.beat(7)
    assert system.team() == []
    anna.presence.beat(7)
    assert [present.agent for present in system.team()] == ["anna"]
    system.close()


def test_the_live_file_is_private_and_not_the_main_database(anna):
    anna.presence.beat(7)
    paths = anna.store.paths
    assert stat.S_IMODE(paths.live.stat().st_mode) == 0o600
    with anna.store.read() as connection:
        assert connection.execute(
            "SELECT count(*) FROM sqlite_master WHERE name = 'presence'"
        ).fetchone() == (0,)


def test_a_damaged_live_file_is_made_anew(anna):
    anna.store.paths.live.write_bytes(b"no database at all" * 500)
    anna.presence.beat(7)
    anna.presence.beat(7)
    assert _seen(anna.presence.team()) == [("anna", PresenceState.VIEWING)]


def test_where_it_cannot_be_written_nobody_is_seen_and_nothing_fails(anna, clock):
    anna.store.paths.live.mkdir()
    anna.presence.beat(7)
    assert anna.presence.team() == []
    anna.presence.leave()


def test_a_read_only_desk_looks_without_leaving_a_trace(anna, clock):
    desk = open_desk(anna.store.paths.root, agent="marek", read_only=True, clock=clock)
    desk.presence.beat(7)
    assert desk.presence.team() == []
    assert not anna.store.paths.live.exists()
    anna.presence.beat(7)
    assert _seen(desk.presence.team()) == [("anna", PresenceState.VIEWING)]
    desk.close()


def test_rows_of_sessions_that_died_are_removed(anna, marek, clock):
    marek.presence.beat(7)
    clock.advance(minutes=11)
    anna.presence.beat(7)
    with closing(sqlite3.connect(anna.store.paths.live)) as link:
        assert link.execute("SELECT agent FROM presence").fetchall() == [("anna",)]


def _written(desk):
    with closing(sqlite3.connect(desk.store.paths.live)) as connection:
        return connection.execute("SELECT agent, state, beat_at FROM presence").fetchall()


def test_alone_an_agent_hardly_writes_until_somebody_comes(anna, marek, clock):
    anna.presence.look(None)
    before = _written(anna)
    for _ in range(20):
        clock.advance(seconds=1)
        anna.presence.look(None)
    assert _written(anna) == before
    marek.presence.look(7)
    clock.advance(seconds=0.3)
    assert ("marek", PresenceState.VIEWING) in _seen(anna.presence.look(None))
    clock.advance(seconds=0.3)
    assert ("anna", PresenceState.HERE) in _seen(marek.presence.look(7))


def test_who_moves_is_told_at_once_and_who_rests_every_few_seconds(anna, marek, clock):
    marek.presence.look(7)
    anna.presence.look(None)
    first = _written(anna)
    clock.advance(seconds=1)
    anna.presence.look(None)
    assert _written(anna) == first
    anna.presence.look(7, typing=True)
    assert ("anna", PresenceState.TYPING) in _seen(marek.presence.look(7))
    clock.advance(seconds=6)
    anna.presence.look(7, typing=False, idle=True)
    assert ("anna", PresenceState.IDLE) in _seen(marek.presence.look(7))
    for _ in range(10):
        clock.advance(seconds=3)
        marek.presence.look(7)
        seen = _seen(anna.presence.look(7, idle=True))
    assert {name for name, _ in seen} == {"anna", "marek"}


def test_who_is_gone_without_a_word_is_forgotten(anna, marek, clock):
    marek.presence.look(7)
    assert len(anna.presence.look(None)) == 2
    clock.advance(seconds=20)
    assert _seen(anna.presence.look(None)) == [("anna", PresenceState.HERE)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "dancing"}, {"agent": b"\xff"}, {"agent": None}, {"since": 2**62},
        {"agent_id": "x"}, {"ticket_id": "seven"},
    ],
)  # fmt: skip
def test_what_no_program_of_ours_wrote_is_not_seen_and_hides_nobody(anna, marek, wrong):
    marek.presence.beat(7)
    with closing(sqlite3.connect(anna.store.paths.live)) as live, live:
        live.execute("CREATE TABLE other AS SELECT * FROM presence")
        live.execute("DROP TABLE presence")
        live.execute(
            "CREATE TABLE presence (session PRIMARY KEY, agent_id, agent, ticket_id, state, since,"
            " beat_at)"
        )
        columns = "session, agent_id, agent, ticket_id, state, since, beat_at"
        live.execute(f"INSERT INTO presence ({columns}) SELECT {columns} FROM other")
        live.execute(
            f"INSERT INTO presence ({columns}) SELECT 'x', 99, agent, 7, state, since, beat_at"
            " FROM other"
        )
        name, value = next(iter(wrong.items()))
        live.execute(f"UPDATE presence SET {name} = ? WHERE session = 'x'", (value,))
    assert _seen(anna.presence.others(7)) == [("marek", PresenceState.VIEWING)]
    assert _seen(anna.presence.team()) == [("marek", PresenceState.VIEWING)]


def test_the_name_of_a_colleague_is_cleaned(anna, marek):
    marek.presence.beat(7)
    with closing(sqlite3.connect(anna.store.paths.live)) as live, live:
        live.execute("UPDATE presence SET agent = ?", ("m\x1b]0;x\x07arek",))
    assert anna.presence.others(7)[0].agent == "m␛]0;x␇arek"


def test_the_worker_sees_that_an_agent_is_here_for_as_long_as_they_are(anna, clock):
    worker = Presence(anna.store, SYSTEM, now=clock)
    assert not worker.is_anybody_here()
    anna.presence.look(None)
    for _ in range(60):
        clock.advance(seconds=5)
        anna.presence.look(None)
        assert worker.is_anybody_here()
    anna.presence.leave()
    assert not worker.is_anybody_here()
    worker.close()


def test_a_session_that_ended_without_a_word_counts_for_some_minutes_only(anna, clock):
    worker = Presence(anna.store, SYSTEM, now=clock)
    anna.presence.look(None)
    clock.advance(seconds=130)
    assert not worker.is_anybody_here()
    worker.close()

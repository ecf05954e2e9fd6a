"""The worker sees which agent types in which ticket."""

from __future__ import annotations

from pathlib import Path

from helpdesk_tui.domain.actor import Actor, ActorKind
from helpdesk_tui.services.chat.typing import Typing
from helpdesk_tui.services.presence import Presence
from tests.support.store import FakeClock, make_store

ANNA, BO = Actor(ActorKind.AGENT, 1, "anna"), Actor(ActorKind.AGENT, 2, "bo")


def test_who_types_is_seen_until_they_stop_or_go_without_a_word(tmp_path: Path):
    store, clock = make_store(tmp_path), FakeClock()
    typing = Typing(store, now=clock)
    anna, bo = Presence(store, ANNA, now=clock), Presence(store, BO, now=clock)
    assert typing.look() == {}
    anna.beat(7, typing=True)
    bo.beat(8)
    assert typing.look() == {7: 1}
    anna.beat(7)
    assert typing.look() == {}
    anna.beat(7, typing=True)
    assert typing.look() == {7: 1}
    clock.advance(seconds=20)
    assert typing.look() == {}
    for each in (anna, bo, typing):
        each.close()
    store.close()


def test_of_two_who_type_the_first_one_is_told(tmp_path: Path):
    store, clock = make_store(tmp_path), FakeClock()
    typing = Typing(store, now=clock)
    anna, bo = Presence(store, ANNA, now=clock), Presence(store, BO, now=clock)
    anna.beat(7, typing=True)
    clock.advance(seconds=1)
    bo.beat(7, typing=True)
    assert typing.look() == {7: 1}
    for each in (anna, bo, typing):
        each.close()
    store.close()


def test_without_a_live_database_nobody_types(tmp_path: Path):
    store = make_store(tmp_path)
    store.paths.live.write_bytes(b"no database at all" * 100)
    typing = Typing(store)
    assert typing.look() == {}
    typing.close()
    store.close()

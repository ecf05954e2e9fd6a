"""Chats in the query language: those of the responder, those that run, and who waits too long."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk_tui.db.reads import search
from helpdesk_tui.domain.tickets import View, ViewFilter
from tests.support.chats import add_chat, end_chat
from tests.support.store import START, add_ticket, make_desk


@pytest.fixture
def desk(tmp_path):
    desk = make_desk(tmp_path)
    yield desk
    desk.close()


@pytest.fixture
def zoo(desk):
    """One chat in each way that can be asked for."""
    away = {"offline_since": START}
    zoo = {
        "chatting": add_chat(desk.store),
        "left": add_chat(desk.store, chat=away),
        "ended": add_chat(desk.store),
        "ended-left": add_chat(desk.store, chat=away),
        "answering": add_chat(desk.store, chat={"responder": "answering"}, status="closed",
                              flags="with-responder", waiting_since=None),
        "solved": add_chat(desk.store, chat={"responder": "solved"}),
        "handed": add_chat(desk.store, chat={"responder": "handed-over", **away}),
        "mail": add_ticket(desk.store),
    }  # fmt: skip
    for name in ("ended", "ended-left", "solved"):
        end_chat(desk.store, zoo[name])
    return zoo


@pytest.mark.parametrize("way", ["few", "many"])
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("is:ai", {"answering", "solved"}),
        ("is:chatting", {"chatting", "answering"}),
        ("is:left", {"left", "handed"}),
        ("is:chatting -is:ai", {"chatting"}),
        ("is:left,ai", {"left", "handed", "answering", "solved"}),
        ("channel:webchat -is:chatting -is:left", {"ended", "ended-left", "solved"}),
    ],
)
def test_chats_are_found_by_how_they_stand(desk, zoo, query, names, way, monkeypatch):
    if way == "many":
        monkeypatch.setattr(search, "_RARE_HITS", 0)
        monkeypatch.setattr(search, "_RARE_TICKETS", -1)
        monkeypatch.setattr(search, "_PLAIN_TICKETS", -1)
    where = ViewFilter(View.ALL, query=query)
    found = {row.id for row in desk.inbox.page(where).rows}
    assert {name for name, number in zoo.items() if number in found} == names
    assert desk.inbox.height(where) == len(names)


def test_asking_for_patience_delays_being_overdue(desk):
    late = START - timedelta(minutes=6)
    plain = add_chat(desk.store, at=late)
    held = add_chat(desk.store, at=late, held_at=START - timedelta(minutes=2))
    again = add_chat(desk.store, at=late, held_at=START - timedelta(minutes=5))
    found = {row.id for row in desk.inbox.page(ViewFilter(View.ALL, query="is:overdue")).rows}
    assert found == {plain, again}
    waiting = {row.id for row in desk.inbox.page(ViewFilter(View.ALL, query="is:waiting")).rows}
    assert waiting == {plain, held, again}


def test_the_new_states_are_proposed(desk):
    assert desk.inbox.page(ViewFilter(View.ALL, query="is:chatting")).rows == ()
    proposed = [each.text for each in desk.inbox.searches.complete("is:ch", 5).proposals]
    assert any("chatting" in text for text in proposed)

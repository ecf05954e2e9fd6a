"""Chats beside each other: a slow service holds up nobody else, and the worker ends at once."""

from __future__ import annotations

import threading
import time
from functools import partial

import pytest

from helpdesk_tui.domain.errors import StoreError
from helpdesk_tui.sync.responder.errands import Errands
from helpdesk_tui.sync.responder.loop import ResponderLoop
from helpdesk_tui.sync.responder.stoppable import Breaker, Stopped
from tests.support.responding import add_faq, add_talk, language_model, settle, thread_of
from tests.support.store import make_store, row_of
from tests.support.waiting import AT_ONCE, PATIENCE, until


@pytest.fixture
def store(tmp_path):
    store = make_store(tmp_path)
    add_faq(store)
    yield store
    store.close()


def _ours(store, ticket):
    return [text for who, text in thread_of(store, ticket) if who == "outbound ai"]


def test_a_stuck_model_and_a_slow_webhook_hold_up_no_other_chat(store):
    entered, leave = threading.Event(), threading.Event()

    def post(url, secret, facts, **more):
        entered.set()
        leave.wait(PATIENCE)

    def hang(handler):
        model.leave.wait(PATIENCE)

    with language_model() as model:
        model.answer = hang
        settle(store, ai_agent="endpoint", ai_endpoint_url=model.url, ai_endpoint_model="m",
               ai_handover="webhook", ai_webhook_url="https://desk.example/")  # fmt: skip
        stuck = add_talk(store, "How do I return an item?")
        handed = add_talk(store, "Can I talk to a human?")
        greeted = add_talk(store, "hello")
        loop = ResponderLoop(store, secret=lambda name: "", post=post, threads=3)
        loop.start()
        try:
            assert entered.wait(PATIENCE)
            until(lambda: _ours(store, greeted))
            assert _ours(store, stuck) == _ours(store, handed) == []
            leave.set()
            until(lambda: row_of(store, "ticket", handed)["flags"] != "with-responder")
        finally:
            leave.set()
            began = time.monotonic()
            loop.stop()
            assert loop.join(AT_ONCE)
        assert time.monotonic() - began < AT_ONCE
    # what the worker was in the middle of is done when it runs again
    assert _ours(store, stuck) == []


def test_a_chat_is_never_in_two_hands():
    running, most, seen, done = 0, 0, [], threading.Event()
    lock = threading.Lock()
    errands = Errands(3, lambda: None)

    def errand(number):
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        threading.Event().wait(0.02)
        errands.run(7, lambda: seen.append(-number))
        with lock:
            running -= 1
            seen.append(number)
            if number == 5:
                done.set()

    errands.start()
    for number in range(1, 6):
        until(lambda: errands.free_in(7) == 0.0)
        errands.run(7, partial(errand, number))
        assert errands.free_in(7) is None
    assert done.wait(PATIENCE)
    errands.stop()
    assert errands.join(PATIENCE)
    assert most == 1
    assert seen == [part for number in range(1, 6) for part in (-number, number)]


@pytest.mark.parametrize("error", [StoreError("store.full"), Stopped()])
def test_what_fails_is_left_alone_for_a_while(error):
    told = threading.Event()
    errands = Errands(1, told.set)

    def errand():
        raise error

    errands.start()
    errands.run(7, errand)
    assert told.wait(PATIENCE)
    wait = errands.free_in(7)
    assert wait is not None
    assert 0 < wait <= 10
    assert errands.free_in(8) == 0.0
    errands.stop()
    assert errands.join(PATIENCE)


def test_a_service_that_fails_twice_is_left_alone(monkeypatch):
    breaker = Breaker()
    breaker.note(is_fine=False)
    assert breaker.is_closed
    breaker.note(is_fine=False)
    assert not breaker.is_closed
    monkeypatch.setattr(Breaker, "_REST", 0.0)
    breaker.note(is_fine=False)
    assert breaker.is_closed
    breaker.note(is_fine=True)
    breaker.note(is_fine=False)
    assert breaker.is_closed

"""The worker's threads against a real relay: in, out, and what either side misses meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from helpdesk_tui.domain.accounts import AccountState
from helpdesk_tui.domain.actor import SYSTEM, Actor, ActorKind
from helpdesk_tui.domain.mail import OutgoingFile
from helpdesk_tui.services.accounts import Accounts
from helpdesk_tui.services.chat.chats import Chats
from helpdesk_tui.services.presence import Presence, Visitors
from helpdesk_tui.services.replies import Replies
from helpdesk_tui.services.triage import Triage
from helpdesk_tui.sync import worker
from helpdesk_tui.sync.channels.webchat.receiver import PollLoop
from helpdesk_tui.sync.channels.webchat.teller import end_at_relay
from helpdesk_tui.sync.once import sync_once
from tests.support.relay import Running, running_relay
from tests.support.waiting import AT_ONCE, PATIENCE, until
from tests.support.webchat_desk import (
    ChatDesk,
    chat_desk,
    chat_store,
    heard,
    say,
    secret,
    texts,
)

ANNA = Actor(ActorKind.AGENT, 1, "anna")
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[Running]:
    with running_relay(tmp_path / "relay", site=None) as running:
        yield running


@pytest.fixture
def desk(tmp_path: Path, relay: Running) -> Iterator[ChatDesk]:
    with chat_desk(tmp_path, relay) as found:
        found.tell.tell()
        yield found


@pytest.fixture
def visitor(desk: ChatDesk, relay: Running) -> Iterator[httpx.Client]:
    with relay.visitor() as found:
        yield found


def reply(desk: ChatDesk, text: str, ticket: int = 1) -> int:
    return Replies(desk.store, ANNA).reply(ticket, text, seen=None, undo=False).message_id


def test_a_visitor_writes_an_agent_answers_and_both_see_it(desk: ChatDesk, visitor: httpx.Client):
    say(visitor, "a1", "Where is my parcel?")
    assert desk.poll.attempt() is None
    assert desk.one("SELECT customer_name FROM ticket") == "Zofia Nowak"
    reply(desk, "On its way")
    desk.delivery.deliver()
    [answer] = heard(visitor)
    assert (answer["from"], answer["name"], answer["text"]) == ("agent", "Anna", "On its way")
    visitor.post("/v1/chat/seen", json={"seq": answer["seq"]}).raise_for_status()
    desk.poll.attempt()
    assert desk.one("SELECT delivery FROM message WHERE direction = 'outbound'") == "read"
    assert desk.rows("SELECT address FROM participant") == [("zofia@customer.example",)]


def test_files_go_both_ways(desk: ChatDesk, visitor: httpx.Client, tmp_path: Path):
    sent = visitor.post("/v1/chat/files", content=PNG, headers={"X-File-Name": "boot.png"})
    say(visitor, "a1", files=[sent.raise_for_status().json()["id"]])
    desk.poll.attempt()
    assert desk.rows("SELECT filename, content_type, size FROM attachment") == [
        ("boot.png", "image/png", len(PNG))
    ]
    ours = OutgoingFile("label.png", "image/png", PNG + b"ours")
    Replies(desk.store, ANNA).reply(1, "the label", seen=None, undo=False, files=(ours,))
    desk.delivery.deliver()
    [answer] = heard(visitor)
    got = visitor.get(f"/v1/chat/files/{answer['files'][0]['id']}")
    assert got.content == PNG + b"ours"


def test_replies_keep_their_order_through_an_outage(desk: ChatDesk, visitor: httpx.Client):
    say(visitor, "a1")
    desk.poll.attempt()
    sender = desk.delivery._sender
    for number in range(5):
        reply(desk, f"answer {number}")
    real, failing = sender.send, [True, False, False, True, False, False, False]

    def send(outgoing: Any) -> Any:
        if failing and failing.pop(0):
            from helpdesk_tui.sync.channels.errors import Retry

            raise Retry("relay.unreachable")
        return real(outgoing)

    sender.send = send  # type: ignore[method-assign]

    def all_left() -> bool:
        desk.delivery.deliver()
        return desk.rows("SELECT 1 FROM message WHERE delivery = 'queued'") == []

    until(all_left)
    assert [each["text"] for each in heard(visitor)] == [f"answer {n}" for n in range(5)]


def test_a_relay_that_is_away_costs_nothing_and_nobody_a_message(tmp_path: Path):
    with running_relay(tmp_path / "relay", site=None) as first, chat_desk(tmp_path, first) as desk:
        desk.tell.tell()
        with first.visitor() as visitor:
            say(visitor, "a1", "before")
            desk.poll.attempt()
            say(visitor, "a2", "not fetched yet")
            _away(desk, httpx.URL(first.url).port or 0)
            assert [each["text"] for each in heard(visitor)] == [f"meanwhile {n}" for n in range(3)]


def _away(desk: ChatDesk, port: int) -> None:
    """Let the relay be out of reach for a while."""
    kept = desk.account.settings
    unreachable = kept.replace(str(port), "1")
    desk.change("UPDATE channel_account SET settings = ?", unreachable)
    account = Accounts(desk.store, SYSTEM).named("chat")
    away = PollLoop(account, desk.store, secret)
    error = away.attempt()
    assert error is not None
    assert error.code == "relay.unreachable"
    assert 0 < away.failed(error) <= 2
    # a relay that is back has visitors who wait
    assert max(away.failed(error) for _ in range(12)) <= 20
    assert Accounts(desk.store, SYSTEM).named("chat").state is AccountState.RETRYING
    for number in range(3):
        reply(desk, f"meanwhile {number}")
    desk.delivery.deliver()
    tried = desk.rows("SELECT delivery, attempts FROM message WHERE direction = 'outbound'")
    assert tried == [("queued", 1), ("queued", 0), ("queued", 0)]
    for _ in range(20):
        desk.delivery.deliver()
    assert desk.one("SELECT max(attempts) FROM message") == 1
    desk.change("UPDATE channel_account SET settings = ?", kept)
    back = PollLoop(Accounts(desk.store, SYSTEM).named("chat"), desk.store, secret)
    assert back.attempt() is None
    back.finish()
    assert Accounts(desk.store, SYSTEM).named("chat").state is AccountState.OK

    def all_left() -> bool:
        desk.delivery.deliver()
        return desk.rows("SELECT 1 FROM message WHERE delivery = 'queued'") == []

    until(all_left)
    assert texts(desk)[0] == "before"
    assert "not fetched yet" in texts(desk)
    away.finish()


def test_what_was_stored_and_not_acknowledged_comes_again_and_is_known(
    desk: ChatDesk, visitor: httpx.Client, relay: Running, monkeypatch: pytest.MonkeyPatch
):
    for number in range(60):
        say(visitor, f"a{number}", f"word {number}")
    client = desk.poll._line.client()

    def lost(through: int) -> None:
        from helpdesk_tui.sync.channels.errors import Retry

        raise Retry("relay.slow")

    with monkeypatch.context() as patched:
        patched.setattr(client, "acknowledge", lost)
        error = desk.poll.attempt()
        assert error is not None
        desk.poll.failed(error)
    for _ in range(3):
        assert desk.poll.attempt() is None
    assert texts(desk) == [f"word {number}" for number in range(60)]
    with relay.box() as box:
        assert box.get("/box/v1/health", params={"site": "shop"}).json()["events"] == 0


def test_an_agents_end_reaches_the_visitor_after_the_countdown(
    desk: ChatDesk, visitor: httpx.Client
):
    say(visitor, "a1")
    desk.poll.attempt()
    Triage(desk.store, ANNA).close([1])
    desk.tell.store_changed()
    desk.tell.tell()
    assert visitor.get("/v1/chat").json()["conversation"]["ended"] is False
    desk.change("UPDATE chat SET closing_at = 1")
    say(visitor, "a2", "wait!")
    desk.tell.store_changed()
    desk.tell.tell()
    assert desk.one("SELECT ended_at FROM chat") is None
    desk.poll.attempt()
    assert desk.one("SELECT status FROM ticket") == "open"
    Triage(desk.store, ANNA).close([1])
    desk.change("UPDATE chat SET closing_at = 1")
    desk.tell.store_changed()
    desk.tell.tell()
    assert visitor.get("/v1/chat").json()["conversation"]["ended"] is True
    assert desk.one("SELECT flags FROM ticket") == "chat-ended"


def test_a_message_that_comes_between_deciding_and_ending_keeps_the_chat(
    desk: ChatDesk, visitor: httpx.Client
):
    say(visitor, "a1")
    desk.poll.attempt()
    Triage(desk.store, ANNA).close([1])
    desk.change("UPDATE chat SET closing_at = 1")
    chats = Chats(desk.store)
    [(chat, by)] = chats.to_close(desk.account)
    say(visitor, "a2", "one more thing")
    desk.poll.attempt()
    assert not end_at_relay(desk.tell._line.client(), chats, chat, by)
    assert desk.one("SELECT status FROM ticket") == "open"
    assert visitor.get("/v1/chat").json()["conversation"]["ended"] is False


def test_a_reply_to_a_chat_that_ended_meanwhile_fails_and_says_why(
    desk: ChatDesk, visitor: httpx.Client
):
    say(visitor, "a1")
    desk.poll.attempt()
    reply(desk, "just a moment")
    visitor.post("/v1/chat/end").raise_for_status()
    desk.delivery.deliver()
    found = desk.rows("SELECT delivery, error_code FROM message WHERE direction = 'outbound'")
    assert found == [("failed", "chat.ended")]
    desk.poll.attempt()
    unread, status, flags = desk.rows("SELECT unread, status, flags FROM ticket")[0]
    assert (unread, status) == (1, "closed")
    assert "chat-ended" in flags.split()


def test_typing_and_reading_go_to_the_visitor_and_theirs_comes_here(
    desk: ChatDesk, visitor: httpx.Client
):
    say(visitor, "a1")
    desk.poll.attempt()
    seq = visitor.get("/v1/chat").json()["seq"]
    told: list[dict[str, Any]] = []

    def has_heard() -> bool:
        types = any(each["event"] == "typing" and each["data"]["typing"] for each in told)
        return types and any(each["event"] == "seen" for each in told)

    def listen() -> None:
        end = time.monotonic() + PATIENCE
        while not has_heard() and time.monotonic() < end:
            answer = visitor.get("/v1/poll", params={"after": seq, "wait": 2})
            told.extend(answer.json()["events"])

    listener = threading.Thread(target=listen)
    listener.start()
    presence = Presence(desk.store, ANNA)
    for number in count():
        # what is typed is not kept for anybody: it may come before the visitor listens
        presence.beat(1, typing=number % 2 == 0)
        desk.tell.store_changed()
        desk.tell.tell()
        if told:
            Triage(desk.store, ANNA).mark_read([1])
        listener.join(0.05)
        if not listener.is_alive():
            break
    presence.close()
    assert {"name": "Anna", "typing": True} in [
        each["data"] for each in told if each["event"] == "typing"
    ]
    assert "seen" in {each["event"] for each in told}
    visitor.post("/v1/chat/typing", json={"typing": True}).raise_for_status()
    desk.poll.attempt()
    visitors = Visitors(desk.store)
    assert visitors.look(1)[1].typing
    visitors.close()


def test_one_round_fetches_and_sends(desk: ChatDesk, visitor: httpx.Client):
    say(visitor, "a1")
    summary = sync_once(desk.store, "", threading.Event(), secret)
    assert (summary["tickets"], summary["errors"]) == (1, [])
    reply(desk, "at once")
    summary = sync_once(desk.store, "chat", threading.Event(), secret)
    assert summary["sent"] == 1
    assert [each["text"] for each in heard(visitor)] == ["at once"]


def test_the_worker_brings_messages_both_ways_well_within_a_second(tmp_path: Path, relay: Running):
    store, _ = chat_store(tmp_path, relay.url)
    stop = threading.Event()
    options = {"stop": stop, "password": secret}
    thread = threading.Thread(target=worker.run, args=(store.paths.root,), kwargs=options)
    thread.start()
    try:
        with relay.box() as box:
            until(lambda: box.get("/box/v1/health", params={"site": "shop"}).json()["known"])
            with relay.visitor() as visitor:
                took = [_round(store, visitor, number) for number in range(10)]
        # half of them: what else this machine does must not count
        assert sorted(took)[5] < 1.0, took
    finally:
        began = time.monotonic()
        stop.set()
        thread.join(PATIENCE)
        store.close()
    assert time.monotonic() - began < AT_ONCE


def test_a_worker_goes_on_by_itself_when_the_relay_is_back(tmp_path: Path):
    folder, stop = tmp_path / "relay", threading.Event()
    with running_relay(folder, site=None) as first:
        store, _ = chat_store(tmp_path, first.url)
        port = httpx.URL(first.url).port or 0
        options = {"stop": stop, "password": secret}
        thread = threading.Thread(target=worker.run, args=(store.paths.root,), kwargs=options)
        thread.start()
        with first.box() as box:
            until(lambda: box.get("/box/v1/health", params={"site": "shop"}).json()["known"])
        session = first.session()
        with first.browser(session) as visitor:
            say(visitor, "a1", "before")
            until(lambda: _count(store) == 1)
    try:
        for number in range(3):
            Replies(store, ANNA).reply(1, f"meanwhile {number}", seen=None)
        until(lambda: Accounts(store, SYSTEM).named("chat").error_code != "")
        with running_relay(folder, site=None, port=port) as second:
            with second.browser(session) as visitor:
                say(visitor, "a2", "after")
                until(lambda: len(heard(visitor)) == 3)
                assert [each["text"] for each in heard(visitor)] == [
                    f"meanwhile {number}" for number in range(3)
                ]
            until(lambda: _count(store) == 2)
            until(lambda: Accounts(store, SYSTEM).named("chat").error_code == "")
            stop.set()
            thread.join(PATIENCE)
    finally:
        stop.set()
        thread.join(PATIENCE)
        store.close()


def _count(store: Any) -> int:
    """Return how many messages of visitors are stored."""
    with store.read() as connection:
        query = "SELECT count(*) FROM message WHERE direction = 'inbound'"
        return int(connection.execute(query).fetchone()[0])


def _round(store: Any, visitor: httpx.Client, number: int) -> float:
    """Let the visitor write and an agent answer; return the seconds of both together."""
    began = time.monotonic()
    say(visitor, f"a{number}", f"question {number}")
    until(lambda: _count(store) == number + 1)
    Replies(store, ANNA).reply(1, f"answer {number}", seen=None)
    until(lambda: len(heard(visitor)) == number + 1)
    return time.monotonic() - began

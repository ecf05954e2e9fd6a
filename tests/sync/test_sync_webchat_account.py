"""An account of the chat: its site is published, switched off, tried out, and given up."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from helpdesk_tui.domain.accounts import AccountState
from helpdesk_tui.domain.actor import SYSTEM, Actor, ActorKind
from helpdesk_tui.services.accounts import Accounts
from helpdesk_tui.services.admin import Admin
from helpdesk_tui.services.chat.chats import Chats
from helpdesk_tui.services.replies import Replies
from helpdesk_tui.services.settings import Settings
from helpdesk_tui.sync.channels.registry import adapter_of
from helpdesk_tui.sync.channels.webchat.receiver import PollLoop
from helpdesk_tui.sync.once import sync_once
from tests.support.relay import TOKEN, Running, running_relay
from tests.support.webchat_desk import (
    ChatDesk,
    add_webchat,
    chat_desk,
    chat_store,
    open_desk_at,
    say,
    secret,
    texts,
)

ANNA = Actor(ActorKind.AGENT, 1, "anna")


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


def test_the_site_is_published_when_it_changes_and_only_then(desk: ChatDesk, relay: Running):
    client = desk.tell._line.client()
    published = []
    real = client.publish
    client.publish = lambda site: (published.append(site), real(site))  # type: ignore
    desk.tell._looked_at = 0.0
    desk.tell.store_changed()
    desk.tell.tell()
    assert published == []
    Settings(desk.store, SYSTEM).set("chat-title", "Ask Acme", desk=True)
    desk.tell._looked_at = 0.0
    desk.tell.store_changed()
    desk.tell.tell()
    assert len(published) == 1
    with relay.browser() as browser:
        shown = browser.get("/v1/sites/shop").json()
    assert shown["texts"]["title"] == "Ask Acme"
    assert "identity_keys" not in shown


def test_a_relay_that_lost_its_store_is_told_the_site_again(tmp_path: Path):
    with running_relay(tmp_path / "one", site=None) as first, chat_desk(tmp_path, first) as desk:
        desk.tell.tell()
        desk.poll.attempt()
        port = httpx.URL(first.url).port or 0
    # its folder is gone, and another relay answers in the same place
    with running_relay(tmp_path / "two", site=None, port=port) as second:
        store, account = desk.store, desk.account
        again = open_desk_at(store, account)
        again.tell.tell()
        with second.visitor() as visitor:
            say(visitor, "a1", "a new beginning")
        assert again.poll.attempt() is None
        assert texts(again) == ["a new beginning"]
        again.close()


def test_switched_off_the_tab_is_hidden_and_running_chats_are_told(
    desk: ChatDesk, visitor: httpx.Client, relay: Running
):
    say(visitor, "a1")
    desk.poll.attempt()
    say(visitor, "a2", "written before it was off")
    Admin(desk.store, SYSTEM).set_channel_state(desk.account.id, enabled=False)
    summary = sync_once(desk.store, "", threading.Event(), secret)
    assert summary["errors"] == []
    with relay.browser() as browser:
        assert browser.get("/v1/sites/shop").json()["enabled"] is False
    assert visitor.get("/v1/chat").json()["closed"]["by"] == "channel"
    assert texts(desk) == ["hello", "written before it was off"]
    assert desk.one("SELECT ended_by FROM chat") == "channel"
    Admin(desk.store, SYSTEM).set_channel_state(desk.account.id, enabled=True)
    assert Chats(desk.store).is_told_off(desk.account)
    again = open_desk_at(desk.store, desk.account)
    again.tell.tell()
    again.tell.finish()
    assert not Chats(desk.store).is_told_off(desk.account)
    with relay.browser() as browser:
        assert browser.get("/v1/sites/shop").json()["enabled"] is True


def test_an_account_that_never_was_on_is_told_to_nobody(tmp_path: Path):
    store, account = chat_store(tmp_path, "http://127.0.0.1:1")
    Admin(store, SYSTEM).set_channel_state(account.id, enabled=False)
    [loop] = adapter_of("webchat").switched_off(account, store, secret)
    assert loop.step() > 3_600
    loop.finish()
    store.close()


def test_one_round_of_a_new_account_publishes_its_site(tmp_path: Path, relay: Running):
    store, _ = chat_store(tmp_path, relay.url)
    assert sync_once(store, "", threading.Event(), secret)["errors"] == []
    with relay.browser() as browser:
        assert browser.get("/v1/sites/shop").json()["enabled"] is True
    store.close()


def test_a_refused_token_stops_the_account_after_three_tries(tmp_path: Path, relay: Running):
    store, account = chat_store(tmp_path, relay.url)
    poll = PollLoop(account, store, lambda *_: TOKEN[::-1])
    for _ in range(3):
        assert not poll.has_given_up
        poll.step()
    assert poll.has_given_up
    found = Accounts(store, SYSTEM).named("chat")
    assert (found.state, found.error_code) == (AccountState.STOPPED, "relay.token-refused")
    poll.finish()
    store.close()


def test_trying_out_names_every_step(tmp_path: Path, relay: Running):
    store, account = chat_store(tmp_path, relay.url)
    checks = adapter_of("webchat").test(account, secret)
    assert [(each.name, each.ok) for each in checks] == [
        (name, True)
        for name in ("settings", "relay-connect", "relay-login", "relay-site", "relay-clock",
                     "relay-public")
    ]  # fmt: skip
    wrong = adapter_of("webchat").test(account, lambda *_: "wrong")
    assert (wrong[-1].name, wrong[-1].code) == ("relay-login", "relay.token-refused")
    gone = add_webchat(store, "http://127.0.0.1:1", name="gone")
    assert adapter_of("webchat").test(gone, secret)[-1].code == "relay.unreachable"
    plain = add_webchat(store, "http://chat.shop.example", name="plain")
    assert adapter_of("webchat").test(plain, secret)[-1].code == "relay.plain-refused"
    store.close()

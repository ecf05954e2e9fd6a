from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from helpdesk_tui.domain.webchat.wire import Author, EventKind, OurMessage, Visitor
from helpdesk_tui.relay.store import sessions as store_sessions
from helpdesk_tui.relay.store.box import add_message_of_ours
from helpdesk_tui.relay.store.chats import say as say_in
from helpdesk_tui.relay.store.store import Store, Write
from helpdesk_tui.relay.values import Said
from tests.support.relay import Running, running_relay
from tests.support.relay_talk import Box, Listener, listening, say
from tests.support.waiting import PATIENCE, until


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_relay(tmp_path_factory.mktemp("relay")) as running:
        yield running


def _talk(relay: Running, visitor: httpx.Client, dice: random.Random, count: int) -> list[str]:
    """Write in turns from both sides; returns the texts in order."""
    texts: list[str] = []
    with relay.box() as client:
        box = Box(client)
        chat = ""
        for number in range(count):
            text = f"line {number}"
            if not chat or dice.random() < 0.5:
                chat = say(visitor, f"c{number}", text)["conversation"]
            else:
                box.reply(chat, f"<{number}@box>", text)
            texts.append(text)
            if dice.random() < 0.1:
                visitor.post("/v1/chat/end")
                chat = ""
    return texts


@pytest.mark.parametrize("seed", range(4))
def test_a_stream_that_is_cut_anywhere_goes_on_where_it_stood(relay: Running, seed: int) -> None:
    dice = random.Random(seed)
    with relay.visitor(sub=f"cut-{seed}") as visitor, relay.visitor(sub=f"cut-{seed}") as other:
        texts: list[str] = []
        writer = threading.Thread(
            target=lambda: texts.extend(_talk(relay, visitor, random.Random(seed), 40))
        )
        # after=0 begins with the newest conversation only: go on from before the first
        after = visitor.get("/v1/chat").json()["seq"]
        writer.start()
        told: list[tuple[int, str, dict[str, object]]] = []
        while writer.is_alive():
            if dice.random() < 0.3:
                polled = other.get(f"/v1/poll?after={after}&wait=0").json()["events"]
                told += [(each["id"], each["event"], each["data"]) for each in polled]
            else:
                listener = Listener(other, after, last_id=dice.random() < 0.5)
                threading.Event().wait(dice.random() * 0.05)
                listener.cut()
                told += listener.kept
            after = told[-1][0] if told else after
        with listening(other, after) as last:
            until(lambda: f"line {len(texts) - 1}" in last.texts or any(
                data.get("text") == f"line {len(texts) - 1}" for _, _, data in told
            ))  # fmt: skip
        told += last.kept
        numbers = [seq for seq, _, _ in told]
        assert numbers == sorted(set(numbers))
        assert [data["text"] for _, event, data in told if event == "message"] == texts
        # a conversation begins before its first message, and says nothing after its end
        running = ""
        for _, event, data in told:
            if event == "started":
                assert running == ""
                running = str(data["conversation"])
            elif event in ("message", "ended"):
                assert data["conversation"] == running
            if event == "ended":
                running = ""


def _fill(folder: Path, work: Callable[[Write], None]) -> None:
    """Write into a store before its relay runs: many messages in one transaction."""
    store = Store(folder)
    asyncio.run(store.write(work))
    store.close()


def _visitor(write: Write, name: str) -> int:
    opened = store_sessions.open_session(write, "shop", "", lambda _used: Visitor(name))
    assert opened.visitor is not None
    return opened.visitor


def test_a_long_conversation_comes_in_parts_and_whole(tmp_path: Path) -> None:
    def work(write: Write) -> None:
        visitor = _visitor(write, "long")
        chat = say_in(write, visitor, "shop", Said("c0", "0")).conversation
        for number in range(1, 450):
            message = OurMessage(
                chat, f"<{number}@box>", Author.AGENT, "Ana", str(number), write.now
            )
            add_message_of_ours(write, "shop", message)

    _fill(tmp_path, work)
    with running_relay(tmp_path) as relay, relay.visitor(sub="long") as visitor:
        with listening(visitor) as browser:
            browser.wait_for("message", 450)
        assert browser.texts == [str(each) for each in range(450)]
        position, polled = 0, []
        while found := visitor.get(f"/v1/poll?after={position}&wait=0").json()["events"]:
            polled += [each["data"]["text"] for each in found if each["event"] == "message"]
            position = found[-1]["id"]
        assert polled == browser.texts


def test_a_box_away_for_long_finds_everything_once_and_in_order(tmp_path: Path) -> None:
    sent: dict[str, list[str]] = {}

    def work(write: Write) -> None:
        visitors = [_visitor(write, str(each)) for each in range(20)]
        for number in range(150):
            for visitor in visitors:
                said = Said(f"c{number}", f"line {number}")
                chat = say_in(write, visitor, "shop", said).conversation
                sent.setdefault(chat, []).append(said.text)

    _fill(tmp_path, work)
    with running_relay(tmp_path) as relay, relay.box() as client:
        health = client.get("/box/v1/health?site=shop").json()
        assert (health["events"], health["conversations"]) == (3_020, 20)
        assert health["oldest"] is not None
        first = Box(client).ask()
        assert 0 < len(first.events) <= 500
        # it asked, and forgot: nothing was acknowledged, so all of it comes again
        again = Box(client)
        assert again.ask().events == first.events
        again.catch_up()
        found: dict[str, list[str]] = {}
        for each in again.of(EventKind.MESSAGE):
            found.setdefault(each.conversation, []).append(each.text)
        assert found == sent
        again.acknowledge()
        again.acknowledge()
        assert Box(client).catch_up() == []
        assert client.get("/box/v1/health?site=shop").json()["events"] == 0


@pytest.mark.parametrize("position", ["", "-1", "x", "9" * 19, "9" * 400, "1.5", "٣"])
def test_a_position_that_is_none_breaks_nothing(relay: Running, position: str) -> None:
    with relay.visitor(sub="positions") as visitor, relay.box() as box:
        headers = {b"Last-Event-ID": position.encode()}
        polled = visitor.get("/v1/poll", params={"after": position, "wait": 0}, headers=headers)
        assert polled.json() == {"events": []}
        asked = box.get("/box/v1/events", params={"site": "none", "after": position, "wait": 0})
        assert asked.json()["events"] == []
        assert visitor.get("/v1/chat", params={"after": position}).status_code == 200


def test_a_waiting_box_hears_a_message_at_once_and_its_own_site_only(tmp_path: Path) -> None:
    with running_relay(tmp_path) as relay, relay.visitor() as visitor, relay.box() as client:
        box = Box(client)
        box.catch_up()
        heard: list[float] = []
        waiting = threading.Thread(target=lambda: heard.append(len(box.ask(wait=20).events)))
        waiting.start()
        say(visitor, "c1")
        waiting.join(PATIENCE)
        assert heard == [2]
        assert Box(client, "other").catch_up() == []

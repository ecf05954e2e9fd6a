from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from helpdesk_tui.domain.webchat.wire import EventKind
from tests.support.relay import signed_token
from tests.support.relay_killed import KilledRelay
from tests.support.relay_talk import Box
from tests.support.waiting import PATIENCE, until

MESSAGES = 100
KILLS = 12


def _surely(ask: Callable[[], httpx.Response]) -> httpx.Response:
    """Ask until there is an answer, as both ends do."""
    while True:
        try:
            answer = ask()
        except httpx.TransportError:
            time.sleep(0.01)
            continue
        if answer.status_code < 500:
            return answer
        time.sleep(0.01)


class _Browser:
    """Writes in order, each message until it is accepted; and polls from where it stands."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.told: list[tuple[int, dict[str, Any]]] = []
        self.is_over = threading.Event()

    def write(self) -> None:
        for number in range(MESSAGES):
            body = {"client_id": f"c{number}", "text": f"theirs {number}"}
            answer = _surely(partial(self.client.post, "/v1/chat/messages", json=body))
            assert answer.status_code == 201, answer.text

    def read(self) -> None:
        while not self.is_over.is_set():
            after = self.told[-1][0] if self.told else 0
            answer = _surely(partial(self.client.get, f"/v1/poll?after={after}&wait=1"))
            for each in answer.json()["events"]:
                self.told.append((each["id"], {"event": each["event"], **each["data"]}))

    def texts(self, start: str) -> list[str]:
        found = [each["text"] for _, each in self.told if each["event"] == "message"]
        return [each for each in found if each.startswith(start)]


def _answer_all(box: Box, is_over: threading.Event) -> None:
    """Store what comes, acknowledge it, answer each message: until the relay has taken it."""
    answered = 0
    while not is_over.is_set() and answered < MESSAGES:
        try:
            box.ask(wait=1)
            box.acknowledge()
            while answered < len(box.of(EventKind.MESSAGE)):
                event = box.of(EventKind.MESSAGE)[answered]
                text = f"ours {answered}"
                answer = box.reply(event.conversation, f"<{answered}@box>", text)
                assert answer.status_code == 200, answer.text
                answered += 1
        except httpx.TransportError:
            time.sleep(0.01)


@pytest.mark.parametrize("seed", range(2))
def test_a_relay_killed_at_any_moment_loses_and_doubles_nothing(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    with KilledRelay(tmp_path) as relay:
        running = relay.running()
        session = running.session(sub=f"killed-{seed}")
        with running.browser(session) as one, running.browser(session) as two:
            browser = _Browser(one)
            reader = _Browser(two)
            with running.box() as client:
                box = Box(client)
                threads = [
                    threading.Thread(target=browser.write),
                    threading.Thread(target=reader.read),
                    threading.Thread(target=_answer_all, args=(box, reader.is_over)),
                ]
                for thread in threads:
                    thread.start()
                for _ in range(KILLS):
                    time.sleep(dice.random() * 0.12)
                    relay.restart()
                    if dice.random() < 0.7:
                        relay.wait()
                try:
                    until(lambda: len(reader.texts("ours")) >= MESSAGES)
                finally:
                    reader.is_over.set()
                for thread in threads:
                    thread.join(PATIENCE)
                _check(box, reader)


def _check(box: Box, reader: _Browser) -> None:
    assert [each.text for each in box.of(EventKind.MESSAGE)] == [
        f"theirs {each}" for each in range(MESSAGES)
    ]
    assert len(box.of(EventKind.STARTED)) == 1
    numbers = [each.seq for each in box.events]
    assert numbers == sorted(set(numbers))
    assert reader.texts("theirs") == [f"theirs {each}" for each in range(MESSAGES)]
    assert reader.texts("ours") == [f"ours {each}" for each in range(MESSAGES)]
    told = [seq for seq, _ in reader.told]
    assert told == sorted(set(told))


def test_an_identity_stays_used_over_a_kill(tmp_path: Path) -> None:
    with KilledRelay(tmp_path) as relay:
        token = signed_token(sub="replayed")
        with relay.running().browser() as browser:
            first = browser.post("/v1/sites/shop/session", json={"token": token}).json()
            assert first["visitor"] is not None
            relay.restart()
            relay.wait()
            again = browser.post("/v1/sites/shop/session", json={"token": token}).json()
            assert again["visitor"] is None
            browser.headers["Authorization"] = f"Bearer {first['session']}"
            assert browser.get("/v1/chat").status_code == 200

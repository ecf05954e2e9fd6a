"""A worker that is killed at any point: nothing lost, doubled or out of order, either way."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from helpdesk_tui.domain.actor import Actor, ActorKind
from helpdesk_tui.services.replies import Replies
from tests.support.relay import Running, running_relay
from tests.support.waiting import PATIENCE
from tests.support.webchat_desk import ChatDesk, chat_desk, open_desk_at

ANNA = Actor(ActorKind.AGENT, 1, "anna")
CRASH = """
import os, sys
from pathlib import Path
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.services.accounts import Accounts
from tests.support.webchat_desk import open_desk_at

def work(left):
    def step(frame, event, arg):
        # one line of our own code after the other, and then no more
        nonlocal left
        if event == "call":
            return step if "helpdesk_tui" in frame.f_code.co_filename else None
        left -= 1
        if left <= 0:
            os._exit(9)
        return step

    store = Store(Path(sys.argv[1]))
    desk = open_desk_at(store, Accounts(store, SYSTEM).named("chat"))
    desk.delivery.owner = f"dead-worker-{os.getpid()}"
    # what is loaded at first use is loaded before it counts
    desk.poll._line.client()
    sys.settrace(step)
    desk.poll.fetch()
    desk.delivery.deliver()
    desk.tell.tell()

for line in sys.stdin:
    child = os.fork()
    if not child:
        work(int(line))
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
_SEEDS = 140
_LINES = 2_500
"""About as many lines as one whole round has."""


class Mortals:
    """Workers that make one round each and die after so many lines of it."""

    def __init__(self, store: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", CRASH, str(store)],
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def work(self, lines: int) -> bool:
        """Let one work; tell whether it died."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{lines}\n")
        self._process.stdin.flush()
        code = int(self._process.stdout.readline())
        assert code in (0, 9), code
        return code == 9

    def close(self) -> None:
        """End it."""
        self._process.communicate(timeout=PATIENCE)


def say(visitor: httpx.Client, number: int) -> None:
    body = {"client_id": f"v{number}", "text": f"question {number}"}
    visitor.post("/v1/chat/messages", json=body).raise_for_status()


def settled(desk: ChatDesk) -> ChatDesk:
    """Let a worker that lives do the rest."""
    again = open_desk_at(desk.store, desk.account)
    assert again.poll.attempt() is None
    again.delivery.deliver()
    again.tell.tell()
    return again


def check(desk: ChatDesk, visitor: httpx.Client, asked: int, answered: int) -> None:
    came = "SELECT text FROM message WHERE direction = 'inbound' ORDER BY received_at, id"
    assert [row[0] for row in desk.rows(came)] == [f"question {n}" for n in range(asked)]
    assert desk.rows("SELECT DISTINCT delivery FROM message WHERE direction = 'outbound'") in (
        [], [("sent",)],
    )  # fmt: skip
    messages = visitor.get("/v1/chat").json()["messages"]
    ours = [each["text"] for each in messages if each["from"] == "agent"]
    assert ours == [f"answer {n}" for n in range(answered)]
    assert desk.one("SELECT count(*) FROM ticket") == 1
    assert desk.rows("PRAGMA integrity_check") == [("ok",)]


@pytest.mark.slow
def test_a_worker_killed_at_any_point_loses_doubles_and_turns_round_nothing(tmp_path: Path):
    chance = random.Random(20261122)
    with running_relay(tmp_path / "relay", site=None) as relay, chat_desk(tmp_path, relay) as desk:
        desk.tell.tell()
        with relay.visitor() as visitor:
            say(visitor, 0)
            desk.poll.attempt()
            _survive(chance, relay, desk, visitor)


def _survive(chance: random.Random, relay: Running, desk: ChatDesk, visitor: httpx.Client) -> None:
    asked, answered, died = 1, 0, 0
    mortals = Mortals(desk.store.paths.root)
    for _ in range(_SEEDS):
        for _ in range(chance.randrange(1, 4)):
            say(visitor, asked)
            asked += 1
        for _ in range(chance.randrange(3)):
            Replies(desk.store, ANNA).reply(1, f"answer {answered}", seen=None, undo=False)
            answered += 1
        died += mortals.work(chance.randrange(1, _LINES))
        died += mortals.work(chance.randrange(1, _LINES))
        if chance.random() < 0.2:
            again = settled(desk)
            check(again, visitor, asked, answered)
            again.poll.finish()
            again.tell.finish()
            again.delivery.finish()
    mortals.close()
    again = settled(desk)
    check(again, visitor, asked, answered)
    again.poll.finish()
    again.tell.finish()
    again.delivery.finish()
    assert died >= 200
    with relay.box() as box:
        assert box.get("/box/v1/health", params={"site": "shop"}).json()["events"] == 0

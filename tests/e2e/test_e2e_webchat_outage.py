"""Relay, worker or network gone for a while: nothing lost, doubled or out of order, either way."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.chat_world import Visitor, World, running_world
from tests.support.waiting import until

pytestmark = [pytest.mark.slow]

VISITORS, BACKLOG, CUT = 4, 60, 16.0
_LONG = 60.0


class Talk:
    """Visitors and agents who write on and on, each one message after the other."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.visitors = [world.visitor(f"Visitor{number}") for number in range(VISITORS)]
        self.asked: dict[str, list[str]] = {}
        for each in self.visitors:
            self.ask(each)
        self.tickets = {
            each.name: world.ticket_of(self.asked[each.name][0]) for each in self.visitors
        }
        self.answered: dict[str, list[str]] = {each.name: [] for each in self.visitors}

    def ask(self, visitor: Visitor) -> None:
        """Let a visitor write one more message."""
        said = self.asked.setdefault(visitor.name, [])
        text = f"{visitor.name} asks {len(said)}"
        visitor.say(text)
        said.append(text)

    def answer_all(self) -> None:
        """Let an agent answer everybody once."""
        with self.world.desk() as desk:
            for name, ticket in self.tickets.items():
                text = f"answer {len(self.answered[name])} to {name}"
                desk.replies.reply(ticket, text, undo=False)
                self.answered[name].append(text)

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Let everybody write while the block runs."""
        stop = threading.Event()

        def visit(visitor: Visitor) -> None:
            while not stop.wait(0.2):
                self.ask(visitor)

        def answer() -> None:
            while not stop.wait(0.3):
                self.answer_all()

        threads = [threading.Thread(target=visit, args=(each,)) for each in self.visitors]
        threads.append(threading.Thread(target=answer))
        for each in threads:
            each.start()
        try:
            yield
        finally:
            stop.set()
            for each in threads:
                each.join(_LONG)

    def arrives(self) -> None:
        """Wait until both ends have everything; fails unless it is once and in order."""
        for visitor in self.visitors:
            self._stored(visitor.name)
            self._seen(visitor)

    def _stored(self, name: str) -> None:
        asked, ticket = self.asked[name], self.tickets[name]

        def stored() -> list[str]:
            return [text for who, text in self.world.thread(ticket) if who == "customer"]

        until(lambda: len(stored()) >= len(asked), _LONG)
        assert stored() == asked

    def _seen(self, visitor: Visitor) -> None:
        answered = self.answered[visitor.name]

        def is_all_seen() -> bool:
            if visitor.listener is None or visitor.listener.is_over:
                # a browser asks from where it was; this one from the start, and so sees it all
                visitor.leave()
                visitor.come()
            return len(visitor.texts) >= len(answered)

        until(is_all_seen, _LONG)
        assert visitor.texts == answered
        states = "SELECT DISTINCT delivery FROM message WHERE ticket_id = ? AND author_kind='agent'"
        ticket = self.tickets[visitor.name]
        until(lambda: {row[0] for row in self.world.rows(states, ticket)} <= {"sent", "delivered"})


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with running_world(tmp_path) as found:
        yield found


def pass_time(seconds: float) -> None:
    threading.Event().wait(seconds)


def test_outages_lose_double_and_mix_up_nothing(world: World) -> None:
    talk = Talk(world)
    ticket = talk.tickets["Visitor0"]
    with world.program(ticket) as anna:
        anna.see("Visitor0 asks 0")
        anna.see("sync ✓")
        with talk.going_on():
            pass_time(1.0)
            world.relay.kill()
            anna.see("sync retries")
            pass_time(2.0)
            world.relay.start()
            world.relay.wait()
            anna.see("sync ✓", _LONG)
        talk.arrives()

        with talk.going_on():
            pass_time(0.7)
            world.kill_worker()
            anna.see("sync off")
            world.start_worker()
            anna.see("sync ✓", _LONG)
        talk.arrives()

        world.line.cut()
        before = time.monotonic()
        for _ in range(BACKLOG):
            for visitor in talk.visitors:
                talk.ask(visitor)
        for _ in range(5):
            talk.answer_all()
        world.kill_worker()
        world.start_worker()
        anna.see("sync retries")
        pass_time(max(0.0, CUT - (time.monotonic() - before)))
        world.line.mend()
        talk.arrives()
        anna.see("sync ✓", _LONG)
        anna.see(talk.asked["Visitor0"][-1])

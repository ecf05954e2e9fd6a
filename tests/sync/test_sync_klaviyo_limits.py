"""Many agents and one account at Klaviyo, by a clock of ours: its limits are never run over."""

from __future__ import annotations

import heapq
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from helpdesk_tui.domain.commerce.facts import Section
from helpdesk_tui.sync.channels.errors import Retry
from helpdesk_tui.sync.pacing import PACED, Paces
from helpdesk_tui.sync.providers.klaviyo import calls
from helpdesk_tui.sync.providers.klaviyo.calls import Call
from helpdesk_tui.sync.providers.klaviyo.source import KlaviyoSource
from tests.support.shops.klaviyo import SimProfile, Windows
from tests.support.shops.klaviyo_desk import connected_to, fetched, running_klaviyo

COUNTED = {
    calls.SEARCH.name: ("profiles", "profiles"),
    calls.PROFILE.name: ("profiles", "profile"),
    calls.ANALYTICS.name: ("analytics", "profile analytics"),
    calls.SEGMENTS.name: ("groups", "segments"),
    calls.LISTS.name: ("groups", "lists"),
    calls.EVENTS.name: ("events", "events"),
}
TICKET = (calls.SEARCH, calls.EVENTS, calls.ANALYTICS, calls.SEGMENTS, calls.LISTS)
"""What opening the ticket of somebody new asks for."""


class World:
    """A clock that goes when told to, the account, and those who ask it."""

    def __init__(self) -> None:
        self.now = 0.0
        self.account = Windows(lambda: self.now)
        self.paces = Paces(clock=lambda: self.now, wait=lambda seconds: True)
        self.waits: dict[str, list[float]] = {name: [] for name in COUNTED}
        self._due: list[tuple[float, int, Call, float]] = []
        self._count = 0

    def wants(self, call: Call, at: float, since: float | None = None) -> None:
        """Let somebody want an answer at a moment."""
        self._count += 1
        heapq.heappush(self._due, (at, self._count, call, at if since is None else since))

    def run(self) -> None:
        """Ask for everything that is wanted; who is told to come later does."""
        while self._due:
            at, _number, call, since = heapq.heappop(self._due)
            self.now = max(self.now, at)
            pace = self.paces.windows(call.name, call.limits)
            try:
                with pace.turn(patience=0):
                    is_free, told = self.account.take(*COUNTED[call.name])
            except Retry as error:
                self.wants(call, self.now + error.after + 1e-6, since)
                continue
            assert is_free, f"{call.name} at {self.now}"
            pace.heard(told)
            self.waits[call.name].append(self.now - since)


def openings(agents: int, each_seconds: float, until: float, seed: int) -> Iterator[float]:
    """Give the moments at which agents open tickets of people who are new."""
    chance = random.Random(seed)
    for _agent in range(agents):
        at = chance.uniform(0, each_seconds)
        while at < until:
            yield at
            at += chance.expovariate(1 / each_seconds)


@pytest.mark.parametrize("seed", range(5))
def test_hundred_agents_stay_within_the_accounts_limits(seed: int) -> None:
    world = World()
    # a burst first, as after a break; then fifty new people a minute
    for at in [0.0] * 100 + sorted(openings(100, 120.0, 600.0, seed)):
        for call in TICKET:
            world.wants(call, at)
    world.run()
    assert world.account.refused == 0
    for name in ("search", "events"):
        waited = sorted(world.waits[name])
        assert waited[int(len(waited) * 0.95)] < 0.1, name
    # predictions and segments are the few calls: they wait, and all come
    assert max(world.waits["analytics"]) < 60
    counts = {len(world.waits[call.name]) for call in TICKET}
    assert len(counts) == 1


def test_somebody_else_using_the_account_up_is_heard_of() -> None:
    world = World()
    for _ in range(10):
        world.account.take(*COUNTED["analytics"])
    world.wants(calls.ANALYTICS, 0.0)
    pace = world.paces.windows(calls.ANALYTICS.name, calls.ANALYTICS.limits)
    pace.heard({"RateLimit-Remaining": "0", "RateLimit-Reset": "1"})
    world.run()
    assert world.waits["analytics"][0] >= 1


def test_account_wide_limits_are_kept_by_many_threads() -> None:
    paces = Paces()

    def one_thread(mine: list[SimProfile]) -> int:
        with connected_to(sim, paces=paces, currency="EUR") as source:
            return sum(is_known(source, each) for each in mine)

    def is_known(source: KlaviyoSource, one: SimProfile) -> bool:
        while failed := (found := fetched(source, one.id, Section.VALUE)[-1]).failed:
            # few calls are not waited for: whoever asks comes again
            assert failed[Section.VALUE].code == PACED
            Event().wait(failed[Section.VALUE].retry_after)
        return found.value is not None

    with running_klaviyo() as (sim, _shops), ThreadPoolExecutor(4) as pool:
        people = [sim.has(f"p{each}@example.com", analytics={"total_clv": 1}) for each in range(32)]
        shares = [people[start::4] for start in range(4)]
        assert sum(pool.map(one_thread, shares)) == len(people)
        assert sim.windows.refused == 0

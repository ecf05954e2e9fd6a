"""Customer context: how long until all of it is there, and that nobody is asked too much."""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.common import Result
from benchmarks.context_shops import Providers, providers

if TYPE_CHECKING:
    from helpdesk_tui.db.store import Store
    from helpdesk_tui.services.commerce.context import CustomerContexts

_LATENCY = 0.5
"""Seconds that each answer of each provider takes."""
_TIMES = 12
_AGENTS = 100
_ENOUGH = 150.0
_PAUSE = 0.005


def context() -> list[Result]:
    """Open customers whom four providers know; then a hundred agents open one each at once."""
    with tempfile.TemporaryDirectory(prefix="helpdesk-bench-") as folder:
        cold, known, warm, spent = _opened(Path(folder) / "one")
        answered, refused, seconds = _rush(Path(folder) / "many")
    asks = f"each answer takes {_LATENCY:g} s"
    return [
        Result("CC1", "sidebar complete, never seen before: over 2 answers",
               (cold - 2 * _LATENCY) * 1_000, "ms", 100, 50, asks),
        Result("CC2", "sidebar complete, known there: over 1 answer",
               (known - _LATENCY) * 1_000, "ms", 100, 50),
        Result("CC3", "requests while all is fresh", warm, "", 0, 0),
        Result("CC4", "asking for what is fresh, in the interface", spent * 1_000, "ms", 5, 1),
        Result("CC5", f"{_AGENTS} agents at once: refused by Klaviyo's limits", refused, "", 0, 0),
        Result("CC6", "of them all sections there", answered, "", _AGENTS, _AGENTS,
               f"in {seconds:.0f} s, at Klaviyo's 60 a minute", more_is_better=True),
    ]  # fmt: skip


@dataclass
class _World:
    """A desk with a worker's loop over simulated providers."""

    store: Store
    contexts: CustomerContexts
    providers: Providers
    wanted: int
    """How many sections there are over all sources."""

    def customer(self, number: int) -> int:
        """Let somebody be a customer everywhere; returns the profile."""
        from tests.support.store import add_profile

        email = f"customer{number}@example.com"
        self.providers.know(email)
        profile = add_profile(self.store, email=email)
        with self.store.write() as connection:
            connection.execute("UPDATE identity SET verified = 1 WHERE value = ?", (email,))
        return profile

    def known(self, profile: int) -> int:
        """Return how many sections are there."""
        words = self.contexts.load(profile).words
        return sum(each.fetched_at is not None for one in words.values() for each in one)

    def opened(self, profile: int, rank: int) -> float:
        """Return the seconds from an agent's look to the last section."""
        stamp, version = self.contexts.stamp(profile), -1
        began = time.perf_counter()
        self.contexts.want([profile], rank)
        while time.perf_counter() - began < 60:
            # as the interface does: what is asked more costs those who are measured
            before, version = version, self.store.data_version()
            if version != before and self._is_complete(profile, stamp):
                return time.perf_counter() - began
            time.sleep(_PAUSE)
        raise TimeoutError("the sidebar is never complete")

    def _is_complete(self, profile: int, since: int) -> bool:
        with self.store.read() as connection:
            row = connection.execute(
                "SELECT count(*) FROM customer_section WHERE profile_id = ? AND fetched_at > ?",
                (profile, since),
            ).fetchone()
        return int(row[0]) >= self.wanted


@contextmanager
def _world(folder: Path, *, only_klaviyo: bool = False) -> Iterator[_World]:
    from helpdesk_tui.domain.actor import SYSTEM
    from helpdesk_tui.domain.commerce.sources import SOURCES
    from helpdesk_tui.services.commerce.context import CustomerContexts
    from helpdesk_tui.services.commerce.sources import Sources
    from helpdesk_tui.sync.commerce.context_loop import ContextLoop
    from tests.support.store import make_store

    with ExitStack() as stack:
        asked = stack.enter_context(providers(only_klaviyo=only_klaviyo))
        store = make_store(folder)
        stack.callback(store.close)
        sources = Sources(store, SYSTEM)
        for each in asked.all:
            sources.add(each.name, each.name, each.settings)
        secrets = {each.name: each.secret for each in asked.all}
        loop = ContextLoop(store, lambda connected: secrets[connected.name])
        contexts = CustomerContexts(store, SYSTEM)
        stack.callback(contexts.close)
        loop.start()
        stack.callback(loop.join, 5)
        stack.callback(loop.stop)
        wanted = sum(len(SOURCES[each.name].sections) for each in asked.all)
        yield _World(store, contexts, asked, wanted)


def _opened(folder: Path) -> tuple[float, float, int, float]:
    """Return (never seen, known, requests while fresh, seconds of a look at what is fresh)."""
    from helpdesk_tui.domain.commerce.wants import OPENED, REFRESH

    with _world(folder) as world:
        people = [world.customer(number) for number in range(_TIMES + 1)]
        # the first one pays for the connections, as the first one of a day does
        world.opened(people[0], OPENED)
        world.providers.slow(_LATENCY)
        cold = []
        for each in people[1:]:
            cold.append(world.opened(each, OPENED))
            time.sleep(1.2)
        known = []
        for each in people[1:5]:
            known.append(world.opened(each, REFRESH))
            time.sleep(1.2)
        before, looks = world.providers.asked(), []
        for each in people * 5:
            began = time.perf_counter()
            world.contexts.want([each], OPENED)
            looks.append(time.perf_counter() - began)
        time.sleep(1)
        asked = world.providers.asked() - before
    return statistics.median(cold), statistics.median(known), asked, statistics.median(looks)


def _rush(folder: Path) -> tuple[int, int, float]:
    """Return (customers complete, requests refused, seconds) of a hundred agents at once."""
    from helpdesk_tui.domain.commerce.wants import OPENED

    with _world(folder, only_klaviyo=True) as world:
        people = [world.customer(number) for number in range(_AGENTS)]
        began = time.perf_counter()
        threads = [
            threading.Thread(target=world.contexts.want, args=([one], OPENED)) for one in people
        ]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        done: set[int] = set()
        while len(done) < _AGENTS and time.perf_counter() - began < _ENOUGH:
            left = [one for one in people if one not in done]
            done.update(one for one in left if world.known(one) >= world.wanted)
            time.sleep(0.5)
        return len(done), world.providers.refused(), time.perf_counter() - began

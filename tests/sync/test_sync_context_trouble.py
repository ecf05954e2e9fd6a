"""Trouble on our own side while customers are fetched: nobody else waits, and nothing is lost."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.db.live import LiveStore
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.commerce.facts import Facts, Failure, Section, SectionState, Value
from helpdesk_tui.domain.commerce.identities import Identities, Match, MatchedBy
from helpdesk_tui.domain.commerce.wants import OPENED
from helpdesk_tui.domain.errors import StoreError
from helpdesk_tui.services.clock import utc_now
from helpdesk_tui.services.commerce.context import CustomerContexts
from helpdesk_tui.services.commerce.sources import Sources
from helpdesk_tui.services.commerce.storing import ContextStore
from helpdesk_tui.sync.commerce.context_loop import ContextLoop
from helpdesk_tui.sync.providers.source import Found
from tests.support.store import add_profile, make_store
from tests.support.waiting import PATIENCE, until


class Held:
    """A source that answers once it is let, whoever is asked for."""

    def __init__(self) -> None:
        self.let = threading.Event()
        self.let.set()
        self.asked: list[str] = []
        self.failure: Failure | None = None
        """Why values cannot be had."""
        self.refused = 0

    def find(self, identities: Identities, sections: object) -> Found:
        self.asked.append(identities.emails[0])
        assert self.let.wait(PATIENCE)
        return Found(Match(identities.emails[0], MatchedBy.EMAIL, identities.emails[0]))

    def fetch(
        self, external_id: str, sections: set[Section], tell: Callable[[Facts], None]
    ) -> None:
        rest = frozenset(sections) - {Section.VALUE}
        if self.failure is not None and Section.VALUE in sections:
            self.refused += 1
            tell(Facts(failed={Section.VALUE: self.failure}, not_available=rest))
            return
        tell(Facts(value=Value() if Section.VALUE in sections else None, not_available=rest))

    def about(self) -> dict[str, str]:
        return {}

    def close(self) -> None:
        pass


class World:
    """A store with a source that a test holds."""

    def __init__(self, root: Path) -> None:
        self.store = make_store(root)
        self.sources = Sources(self.store, SYSTEM)
        self.sources.add("klaviyo", "crm", {})
        self.source = Held()

    def customer(self, name: str) -> int:
        """Return somebody with a proven address."""
        email = f"{name}@example.com"
        profile = add_profile(self.store, email=email)
        with self.store.write() as connection:
            connection.execute("UPDATE identity SET verified = 1 WHERE value = ?", (email,))
        return profile

    def look(self, *profiles: int) -> None:
        """Let an agent look at somebody."""
        with closing(CustomerContexts(self.store, SYSTEM)) as contexts:
            contexts.want(profiles, OPENED)

    def states(self, profile: int) -> dict[Section, SectionState]:
        """Return how the sections of somebody stand."""
        with closing(CustomerContexts(self.store, SYSTEM)) as contexts:
            words = contexts.load(profile).words
        return {section: each[0].state for section, each in words.items()}

    def is_known(self, profile: int) -> bool:
        """Tell whether somebody's value is known."""
        return self.states(profile).get(Section.VALUE) is SectionState.KNOWN

    @contextmanager
    def worker(self) -> Iterator[ContextLoop]:
        """Run the loop."""
        loop = ContextLoop(self.store, lambda _source: "key")
        loop.start()
        try:
            yield loop
        finally:
            self.source.let.set()
            loop.stop()
            assert loop.join(PATIENCE)


@pytest.fixture(name="world")
def _world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    world = World(tmp_path)
    monkeypatch.setattr(
        "helpdesk_tui.sync.commerce.context_loop.connect", lambda *given, **named: world.source
    )
    yield world
    world.store.close()


def test_store_that_cannot_be_written_for_a_moment_costs_one_look(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    true, full = ContextStore.store, threading.Event()
    full.set()
    refused: list[int] = []

    def store(self: ContextStore, source: Any, profile: int, *given: Any, **named: Any) -> None:
        if full.is_set():
            refused.append(profile)
            raise StoreError("store.full")
        true(self, source, profile, *given, **named)

    monkeypatch.setattr(ContextStore, "store", store)
    ada = world.customer("ada")
    with world.worker() as loop:
        world.look(ada)
        until(lambda: refused and loop.is_idle())
        full.clear()
        # whoever looks again has it: nothing is left alone because our own disk was full
        world.look(ada)
        until(lambda: world.is_known(ada))
    assert world.sources.named("crm").error_code == ""


@pytest.mark.parametrize("how", ["removed", "off"])
def test_source_that_goes_while_it_is_asked_leaves_nothing(world: World, how: str) -> None:
    ada = world.customer("ada")
    world.source.let.clear()
    with world.worker() as loop:
        world.look(ada)
        until(lambda: world.source.asked)
        if how == "removed":
            world.sources.remove("crm")
        else:
            world.sources.set_enabled("crm", enabled=False)
        world.source.let.set()
        until(loop.is_idle)
    with world.store.read() as connection:
        for table in ("customer_section", "source_match", "customer_value"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table


@pytest.mark.parametrize("odd", [10**18, -5, 0])
def test_somebody_who_is_nobody_keeps_no_other_waiting(world: World, odd: int) -> None:
    ada = world.customer("ada")
    live = LiveStore(world.store.paths.live)
    with world.worker(), closing(live):
        live.want([odd, ada], OPENED, int(utc_now().timestamp() * 1_000_000))
        until(lambda: world.is_known(ada))
    assert world.source.asked == ["ada@example.com"]


@pytest.mark.parametrize("is_damaged", [False, True])
def test_live_database_that_is_thrown_away_is_made_anew(world: World, is_damaged: bool) -> None:
    ada, bo = world.customer("ada"), world.customer("bo")
    with world.worker():
        world.look(ada)
        until(lambda: world.is_known(ada))
        for each in world.store.paths.live.parent.glob(f"{world.store.paths.live.name}*"):
            each.unlink()
        if is_damaged:
            world.store.paths.live.write_bytes(b"nonsense" * 2_000)
            # whoever finds that makes it anew, and may be heard only then
            world.look(bo)
        world.look(bo)
        until(lambda: world.is_known(bo))


def test_two_workers_by_mistake_store_nothing_twice(world: World, tmp_path: Path) -> None:
    ada = world.customer("ada")
    with world.worker() as one, closing(Store(tmp_path)) as store:
        other = ContextLoop(store, lambda _source: "key")
        other.start()
        world.look(ada)
        until(lambda: world.is_known(ada) and one.is_idle() and other.is_idle())
        other.stop()
        assert other.join(PATIENCE)
    with closing(sqlite3.connect(world.store.paths.database)) as connection:
        found = connection.execute("SELECT section, count(*) FROM customer_section GROUP BY 1")
        assert {count for _, count in found} == {1}


def test_turn_that_is_far_away_is_told_of(world: World) -> None:
    ada = world.customer("ada")
    world.source.failure = Failure("provider.paced", {}, 900.0)
    with world.worker() as loop:
        world.look(ada)
        until(lambda: world.states(ada).get(Section.VALUE) is SectionState.FAILED)
        until(loop.is_idle)


def test_waiting_for_a_turn_writes_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    stored: list[Facts | None] = []
    true = ContextStore.store

    def store(self: ContextStore, *given: Any, **named: Any) -> None:
        stored.append(given[3])
        true(self, *given, **named)

    monkeypatch.setattr(ContextStore, "store", store)
    ada = world.customer("ada")
    world.source.failure = Failure("provider.paced", {}, 0.05)
    with world.worker() as loop:
        world.look(ada)
        until(lambda: world.source.refused >= 3)
        assert Section.VALUE not in world.states(ada)
        world.source.failure = None
        until(lambda: world.is_known(ada) and loop.is_idle())
    # who it is there was written once; that nothing came of a turn, never
    assert stored.count(Facts()) == 1

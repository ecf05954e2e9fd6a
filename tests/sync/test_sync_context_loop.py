"""From a look at a customer to what is known of them: worker's loop, store, Klaviyo over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.commerce.context import CustomerContext
from helpdesk_tui.domain.commerce.facts import Section, SectionState
from helpdesk_tui.domain.errors import NotFound
from helpdesk_tui.services.commerce.context import REFRESH, CustomerContexts
from helpdesk_tui.services.commerce.matching import BESIDE, OPENED
from helpdesk_tui.services.commerce.sources import Sources
from helpdesk_tui.sync.commerce.context_loop import ContextLoop
from tests.support.shops.klaviyo import KlaviyoShop
from tests.support.shops.klaviyo_desk import running_klaviyo
from tests.support.shops.running import Shops
from tests.support.store import add_profile, make_store
from tests.support.waiting import until

ALL = set(Section) - {Section.ORDERS, Section.SUBSCRIPTIONS}


@dataclass
class World:
    """A store with a worker's loop, and an account at Klaviyo."""

    store: Store
    sim: KlaviyoShop
    shops: Shops
    secrets: dict[str, str] = field(default_factory=dict)

    @property
    def sources(self) -> Sources:
        return Sources(self.store, SYSTEM)

    @property
    def contexts(self) -> CustomerContexts:
        return CustomerContexts(self.store, SYSTEM)

    def customer(self, email: str) -> int:
        """Return a profile with a proven address."""
        profile = add_profile(self.store, email=email)
        with self.store.write() as connection:
            connection.execute("UPDATE identity SET verified = 1 WHERE value = ?", (email,))
        return profile

    def look(self, profile: int, rank: int = OPENED) -> None:
        """Let an agent look at somebody."""
        contexts = self.contexts
        contexts.want([profile], rank)
        contexts.close()

    def known(self, profile: int) -> CustomerContext:
        """Return what is known of somebody."""
        return self.contexts.load(profile)

    def states(self, profile: int) -> dict[Section, SectionState]:
        """Return how the sections of somebody stand."""
        words = self.known(profile).words
        return {section: one[0].state for section, one in words.items()}

    def asked(self) -> int:
        """Return how often Klaviyo was asked about customers."""
        return sum(one.operation != "klaviyo.accounts" for one in self.shops.watch.asked)

    @contextmanager
    def worker(self) -> Iterator[ContextLoop]:
        """Run the loop."""

        def secret(connected):
            if connected.name not in self.secrets:
                raise NotFound("secret.missing", name=connected.secret_name, variable="X")
            return self.secrets[connected.name]

        loop = ContextLoop(self.store, secret)
        loop.start()
        try:
            yield loop
        finally:
            loop.stop()
            assert loop.join(5)


@pytest.fixture(scope="module", name="served")
def _served() -> Iterator[tuple[KlaviyoShop, Shops]]:
    with running_klaviyo() as served:
        yield served


@pytest.fixture(name="world")
def _world(served: tuple[KlaviyoShop, Shops], tmp_path: Path) -> Iterator[World]:
    sim, shops = served
    sim.reset()
    shops.clean()
    store = make_store(tmp_path)
    world = World(store, sim, shops, {"crm": sim.key})
    world.sources.add("klaviyo", "crm", {"api": sim.url})
    yield world
    store.close()


def test_opened_customer_is_known_in_all_sections(world: World) -> None:
    ada = world.sim.has("ada@example.com", first_name="Ada", analytics={"total_clv": 5},
                        segments=["VIP"], lists=["All"])  # fmt: skip
    world.sim.did(ada, "Viewed Product", ProductName="Tea")
    profile = world.customer("ada@example.com")
    with world.worker():
        world.look(profile)
        until(lambda: set(world.states(profile)) == ALL, 10)
        found = world.known(profile)
        assert set(world.states(profile).values()) == {SectionState.KNOWN}
        assert [one.name for _, one in found.profiles] == ["Ada"]
        assert [one.name for _, one in found.segments] == ["VIP", "All"]
        assert [one.title for _, one in found.events] == ["Tea"]
        until(lambda: world.sources.named("crm").told.get("name") == "Acme Tea", 5)
        asked = world.asked()
        # all is fresh: nobody is asked again
        world.look(profile)
        world.look(profile, BESIDE)
    assert world.asked() == asked == 5


def test_customer_beside_the_cursor_costs_no_scarce_call(world: World) -> None:
    world.sim.has("ada@example.com", analytics={})
    profile = world.customer("ada@example.com")
    with world.worker():
        world.look(profile, BESIDE)
        until(lambda: set(world.states(profile)) == {Section.PROFILE, Section.EVENTS}, 10)
    assert world.asked() == 2


def test_unknown_customer_is_noted_as_nobody(world: World) -> None:
    profile = world.customer("bo@example.com")
    with world.worker():
        world.look(profile)
        until(lambda: world.states(profile) == dict.fromkeys(ALL, SectionState.NOBODY), 10)
    assert world.asked() == 1


def test_wrong_key_stops_asking_until_there_is_another(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk_tui.sync.commerce.context_loop._SECRETS_EVERY", 0.2)
    world.sim.has("ada@example.com")
    world.secrets["crm"] = "pk_wrong"
    profiles = [world.customer("ada@example.com"), world.customer("bo@example.com")]
    with world.worker():
        world.look(profiles[0])
        until(lambda: world.sources.named("crm").error_code == "source.credentials", 10)
        asked = world.asked()
        world.look(profiles[1])
        assert world.asked() == asked
        world.secrets["crm"] = world.sim.key

        def is_known() -> bool:
            world.look(profiles[0])
            return Section.PROFILE in world.states(profiles[0])

        until(is_known, 10)
        until(lambda: world.sources.named("crm").error_code == "", 5)


def test_missing_secret_is_said_and_found_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk_tui.sync.commerce.context_loop._SECRETS_EVERY", 0.2)
    monkeypatch.setattr("helpdesk_tui.sync.commerce.context_loop._NONE_CONNECTED", 0.2)
    world.sim.has("ada@example.com")
    profile = world.customer("ada@example.com")
    del world.secrets["crm"]
    with world.worker():
        until(lambda: world.sources.named("crm").error_code == "secret.missing", 10)
        world.secrets["crm"] = world.sim.key
        world.look(profile)
        until(lambda: Section.PROFILE in world.states(profile), 10)


def test_one_missing_right_fails_one_section(world: World) -> None:
    world.sim.has("ada@example.com", analytics={})
    world.sim.scopes.discard("events:read")
    profile = world.customer("ada@example.com")
    with world.worker():
        world.look(profile)
        until(lambda: set(world.states(profile)) == ALL, 10)
    (word,) = world.known(profile).words[Section.EVENTS]
    assert (word.state, word.code) == (SectionState.FAILED, "source.scope")
    assert word.values == {"scope": "events:read"}
    assert world.states(profile)[Section.PROFILE] is SectionState.KNOWN


def test_missing_right_to_look_people_up_fails_them_all_and_stops_nothing(world: World) -> None:
    world.sim.scopes.discard("profiles:read")
    profile = world.customer("ada@example.com")
    with world.worker():
        world.look(profile)
        until(lambda: world.states(profile) == dict.fromkeys(ALL, SectionState.FAILED), 10)
    assert world.sources.named("crm").error_code == ""


def test_customer_who_was_merged_over_there_is_found_anew(world: World) -> None:
    first = world.sim.has("ada@example.com", first_name="Ada")
    profile = world.customer("ada@example.com")
    with world.worker() as loop:
        world.look(profile)
        until(lambda: set(world.states(profile)) == ALL and loop.is_idle(), 10)
        del world.sim.profiles[first.id]
        second = world.sim.has("ada@example.com", first_name="Ada Byron")
        world.look(profile, REFRESH)
        until(lambda: [one.name for _, one in world.known(profile).profiles] == ["Ada Byron"], 10)
    assert [match.external_id for _, match in world.known(profile).matches] == [second.id]


def test_slow_customer_delays_no_other(world: World) -> None:
    world.sim.has("ada@example.com")
    world.sim.has("bo@example.com")
    slow, quick = world.customer("ada@example.com"), world.customer("bo@example.com")
    with world.worker():
        world.shops.faults.slow("klaviyo.profiles", 5)
        world.look(slow)
        until(lambda: world.asked() == 1, 5)
        world.shops.faults.stop()
        world.look(quick)
        until(lambda: Section.PROFILE in world.states(quick), 3)
        assert Section.PROFILE not in world.states(slow)


def test_source_that_is_switched_off_is_not_asked(world: World) -> None:
    world.sim.has("ada@example.com")
    profile = world.customer("ada@example.com")
    world.sources.set_enabled("crm", enabled=False)
    with world.worker() as loop:
        world.look(profile)
        until(lambda: loop.is_idle(), 2)
    assert world.asked() == 0

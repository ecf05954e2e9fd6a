"""From a look at a customer to what is known of them: worker's loop, store, Klaviyo over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.commerce.context import CustomerContext
from helpdesk_tui.domain.commerce.facts import (
    EventsPage,
    Facts,
    Failure,
    Section,
    SectionState,
)
from helpdesk_tui.domain.commerce.identities import Identities, Match, MatchedBy
from helpdesk_tui.domain.commerce.wants import BESIDE, OPENED
from helpdesk_tui.domain.errors import NotFound
from helpdesk_tui.services.commerce.context import CustomerContexts
from helpdesk_tui.services.commerce.sources import Sources
from helpdesk_tui.sync.channels.errors import Gone, Retry
from helpdesk_tui.sync.commerce.context_loop import ContextLoop
from helpdesk_tui.sync.commerce.fetching import THREADS
from helpdesk_tui.sync.providers.source import Found
from tests.support.shops.klaviyo import KlaviyoShop
from tests.support.shops.klaviyo_desk import running_klaviyo
from tests.support.shops.running import Shops
from tests.support.store import add_profile, make_store
from tests.support.waiting import PATIENCE, until

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
            assert loop.join(PATIENCE)


@pytest.fixture(scope="module", name="served")
def _served() -> Iterator[tuple[KlaviyoShop, Shops]]:
    with running_klaviyo() as served:
        yield served


@pytest.fixture(name="world")
def _world(
    served: tuple[KlaviyoShop, Shops], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    # nothing of one test lives on in the next one
    monkeypatch.setattr("helpdesk_tui.sync.commerce.context_loop._END_WITHIN", PATIENCE)
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
        until(lambda: set(world.states(profile)) == ALL)
        found = world.known(profile)
        assert set(world.states(profile).values()) == {SectionState.KNOWN}
        assert [one.name for _, one in found.profiles] == ["Ada"]
        assert [one.name for _, one in found.segments] == ["VIP", "All"]
        assert [one.title for _, one in found.events] == ["Tea"]
        until(lambda: world.sources.named("crm").told.get("name") == "Acme Tea")
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
        until(lambda: set(world.states(profile)) == {Section.PROFILE, Section.EVENTS})
    assert world.asked() == 2


def test_unknown_customer_is_noted_as_nobody(world: World) -> None:
    profile = world.customer("bo@example.com")
    with world.worker():
        world.look(profile)
        until(lambda: world.states(profile) == dict.fromkeys(ALL, SectionState.NOBODY))
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
        until(lambda: world.sources.named("crm").error_code == "source.credentials")
        asked = world.asked()
        world.look(profiles[1])
        assert world.asked() == asked
        world.secrets["crm"] = world.sim.key

        def is_known() -> bool:
            world.look(profiles[0])
            return Section.PROFILE in world.states(profiles[0])

        until(is_known)
        until(lambda: world.sources.named("crm").error_code == "")


def test_who_tries_it_well_lets_the_worker_go_on(world: World) -> None:
    world.sim.has("ada@example.com")
    profile, world.sim.key = world.customer("ada@example.com"), "pk_another"
    with world.worker():
        world.look(profile)
        until(lambda: world.sources.named("crm").error_code == "source.credentials")
        world.sim.key = world.secrets["crm"]
        world.sources.well(world.sources.named("crm").id)

        def is_known() -> bool:
            world.look(profile)
            return Section.PROFILE in world.states(profile)

        until(is_known)


def test_missing_secret_is_said_and_found_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk_tui.sync.commerce.context_loop._SECRETS_EVERY", 0.2)
    monkeypatch.setattr("helpdesk_tui.sync.commerce.context_loop._NONE_CONNECTED", 0.2)
    world.sim.has("ada@example.com")
    profile = world.customer("ada@example.com")
    del world.secrets["crm"]
    with world.worker():
        until(lambda: world.sources.named("crm").error_code == "secret.missing")
        world.secrets["crm"] = world.sim.key
        world.look(profile)
        until(lambda: Section.PROFILE in world.states(profile))


def test_one_missing_right_fails_one_section(world: World) -> None:
    world.sim.has("ada@example.com", analytics={})
    world.sim.scopes.discard("events:read")
    profile = world.customer("ada@example.com")
    with world.worker():
        world.look(profile)
        until(lambda: set(world.states(profile)) == ALL)
    (word,) = world.known(profile).words[Section.EVENTS]
    assert (word.state, word.code) == (SectionState.FAILED, "source.scope")
    assert word.values == {"scope": "events:read"}
    assert world.states(profile)[Section.PROFILE] is SectionState.KNOWN


def test_missing_right_to_look_people_up_fails_them_all_and_stops_nothing(world: World) -> None:
    world.sim.scopes.discard("profiles:read")
    profile = world.customer("ada@example.com")
    with world.worker():
        world.look(profile)
        until(lambda: world.states(profile) == dict.fromkeys(ALL, SectionState.FAILED))
    assert world.sources.named("crm").error_code == ""


def test_slow_customer_delays_no_other(world: World) -> None:
    world.sim.has("ada@example.com")
    world.sim.has("bo@example.com")
    slow, quick = world.customer("ada@example.com"), world.customer("bo@example.com")
    with world.worker():
        world.shops.faults.slow("klaviyo.profiles", PATIENCE)
        world.look(slow)
        until(lambda: world.asked() == 1)
        world.shops.faults.stop()
        world.look(quick)
        until(lambda: Section.PROFILE in world.states(quick))
        assert Section.PROFILE not in world.states(slow)


def test_slow_customers_beside_the_cursor_leave_threads_to_who_is_opened(world: World) -> None:
    world.sim.has("ada@example.com")
    opened = world.customer("ada@example.com")
    beside = [world.customer(f"{number}@example.com") for number in range(THREADS)]
    with world.worker():
        world.shops.faults.slow("klaviyo.profiles", PATIENCE)
        for each in beside:
            world.look(each, BESIDE)
        until(lambda: world.asked() == THREADS // 2)
        world.shops.faults.stop()
        world.look(opened)
        until(lambda: Section.PROFILE in world.states(opened))
        assert not any(world.states(each) for each in beside)


def test_rest_is_asked_for_before_what_came_is_stored(world: World) -> None:
    for email in ("first@example.com", "second@example.com"):
        world.sim.has(email, analytics={"total_clv": 1}, segments=["VIP"])
    first, second = (world.customer(f"{name}@example.com") for name in ("first", "second"))
    with world.worker():
        world.look(first)
        until(lambda: set(world.states(first)) == ALL)
        looked_up = world.asked() + 1
        with world.store.write():
            world.look(second)
            until(lambda: world.asked() > looked_up)
            assert world.states(second) == {}
        until(lambda: set(world.states(second)) == ALL)


def test_source_that_is_switched_off_is_not_asked(world: World) -> None:
    world.sim.has("ada@example.com")
    profile = world.customer("ada@example.com")
    world.sources.set_enabled("crm", enabled=False)
    with world.worker() as loop:
        world.look(profile)
        until(lambda: loop.is_idle())
    assert world.asked() == 0


class Scripted:
    """A source that answers as it was told to."""

    def __init__(self) -> None:
        self.answers: list[Facts | Exception] = []

    def find(self, identities: Identities, sections: object) -> Found:
        return Found(Match("A1", MatchedBy.EMAIL, identities.emails[0]))

    def fetch(
        self, external_id: str, sections: set[Section], tell: Callable[[Facts], None]
    ) -> None:
        answer = self.answers.pop(0) if sections == {Section.EVENTS} else nothing(sections)
        if isinstance(answer, Exception):
            raise answer
        tell(answer)

    def about(self) -> dict[str, str]:
        return {}

    def close(self) -> None:
        pass


def nothing(sections: Iterable[Section]) -> Facts:
    """Return that an account does not have some sections."""
    return Facts(not_available=frozenset(sections))


@pytest.fixture(name="scripted")
def _scripted(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    scripted = Scripted()
    monkeypatch.setattr(
        "helpdesk_tui.sync.commerce.context_loop.connect", lambda *given, **named: scripted
    )
    return scripted


def test_what_has_to_wait_for_its_turn_is_no_failure(world: World, scripted: Scripted) -> None:
    paced = Failure("provider.paced", {}, 0.3)
    known = Facts(events=EventsPage((), is_all=True))
    scripted.answers = [Facts(failed={Section.EVENTS: paced}), known]
    profile = world.customer("ada@example.com")
    with world.worker() as loop:
        world.look(profile)
        until(lambda: len(scripted.answers) == 1)
        until(lambda: set(world.states(profile)) == ALL - {Section.EVENTS})
        assert not loop.is_idle()
        until(lambda: world.states(profile).get(Section.EVENTS) is SectionState.KNOWN)


def test_trouble_of_the_line_fails_the_section_and_stops_nothing(
    world: World, scripted: Scripted
) -> None:
    scripted.answers = [Retry("provider.unreachable", reason="cut")]
    profile = world.customer("ada@example.com")
    with world.worker():
        world.look(profile)
        until(lambda: world.states(profile).get(Section.EVENTS) is SectionState.FAILED)
        until(lambda: set(world.states(profile)) == ALL)
    assert world.sources.named("crm").error_code == ""


def test_customer_who_is_gone_and_found_under_the_same_number_is_nobody(
    world: World, scripted: Scripted
) -> None:
    scripted.answers = [Gone("provider.gone"), Gone("provider.gone")]
    profile = world.customer("ada@example.com")
    with world.worker() as loop:
        world.look(profile)
        until(lambda: not scripted.answers and loop.is_idle())
    assert world.states(profile)[Section.EVENTS] is SectionState.NOBODY


def test_customer_whom_a_source_stumbles_over_costs_no_other_anything(
    world: World, scripted: Scripted, caplog: pytest.LogCaptureFixture
) -> None:
    known = Facts(events=EventsPage((), is_all=True))
    scripted.answers = [RuntimeError("odd"), known]
    odd, other = world.customer("odd@example.com"), world.customer("other@example.com")
    with world.worker() as loop:
        world.look(odd)
        until(lambda: len(scripted.answers) == 1 and loop.is_idle())
        world.look(other)
        until(lambda: world.states(other).get(Section.EVENTS) is SectionState.KNOWN)
    assert "fetching failed" in caplog.text

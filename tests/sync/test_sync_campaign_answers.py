"""Who answers a campaign is known before anybody opens the ticket: worker, store and Klaviyo."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.services.commerce.sources import Sources
from helpdesk_tui.services.facts import ticket_facts
from helpdesk_tui.sync.commerce.answers import Answers
from helpdesk_tui.sync.commerce.context_loop import ContextLoop
from tests.support.messaging import LENA, MessagingBox
from tests.support.shops.klaviyo import KlaviyoShop
from tests.support.shops.klaviyo_desk import running_klaviyo
from tests.support.shops.running import Shops
from tests.support.store import FakeClock, make_store
from tests.support.waiting import until

OTHER = "+46709998877"
NEEDED = {"klaviyo.accounts", "klaviyo.profiles", "klaviyo.events", "klaviyo.campaigns"}
"""What it takes to know of a campaign; nothing of it is scarce."""


class World:
    """A desk with numbers of ours, an account at Klaviyo, and the loop that asks it."""

    def __init__(self, box: MessagingBox, sim: KlaviyoShop, shops: Shops) -> None:
        self.box = box
        self.sim = sim
        self.shops = shops
        self.sources = Sources(box.store, SYSTEM)

    def connect(self) -> None:
        """Connect the account."""
        self.sources.add("klaviyo", "crm", {"api": self.sim.url})

    def sent(self, number: str, campaign: str, minutes_ago: float = 10.0) -> None:
        """Let a campaign have arrived at a number."""
        found = [each for each in self.sim.profiles.values() if each.phone == number]
        profile = found[0] if found else self.sim.has(None, number)
        at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
        self.sim.did(profile, "Received SMS", at, Campaign_Name=campaign, S_message="01A")

    def campaign_of(self, ticket: int) -> str:
        """Return what the first message of a ticket answers."""
        found = ticket_facts(self.box.store, [ticket])[ticket].attribution
        return found.name if found is not None else ""

    @contextmanager
    def worker(self) -> Iterator[ContextLoop]:
        """Run the loop, told of commits as the worker tells it."""
        loop = ContextLoop(self.box.store, lambda _source: self.sim.key)
        loop.start()
        try:
            yield loop
        finally:
            loop.stop()
            assert loop.join(20)


@pytest.fixture(scope="module", name="served")
def _served() -> Iterator[tuple[KlaviyoShop, Shops]]:
    with running_klaviyo() as served:
        yield served


@pytest.fixture(name="world")
def _world(served: tuple[KlaviyoShop, Shops], tmp_path: Path) -> Iterator[World]:
    sim, shops = served
    sim.reset()
    shops.clean()
    box = MessagingBox(make_store(tmp_path), FakeClock(datetime.now(UTC)))
    yield World(box, sim, shops)
    box.store.close()


@pytest.mark.parametrize("is_running", [True, False])
def test_answer_shows_its_campaign_though_nobody_opens_it(world: World, is_running: bool) -> None:
    world.connect()
    world.sent(LENA, "June sale")
    tickets = []
    if not is_running:
        # the worker was away when it came
        tickets.append(world.box.told(world.box.sms, "is it still on?"))
    with world.worker() as loop:
        if is_running:
            tickets.append(world.box.told(world.box.sms, "is it still on?"))
            loop.store_changed()
        until(lambda: world.campaign_of(tickets[0]) == "June sale")
    # nothing that is few was asked for
    assert {each.operation for each in world.shops.watch.asked} <= NEEDED


def test_words_on_other_channels_cost_nothing(world: World) -> None:
    world.connect()
    world.sent(LENA, "June sale")
    world.box.told(world.box.instagram, "hello", address="17840001")
    answers = Answers(world.box.store)
    (source,) = [each.id for each in world.sources.all()]
    assert answers.due([source]) == []
    world.box.told(world.box.sms, "hello")
    answers.hear()
    assert len(answers.due([source])) == 1


def test_nothing_is_read_where_no_source_knows_events(world: World) -> None:
    world.box.told(world.box.sms, "hello")
    answers = Answers(world.box.store)
    world.box.store.close()
    assert answers.due([]) == []


def test_somebody_who_writes_several_times_is_asked_for_once(world: World) -> None:
    world.connect()
    world.sent(LENA, "June sale")
    with world.worker() as loop:
        ticket = world.box.told(world.box.sms, "is it")
        loop.store_changed()
        until(lambda: world.campaign_of(ticket) == "June sale")
        until(loop.is_idle)
        before = len(world.shops.watch.asked)
        for text in ("still", "on?"):
            world.box.told(world.box.sms, text)
            loop.store_changed()
        ticket = world.box.told(world.box.sms, "hello", address=OTHER)
        loop.store_changed()
        # somebody else is asked for meanwhile: so the first one had the chance
        until(lambda: len(world.shops.watch.asked) > before)
        until(loop.is_idle)
    asked = [str(one) for one in world.shops.watch.asked[before:]]
    assert len(asked) == 1


def test_what_a_source_notes_late_is_found_by_the_next_round(world: World) -> None:
    world.connect()
    (source,) = [each.id for each in world.sources.all()]
    later = FakeClock(datetime.now(UTC))
    seconds = [0.0]
    answers = Answers(world.box.store, now=later, clock=lambda: seconds[0])
    with world.worker() as loop:
        ticket = world.box.told(world.box.sms, "is it still on?")
        loop.store_changed()
        until(lambda: loop.is_idle() and bool(world.box.rows("customer_section")))
        assert answers.due([source]) == []
        world.sent(LENA, "June sale", minutes_ago=10.0)
        later.advance(minutes=11)
        seconds[0] = 660.0
        (due,) = answers.due([source])
        assert world.campaign_of(ticket) == ""
        loop._put([due], 1, 0.0)
        until(lambda: world.campaign_of(ticket) == "June sale")
        until(loop.is_idle)
    # it was asked long after the word: that is settled for good
    with world.box.store.write() as connection:
        connection.execute("UPDATE customer_section SET asked_at = asked_at + 100000000")
    seconds[0] = 1_400.0
    assert answers.due([source]) == []


def test_many_words_are_gone_through_step_by_step(world: World) -> None:
    world.connect()
    (source,) = [each.id for each in world.sources.all()]
    for number in range(120):
        world.box.told(world.box.sms, "hello", address=f"+4670111{number:04}")
    answers = Answers(world.box.store)
    found = [len(answers.due([source])) for _ in range(4)]
    assert found == [50, 50, 20, 0]

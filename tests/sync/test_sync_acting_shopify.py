"""Orders at Shopify, from the question what a change would do to its end, through the worker."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.domain.accounts import JobState
from helpdesk_tui.domain.actor import SYSTEM, Actor, ActorKind, Role
from helpdesk_tui.domain.commerce.actions import Action, ActionRequest, ActionState
from helpdesk_tui.services.commerce.actions import ShopActions
from helpdesk_tui.services.commerce.sources import Sources
from helpdesk_tui.services.jobs import Jobs
from helpdesk_tui.sync.commerce.acting import Acting
from helpdesk_tui.sync.commerce.opened import OpenedSource
from helpdesk_tui.sync.commerce.previewing import PreviewLoop
from tests.support.providers.faults import Fault
from tests.support.shops.shopify_rig import ShopifyRig, ordered, shopify_rig
from tests.support.store import FakeClock, add_agent, add_profile, make_store


class World:
    """A desk with a shop at Shopify."""

    def __init__(self, folder: Path, rig: ShopifyRig) -> None:
        self.rig, self.sim, self.faults = rig, rig.sim, rig.shops.faults
        self.store = make_store(folder)
        self.clock = FakeClock()
        anna = Actor(ActorKind.AGENT, add_agent(self.store), "anna", Role.SUPPORT)
        self.profile = add_profile(self.store, "Ada", "ada@example.com")
        settings = {"shop": rig.sim.domain, "api": rig.sim.url}
        self.source = Sources(self.store, SYSTEM).add("shopify", "acme", settings)
        self.actions = ShopActions(self.store, anna, now=self.clock)
        self.jobs = Jobs(self.store, anna, now=self.clock)
        self.previews = PreviewLoop(self.store, "w", lambda _: rig.sim.key, now=self.clock)
        opened = OpenedSource(self.store, self.source.id, lambda _: rig.sim.key)
        self.worker = Acting(self.store, "w", self.source.id, opened, now=self.clock)

    def previewed(self, request: ActionRequest, key: str = "k1") -> ActionRequest:
        """Return a request as it is shown before a yes."""
        mine = replace(request, source_id=self.source.id, key=key, profile_id=self.profile)
        job = self.actions.preview(mine)
        self.previews.once()
        done = self.jobs.load(job)
        assert done.state is JobState.DONE, done.result
        return self.actions.previewed(done).request

    def ask(self, request: ActionRequest, key: str = "k1") -> Action:
        """Ask for a change after a look at what it would do."""
        return self.actions.ask(self.previewed(request, key))

    def work(self, action: Action, until: ActionState = ActionState.DONE) -> Mapping[str, Any]:
        """Let the worker go on until a change stands so; returns what came of it."""
        for _ in range(20):
            wait = self.worker.round()
            now = self.actions.load(action.id)
            if now.state is until:
                return now.result
            self.clock.advance(seconds=wait or 0)
        raise AssertionError(f"it stays {self.actions.load(action.id)}")

    def close(self) -> None:
        self.worker.close()
        self.worker.finish()
        self.previews.finish()
        self.store.close()


@pytest.fixture(scope="module")
def served() -> Iterator[ShopifyRig]:
    with shopify_rig() as made:
        yield made


@pytest.fixture
def world(tmp_path: Path, served: ShopifyRig) -> Iterator[World]:
    made = World(tmp_path, served.clean())
    yield made
    made.close()


def test_edit_is_shown_asked_for_and_made(world: World) -> None:
    order = ordered(world.rig)
    result = world.work(world.ask(world.rig.edit(order, {0: 1})))
    assert Decimal(result["difference"]) == Decimal("-22.00")
    assert order.total == Decimal("29.65")


def test_cancellation_is_followed_to_its_end(world: World) -> None:
    order = ordered(world.rig)
    result = world.work(world.ask(world.rig.cancel(order)))
    assert Decimal(result["refund"]) == Decimal("51.65")
    assert order.cancelled is not None


@pytest.mark.parametrize("fault", [Fault.BROKEN_AFTER, Fault.CUT_AFTER])
def test_change_whose_answer_was_lost_is_made_once(world: World, fault: Fault) -> None:
    edited, cancelled = ordered(world.rig), ordered(world.rig)
    world.faults.next("EditCommit", fault)
    world.faults.next("CancelOrder", fault)
    world.work(world.ask(world.rig.edit(edited, {0: 1})))
    world.work(world.ask(world.rig.cancel(cancelled), "k2"))
    assert len(world.sim.commits) == len(world.sim.refunds) == 1
    for name in ("EditCommit", "CancelOrder"):
        assert len(world.rig.shops.watch.of(name)) == 1


@pytest.mark.parametrize("fault", [Fault.CUT, Fault.BROKEN])
def test_change_that_never_arrived_may_be_asked_for_anew(world: World, fault: Fault) -> None:
    order = ordered(world.rig)
    world.faults.next("EditCommit", fault)
    action = world.ask(world.rig.edit(order, {0: 1}))
    world.work(action, ActionState.FAILED)
    assert world.actions.load(action.id).code == "action.not-made"
    world.work(world.ask(world.rig.edit(order, {0: 1}), "k2"))
    assert len(world.sim.commits) == 1


def test_busy_shop_is_asked_again_by_itself(world: World) -> None:
    order = ordered(world.rig)
    action = world.ask(world.rig.edit(order, {0: 1}))
    world.faults.next("EditCommit", Fault.BUSY)
    world.work(action)
    assert len(world.sim.commits) == 1


def test_what_another_changed_meanwhile_is_shown_instead(world: World) -> None:
    order = ordered(world.rig)
    action = world.ask(world.rig.cancel(order))
    order.lines[0].current = 1
    order.edits += 1
    world.sim.touch(order)
    world.work(action, ActionState.FAILED)
    after = world.actions.load(action.id)
    assert after.code == "action.stale"
    assert Decimal(after.result["now"]["total"]) == Decimal("29.65")
    assert world.sim.jobs == {}


def test_refused_cancellation_says_why(world: World) -> None:
    order = ordered(world.rig)
    action = world.ask(world.rig.cancel(order))
    world.sim.may_refund = False
    world.work(action, ActionState.FAILED)
    assert world.actions.load(action.id).code == "order.no-refund-right"


def test_many_changes_with_lost_answers_are_each_made_once(world: World) -> None:
    world.sim.restore = world.sim.maximum = 1_000_000.0
    orders = [ordered(world.rig) for _ in range(20)]
    asked = [
        world.ask(
            world.rig.cancel(one) if number % 2 else world.rig.edit(one, {0: 1}), f"k{number}"
        )
        for number, one in enumerate(orders)
    ]
    after, before = (Fault.BROKEN_AFTER, Fault.CUT_AFTER), sum(world.faults.counts.values())
    world.faults.at_rate("EditCommit", 0.3, *after)
    world.faults.at_rate("CancelOrder", 0.3, *after)
    for action in asked:
        world.work(action)
    assert sum(world.faults.counts.values()) > before
    assert len({edit.order.name for edit in world.sim.commits}) == len(world.sim.commits) == 10
    assert len({name for name, _ in world.sim.refunds}) == len(world.sim.refunds) == 10

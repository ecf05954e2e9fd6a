"""Changes at Recharge over real HTTP, from the question what they would do to their end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.domain.accounts import JobState
from helpdesk_tui.domain.actor import SYSTEM, Actor, ActorKind, Role
from helpdesk_tui.domain.commerce.actions import Action, ActionKind, ActionRequest, ActionState
from helpdesk_tui.services.commerce.actions import ShopActions
from helpdesk_tui.services.commerce.sources import Sources
from helpdesk_tui.services.jobs import Jobs
from helpdesk_tui.sync.commerce.acting import Acting
from helpdesk_tui.sync.commerce.opened import OpenedSource
from helpdesk_tui.sync.commerce.previewing import PreviewLoop
from tests.support.providers.faults import Fault
from tests.support.shops.recharge import TOKEN
from tests.support.shops.recharge_rig import RechargeRig, recharge_rig
from tests.support.store import FakeClock, add_agent, add_profile, make_store

CHANGE, SKIP = ActionKind.SUBSCRIPTION_CHANGE, ActionKind.SUBSCRIPTION_SKIP


class World:
    """A desk with a shop at Recharge."""

    def __init__(self, folder: Path, rig: RechargeRig) -> None:
        self.rig = rig
        self.sim = rig.sim
        self.store = make_store(folder)
        self.clock = FakeClock()
        anna = Actor(ActorKind.AGENT, add_agent(self.store), "anna", Role.SUPPORT)
        self.profile = add_profile(self.store, "Mia Chen", "mia@mail.example")
        self.source = Sources(self.store, SYSTEM).add("recharge", "tea", {"api": rig.sim.url})
        self.actions = ShopActions(self.store, anna, now=self.clock)
        self.jobs = Jobs(self.store, anna, now=self.clock)
        self.previews = PreviewLoop(self.store, "w", lambda _: TOKEN, now=self.clock)
        opened = OpenedSource(self.store, self.source.id, lambda _: TOKEN)
        self.worker = Acting(self.store, "w", self.source.id, opened, now=self.clock)
        self.tea = rig.sim.subscribe(
            rig.sim.add_customer("mia@mail.example"), "Tea", quantity=2, in_days=9
        )

    def ask(self, kind: ActionKind, key: str = "k1", **arguments: Any) -> Action:
        request = ActionRequest(
            kind, self.source.id, str(self.tea), "Tea", arguments, key=key, profile_id=self.profile
        )
        job = self.actions.preview(request)
        self.previews.once()
        done = self.jobs.load(job)
        assert done.state is JobState.DONE, done.result
        return self.actions.ask(self.actions.previewed(done).request)

    def work(self, action: Action, until: ActionState = ActionState.DONE) -> list[float]:
        """Let the worker go on until a change stands so; returns how long it waited each time."""
        waits: list[float] = []
        for _ in range(12):
            wait = self.worker.round()
            if self.actions.load(action.id).state is until:
                return waits
            waits.append(wait or 0)
            self.clock.advance(seconds=wait or 0)
        raise AssertionError(f"it stays {self.actions.load(action.id)}")

    def close(self) -> None:
        self.worker.close()
        self.worker.finish()
        self.previews.finish()
        self.store.close()


@pytest.fixture(scope="module")
def served() -> Iterator[RechargeRig]:
    with recharge_rig() as made:
        yield made


@pytest.fixture
def world(tmp_path: Path, served: RechargeRig) -> Iterator[World]:
    made = World(tmp_path, served.clean())
    yield made
    made.close()


def test_change_is_shown_asked_for_and_made(world: World) -> None:
    action = world.ask(CHANGE, quantity=3)
    assert world.work(action) == []
    assert world.sim.changed == [("update", world.tea)]
    assert world.actions.load(action.id).result["quantity"] == 3


@pytest.mark.parametrize("fault", [Fault.BROKEN_AFTER, Fault.CUT_AFTER])
@pytest.mark.parametrize("kind", [CHANGE, SKIP])
def test_change_whose_answer_was_lost_is_made_once(
    world: World, kind: ActionKind, fault: Fault
) -> None:
    given: dict[str, Any] = {"quantity": 3} if kind is CHANGE else {}
    action = world.ask(kind, **given)
    step = "update" if kind is CHANGE else "skip"
    world.rig.shops.faults.next(f"recharge.{step}", fault)
    assert world.work(action) == [5]
    assert [what for what, _id in world.sim.changed] == [step]
    assert len(world.rig.shops.watch.of(f"recharge.{step}")) == 1


def test_change_that_never_arrived_may_be_asked_for_anew(world: World) -> None:
    action = world.ask(CHANGE, quantity=3)
    world.rig.shops.faults.next("recharge.update", Fault.CUT)
    assert sum(world.work(action, ActionState.FAILED)) >= 100
    assert world.actions.load(action.id).code == "action.not-made"
    assert world.work(world.ask(CHANGE, "k2", quantity=3)) == []
    assert world.sim.changed == [("update", world.tea)]


@pytest.mark.parametrize("trouble", ["conflict", "busy"])
def test_change_that_was_put_off_over_there_is_begun_again(world: World, trouble: str) -> None:
    action = world.ask(CHANGE, quantity=3)
    if trouble == "conflict":
        world.sim.conflicts[world.tea] = 1
    else:
        world.rig.shops.faults.next("recharge.update", Fault.BUSY)
    assert world.work(action) == [5]
    assert world.sim.changed == [("update", world.tea)]


def test_what_another_changed_meanwhile_is_shown_instead(world: World) -> None:
    action = world.ask(CHANGE, quantity=3)
    world.sim.subscriptions[world.tea]["quantity"] = 7
    world.work(action, ActionState.FAILED)
    after = world.actions.load(action.id)
    assert (after.code, after.result["now"]["quantity"]) == ("action.stale", 7)
    assert not world.sim.changed


def test_same_yes_twice_is_one_change(world: World) -> None:
    action = world.ask(CHANGE, quantity=3)
    again = world.actions.ask(replace(action.request))
    assert again.id == action.id
    world.work(action)
    assert world.sim.changed == [("update", world.tea)]

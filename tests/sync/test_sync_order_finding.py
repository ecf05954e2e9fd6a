"""An order that is too old to be kept is found by its name: job, store, and a simulated shop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import JobState
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.commerce.facts import Facts, Section
from helpdesk_tui.domain.commerce.identities import Match, MatchedBy
from helpdesk_tui.services.commerce.context import CustomerContexts
from helpdesk_tui.services.commerce.sources import Sources
from helpdesk_tui.services.commerce.storing import ContextStore
from helpdesk_tui.services.jobs import Jobs
from helpdesk_tui.sync.accounts import RunningAccounts
from helpdesk_tui.sync.commerce.order_finding import find_order
from helpdesk_tui.sync.providers.shopify.documents import DOCUMENTS
from helpdesk_tui.sync.requests import JobLoop
from tests.support.providers.faults import Fault
from tests.support.shops.shopify_rig import ShopifyRig, shopify_rig
from tests.support.store import add_profile, make_store

COUNT = 100


@dataclass
class World:
    """A store that keeps the newest orders of Ada, and the shop that has all of them."""

    store: Store
    rig: ShopifyRig
    ada: int

    def names(self) -> list[str]:
        """Return the names of all orders that are kept, the newest first."""
        with closing(CustomerContexts(self.store, SYSTEM)) as contexts:
            return [order.name for _, order in contexts.orders(self.ada)]

    def ages(self) -> list[tuple[str, int]]:
        """Return when each section was fetched."""
        with self.store.read() as connection:
            return connection.execute(
                "SELECT section, fetched_at FROM customer_section ORDER BY section"
            ).fetchall()


@pytest.fixture(scope="module", name="served")
def _served() -> Iterator[ShopifyRig]:
    with shopify_rig() as rig:
        yield rig


@pytest.fixture(name="world")
def _world(served: ShopifyRig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    rig = served.clean()
    rig.sim.maximum = rig.sim.restore = 1_000_000.0
    ada = rig.sim.has("Ada", "ada@example.com")
    for number in range(COUNT):
        rig.sim.ordered(ada, ("Tea", "1.00", 1), ago=timedelta(hours=COUNT - number))
    rig.sim.ordered(rig.sim.has("Eve", "eve@example.com"), ("Tea", "1.00", 1))
    monkeypatch.setenv("HELPDESK_SECRET_SOURCE_SHOP", rig.sim.key)
    store = make_store(tmp_path)
    profile = add_profile(store, email="ada@example.com")
    source = Sources(store, SYSTEM).add(
        "shopify", "shop", {"shop": rig.sim.domain, "api": rig.sim.url}
    )
    told: list[Facts] = []
    rig.joined().fetch(str(ada.number), tuple(source.spec.sections), told.append)
    match = Match(str(ada.number), MatchedBy.EMAIL, "ada@example.com")
    for facts in told:
        ContextStore(store).store(source, profile, match, facts, asked=(Section.ORDERS,))
    yield World(store, rig, profile)
    store.close()
    rig.close()


def oldest(world: World) -> str:
    """Return the name of Ada's first order, which is not kept."""
    first = min(world.rig.sim.orders.values(), key=lambda one: one.created)
    assert first.name not in world.names()
    return first.name


def test_old_order_is_found_by_its_name_and_kept(world: World) -> None:
    name, kept, ages = oldest(world), world.names(), world.ages()
    assert len(kept) == 56
    assert find_order(world.store, world.ada, f" {name.lower().lstrip('#')} ")
    assert world.names() == [*kept, name]
    # the others are as old as they were, and all are counted as before
    assert world.ages() == ages
    with closing(CustomerContexts(world.store, SYSTEM)) as contexts:
        assert contexts.load(world.ada).order_count == COUNT


@pytest.mark.parametrize("name", ["#999999", "", "#", 'x" OR name:"#1', "ä", "#" * 500, "1 OR 2"])
def test_what_is_no_order_of_theirs_is_not_found(world: World, name: str) -> None:
    kept = world.names()
    assert not find_order(world.store, world.ada, name)
    assert world.names() == kept


def test_order_of_somebody_else_is_not_found(world: World) -> None:
    (theirs,) = [one for one in world.rig.sim.orders.values() if one.email == "eve@example.com"]
    assert not find_order(world.store, world.ada, theirs.name)


def test_name_that_only_begins_alike_is_another_order(world: World) -> None:
    assert not find_order(world.store, world.ada, oldest(world)[:-1])


def test_question_costs_no_more_than_we_reckon_with(world: World) -> None:
    world.rig.sim.costs.clear()
    find_order(world.store, world.ada, oldest(world))
    ((name, cost),) = world.rig.sim.costs
    assert cost <= DOCUMENTS[name].cost


def test_nobody_asks_where_all_orders_are_kept(world: World) -> None:
    with closing(CustomerContexts(world.store, SYSTEM)) as contexts:
        assert contexts.look_for_order(world.ada, "#1") is not None
        with world.store.write() as connection:
            connection.execute("UPDATE customer_section SET body = replace(body, 'true', 'false')")
        assert contexts.look_for_order(world.ada, "#1") is None
        assert contexts.look_for_order(add_profile(world.store, email="bo@x.example"), "#1") is None


@pytest.mark.parametrize("has_trouble", [True, False])
def test_worker_looks_for_it_as_a_job(world: World, has_trouble: bool) -> None:
    name = oldest(world)
    if has_trouble:
        world.rig.shops.faults.next("NamedOrders", Fault.BROKEN)
    with closing(CustomerContexts(world.store, SYSTEM)) as contexts:
        asked = contexts.look_for_order(world.ada, name)
    assert asked is not None
    JobLoop(world.store, "me", RunningAccounts.__new__(RunningAccounts), dict, lambda *_: "").step()
    job = Jobs(world.store, SYSTEM).load(asked)
    assert job.state is (JobState.FAILED if has_trouble else JobState.DONE)
    assert job.result == ({**job.result} if has_trouble else {"found": True})
    assert (name in world.names()) is not has_trouble

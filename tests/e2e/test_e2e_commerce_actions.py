"""Orders and subscriptions changed by keyboard: real terminal, real worker, shops that change."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.providers.faults import Fault
from tests.support.shop_world import ShopWorld, commands, running_shop_world
from tests.support.shops.shopify_orders import SimOrder
from tests.support.terminal import Terminal
from tests.support.waiting import until

pytestmark = [pytest.mark.slow]

TEA, CUP = ("Sencha 100 g", "12.50", 3), ("Cup", "8.00", 1)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShopWorld]:
    with running_shop_world(tmp_path_factory.mktemp("actions")) as found:
        yield found


@pytest.fixture
def world(running: ShopWorld) -> Iterator[ShopWorld]:
    yield running
    running.shops.faults.stop()


def ordered(world: ShopWorld, name: str) -> tuple[int, SimOrder]:
    """Let somebody have ordered tea and a cup, and write; return the ticket and the order."""
    email = f"{name.lower()}@example.com"
    with world.shopify.lock:
        order = world.shopify.ordered(world.shopify.has(name, email), TEA, CUP)
    return world.writes(name, email), order


def boxed(world: ShopWorld, name: str) -> tuple[int, int, int]:
    """Let somebody get tea and honey in one box, and write; return ticket and subscriptions."""
    email = f"{name.lower()}@example.com"
    customer = world.recharge.add_customer(email)
    tea, honey = (world.recharge.subscribe(customer, what) for what in ("Green tea", "Honey"))
    return world.writes(name, email), tea, honey


def to_yes(world: ShopWorld, anna: Terminal, ticket: int, order: SimOrder) -> None:
    """Go as far as the yes to two teas instead of three."""
    ready(world, anna, ticket, "orders")
    commands(anna, f"order edit {order.name}")
    anna.see("Sencha 100 g")
    anna.press("-")
    anna.see("€50.40 → €37.90")
    anna.press("enter")
    anna.see("y change the order")


def ready(world: ShopWorld, terminal: Terminal, ticket: int, section: str) -> None:
    """Wait until a ticket is shown and what its customer has is known."""
    world.known(ticket, section)
    terminal.see(f"#{ticket} open")


def teas(order: SimOrder) -> int:
    """Return how much tea an order holds."""
    return order.lines[0].current


# orders ------------------------------------------------------------------------------------------


def test_a_quantity_is_changed_with_its_price_seen_before(world: ShopWorld) -> None:
    ticket, order = ordered(world, "Ada")
    with world.opened(ticket) as anna:
        ready(world, anna, ticket, "orders")
        commands(anna, f"order edit {order.name}")
        anna.see("Sencha 100 g")
        anna.press("-")
        anna.see("3 → 2")
        anna.see("owed to the customer")
        anna.press("enter")
        anna.see("y change the order")
        anna.see("✓ the customer gets a message from the shop")
        anna.see("€50.40 → €37.90")
        assert teas(order) == 3
        anna.press("y", "y")
        anna.see("✓ done")
        assert [edit.order.name for edit in world.shopify.commits] == [order.name]
        assert teas(order) == 2
        assert (order.name, "edited") in world.shopify.notified
        anna.press("r")
        anna.see("─ reply to Ada")
        anna.see(f"│ I have changed your order {order.name}: the new total is €37.90.")
        anna.press("esc")
        anna.gone("─ reply to Ada")
        anna.press("v")
        anna.see("anna asked the shop for a change")
        anna.see("the shop has made a change")
    assert world.log(ticket)[-2:] == ["action.asked", "action.done"]


def test_an_order_is_cancelled_by_its_typed_name_and_followed_to_its_end(
    world: ShopWorld,
) -> None:
    ticket, order = ordered(world, "Bea")
    world.shopify.job_takes = 3
    number = order.name.removeprefix("#")
    with world.opened(ticket) as anna:
        ready(world, anna, ticket, "orders")
        commands(anna, f"order cancel {order.name}")
        anna.see("▌because")
        anna.press("enter")
        anna.see(f"All of order {order.name} is cancelled.")
        anna.see("  money back  ")
        anna.see(f"type {order.name} to say yes")
        anna.type("#1")
        anna.typing_at("│   #1 ")
        anna.press("enter")
        anna.see(f"type {order.name} for a yes, or go back")
        anna.press("backspace", "backspace")
        anna.typing_at(f"type {order.name} to say yes")
        anna.type(number)
        anna.typing_at(f"│   {number} ")
        anna.press("enter")
        anna.see("accepted, the shop works on it")
        anna.see("✓ done")
        anna.see(f"I have cancelled your order {order.name}.")
    assert (order.cancelled is not None, order.reason) == (True, "CUSTOMER")
    assert [each for each in world.shopify.refunds if each[0] == order.name] != []
    assert world.actions(ticket) == [("order.cancel", "done", "accepted")]


def test_what_changed_meanwhile_is_refused_and_begun_anew_from_what_is_so(
    world: ShopWorld,
) -> None:
    ticket, order = ordered(world, "Cleo")
    with world.opened(ticket) as anna:
        to_yes(world, anna, ticket, order)
        with world.shopify.lock:
            edit = world.shopify.begin(order.number)
            world.shopify.set_quantity(edit, order.lines[1].number, 3, restock=False)
            world.shopify.commit(edit, notify=False)
        anna.press("y")
        anna.see("It has changed since you looked, so nothing was done.")
        anna.see("1 → 3")
        assert teas(order) == 3
        anna.press("enter")
        anna.see("€66.40 → €53.90")
        anna.press("enter")
        anna.see("y change the order")
        anna.press("y")
        anna.see("✓ done")
    assert [line.current for line in order.lines] == [2, 3]
    assert [state for _, state, _ in world.actions(ticket)] == ["failed", "done"]


@pytest.mark.parametrize(
    ("name", "fault"), [("Dora", Fault.BROKEN_AFTER), ("Edda", Fault.CUT_AFTER)]
)
def test_a_change_whose_answer_is_lost_is_looked_up_and_made_once(
    world: ShopWorld, name: str, fault: Fault
) -> None:
    ticket, order = ordered(world, name)
    with world.opened(ticket) as anna:
        to_yes(world, anna, ticket, order)
        world.shops.faults.next("EditCommit", fault)
        anna.press("y")
        anna.see("▲ unknown: it may have been done")
        anna.see("✓ done")
    assert len([one for one in world.shopify.commits if one.order is order]) == 1
    assert world.log(ticket)[-3:] == ["action.asked", "action.unknown", "action.done"]


def test_a_worker_killed_before_the_answer_changes_nothing_twice(world: ShopWorld) -> None:
    ticket, order = ordered(world, "Fay")
    with world.opened(ticket) as anna:
        to_yes(world, anna, ticket, order)
        world.shops.faults.next("EditCommit", Fault.SILENT_AFTER)
        anna.press("y")
        until(lambda: teas(order) == 2)
        world.kill_worker()
        world.start_worker()
        anna.see("✓ done")
    assert len([one for one in world.shopify.commits if one.order is order]) == 1
    assert [state for _, state, _ in world.actions(ticket)] == ["done"]


def test_a_change_waits_for_a_worker_and_says_so(world: ShopWorld) -> None:
    ticket, order = ordered(world, "Gina")
    with world.opened(ticket) as anna:
        to_yes(world, anna, ticket, order)
        world.kill_worker()
        anna.press("y")
        anna.see("nothing works on it now")
        anna.press("esc")
        anna.see("the change goes on, the ticket tells how it ends")
        world.start_worker()
        until(lambda: teas(order) == 2)
    until(lambda: world.actions(ticket) == [("order.edit", "done", "asked")])


def test_a_dry_run_shows_all_and_changes_nothing(world: ShopWorld) -> None:
    ticket, order = ordered(world, "Hana")
    world.set(shop_actions="dry-run")
    try:
        with world.opened(ticket) as anna:
            to_yes(world, anna, ticket, order)
            anna.see("dry run: everything is checked, nothing is changed")
            anna.press("y")
            anna.see("dry run: checked, nothing was changed")
            assert "for the reply" not in anna.text()
    finally:
        world.set(shop_actions="on")
    assert (teas(order), order.is_edited) == (3, False)


def test_who_may_not_change_orders_is_told_so_before_anything(world: ShopWorld) -> None:
    ticket, order = ordered(world, "Ines")
    world.set(shop_actions_role="manager")
    try:
        with world.opened(ticket, agent="sam") as sam:
            ready(world, sam, ticket, "orders")
            commands(sam, f"order edit {order.name}")
            sam.see("your role may not change orders and subscriptions")
        world.set(shop_actions="off")
        with world.opened(ticket) as anna:
            anna.see(f"#{ticket} open")
            commands(anna, f"order cancel {order.name}")
            anna.see("switched off")
    finally:
        world.set(shop_actions="on", shop_actions_role="support")
    assert world.actions(ticket) == []


def test_a_macro_only_opens_the_dialog(world: ShopWorld) -> None:
    ticket, order = ordered(world, "Jana")
    macro = world.folder / "macro.toml"
    macro.write_text(
        'name = "Cancel politely"\n[actions]\norder = ["cancel"]\n'
        '[body]\nemail = "Your order {{ order.last.name }} over {{ order.last.total }}"\n'
    )
    world.cli("macro", "import", str(macro))
    with world.opened(ticket) as anna:
        ready(world, anna, ticket, "orders")
        anna.press("m")
        anna.see("▌  Cancel politely")
        anna.press("enter")
        anna.see(f"─ cancel order {order.name}")
        anna.press("esc")
        anna.gone(f"─ cancel order {order.name}")
        anna.see(f"│ Your order {order.name} over")
    assert (world.actions(ticket), order.cancelled) == ([], None)


# subscriptions -----------------------------------------------------------------------------------


def test_one_of_two_things_in_a_box_is_skipped_and_taken_back(world: ShopWorld) -> None:
    ticket, tea, honey = boxed(world, "Kaja")
    planned = world.recharge.subscriptions[tea]["next_charge_scheduled_at"]
    with world.opened(ticket) as anna:
        ready(world, anna, ticket, "subscriptions")
        commands(anna, "sub skip green")
        anna.see("▌skip  this one only, the rest leaves as planned")
        anna.see("1 × Honey")
        anna.press("enter")
        anna.see("y skip it")
        anna.see("Green tea is left out this time.")
        anna.see("In the same box, and it leaves as planned:")
        fetched = _fetched(world, ticket)
        anna.press("y")
        anna.see("✓ done")
        days = {one["next_charge_scheduled_at"] for one in _two(world, tea, honey)}
        assert (len(days), planned in days) == (2, True)
        anna.press("esc")
        anna.gone("✓ done")
        until(lambda: _fetched(world, ticket) > fetched)
        commands(anna, "sub unskip green")
        anna.see("y take the skip back")
        anna.press("y")
        anna.see("✓ done")
    assert [one["next_charge_scheduled_at"] for one in _two(world, tea, honey)] == [planned] * 2


def _fetched(world: ShopWorld, ticket: int) -> int:
    """Return when somebody's subscriptions were fetched last."""
    query = (
        "SELECT max(fetched_at) FROM customer_section"
        " WHERE profile_id = ? AND section = 'subscriptions'"
    )
    return int(world.one(query, world.profile_of(ticket)))


def _two(world: ShopWorld, *numbers: int) -> list[dict[str, str]]:
    with world.recharge.lock:
        return [dict(world.recharge.subscriptions[each]) for each in numbers]


def test_a_skip_whose_answer_is_lost_is_made_once(world: ShopWorld) -> None:
    ticket, tea, _ = boxed(world, "Lara")
    with world.opened(ticket) as anna:
        ready(world, anna, ticket, "subscriptions")
        commands(anna, "sub skip green")
        anna.see("▌skip  this one only")
        anna.press("right")
        anna.see("everything that is in the box")
        anna.press("enter")
        anna.see("Everything in this box is left out this time")
        world.shops.faults.next("recharge.skip", Fault.CUT_AFTER)
        anna.press("y")
        anna.see("▲ unknown")
        anna.see("✓ done")
    charge = world.recharge.charge_of(tea, "skipped")
    assert [one for one in world.recharge.changed if one == ("skip", charge["id"])] == [
        ("skip", charge["id"])
    ]

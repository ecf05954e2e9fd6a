"""The sample shop: what it holds, and that it really changes, once and for everybody."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.domain.commerce.actions import ActionKind, ActionRequest, Phase
from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.facts import (
    Facts,
    Order,
    OrderItem,
    PlaceOption,
    ProfileFacts,
    Section,
    Subscription,
    Value,
)
from helpdesk_tui.domain.commerce.identities import Identities, Identity, MatchedBy
from helpdesk_tui.domain.commerce.sample_shop import SampleCustomer, SampleShop, with_boxes
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.sync.channels.errors import ChannelError, Gone, Rejected, Retry
from helpdesk_tui.sync.providers.registry import connect
from helpdesk_tui.sync.providers.sandbox.shop_file import ShopFile
from helpdesk_tui.sync.providers.sandbox.source import SandboxSource
from helpdesk_tui.sync.providers.source import Stale

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
EDIT, ORDER_CANCEL = ActionKind.ORDER_EDIT, ActionKind.ORDER_CANCEL
SKIP, UNSKIP = ActionKind.SUBSCRIPTION_SKIP, ActionKind.SUBSCRIPTION_UNSKIP
CANCEL_ORDER: dict[str, Any] = {
    "reason": "customer",
    "restock": True,
    "refund": "original",
    "notify": True,
}


def order(**more: Any) -> Order:
    items = (
        OrderItem("i1", "Jacket", 2, Decimal("89.00"), unfulfilled=2),
        OrderItem("i2", "Socks", 3, Decimal("12.50"), unfulfilled=1),
    )
    start = Order(
        "o1", "#1042", NOW, NOW, "EUR", Decimal("215.50"), items=items, payment="paid",
        fulfilment="partially_fulfilled", tax=Decimal("35.92"), is_editable=True,
    )  # fmt: skip
    return replace(start, **more)


def subscription(number: str, product: str, **more: Any) -> Subscription:
    start = Subscription(
        number, product, "active", 1, price=Decimal("14.00"), currency="EUR", every=1, unit="month",
        next_date=date(2026, 5, 31), address="a1", address_lines="3 Mill Lane",
        places=(PlaceOption("a2", "1 Canal Street"),), is_swappable=True,
    )  # fmt: skip
    return replace(start, **more)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store" / "shop.json"


@pytest.fixture
def source(path: Path) -> SandboxSource:
    mia = with_boxes(
        SampleCustomer(
            "c1",
            emails=("mia@mail.example",),
            phones=("+447700900417",),
            handles=("mia.ute",),
            profile=ProfileFacts("Mia Chen", "mia@mail.example"),
            orders=(order(),),
            subscriptions=(subscription("s1", "Tea"), subscription("s2", "Filters")),
        )
    )
    ShopFile(path).change(lambda shop: (replace(shop, customers=(mia,)), None))
    return SandboxSource(ShopFile(path), now=lambda: NOW)


def quietly(phase: Phase, progress: Mapping[str, Any]) -> None:
    """Take no note of how far a change has come."""


def asked(kind: ActionKind, target: str, key: str = "k1", **arguments: Any) -> ActionRequest:
    return ActionRequest(kind, 1, target, "it", arguments, key=key)


def made(source: SandboxSource, request: ActionRequest) -> Mapping[str, Any]:
    return source.act(source.preview(request).request, quietly).result


def now_of(source: SandboxSource) -> Facts:
    told: list[Facts] = []
    source.fetch("c1", tuple(Section), told.append)
    return told[0]


def order_of(source: SandboxSource) -> Order:
    (one,) = now_of(source).orders or ()
    return one


def subscriptions_of(source: SandboxSource) -> dict[str, Subscription]:
    return {one.id: one for one in now_of(source).subscriptions or ()}


@pytest.mark.parametrize(
    ("kind", "value", "by"),
    [
        ("email", "mia@mail.example", MatchedBy.EMAIL),
        ("phone", "+447700900417", MatchedBy.PHONE),
        ("instagram", "mia.ute", MatchedBy.PROVIDER_ID),
    ],
)
def test_customer_is_found_with_all_that_is_asked_for(
    source: SandboxSource, kind: str, value: str, by: MatchedBy
) -> None:
    known = Identities(1, (Identity(kind, value, is_verified=True),))
    found = source.find(known, (Section.PROFILE, Section.ORDERS, Section.VALUE))
    assert found is not None
    assert (found.match.external_id, found.match.matched_by) == ("c1", by)
    assert found.facts.profile == ProfileFacts("Mia Chen", "mia@mail.example")
    assert found.facts.subscriptions is None
    assert found.facts.not_available == {Section.VALUE}


def test_nobody_is_found_by_a_claim(source: SandboxSource) -> None:
    claim = Identities(1, (Identity("email", "mia@mail.example", is_verified=False),))
    assert source.find(claim, tuple(Section)) is None


def test_registry_knows_it_and_it_needs_its_file(path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        connect(ConnectedSource(1, "sample", "sandbox", {}), "")
    assert refused.value.code == "source.needs"
    joined = connect(ConnectedSource(1, "sample", "sandbox", {"file": str(path)}), "")
    assert joined.test()[0].ok
    assert joined.about()["currency"] == "EUR"


def test_edit_shows_the_difference_and_makes_it(source: SandboxSource) -> None:
    preview = source.preview(asked(EDIT, "o1", items={"i1": 1, "i2": 3}))
    assert [(one.name, one.amount) for one in preview.amounts] == [
        ("total-before", "215.50"),
        ("total-after", "126.50"),
        ("difference", "-89.00"),
        ("owed", "89.00"),
    ]
    assert preview.changes == (("Jacket", "2", "1"),)
    source.act(preview.request, quietly)
    after = order_of(source)
    assert (after.total, after.outstanding) == (Decimal("126.50"), Decimal("-89.00"))
    assert [(one.quantity, one.unfulfilled) for one in after.items] == [(1, 1), (3, 1)]


def test_more_of_it_is_to_be_paid(source: SandboxSource) -> None:
    made(source, asked(EDIT, "o1", items={"i2": 5}))
    after = order_of(source)
    assert (after.total, after.outstanding) == (Decimal("240.50"), Decimal("25.00"))
    assert after.payment == "partially_paid"


@pytest.mark.parametrize("items", [{"i1": 1}, {"i2": 5}])
def test_cancel_after_an_edit_gives_back_what_was_paid(
    source: SandboxSource, items: dict[str, int]
) -> None:
    made(source, asked(EDIT, "o1", items=items))
    cancel = asked(ORDER_CANCEL, "o1", key="k2", **CANCEL_ORDER)
    assert made(source, cancel)["refund"] == "215.50"


def test_money_that_goes_back_is_taken_from_what_was_spent_once(path: Path) -> None:
    sent = {"items": (OrderItem("i1", "Jacket", 2, Decimal("89.00"), unfulfilled=2),)}
    whole = order(total=Decimal("178.00"), fulfilment="unfulfilled", **sent)
    mia = SampleCustomer("c1", orders=(whole,), value=Value("EUR", spent=Decimal("300.00")))
    ShopFile(path).change(lambda shop: (replace(shop, customers=(mia,)), None))
    shop = SandboxSource(ShopFile(path), now=lambda: NOW)
    made(shop, asked(EDIT, "o1", items={"i1": 1}))
    edited = now_of(shop).value
    made(shop, asked(ORDER_CANCEL, "o1", "k2", **CANCEL_ORDER))
    cancelled = now_of(shop).value
    assert edited is not None
    assert cancelled is not None
    assert (edited.spent, cancelled.spent) == (Decimal("211.00"), Decimal("122.00"))


def test_cancel_gives_the_money_back_and_locks_the_order(source: SandboxSource) -> None:
    assert made(source, asked(ORDER_CANCEL, "o1", **CANCEL_ORDER))["refund"] == "215.50"
    after = order_of(source)
    assert (after.payment, after.cancel_reason, after.refunded) == (
        "refunded",
        "customer",
        Decimal("215.50"),
    )
    with pytest.raises(Rejected) as refused:
        source.preview(asked(EDIT, "o1", items={"i1": 1}))
    assert refused.value.code == "order.is-cancelled"


@pytest.mark.parametrize(
    ("items", "code"),
    [
        ({"i2": 1}, "order.is-sent"),
        ({"i9": 1}, "order.no-item"),
        ({"i1": -1}, "order.bad-quantity"),
        ({"i1": 2}, "action.nothing"),
        ({}, "action.nothing"),
    ],
)
def test_edit_that_cannot_be_says_why(
    source: SandboxSource, items: dict[str, int], code: str
) -> None:
    with pytest.raises(ChannelError) as refused:
        source.preview(asked(EDIT, "o1", items=items))
    assert refused.value.code == code


def test_skip_moves_one_of_the_box_and_can_be_taken_back(source: SandboxSource) -> None:
    preview = source.preview(asked(SKIP, "s1"))
    assert preview.beside == ("1 × Filters",)
    source.act(preview.request, quietly)
    tea, filters = subscriptions_of(source).values()
    assert (tea.next_date, filters.next_date) == (date(2026, 6, 30), date(2026, 5, 31))
    assert filters.charge is not None
    assert [one.title for one in filters.charge.box] == ["Filters"]
    made(source, asked(UNSKIP, "s1", key="k2"))
    tea, filters = subscriptions_of(source).values()
    assert tea.next_date == date(2026, 5, 31)
    assert tea.skipped is None
    assert tea.charge == filters.charge


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        (ActionKind.SUBSCRIPTION_CHANGE, {"quantity": 2}, {"quantity": 2}),
        (ActionKind.SUBSCRIPTION_CHANGE, {"every": 6, "unit": "week"}, {"every": 6}),
        (ActionKind.SUBSCRIPTION_DATE, {"date": "2026-06-11"}, {"next_date": date(2026, 6, 11)}),
        (ActionKind.SUBSCRIPTION_ADDRESS, {"address": "a2"}, {"address_lines": "1 Canal Street"}),
        (ActionKind.SUBSCRIPTION_CANCEL, {"reason": "moving"}, {"status": "cancelled"}),
    ],
)
def test_subscription_is_really_changed(
    source: SandboxSource, kind: ActionKind, given: dict[str, Any], expected: dict[str, Any]
) -> None:
    made(source, asked(kind, "s1", **given))
    after = subscriptions_of(source)["s1"]
    assert {name: getattr(after, name) for name in expected} == expected


def test_cancelled_subscription_comes_back(source: SandboxSource) -> None:
    made(source, asked(ActionKind.SUBSCRIPTION_CANCEL, "s1", reason="moving"))
    made(source, asked(ActionKind.SUBSCRIPTION_ACTIVATE, "s1", key="k2"))
    after = subscriptions_of(source)["s1"]
    assert (after.status, after.next_date) == ("active", date(2026, 6, 4))


def test_same_key_is_the_same_change(source: SandboxSource) -> None:
    request = source.preview(asked(EDIT, "o1", items={"i1": 1})).request
    first = source.act(request, quietly)
    assert source.act(request, quietly) == first
    assert order_of(source).total == Decimal("126.50")
    assert source.look_up(request, {}) == first
    assert source.look_up(replace(request, key="another"), {}) is None


def test_what_somebody_changed_meanwhile_is_stale(source: SandboxSource) -> None:
    mine = source.preview(asked(EDIT, "o1", key="mine", items={"i1": 1})).request
    made(source, asked(EDIT, "o1", key="theirs", items={"i2": 4}))
    with pytest.raises(Stale) as stale:
        source.act(mine, quietly)
    assert stale.value.now["items"] == {"i1": 2, "i2": 4}


def test_changes_from_several_sides_all_count(source: SandboxSource, path: Path) -> None:
    def change(number: int) -> None:
        ShopFile(path).change(
            lambda shop: (replace(shop, made={**shop.made, f"k{number}": {}}), None)
        )

    threads = [threading.Thread(target=change, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ShopFile(path).load().made) == 20
    assert [one.name for one in path.parent.iterdir()] in (
        ["shop.json", "shop.json.lock"],
        ["shop.json.lock", "shop.json"],
    )


def test_change_leaves_an_event(source: SandboxSource) -> None:
    made(source, asked(SKIP, "s1"))
    events = now_of(source).events
    assert events is not None
    assert [(one.metric, one.title) for one in events.events] == [("Skipped Delivery", "it")]


def test_customer_who_is_not_there_is_gone(source: SandboxSource) -> None:
    with pytest.raises(Gone):
        source.fetch("c9", tuple(Section), lambda facts: None)
    with pytest.raises(Gone):
        source.preview(asked(SKIP, "s9"))


@pytest.mark.parametrize("text", ["", "{", "[]", '{"customers": 3}'])
def test_broken_file_is_told_and_not_overwritten(
    source: SandboxSource, path: Path, text: str
) -> None:
    path.write_text(text)
    with pytest.raises(Retry) as broken:
        source.fetch("c1", tuple(Section), lambda facts: None)
    assert broken.value.code == "sandbox.broken"
    assert not source.test()[0].ok
    with pytest.raises(Retry):
        ShopFile(path).change(lambda shop: (SampleShop(), None))
    assert path.read_text() == text

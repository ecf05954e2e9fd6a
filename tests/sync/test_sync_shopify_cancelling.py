"""Cancelling orders at Shopify: once, followed to its end, and looked up where in doubt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from helpdesk_tui.domain.commerce.actions import Phase
from helpdesk_tui.sync.channels.errors import Rejected, Uncertain
from helpdesk_tui.sync.providers.source import Stale
from tests.support.providers.faults import Fault
from tests.support.shops.shopify_rig import ShopifyRig, Steps, amounts, ordered, shopify_rig


@pytest.fixture(scope="module")
def served() -> Iterator[ShopifyRig]:
    with shopify_rig() as rig:
        yield rig


@pytest.fixture
def rig(served: ShopifyRig) -> ShopifyRig:
    return served.clean()


def followed(rig, source, request, steps):
    for _ in range(10):
        found = source.look_up(request, steps.told)
        if found is None or found.is_finished:
            return found
    raise AssertionError("the job never ends")


def test_cancelling_shows_what_is_paid_back(rig):
    order = ordered(rig)
    preview = rig.joined().preview(rig.cancel(order))
    assert amounts(preview) == {"total-before": Decimal("51.65"), "refund": Decimal("51.65")}
    assert preview.changes == (("Tea", "3", "0"), ("Cup", "1", "0"))
    assert preview.warnings == ()
    assert rig.sim.jobs == {}


@pytest.mark.parametrize(
    ("change", "arguments", "warning"),
    [
        ({"gateways": ["shopify_payments", "gift_card"]}, {}, "order.refund-to-gift-card"),
        ({}, {"refund": "none"}, "order.keeps-money"),
        ({"email": ""}, {}, "order.no-address"),
    ],
)
def test_cancelling_warns_of_what_is_worth_knowing(rig, change, arguments, warning):
    order = ordered(rig)
    for name, value in change.items():
        setattr(order, name, value)
    preview = rig.joined().preview(rig.cancel(order, **arguments))
    assert [code for code, _ in preview.warnings] == [warning]


def test_cancelled_order_is_followed_to_the_end_of_its_job(rig):
    order = ordered(rig)
    source, steps = rig.joined(), Steps()
    request = source.preview(rig.cancel(order)).request
    outcome = source.act(request, steps)
    assert not outcome.is_finished
    assert steps.phases == [Phase.CHECKED, Phase.ASKED, Phase.ACCEPTED]
    found = followed(rig, source, request, steps)
    assert found is not None
    assert Decimal(found.result["refund"]) == Decimal("51.65")
    assert order.cancelled is not None
    assert order.reason == "CUSTOMER"
    assert rig.sim.refunds == [(order.name, Decimal("51.65"))]
    assert rig.sim.restocked == {"Tea": 3, "Cup": 1}
    assert rig.sim.notified == [(order.name, "cancelled")]


def test_cancelling_keeps_money_and_stock_where_asked_to(rig):
    order = ordered(rig)
    source, steps = rig.joined(), Steps()
    given = {"refund": "none", "restock": False, "notify": False}
    request = source.preview(rig.cancel(order, **given)).request
    source.act(request, steps)
    found = followed(rig, source, request, steps)
    assert found is not None
    assert Decimal(found.result["refund"]) == 0
    assert (rig.sim.refunds, rig.sim.restocked, rig.sim.notified) == ([], {}, [])


@pytest.mark.parametrize("fault", [Fault.BROKEN_AFTER, Fault.CUT_AFTER])
def test_lost_answer_of_a_cancellation_is_found_and_never_repeated(rig, fault):
    order = ordered(rig)
    rig.sim.job_takes = 0
    source, steps = rig.joined(), Steps()
    request = source.preview(rig.cancel(order)).request
    rig.shops.faults.next("CancelOrder", fault)
    with pytest.raises(Uncertain):
        source.act(request, steps)
    assert steps.phases[-1] is Phase.ASKED
    found = source.look_up(request, steps.told)
    assert found is not None
    assert found.is_finished
    assert len(rig.sim.refunds) == len(rig.sim.jobs) == 1


def test_job_that_ends_without_cancelling_was_not_made(rig):
    order = ordered(rig)
    rig.sim.jobs_fail = True
    source, steps = rig.joined(), Steps()
    request = source.preview(rig.cancel(order)).request
    source.act(request, steps)
    assert followed(rig, source, request, steps) is None
    assert order.cancelled is None


def test_cancelling_what_changed_meanwhile_is_stale(rig):
    order = ordered(rig)
    source, steps = rig.joined(), Steps()
    request = source.preview(rig.cancel(order)).request
    order.refunded = Decimal("5.00")
    rig.sim.touch(order)
    with pytest.raises(Stale) as caught:
        source.act(request, steps)
    assert Decimal(caught.value.now["refund"]) == Decimal("46.65")
    assert steps.phases == []


@pytest.mark.parametrize(
    ("change", "arguments", "code"),
    [
        ({"cancelled": datetime(2026, 1, 1, tzinfo=UTC)}, {}, "order.is-cancelled"),
        ({"returns": "IN_PROGRESS"}, {}, "order.return-open"),
        ({}, {"reason": "because"}, "order.bad-reason"),
    ],
)
def test_cancelling_that_cannot_be_says_why(rig, change, arguments, code):
    order = ordered(rig)
    for name, value in change.items():
        setattr(order, name, value)
    with pytest.raises(Rejected) as caught:
        rig.joined().preview(rig.cancel(order, **arguments))
    assert caught.value.code == code


def test_refund_without_permission_is_told_in_words(rig):
    order = ordered(rig)
    source = rig.joined()
    request = source.preview(rig.cancel(order)).request
    rig.sim.may_refund = False
    with pytest.raises(Rejected, match=r"order\.no-refund-right"):
        source.act(request, Steps())
    rig.sim.may_refund = True
    rig.sim.scopes.discard("write_orders")
    with pytest.raises(Rejected) as caught:
        source.act(request, Steps())
    assert caught.value.values == {"scope": "write_orders"}
    assert rig.sim.jobs == {}


def test_internal_error_of_a_cancellation_leaves_doubt(rig):
    order = ordered(rig)
    source = rig.joined()
    request = source.preview(rig.cancel(order)).request
    told = [{"field": None, "message": "oops", "code": "INTERNAL_ERROR"}]
    body = {"data": {"orderCancel": {"job": None, "orderCancelUserErrors": told}}}
    rig.sim.planned["CancelOrder"] = [body]
    with pytest.raises(Uncertain):
        source.act(request, Steps())

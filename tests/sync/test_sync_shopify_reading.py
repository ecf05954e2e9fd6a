"""Who customers are at Shopify and what they ordered, asked of a simulated shop."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest

from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.facts import ConsentWord, Facts, Section
from helpdesk_tui.domain.commerce.identities import MatchedBy
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.sync.channels.errors import AuthFailed, Gone, Rejected, Retry
from helpdesk_tui.sync.providers.shopify.documents import DOCUMENTS, ORDERS
from helpdesk_tui.sync.providers.shopify.history import DEEP
from helpdesk_tui.sync.providers.shopify.source import connect
from helpdesk_tui.sync.providers.source import Suspended
from tests.support.providers.faults import Fault
from tests.support.shops.shopify_orders import SimParcel
from tests.support.shops.shopify_rig import ALL, ShopifyRig, known_by, shopify_rig


@pytest.fixture(scope="module")
def served() -> Iterator[ShopifyRig]:
    with shopify_rig() as rig:
        yield rig


@pytest.fixture
def rig(served: ShopifyRig) -> ShopifyRig:
    return served.clean()


@pytest.mark.parametrize(
    ("by", "matched"),
    [
        (("email", "ada@example.com"), MatchedBy.EMAIL),
        (("phone", "+491701234567"), MatchedBy.PHONE),
        (("shopify", "id"), MatchedBy.PROVIDER_ID),
    ],
)
def test_customer_is_found_by_each_verified_identity(rig, by, matched):
    ada = rig.sim.has("Ada Lovelace", "ada@example.com", "+491701234567", tags=["VIP"])
    rig.sim.ordered(ada, ("Tea", "9.95", 3))
    kind, value = by
    identities = known_by((kind, str(ada.number) if value == "id" else value))
    found = rig.joined().find(identities, ALL)
    assert found is not None
    assert (found.match.external_id, found.match.matched_by) == (str(ada.number), matched)
    assert found.facts.profile is not None
    assert found.facts.value is not None
    assert found.facts.profile.name == "Ada Lovelace"
    assert found.facts.profile.tags == ("VIP",)
    assert found.facts.profile.location == "Berlin, Germany"
    assert [one.word for one in found.facts.profile.consents] == [
        ConsentWord.SUBSCRIBED,
        ConsentWord.NEVER,
    ]
    assert (found.facts.value.spent, found.facts.value.orders) == (Decimal("34.75"), 1)


def test_second_address_is_tried_when_the_first_is_unknown(rig):
    rig.sim.has("Ada", "ada@example.com")
    found = rig.joined().find(known_by(("email", "a@b.example"), ("email", "ada@example.com")), ())
    assert found is not None
    assert found.match.value == "ada@example.com"
    assert rig.joined().find(known_by(("email", "nobody@example.com")), ()) is None


def test_one_request_brings_person_value_and_orders(rig):
    ada = rig.sim.has("Ada", "ada@example.com")
    order = rig.sim.ordered(ada, ("Tea", "9.95", 3), ("Cup", "12.00", 1), tax="0.19", note="hi")
    order.lines[0].variant, order.lines[0].sku, order.lines[0].fulfilled = "Green", "T-1", 1
    order.parcels.append(SimParcel("IN_TRANSIT", "DHL", "JD01", "https://dhl.example/JD01"))
    told = rig.told(ada.number)
    assert len(rig.shops.watch.asked) == 1
    (read,) = told[-1].orders
    assert read.name == order.name
    assert read.total == order.total == Decimal("54.70")
    assert (read.tax, read.shipping, read.outstanding) == (
        Decimal("7.95"),
        Decimal("4.90"),
        Decimal(0),
    )
    assert (read.payment, read.fulfilment) == ("paid", "partially_fulfilled")
    assert [(one.title, one.variant, one.quantity, one.unfulfilled) for one in read.items] == [
        ("Tea", "Green", 3, 2),
        ("Cup", "", 1, 1),
    ]
    assert (read.parcels[0].number, read.parcels[0].status) == ("JD01", "in_transit")
    assert read.is_editable
    assert read.note == "hi"
    assert read.admin_url == f"https://acme.myshopify.com/admin/orders/{order.number}"


def many(rig, count):
    ada = rig.sim.has("Ada", "ada@example.com")
    rig.sim.maximum = rig.sim.restore = 1_000_000.0
    for number in range(count):
        rig.sim.ordered(ada, ("Tea", "1.00", 1), ago=timedelta(hours=number))
    return ada


def test_two_thousand_orders_are_read_to_a_bound_at_a_bounded_cost(rig):
    ada = many(rig, 2_000)
    source, told = rig.joined(), list[Facts]()
    source.fetch(str(ada.number), (Section.ORDERS,), told.append)
    assert [len(one.orders or ()) for one in told] == [ORDERS] * (1 + DEEP)
    assert all(one.has_more_orders for one in told)
    assert max(cost for _name, cost in rig.sim.costs) <= DOCUMENTS["CustomerOrders"].cost
    told.clear()
    source.fetch(str(ada.number), (Section.ORDERS,), told.append)
    assert len(told) == 1


def test_last_page_says_that_these_are_all(rig):
    ada = many(rig, 20)
    told = rig.told(ada.number, (Section.ORDERS,))
    assert [one.has_more_orders for one in told] == [True, True, False]
    assert len(told[-1].orders) == 20


def test_trouble_with_older_orders_spoils_nothing_and_is_tried_again(rig):
    ada = many(rig, 30)
    rig.shops.faults.next("CustomerOrders", Fault.BROKEN, skip=1)
    source, told = rig.joined(), list[Facts]()
    source.fetch(str(ada.number), (Section.ORDERS,), told.append)
    assert [len(one.orders or ()) for one in told] == [ORDERS]
    source.fetch(str(ada.number), (Section.ORDERS,), told.append)
    assert len(told[-1].orders or ()) == 30


def test_order_that_may_be_edited_comes_with_all_its_lines(rig):
    ada = rig.sim.has("Ada", "ada@example.com")
    rig.sim.ordered(ada, *[(f"Tea {number}", "1.00", 1) for number in range(120)])
    (told,) = rig.told(ada.number, (Section.ORDERS,))
    (order,) = told.orders
    assert (len(order.items), order.has_more_items) == (120, False)


def test_order_that_left_in_several_parcels_comes_with_all_of_them(rig):
    ada = rig.sim.has("Ada", "ada@example.com")
    order = rig.sim.ordered(ada, ("Tea", "1.00", 5))
    order.parcels += [SimParcel("IN_TRANSIT", "DHL", f"JD0{number}") for number in range(5)]
    (told,) = rig.told(ada.number, (Section.ORDERS,))
    assert [one.number for one in told.orders[0].parcels] == [f"JD0{n}" for n in range(5)]
    assert max(cost for _name, cost in rig.sim.costs) <= DOCUMENTS["CustomerOrders"].cost


def test_cost_that_we_reckon_with_is_never_less_than_what_is_counted(rig):
    ada = rig.sim.has("Ada", "ada@example.com")
    order = rig.sim.ordered(ada, ("Tea", "9.95", 3))
    source = rig.joined()
    source.find(known_by(("email", "ada@example.com")), ALL)
    source.fetch(str(ada.number), ALL, lambda facts: None)
    source.fetch(str(ada.number), (Section.PROFILE,), lambda facts: None)
    source.preview(rig.edit(order, {0: 1}))
    source.preview(rig.cancel(order))
    source.test()
    for name, cost in rig.sim.costs:
        assert cost <= DOCUMENTS[name].cost, name


def test_throttled_question_waits_and_is_asked_again(rig):
    ada = rig.sim.has("Ada", "ada@example.com")
    rig.sim.restore = 500.0
    rig.sim.drain()
    assert rig.told(ada.number)[0].profile is not None
    assert rig.sim.throttled >= 1


def test_shop_that_stays_throttled_is_asked_later(rig):
    ada = rig.sim.has("Ada", "ada@example.com")
    rig.sim.maximum, rig.sim.restore = 1.0, 20_000.0
    throttled = {"errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}]}
    rig.sim.planned["Customer"] = [throttled] * 10
    with pytest.raises(Retry):
        rig.told(ada.number, (Section.PROFILE,))


def test_orders_without_their_right_name_it_and_leave_the_rest(rig):
    ada = rig.sim.has("Ada", "ada@example.com")
    rig.sim.ordered(ada, ("Tea", "9.95", 3))
    rig.sim.scopes.discard("read_orders")
    told = rig.told(ada.number)
    failed = {name: each for one in told for name, each in one.failed.items()}
    assert failed[Section.ORDERS].code == "source.scope"
    assert failed[Section.ORDERS].values == {"scope": "read_orders"}
    assert [one.profile.name for one in told if one.profile] == ["Ada"]


def test_customers_without_right_or_approval_cannot_be_looked_up(rig):
    rig.sim.has("Ada", "ada@example.com")
    rig.sim.is_approved = False
    with pytest.raises(Rejected, match=r"shopify\.protected-data"):
        rig.joined().find(known_by(("email", "ada@example.com")), ALL)
    rig.sim.scopes.discard("read_customers")
    with pytest.raises(Rejected) as caught:
        rig.joined().find(known_by(("email", "ada@example.com")), ALL)
    assert (caught.value.code, caught.value.values) == ("source.scope", {"scope": "read_customers"})


@pytest.mark.parametrize(
    ("status", "error", "code"),
    [
        (402, Suspended, "shopify.frozen"),
        (423, Suspended, "shopify.locked"),
        (404, AuthFailed, "shopify.no-shop"),
    ],
)
def test_shop_that_is_shut_says_so(rig, status, error, code):
    rig.sim.status = status
    with pytest.raises(error) as caught:
        rig.joined().find(known_by(("email", "ada@example.com")), ALL)
    assert caught.value.code == code


def test_wrong_token_and_missing_customer_are_told_apart(rig):
    with pytest.raises(AuthFailed, match=r"source\.credentials"):
        rig.joined("shpat_wrong").find(known_by(("email", "ada@example.com")), ALL)
    with pytest.raises(Gone):
        rig.told(4711)


@pytest.mark.parametrize("fault", [Fault.BUSY, Fault.BROKEN, Fault.CUT, Fault.BROKEN_AFTER])
def test_trouble_of_the_line_is_tried_again(rig, fault):
    ada = rig.sim.has("Ada", "ada@example.com")
    rig.shops.faults.next("CustomerOrders", fault)
    with pytest.raises(Retry):
        rig.told(ada.number)


def test_token_never_follows_to_another_host(rig):
    ada = rig.sim.has("Ada", "ada@example.com")
    rig.shops.faults.next("CustomerOrders", Fault.REDIRECTED)
    with pytest.raises(Retry):
        rig.told(ada.number)
    assert rig.shops.trespasses == []


@pytest.mark.parametrize(
    "body",
    [
        {
            "errors": [
                {"message": "Internal error", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}
            ]
        },
        {"data": None},
        {},
    ],
)
def test_ok_that_holds_no_data_is_no_answer(rig, body):
    rig.sim.planned["FindCustomer"] = [body]
    with pytest.raises(Retry):
        rig.joined().find(known_by(("email", "ada@example.com")), ALL)


def test_old_orders_stay_out_of_sight_without_the_right_to_all(rig):
    ada = rig.sim.has("Ada", "ada@example.com")
    rig.sim.ordered(ada, ("Tea", "9.95", 1), ago=timedelta(days=90))
    rig.sim.ordered(ada, ("Tea", "9.95", 1))
    rig.sim.scopes.discard("read_all_orders")
    told = rig.told(ada.number)
    assert (told[0].value.orders, len(told[-1].orders)) == (2, 1)
    checks = {one.name: one for one in rig.joined().test()}
    assert checks["read_all_orders"].ok
    assert checks["read_all_orders"].values == {"lacks": True}


def test_test_names_each_right_and_the_version(rig):
    rig.sim.scopes -= {"write_orders", "read_orders"}
    rig.sim.version = "2027-04"
    checks = {one.name: one for one in rig.joined().test()}
    assert checks["login"].ok
    assert checks["write_order_edits"].ok
    assert not checks["version"].ok
    for scope in ("read_orders", "write_orders"):
        assert (checks[scope].code, checks[scope].values) == ("source.scope", {"scope": scope})


def test_shop_says_what_it_is_called(rig):
    assert rig.joined().about() == {
        "name": "Acme Tea",
        "currency": "EUR",
        "timezone": "Europe/Berlin",
        "domain": "acme.myshopify.com",
    }


@pytest.mark.parametrize(
    "shop", ["", "evil.example", "acme.myshopify.com.evil.example", "a b", "acme.myshopify.com@x.y"]
)
def test_token_goes_to_no_other_host_than_shopify(shop):
    with pytest.raises(UsageError, match=r"shopify\.bad-shop"):
        connect(ConnectedSource(1, "acme", "shopify", {"shop": shop}), "token")


@pytest.mark.parametrize("shop", ["acme", "ACME.myshopify.com", "https://acme.myshopify.com/admin"])
def test_shop_may_be_named_in_several_ways(shop):
    connect(ConnectedSource(1, "acme", "shopify", {"shop": shop}), "token").close()

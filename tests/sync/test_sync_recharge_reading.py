"""Subscriptions of Recharge as a source brings them, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import httpx
import pytest

from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.facts import Facts, Section
from helpdesk_tui.domain.commerce.identities import Identities, Identity, MatchedBy
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.sync.channels.errors import AuthFailed, Retry
from helpdesk_tui.sync.providers.recharge.source import connect
from helpdesk_tui.sync.providers.source import Suspended
from tests.support.providers.faults import Fault
from tests.support.shops.recharge import TOKEN
from tests.support.shops.recharge_rig import SUBSCRIPTIONS, RechargeRig, recharge_rig


@pytest.fixture(scope="module")
def served() -> Iterator[RechargeRig]:
    with recharge_rig() as made:
        yield made


@pytest.fixture
def rig(served: RechargeRig) -> RechargeRig:
    return served.clean()


def known_by(*emails: str, **others: str) -> Identities:
    mails = [Identity("email", one, is_verified=True) for one in emails]
    more = [Identity(kind, value, is_verified=True) for kind, value in others.items()]
    return Identities(1, (*mails, *more))


def test_customer_is_found_by_any_of_their_addresses(rig: RechargeRig) -> None:
    mia = rig.sim.add_customer("mia.chen@mail.example")
    rig.sim.subscribe(mia, "Tea")
    found = rig.joined().find(known_by("m@work.example", "mia.chen@mail.example"), SUBSCRIPTIONS)
    assert found is not None
    assert (found.match.external_id, found.match.matched_by) == (str(mia), MatchedBy.EMAIL)
    assert found.match.value == "mia.chen@mail.example"


def test_customer_is_found_by_their_number_at_the_shop(rig: RechargeRig) -> None:
    mia = rig.sim.add_customer("other@mail.example", external="88001")
    known = known_by(shopify="gid://shopify/Customer/88001")
    found = rig.joined().find(known, SUBSCRIPTIONS)
    assert found is not None
    assert (found.match.external_id, found.match.value) == (str(mia), "88001")


def test_address_that_only_says_to_be_theirs_finds_nobody(rig: RechargeRig) -> None:
    rig.sim.add_customer("mia.chen@mail.example")
    claim = Identities(1, (Identity("email", "mia.chen@mail.example", is_verified=False),))
    assert rig.joined().find(claim, SUBSCRIPTIONS) is None
    assert not rig.shops.watch.asked


def test_finding_somebody_without_subscriptions_asks_nothing_more(rig: RechargeRig) -> None:
    rig.sim.add_customer("mia.chen@mail.example")
    found = rig.joined().find(known_by("mia.chen@mail.example"), SUBSCRIPTIONS)
    assert found is not None
    assert found.facts.subscriptions == ()


def test_subscription_brings_its_next_box_and_address(rig: RechargeRig) -> None:
    mia = rig.sim.add_customer("mia.chen@mail.example")
    office = rig.sim.add_address(mia, address1="1 Canal Street", company="Acme Tea")
    tea = rig.sim.subscribe(mia, "Tea", quantity=2, in_days=9)
    filters = rig.sim.subscribe(mia, "Filters", in_days=9, price="4.50", unit="month", every=2)
    ended = rig.sim.subscribe(mia, "Mug", status="cancelled", next_charge_scheduled_at=None)
    first, second, last = rig.fetched(mia)
    assert [first.id, second.id, last.id] == [str(tea), str(filters), str(ended)]
    assert (first.quantity, first.price, first.currency) == (2, Decimal("9.00"), "GBP")
    assert (second.every, second.unit) == (2, "month")
    assert first.next_date == rig.sim.today + timedelta(days=9)
    assert first.charge is not None
    assert [(one.title, one.quantity) for one in first.charge.box] == [("Tea", 2), ("Filters", 1)]
    assert first.charge.total == Decimal("26.00")
    assert first.address_lines.splitlines() == ["Mia Chen", "3 Mill Lane", "LS1 4AP Leeds", "GB"]
    assert [one.id for one in first.places] == [str(office)]
    assert last.charge is None


def test_skip_that_can_be_taken_back_is_told(rig: RechargeRig) -> None:
    mia = rig.sim.add_customer("mia.chen@mail.example")
    tea = rig.sim.subscribe(mia, "Tea", in_days=5)
    rig.sim.skip(rig.sim.charge_of(tea), [tea])
    (one,) = rig.fetched(mia)
    assert one.skipped is not None
    assert one.skipped.date == rig.sim.today + timedelta(days=5)
    assert one.charge is not None
    assert one.charge.date == rig.sim.today + timedelta(days=35)


def test_long_list_is_read_to_its_end_by_cursor_alone(rig: RechargeRig) -> None:
    mia = rig.sim.add_customer("mia.chen@mail.example")
    for number in range(260):
        rig.sim.subscribe(mia, f"Tea {number}", in_days=3 + number % 40)
    found = rig.fetched(mia)
    assert len({one.id for one in found}) == 260
    assert all(one.charge is not None for one in found)
    first, second = rig.shops.watch.of("recharge.subscriptions")
    assert dict(first.query)["customer_id"] == str(mia)
    assert sorted(name for name, _value in second.query) == ["cursor", "limit"]


def test_shop_says_its_name_currency_and_zone(rig: RechargeRig) -> None:
    assert rig.joined().about() == {
        "name": "Acme Tea",
        "currency": "GBP",
        "timezone": "Europe/London",
        "domain": "acme.myshopify.com",
    }
    rig.sim.scopes.remove("store_info")
    assert rig.joined().about() == {}


@pytest.mark.parametrize(
    ("scope", "named"),
    [("read_subscriptions", "read_subscriptions"), ("read_orders", "read_orders")],
)
def test_missing_right_is_named(rig: RechargeRig, scope: str, named: str) -> None:
    mia = rig.sim.add_customer("mia.chen@mail.example")
    rig.sim.subscribe(mia, "Tea")
    rig.sim.scopes.remove(scope)
    failure = rig.told(mia).failed[Section.SUBSCRIPTIONS]
    assert (failure.code, failure.values) == ("source.scope", {"scope": named})
    bad = [one for one in rig.joined().test() if not one.ok]
    assert [(one.name, one.code, one.values) for one in bad] == [
        (named, "source.scope", {"scope": named})
    ]


def test_right_to_change_is_told_by_the_token_itself(rig: RechargeRig) -> None:
    rig.sim.scopes.remove("write_orders")
    bad = [one.name for one in rig.joined().test() if not one.ok]
    assert bad == ["write_orders"]


def test_wrong_token_is_of_the_whole_source(rig: RechargeRig) -> None:
    mia = rig.sim.add_customer("mia.chen@mail.example")
    source = rig.joined(token="another")
    with pytest.raises(AuthFailed) as failed:
        source.fetch(str(mia), SUBSCRIPTIONS, lambda facts: None)
    assert failed.value.code == "source.credentials"
    (check,) = source.test()
    assert (check.name, check.ok, check.code) == ("login", False, "source.credentials")


def test_version_that_is_refused_stops_the_source(rig: RechargeRig) -> None:
    rig.sim.versions = {"2027-01"}
    with pytest.raises(Suspended) as refused:
        rig.joined().find(known_by("mia.chen@mail.example"), SUBSCRIPTIONS)
    assert refused.value.code == "source.version"
    assert refused.value.values["version"] == "2021-11"


def test_busy_interface_is_asked_again_later(rig: RechargeRig) -> None:
    rig.shops.faults.next("recharge.customers", Fault.BUSY)
    with pytest.raises(Retry) as busy:
        rig.joined().find(known_by("mia.chen@mail.example"), SUBSCRIPTIONS)
    assert (busy.value.code, busy.value.after) == ("provider.busy", 1.0)


@pytest.mark.parametrize("fault", [Fault.BROKEN, Fault.CUT, Fault.REDIRECTED])
def test_trouble_fails_the_section_alone(rig: RechargeRig, fault: Fault) -> None:
    mia = rig.sim.add_customer("mia.chen@mail.example")
    rig.sim.subscribe(mia, "Tea")
    rig.shops.faults.next("recharge.subscriptions", fault)
    told = rig.told(mia)
    assert told.subscriptions is None
    assert told.failed[Section.SUBSCRIPTIONS].code.startswith("provider.")
    assert not rig.shops.trespasses


def test_rate_is_kept_without_a_refusal(rig: RechargeRig) -> None:
    rig.sim.most_at_once = 40
    mia = rig.sim.add_customer("mia.chen@mail.example")
    rig.sim.subscribe(mia, "Tea")
    for _time in range(12):
        rig.fetched(mia)
    assert {one.status for one in rig.shops.watch.asked} == {200}


def test_shop_that_tells_of_no_addresses_keeps_its_subscriptions() -> None:
    row = {
        "id": 411, "customer_id": 7, "address_id": 9, "status": "active", "product_title": "Tea",
        "quantity": 1, "price": "9.00", "order_interval_frequency": "30",
        "order_interval_unit": "day", "updated_at": "2026-05-28T12:00:00",
    }  # fmt: skip
    lists: dict[str, list[dict[str, object]]] = {
        "/subscriptions": [row], "/charges": [], "/customers": [],
    }  # fmt: skip

    def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path not in lists:
            return httpx.Response(404, json={"error": "not found"})
        return httpx.Response(200, json={path[1:]: lists[path], "next_cursor": None})

    connected = ConnectedSource(1, "tea", "recharge", {"api": "http://127.0.0.1:9"})
    source = connect(connected, TOKEN, transport=httpx.MockTransport(answer))
    told: list[Facts] = []
    source.fetch("7", SUBSCRIPTIONS, told.append)
    ((tea,),) = [one.subscriptions or () for one in told]
    assert (tea.product, tea.address_lines, tea.places) == ("Tea", "", ())
    assert source.about() == {}
    assert all(one.ok for one in source.test())
    source.close()


@pytest.mark.parametrize("api", ["http://recharge.example", "ftp://x", "https://a.example/?q=1"])
def test_token_goes_to_safe_addresses_only(api: str) -> None:
    settings = {"api": api}
    with pytest.raises(UsageError) as refused:
        connect(ConnectedSource(1, "tea", "recharge", settings), TOKEN)
    assert refused.value.code == "source.bad-url"

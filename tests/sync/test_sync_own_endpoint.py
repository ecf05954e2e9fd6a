"""A shop's own endpoint: what it tells is read, and nothing else is believed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest

from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.facts import Facts, Section
from helpdesk_tui.domain.commerce.identities import MatchedBy
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.sync.channels.errors import AuthFailed, ChannelError, Gone, Rejected, Retry
from helpdesk_tui.sync.providers.endpoint.source import EndpointSource, connect
from helpdesk_tui.sync.providers.source import Suspended
from tests.support.providers.faults import Fault
from tests.support.shops.endpoint import TOKEN, OwnEndpoint
from tests.support.shops.klaviyo_desk import proven
from tests.support.shops.running import Shops, running_shops

ALL = frozenset(Section)
ORDER = {
    "id": "9001", "name": "#1042", "created_at": "2026-05-01T10:00:00Z", "currency": "EUR",
    "total": "18.50", "payment": "paid", "items": [{"id": 1, "title": "Tea", "quantity": 2}],
}  # fmt: skip


@pytest.fixture(scope="module", name="served")
def _served() -> Iterator[tuple[OwnEndpoint, Shops]]:
    shop = OwnEndpoint()
    with running_shops(shop) as shops:
        yield shop, shops


@pytest.fixture(name="shop")
def _shop(served: tuple[OwnEndpoint, Shops]) -> OwnEndpoint:
    shop, shops = served
    shop.reset()
    shops.clean()
    return shop


@pytest.fixture(name="source")
def _source(shop: OwnEndpoint) -> Iterator[EndpointSource]:
    source = joined(shop)
    yield source
    source.close()


def joined(shop: OwnEndpoint, token: str = TOKEN) -> EndpointSource:
    row = ConnectedSource(1, "own", "endpoint", {"url": f"{shop.url}/helpdesk"})
    return connect(row, token)


def fetched(source: EndpointSource, external_id: str) -> Facts:
    told: list[Facts] = []
    source.fetch(external_id, ALL, told.append)
    (facts,) = told
    return facts


def test_a_customer_comes_with_all_that_is_told(shop: OwnEndpoint, source: EndpointSource):
    shop.has(
        "c-7", "ada@example.com",
        profile={"name": "Ada", "since": "2024-01-01", "timezone": "Europe/Warsaw"},
        orders=[ORDER], value={"currency": "eur", "spent": 121.10, "orders": 3, "churn": "0.42"},
        segments=[{"id": 1, "name": "VIP"}],
        subscriptions=[{"id": "s1", "product": "Tea", "status": "active", "every": 1,
                        "unit": "month", "next_date": "2026-06-20"}],
        events=[{"id": "e1", "metric": "Viewed", "at": "2026-05-01"},
                {"id": "e2", "metric": "Bought", "at": "2026-05-02"}],
    )  # fmt: skip
    found = source.find(proven(email="ada@example.com"), ALL)
    assert found is not None
    assert (found.match.external_id, found.match.matched_by) == ("c-7", MatchedBy.EMAIL)
    facts = found.facts
    assert facts.profile is not None
    assert facts.profile.since == datetime(2024, 1, 1, tzinfo=UTC)
    assert facts.orders is not None
    assert facts.orders[0].total == Decimal("18.50")
    assert not facts.orders[0].is_editable
    assert facts.value is not None
    assert facts.value.spent == Decimal("121.1")
    assert facts.subscriptions is not None
    assert facts.subscriptions[0].charge is None
    assert facts.events is not None
    assert [one.id for one in facts.events.events] == ["e2", "e1"]
    assert (facts.failed, facts.not_available) == ({}, frozenset())


def test_what_it_never_tells_of_is_not_available(shop: OwnEndpoint, source: EndpointSource):
    shop.has("c-7", "ada@example.com", orders=[])
    facts = fetched(source, "c-7")
    assert facts.orders == ()
    assert facts.not_available == ALL - {Section.ORDERS}


def test_nobody_is_looked_up_by_a_claim(
    shop: OwnEndpoint, source: EndpointSource, served: tuple[OwnEndpoint, Shops]
):
    shop.has("c-7", "ada@example.com")
    assert source.find(proven(claim="ada@example.com"), ALL) is None
    assert served[1].watch.asked == []


def test_whom_it_does_not_know_is_nobody(source: EndpointSource):
    assert source.find(proven(email="eve@example.com"), ALL) is None
    with pytest.raises(Gone):
        fetched(source, "c-7")


@pytest.mark.parametrize(
    "said",
    [
        {"customer": {"id": "c-8", "emails": ["else@example.com"]}},
        {"customer": {"id": "c-8"}},
    ],
)
def test_another_customer_than_asked_for_is_refused(
    shop: OwnEndpoint, source: EndpointSource, said: Any
):
    shop.answers += [said, said]
    with pytest.raises(Rejected, match=r"own-data\.other-customer"):
        source.find(proven(email="ada@example.com"), ALL)
    with pytest.raises(Rejected, match=r"own-data\.other-customer"):
        fetched(source, "c-7")


@pytest.mark.parametrize(
    ("section", "said", "place"),
    [
        ("orders", {}, "orders"),
        ("orders", [7], "orders[0]"),
        ("orders", [ORDER, {**ORDER, "created_at": "May"}], "orders[1].created_at"),
        ("orders", [{**ORDER, "total": "9,50"}], "orders[0].total"),
        ("orders", [{**ORDER, "name": ""}], "orders[0].name"),
        ("orders", [{**ORDER, "items": [{"id": 1, "title": "T", "quantity": -1}]}],
         "orders[0].items[0].quantity"),
        ("orders", [{**ORDER, "url": "javascript:alert(1)"}], "orders[0].url"),
        ("orders", [{**ORDER, "currency": "euros"}], "orders[0].currency"),
        ("value", {"churn": 42}, "value.churn"),
        ("value", {"spent": "NaN"}, "value.spent"),
        ("profile", {"timezone": "Mars/Base"}, "profile.timezone"),
        ("profile", {"consents": [{"channel": "sms", "kind": "marketing", "word": "yes"}]},
         "profile.consents[0].word"),
        ("subscriptions", [{"id": "1", "product": "Tea", "status": "on"}],
         "subscriptions[0].status"),
        ("events", [{"id": "1", "metric": "Seen", "at": "2026", "details": []}], "events[0].at"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named_with_its_place(
    shop: OwnEndpoint, source: EndpointSource, section: str, said: Any, place: str
):
    shop.has_schema = False
    shop.has("c-7", "ada@example.com", **{"segments": [], section: said})
    facts = fetched(source, "c-7")
    assert facts.segments == ()
    failure = facts.failed[Section(section)]
    assert (failure.code, failure.values["place"]) == ("own-data.bad", place)


def test_nothing_of_a_terminal_comes_through(shop: OwnEndpoint, source: EndpointSource):
    evil = "\x1b]0;x\x07\x9b31m‮Tea"
    shop.has("c-7", "ada@example.com", profile={"name": evil, "note": f"{evil}\nsecond"})
    profile = fetched(source, "c-7").profile
    assert profile is not None
    assert not set("\x1b\x07\x9b‮") & set(profile.name + profile.note)
    assert profile.note.endswith("\nsecond")


def test_more_than_is_taken_is_left_out(shop: OwnEndpoint, source: EndpointSource):
    many = [{**ORDER, "id": str(number)} for number in range(300)]
    seen = [{"id": str(at), "metric": "Seen", "at": "2026-05-01"} for at in range(1_200)]
    shop.has("c-7", "ada@example.com", orders=many, events=seen)
    facts = fetched(source, "c-7")
    assert facts.orders is not None
    assert len(facts.orders) == 250
    assert facts.has_more_orders
    assert facts.events is not None
    assert len(facts.events.events) == 1_000
    assert not facts.events.is_all


@pytest.mark.parametrize(
    ("status", "body", "error", "code"),
    [
        (403, "", AuthFailed, "source.credentials"),
        (404, "", Suspended, "source.refused"),
        (423, '{"error": "closed"}', Suspended, "source.refused"),
        (422, '{"error": "\\u001b[31mno"}', Rejected, "source.refused"),
        (200, "<html>", Retry, "provider.nonsense"),
        (200, "[]", Retry, "provider.nonsense"),
        (200, "{}", Rejected, "own-data.bad"),
        (200, '{"customer": {"name": "no id"}}', Rejected, "own-data.bad"),
        (302, "", Retry, "provider.redirects"),
    ],
)
def test_what_it_answers_is_understood(
    status: int, body: str, error: type[ChannelError], code: str
):
    def answer(_request: httpx.Request) -> httpx.Response:
        headers = {"Location": "http://x.example/"}
        return httpx.Response(status, headers=headers, stream=httpx.ByteStream(body.encode()))

    row = ConnectedSource(1, "own", "endpoint", {"url": "https://shop.example/helpdesk"})
    source = connect(row, TOKEN, transport=httpx.MockTransport(answer))
    with pytest.raises(error) as caught:
        source.find(proven(email="ada@example.com"), ALL)
    assert caught.value.code == code
    assert "\x1b" not in str(caught.value)
    source.close()


@pytest.mark.parametrize(
    "url", ["", "http://shop.example/x", "https://a:b@shop.example/", "https://shop.example/?a=1"]
)
def test_no_token_goes_where_others_read_along(url: str):
    with pytest.raises(UsageError, match=r"source\.bad-url"):
        connect(ConnectedSource(1, "own", "endpoint", {"url": url}), TOKEN)


def test_the_test_says_what_is_wrong(shop: OwnEndpoint, served: tuple[OwnEndpoint, Shops]):
    source, stranger = joined(shop), joined(shop, "wrong")
    assert [(one.name, one.ok) for one in source.test()] == [
        ("provider-connect", True), ("provider-login", True), ("customer", True),
    ]  # fmt: skip
    assert [(one.name, one.ok) for one in stranger.test()] == [
        ("provider-connect", True), ("provider-login", False),
    ]  # fmt: skip
    shop.answers += [{"name": "Tea"}, {"customer": {"id": "everybody"}}]
    assert source.test()[-1].code == "own-data.other-customer"
    served[1].faults.next("endpoint.ask", Fault.BROKEN)
    assert [(one.name, one.code) for one in source.test()] == [
        ("provider-connect", "provider.busy")
    ]
    source.close()
    stranger.close()

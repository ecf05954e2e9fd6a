"""Klaviyo over real HTTP: what is read of a customer, and by what they are found."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from helpdesk_tui.domain.commerce.facts import ConsentWord, Section, Segment, Value
from helpdesk_tui.domain.commerce.identities import Identities, Identity, MatchedBy
from helpdesk_tui.sync.channels.errors import Gone
from tests.support.shops.klaviyo import ELSEWHERE, KlaviyoShop, consents
from tests.support.shops.klaviyo_desk import connected_to, fetched, proven
from tests.support.shops.klaviyo_served import _served, _shops, _sim
from tests.support.shops.running import Shops

__all__ = ["_served", "_shops", "_sim"]

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_customer_is_found_by_address_and_brings_profile_along(
    sim: KlaviyoShop, shops: Shops
) -> None:
    ada = sim.has(
        "ada+tea@example.com",
        "+15557770001",
        first_name="Ada",
        last_name="Byron",
        locale="en-GB",
        location={"city": "London", "country": "United Kingdom", "timezone": "Europe/London"},
        subscriptions=consents(email="SUBSCRIBED", sms="UNSUBSCRIBED"),
    )
    with connected_to(sim) as source:
        found = source.find(proven(email="ada+tea@example.com"), [Section.PROFILE])
    assert found is not None
    assert (found.match.external_id, found.match.matched_by) == (ada.id, MatchedBy.EMAIL)
    profile = found.facts.profile
    assert profile is not None
    assert (profile.name, profile.phone) == ("Ada Byron", "+15557770001")
    assert (profile.location, profile.timezone) == ("London, United Kingdom", "Europe/London")
    assert profile.url == f"https://www.klaviyo.com/profile/{ada.id}"
    words = {(one.channel, one.kind): one.word for one in profile.consents}
    assert words == {
        ("email", "marketing"): ConsentWord.SUBSCRIBED,
        ("sms", "marketing"): ConsentWord.UNSUBSCRIBED,
        ("sms", "transactional"): ConsentWord.UNSUBSCRIBED,
    }
    assert len(shops.watch.asked) == 1


def test_customer_is_found_by_number_where_no_address_is_known(
    sim: KlaviyoShop, shops: Shops
) -> None:
    bo = sim.has(None, "+46701234567")
    with connected_to(sim) as source:
        found = source.find(proven(email="bo@example.com", phone="+46701234567"), [])
    assert found is not None
    assert (found.match.external_id, found.match.matched_by) == (bo.id, MatchedBy.PHONE)
    assert found.facts.profile is None


def test_number_that_several_have_is_nobodys(sim: KlaviyoShop, shops: Shops) -> None:
    sim.has("bo@example.com", "+46701234567")
    sim.has("eva@example.com", "+46701234567")
    with connected_to(sim) as source:
        assert source.find(proven(phone="+46701234567"), []) is None


def test_address_counts_before_number_and_in_order(sim: KlaviyoShop, shops: Shops) -> None:
    sim.has(None, "+15557770001")
    second = sim.has("second@example.com")
    first = sim.has("First@example.com")
    with connected_to(sim) as source:
        asked = proven(email="first@example.com second@example.com", phone="+15557770001")
        found = source.find(asked, [])
        assert found is not None
        # over there an address is compared letter by letter
        assert found.match.external_id == second.id
        first.email = "first@example.com"
        found = source.find(asked, [])
        assert found is not None
        assert found.match.external_id == first.id


def test_claim_is_never_looked_up(sim: KlaviyoShop, shops: Shops) -> None:
    sim.has("ada@example.com")
    with connected_to(sim) as source:
        assert source.find(proven(claim="ada@example.com"), [Section.PROFILE]) is None
    assert shops.watch.asked == []


@pytest.mark.parametrize(
    "address", ['a"),equals(id,"x@example.com', "a\\@example.com", "a b@example.com", "a\n@b.c"]
)
def test_address_that_would_break_a_question_is_not_asked_for(
    sim: KlaviyoShop, shops: Shops, address: str
) -> None:
    with connected_to(sim) as source:
        assert source.find(Identities(1, (Identity("email", address, True),)), []) is None
    assert shops.watch.asked == []


def test_unknown_customer_is_nobody(sim: KlaviyoShop, shops: Shops) -> None:
    with connected_to(sim) as source:
        assert source.find(proven(email="a@example.com", phone="+15557770009"), []) is None


def test_predictions_are_exact_amounts_in_the_accounts_currency(
    sim: KlaviyoShop, shops: Shops
) -> None:
    ada = sim.has(
        "ada@example.com",
        analytics={
            "historic_clv": 121.1,
            "total_clv": 200,
            "historic_number_of_orders": 3.0,
            "churn_probability": 0.42,
            "expected_date_of_next_order": "2026-06-20T00:00:00+00:00",
        },
    )
    with connected_to(sim) as source:
        (facts,) = fetched(source, ada.id, Section.VALUE)
        fetched(source, ada.id, Section.VALUE)
    assert facts.value == Value(
        currency="EUR",
        spent=Decimal("121.1"),
        total=Decimal(200),
        orders=3,
        churn=Decimal("0.42"),
        next_order=date(2026, 6, 20),
    )
    assert len(shops.watch.of("klaviyo.accounts")) == 1


def test_nothing_predicted_of_one_customer_is_unknown_not_zero(
    sim: KlaviyoShop, shops: Shops
) -> None:
    new = sim.has("new@example.com", analytics={})
    sim.has("old@example.com", analytics={"total_clv": 9.5})
    with connected_to(sim, currency="SEK") as source:
        (facts,) = fetched(source, new.id, Section.VALUE)
    assert facts.value == Value(currency="SEK")
    assert facts.not_available == frozenset()


@pytest.mark.parametrize("analytics", [None, {}])
def test_account_without_predictions_says_not_available(
    sim: KlaviyoShop, shops: Shops, analytics: dict[str, float] | None
) -> None:
    one = sim.has("one@example.com", analytics=analytics)
    two = sim.has("two@example.com", analytics=analytics)
    with connected_to(sim) as source:
        for each in (one, two):
            (facts,) = fetched(source, each.id, Section.VALUE)
            assert facts.not_available == {Section.VALUE}
            assert facts.value is None
    # the whole account is looked at once, not once for each customer
    assert len(shops.watch.of("klaviyo.profiles")) == (0 if analytics is None else 1)


def test_segments_and_lists_come_together_by_name(sim: KlaviyoShop, shops: Shops) -> None:
    ada = sim.has("ada@example.com", segments=["VIP", "engaged"], lists=["Newsletter"])
    with connected_to(sim) as source:
        (facts,) = fetched(source, ada.id, Section.SEGMENTS)
    assert facts.segments is not None
    assert [(one.name, one.kind) for one in facts.segments] == [
        ("engaged", "segment"),
        ("VIP", "segment"),
        ("Newsletter", "list"),
    ]
    assert isinstance(facts.segments[0], Segment)


def test_events_come_newest_first_with_names_titles_and_values(
    sim: KlaviyoShop, shops: Shops
) -> None:
    ada, other = sim.has("ada@example.com"), sim.has("other@example.com")
    sim.did(ada, "Placed Order", NOON, "Shopify", S_value=49.5, S_currency_code="EUR",
            Items=["Green tea", "Cup"], OrderId="1042")  # fmt: skip
    sim.did(ada, "Received Email", NOON + timedelta(hours=1), Subject="News",
            Campaign_Name="June", S_message="01MSG")  # fmt: skip
    sim.did(other, "Placed Order", NOON, "Shopify")
    with connected_to(sim) as source:
        (facts,) = fetched(source, ada.id, Section.EVENTS)
    assert facts.events is not None
    assert facts.events.is_all
    mail, order = facts.events.events
    assert (mail.metric, mail.title, mail.campaign, mail.channel) == (
        "Received Email", "News", "June", "email",
    )  # fmt: skip
    assert (order.metric, order.title, order.value, order.currency) == (
        "Placed Order", "Green tea, Cup", Decimal("49.5"), "EUR",
    )  # fmt: skip
    assert order.details == {"OrderId": "1042"}
    assert order.at == NOON


def test_only_marketing_that_arrived_can_be_answered(sim: KlaviyoShop, shops: Shops) -> None:
    ada = sim.has("ada@example.com", "+15557770001")
    sim.campaigns["01CAMP"] = ("June by text", ["01NAMELESS"])
    campaign = {"Campaign_Name": "June", "S_message": "01A"}
    expected = {
        sim.did(ada, "Received SMS", NOON, **campaign).id: ("campaign", "June"),
        sim.did(ada, "Received SMS", NOON, S_flow="FLOW1", S_message="01B").id: ("flow", ""),
        sim.did(ada, "Received SMS", NOON, S_message="01NAMELESS").id: (
            "campaign", "June by text",
        ),
        # an agent wrote this one
        sim.did(ada, "Received SMS", NOON, S_message="01BYHAND").id: ("", ""),
        sim.did(ada, "Failed to Deliver SMS", NOON, **campaign).id: ("", "June"),
        sim.did(ada, "Clicked SMS", NOON, **campaign).id: ("", "June"),
        # whoever has the shop's public key can send events of this name
        sim.did(ada, "Received SMS", NOON, ELSEWHERE, **campaign).id: ("", "June"),
    }  # fmt: skip
    with connected_to(sim) as source:
        (facts,) = fetched(source, ada.id, Section.EVENTS)
    assert facts.events is not None
    assert {one.id: (one.sent, one.campaign) for one in facts.events.events} == expected
    assert len(shops.watch.of("klaviyo.campaigns")) == 1


def test_event_of_an_unnamed_metric_is_named_by_the_list_or_its_id(
    sim: KlaviyoShop, shops: Shops
) -> None:
    ada = sim.has("ada@example.com")
    sim.did(ada, "Gone Metric", NOON)
    gone = sim.metric("Gone Metric")
    gone.is_deleted = True
    with connected_to(sim) as source:
        (facts,) = fetched(source, ada.id, Section.EVENTS)
        fetched(source, ada.id, Section.EVENTS)
    assert facts.events is not None
    assert [one.metric for one in facts.events.events] == [gone.id]
    # that the list does not help either is remembered
    assert len(shops.watch.of("klaviyo.metrics")) == 1


def test_ten_thousand_events_are_bounded_and_read_on_from_what_is_known(
    sim: KlaviyoShop, shops: Shops
) -> None:
    ada = sim.has("ada@example.com")
    sim.did_much(ada, 10_000)
    with connected_to(sim) as source:
        pages = [one.events for one in fetched(source, ada.id, Section.EVENTS)]
        assert [len(page.events) for page in pages if page] == [100] * 5
        assert not any(page.is_all for page in pages if page)
        ids = {one.id for page in pages if page for one in page.events}
        assert len(ids) == 500
        sim.did(ada, "Viewed Product", datetime.now(UTC), ELSEWHERE, ProductName="new")
        (again,) = fetched(source, ada.id, Section.EVENTS)
        assert again.events is not None
        assert again.events.events[0].title == "new"
    assert len(shops.watch.of("klaviyo.events")) == 6


def test_customer_who_was_merged_away_is_gone(sim: KlaviyoShop, shops: Shops) -> None:
    with connected_to(sim) as source, pytest.raises(Gone):
        fetched(source, "01UNKNOWN", Section.PROFILE)
    with connected_to(sim) as source, pytest.raises(Gone):
        fetched(source, "../accounts", Section.PROFILE)
    assert len(shops.watch.asked) == 1


def test_account_tells_of_itself(sim: KlaviyoShop, shops: Shops) -> None:
    with connected_to(sim) as source:
        assert source.about() == {
            "name": "Acme Tea",
            "currency": "EUR",
            "timezone": "Europe/Berlin",
            "domain": "acme.example",
        }
        sim.scopes.discard("accounts:read")
        sim.windows.limits["accounts"] = ((9, 1.0),)
        assert source.about() == {}

"""Reading what Klaviyo tells: odd fields cost themselves and nothing else."""

from __future__ import annotations

import copy
import json
import random
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from helpdesk_tui.domain.commerce import reading
from helpdesk_tui.domain.commerce.facts import ConsentWord, Segment, SourceConsent, Value
from helpdesk_tui.domain.commerce.klaviyo_events import (
    Metric,
    campaignless,
    nameless,
    read_campaigns,
    read_events,
    read_metrics,
)
from helpdesk_tui.domain.commerce.klaviyo_profiles import (
    has_predictions,
    is_empty,
    page_of,
    read_groups,
    read_profile,
    read_value,
)

AT = datetime(2026, 5, 1, 10, tzinfo=UTC)
SMS = {"M1": Metric("Received SMS", is_own=True)}


def event(properties: object = None, *, id: Any = "E1", metric: Any = "M1", **told: Any) -> dict:
    """Return an event as it is told."""
    attributes = {"datetime": "2026-05-01T10:00:00+00:00", "event_properties": properties, **told}
    related = {"metric": {"data": {"type": "metric", "id": metric}}}
    return {"type": "event", "id": id, "attributes": attributes, "relationships": related}


def page(*events: dict) -> dict:
    """Return a page of events."""
    return {"data": list(events)}


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({"first_name": "Ada", "last_name": "Byron"}, "Ada Byron"),
        ({"first_name": None, "last_name": "Byron"}, "Byron"),
        ({"first_name": "", "organization": "Acme"}, "Acme"),
        ({"first_name": ["Ada"], "last_name": {"x": 1}}, ""),
    ],
)
def test_name_is_what_there_is_of_it(told: dict[str, Any], name: str) -> None:
    assert read_profile({"id": "1", "attributes": told}).name == name


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ({"city": "Malmö", "country": "Sweden"}, "Malmö, Sweden"),
        ({"region": "Skåne"}, "Skåne"),
        ({"country": "Sweden"}, "Sweden"),
        (None, ""),
        ("Malmö", ""),
    ],
)
def test_place_is_town_and_country(place: object, shown: str) -> None:
    assert read_profile({"id": "1", "attributes": {"location": place}}).location == shown


def test_profile_that_tells_nothing_is_empty() -> None:
    assert read_profile({}) == read_profile({"attributes": [], "id": 5.5j})
    assert page_of("") == ""
    assert page_of("a/../b") == "https://www.klaviyo.com/profile/a%2F..%2Fb"


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (
            {"consent": "SUBSCRIBED", "consent_timestamp": "2026-05-01T12:00:00+02:00"},
            SourceConsent("email", "marketing", ConsentWord.SUBSCRIBED, AT),
        ),
        (
            {"consent": "UNSUBSCRIBED", "last_updated": "2026-05-01T10:00:00+00:00"},
            SourceConsent("email", "marketing", ConsentWord.UNSUBSCRIBED, AT),
        ),
        (
            {"consent": "never_subscribed", "suppression": []},
            SourceConsent("email", "marketing", ConsentWord.NEVER),
        ),
        (
            {"consent": "SUBSCRIBED", "suppression": [{"reason": "HARD_BOUNCE"}]},
            SourceConsent("email", "marketing", ConsentWord.SUBSCRIBED, is_suppressed=True),
        ),
        (
            {"consent": "SUBSCRIBED", "can_receive_email_marketing": False},
            SourceConsent("email", "marketing", ConsentWord.SUBSCRIBED, is_suppressed=True),
        ),
        (
            {"consent": "SUBSCRIBED", "list_suppressions": [{"list_id": "L"}]},
            SourceConsent("email", "marketing", ConsentWord.SUBSCRIBED),
        ),
        ({"consent": "PERHAPS"}, None),
        ({}, None),
    ],
)
def test_consent_is_read_with_its_moment_and_what_forbids_it(
    told: dict[str, Any], expected: SourceConsent | None
) -> None:
    said = {"id": "1", "attributes": {"subscriptions": {"email": {"marketing": told}}}}
    assert read_profile(said).consents == ((expected,) if expected else ())


def test_consents_of_all_channels_are_read() -> None:
    yes = {"consent": "SUBSCRIBED"}
    told = {
        name: {"marketing": yes, "transactional": yes, "conversational": yes}
        for name in ("email", "sms", "whatsapp", "mobile_push")
    }
    found = read_profile({"attributes": {"subscriptions": told}}).consents
    assert [(one.channel, one.kind) for one in found] == [
        ("email", "marketing"),
        ("sms", "marketing"),
        ("sms", "transactional"),
        ("whatsapp", "marketing"),
        ("whatsapp", "transactional"),
        ("whatsapp", "conversational"),
    ]


def test_predictions_keep_amounts_exact_and_drop_what_cannot_be() -> None:
    told = {
        "historic_clv": 0.1,
        "predicted_clv": "12.50",
        "historic_number_of_orders": 2.5,
        "churn_probability": 1.2,
        "average_order_value": float("nan"),
        "expected_date_of_next_order": "soon",
    }
    found = read_value({"attributes": {"predictive_analytics": told}}, "EUR")
    assert found == Value(currency="EUR", spent=Decimal("0.1"), predicted=Decimal("12.50"))


@pytest.mark.parametrize("told", [{}, {"predictive_analytics": None}])
def test_account_that_predicts_nothing_has_no_value(told: dict[str, Any]) -> None:
    assert read_value({"attributes": told}, "EUR") is None
    assert not has_predictions([{"attributes": told}])


def test_empty_value_is_told_from_one_of_zero() -> None:
    zero = read_value({"attributes": {"predictive_analytics": {"total_clv": 0}}}, "EUR")
    none = read_value({"attributes": {"predictive_analytics": {"total_clv": None}}}, "EUR")
    assert zero is not None
    assert none is not None
    assert (is_empty(zero), is_empty(none)) == (False, True)
    assert has_predictions([{}, {"attributes": {"predictive_analytics": {"total_clv": 0}}}])


def test_groups_stand_by_name_and_nameless_ones_keep_their_id() -> None:
    told = [
        {"id": "b", "attributes": {"name": "vip"}},
        {"id": "a", "attributes": {"name": None}},
        {"id": "", "attributes": {"name": "no id"}},
        {"id": "c", "attributes": {"name": "All"}},
    ]
    assert read_groups(told, "list") == (
        Segment("a", "a", "list"),
        Segment("c", "All", "list"),
        Segment("b", "vip", "list"),
    )


@pytest.mark.parametrize(
    ("properties", "title"),
    [
        ({"Subject": "News", "Name": "x"}, "News"),
        ({"ProductName": "Tea"}, "Tea"),
        ({"Items": ["Tea", "Cup"]}, "Tea, Cup"),
        ({"Items": [{"ProductName": "Tea"}, {"Name": "Cup"}, {"title": "Pot"}]}, "Tea, Cup, Pot"),
        ({"Items": [f"T{each}" for each in range(9)]}, "T0, T1, T2, T3, T4"),
        ({"Items": "Tea"}, ""),
        ({}, ""),
        (None, ""),
        ("words", ""),
    ],
)
def test_title_says_what_an_event_was_about(properties: object, title: str) -> None:
    (found,) = read_events(page(event(properties)), SMS)
    assert found.title == title


@pytest.mark.parametrize(
    ("told", "at"),
    [
        ({"datetime": "2026-05-01 12:00:00+02:00"}, AT),
        ({"datetime": "2026-05-01T10:00:00"}, AT),
        ({"datetime": None, "timestamp": 1777629600}, AT),
        ({"datetime": "x" * 50, "timestamp": 10**30}, None),
        ({"datetime": "never", "timestamp": True}, None),
        ({"datetime": 5, "timestamp": -1}, None),
    ],
)
def test_event_stands_at_its_moment_or_nowhere(told: dict[str, Any], at: datetime | None) -> None:
    assert [one.at for one in read_events(page(event({}, **told)), SMS)] == ([at] if at else [])


@pytest.mark.parametrize("id", ["", None, 5.5, {"x": 1}, "a b"])
def test_event_without_an_id_is_none(id: object) -> None:
    found = read_events(page(event({}, id=id)), SMS)
    assert [one.id for one in found] == (["5.5"] if id == 5.5 else [])


def test_event_told_twice_is_one() -> None:
    assert len(read_events(page(event({}), event({"a": 1}), event({}, id="E2")), SMS)) == 2


def test_details_are_words_and_numbers_and_not_too_many() -> None:
    told: dict[str, Any] = {f"k{each}": each for each in range(40)}
    (found,) = read_events(page(event({"$flow": "F", "yes": True, "deep": {}, **told})), SMS)
    assert len(found.details) == 20
    assert found.details["k7"] == "7"


@pytest.mark.parametrize(
    ("metric", "channel"),
    [
        (Metric("Opened Email", is_own=True), "email"),
        (Metric("Clicked SMS", is_own=True), "sms"),
        (Metric("Received WhatsApp", is_own=True), "whatsapp"),
        (Metric("Bounced Push", is_own=True), "push"),
        (Metric("Active on Site", is_own=True), ""),
        (Metric("Opened Email", is_own=False), ""),
    ],
)
def test_channel_is_that_of_klaviyos_own_metrics(metric: Metric, channel: str) -> None:
    (found,) = read_events(page(event({})), {"M1": metric})
    assert (found.metric, found.channel) == (metric.name, channel)


@pytest.mark.parametrize(
    ("properties", "sent"),
    [
        ({"Campaign Name": "June", "$message": "1"}, ("campaign", "June", "1")),
        ({"$flow": "F", "$message": "1"}, ("flow", "", "F")),
        ({"$flow": "F", "Campaign Name": "Welcome 1"}, ("flow", "Welcome 1", "F")),
        ({"$message": "known"}, ("campaign", "May", "known")),
        ({"$message": "1"}, ("", "", "")),
        ({}, ("", "", "")),
    ],
)
def test_message_is_of_a_flow_a_campaign_or_neither(
    properties: dict[str, Any], sent: tuple[str, str, str]
) -> None:
    (found,) = read_events(page(event(properties)), SMS, {"known": "May"})
    assert (found.sent, found.campaign, found.campaign_id) == sent


def test_pages_say_what_they_lack() -> None:
    plain, named = event({"$message": "1"}), event({"$message": "1", "Campaign Name": "June"})
    assert campaignless(page(plain), SMS)
    assert not campaignless(page(named), SMS)
    assert not campaignless(page(plain), {"M1": Metric("Received Email", is_own=True)})
    assert not campaignless(page(plain), {"M1": Metric("Received SMS", is_own=False)})
    assert nameless(page(plain), {})
    assert nameless(page(plain), {"M1": Metric("", is_own=True)})
    assert not nameless(page(plain), SMS)
    assert not nameless(page(event({}, metric=None)), {})


def test_metrics_and_campaigns_are_read_by_id() -> None:
    ours = {"name": "Placed Order", "integration": {"name": "Klaviyo SMS"}}
    listed = [
        {"type": "metric", "id": "A", "attributes": ours},
        {"type": "metric", "id": "B", "attributes": {"name": "x", "integration": []}},
        {"type": "profile", "id": "C", "attributes": ours},
    ]
    assert read_metrics(iter(listed)) == {
        "A": Metric("Placed Order", is_own=True),
        "B": Metric("x", is_own=False),
    }
    messages = {"campaign-messages": {"data": [{"id": "1"}, {"id": "2"}, {}]}}
    told = [
        {"id": "c", "attributes": {"name": "June"}, "relationships": messages},
        {"id": "d", "attributes": {"name": ""}, "relationships": messages},
    ]
    assert read_campaigns({"data": told}) == {"1": "June", "2": "June"}


@pytest.mark.parametrize(
    ("read", "value", "found"),
    [
        (reading.whole_of, "3", 3),
        (reading.whole_of, 3.0, 3),
        (reading.whole_of, -1, None),
        (reading.whole_of, "many", None),
        (reading.day_of, "2026-06-20T00:00:00+00:00", date(2026, 6, 20)),
        (reading.day_of, "soon", None),
        (reading.day_of, 20260620, None),
        (reading.zone_name, " Europe/Berlin ", "Europe/Berlin"),
        (reading.zone_name, "Nowhere/Land", ""),
        (reading.zone_name, "../../etc/passwd", ""),
        (reading.zone_name, "x" * 100, ""),
        (reading.zone_name, None, ""),
        (reading.currency_of, " eur", "EUR"),
        (reading.currency_of, "EURO", ""),
        (reading.currency_of, "ÄÖÜ", ""),
        (reading.currency_of, 978, ""),
        (reading.moment_at, "2026-05-01T10:00:00Z", AT),
        (reading.moment_at, "0001-01-01T00:00:00+14:00", None),
        (reading.moment_at, 5, None),
    ],
)
def test_values_are_read_or_left_out(read: Any, value: object, found: object) -> None:
    assert read(value) == found


def test_moment_without_a_zone_is_in_the_one_given() -> None:
    zone = timezone(timedelta(hours=2))
    assert reading.moment_at("2026-05-01T12:00:00", zone) == AT


def test_odd_values_anywhere_raise_nothing() -> None:
    chance = random.Random(7)
    junk: list[Any] = [None, True, 0, -1, 1e308, float("nan"), "", "x", [], [None], {}, {"data": 1}]
    whole = {
        "data": [event({"Items": [{"ProductName": "Tea"}], "$value": 5, "Campaign Name": "June"})],
        "included": [{"type": "metric", "id": "M1", "attributes": {"name": "Received SMS"}}],
        "id": "1",
        "attributes": {
            "first_name": "Ada",
            "location": {"city": "London", "timezone": "UTC"},
            "subscriptions": {"sms": {"marketing": {"consent": "SUBSCRIBED", "suppression": []}}},
            "predictive_analytics": {"total_clv": 1, "churn_probability": 0.5},
        },
    }
    for _ in range(2_000):
        said = copy.deepcopy(whole)
        _spoil(said, chance, junk)
        metrics = read_metrics(one for one in [said.get("included")] if isinstance(one, dict))
        read_events(said, metrics)
        nameless(said, metrics)
        campaignless(said, SMS)
        read_profile(said)
        read_value(said, "EUR")
        json.dumps(said)


def _spoil(node: Any, chance: random.Random, junk: list[Any]) -> None:
    """Put junk into some place of a tree."""
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        if not keys:
            return
        key = chance.choice(keys)
        if not isinstance(node[key], dict | list) or chance.random() < 0.2:
            node[key] = copy.deepcopy(chance.choice(junk))
            return
        node = node[key]

"""Customers that a shop of one's own tells of: what fits is taken, what does not says where."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from helpdesk_tui.domain.commerce.facts import ProfileFacts, Section
from helpdesk_tui.domain.commerce.own_data import MOST, read_customer
from helpdesk_tui.domain.errors import UsageError

AT = "2026-11-20T10:00:00+01:00"
ORDER = {"id": 7, "name": "#1042", "created_at": AT}
TEA = {"id": "s", "product": "Tea", "status": "active"}
WHOLE: dict[str, Any] = {
    "id": 12,
    "emails": ["Ada@Example.com", "no address", 5],
    "phones": "+44 20",
    "profile": {
        "name": " Ada ", "email": "ada@example.com", "phone": "+442079460100",
        "timezone": "Europe/London", "url": "https://shop.example/ada", "note": "a\nb",
        "since": AT, "tags": ["vip", 3],
        "consents": [{"channel": "sms", "kind": "marketing", "word": "subscribed",
                      "is_suppressed": True}],
    },
    "segments": [{"id": "1", "name": "Regulars", "kind": "list"}],
    "value": {"currency": "gbp", "spent": "12.50", "orders": 2, "churn": 0.25,
              "next_order": "2026-12-01"},
    "orders": [{**ORDER, "items": [{"id": 1, "title": "Mug", "quantity": 2, "price": "4.50"}],
                "parcels": [{"number": "1Z", "url": "https://track.example/1Z"}]}],
    "subscriptions": [{**TEA, "unit": "week", "every": 2}],
    "events": [
        {"id": "1", "metric": "Viewed", "at": "2026-11-01T00:00:00Z"},
        {"id": "2", "metric": "Bought", "at": AT, "details": {"page": "/mugs"}},
    ],
}  # fmt: skip


def said_of(section: Section, said: Any) -> dict[str, Any]:
    return {"id": "1", section.value: said}


def test_customer_with_all_sections_is_read() -> None:
    found = read_customer(WHOLE)
    facts = found.facts
    assert (found.id, found.emails, found.phones) == (
        "12",
        ("ada@example.com",),
        ("+442079460100",),
    )
    assert (facts.failed, facts.not_available) == ({}, frozenset())
    assert facts.profile is not None
    assert (facts.profile.name, facts.profile.note, facts.profile.tags) == (
        "Ada", "a\nb", ("vip", "3"),
    )  # fmt: skip
    assert facts.profile.since == datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert [each.name for each in facts.segments or ()] == ["Regulars"]
    assert facts.value is not None
    assert (facts.value.currency, facts.value.spent) == ("GBP", Decimal("12.50"))
    assert facts.value.next_order == date(2026, 12, 1)
    assert facts.orders is not None
    (order,) = facts.orders
    assert (order.id, order.items[0].price) == ("7", Decimal("4.50"))
    assert order.parcels[0].number == "1Z"
    assert [each.every for each in facts.subscriptions or ()] == [2]
    assert facts.events is not None
    assert [each.metric for each in facts.events.events] == ["Bought", "Viewed"]
    assert facts.events.is_all
    assert facts.events.events[0].details == {"page": "/mugs"}


def test_what_is_not_told_is_not_available() -> None:
    facts = read_customer({"id": "1", "profile": {}}).facts
    assert facts.not_available == frozenset(Section) - {Section.PROFILE}
    assert read_customer({"id": "1"}, frozenset({Section.VALUE})).facts.not_available == {
        Section.VALUE
    }


@pytest.mark.parametrize("said", [None, [], "x", {}, {"id": ""}, {"id": None}, {"id": True}])
def test_nobody_is_read_where_no_id_stands(said: Any) -> None:
    with pytest.raises(UsageError, match=r"own-data\.bad"):
        read_customer(said)


@pytest.mark.parametrize(
    ("section", "said", "place", "value"),
    [
        (Section.PROFILE, "x", "profile", "x"),
        (Section.PROFILE, {"name": 1.5}, "profile.name", "1.5"),
        (Section.PROFILE, {"note": 5}, "profile.note", "5"),
        (Section.PROFILE, {"since": "yesterday"}, "profile.since", "yesterday"),
        (Section.PROFILE, {"timezone": "Mars/Base"}, "profile.timezone", "Mars/Base"),
        (Section.PROFILE, {"url": "javascript:1"}, "profile.url", "javascript:1"),
        (Section.PROFILE, {"tags": "vip"}, "profile.tags", "vip"),
        (Section.PROFILE, {"consents": [{"channel": "sms", "kind": "m", "word": "maybe"}]},
         "profile.consents[0].word", "maybe"),
        (Section.PROFILE, {"consents": [{"channel": "sms", "kind": "m", "word": "never",
                                         "is_suppressed": 1}]},
         "profile.consents[0].is_suppressed", "1"),
        (Section.SEGMENTS, {}, "segments", "{}"),
        (Section.SEGMENTS, [{"id": "1"}], "segments[0].name", "–"),
        (Section.SEGMENTS, [{"id": "1", "name": "x", "kind": "tag"}], "segments[0].kind", "tag"),
        (Section.VALUE, {"spent": "a lot"}, "value.spent", "a lot"),
        (Section.VALUE, {"churn": 1.5}, "value.churn", "1.5"),
        (Section.VALUE, {"orders": -1}, "value.orders", "-1"),
        (Section.VALUE, {"orders": True}, "value.orders", "True"),
        (Section.VALUE, {"currency": "euros"}, "value.currency", "euros"),
        (Section.VALUE, {"next_order": 5}, "value.next_order", "5"),
        (Section.VALUE, {"next_order": "soon"}, "value.next_order", "soon"),
        (Section.ORDERS, [ORDER, 5], "orders[1]", "5"),
        (Section.ORDERS, [{**ORDER, "items": [{"id": "1", "quantity": 1}]}],
         "orders[0].items[0].title", "–"),
        (Section.SUBSCRIPTIONS, [{**TEA, "status": "paused"}], "subscriptions[0].status", "paused"),
        (Section.EVENTS, [{"id": "1", "metric": "x", "at": AT, "details": "x"}],
         "events[0].details", "x"),
    ],
)  # fmt: skip
def test_section_that_does_not_fit_fails_alone_and_names_the_place(
    section: Section, said: Any, place: str, value: str
) -> None:
    facts = read_customer(said_of(section, said)).facts
    failure = facts.failed[section]
    assert (failure.code, failure.values) == ("own-data.bad", {"place": place, "value": value})
    assert section not in facts.not_available


def test_more_than_is_taken_is_left_out_and_said_so() -> None:
    many = [{**ORDER, "id": number} for number in range(MOST[Section.ORDERS] + 1)]
    facts = read_customer(said_of(Section.ORDERS, many)).facts
    assert facts.orders is not None
    assert (len(facts.orders), facts.has_more_orders) == (MOST[Section.ORDERS], True)
    said = {**said_of(Section.EVENTS, WHOLE["events"]), "has_more_events": True}
    page = read_customer(said).facts.events
    assert page is not None
    assert not page.is_all


def test_fields_that_only_other_sources_tell_are_not_taken() -> None:
    item = {"id": 1, "title": "Mug", "quantity": 1, "unfulfilled": 1}
    order = {**ORDER, "items": [item]}
    event = {"id": "1", "metric": "x", "at": AT, "sent": "campaign", "channel": "sms"}
    facts = read_customer({"id": "1", "orders": [order], "events": [event]}).facts
    assert facts.orders is not None
    assert facts.events is not None
    assert facts.orders[0].items[0].unfulfilled == 0
    (read,) = facts.events.events
    assert (read.sent, read.channel) == ("", "")


def test_empty_text_is_as_good_as_none_where_nothing_is_needed() -> None:
    said = {"timezone": "", "url": "", "name": ""}
    assert read_customer(said_of(Section.PROFILE, said)).facts.profile == ProfileFacts()
    order = {**ORDER, "items": [{"id": "", "title": "Mug", "quantity": 1}]}
    failed = read_customer(said_of(Section.ORDERS, [order])).facts.failed[Section.ORDERS]
    assert failed.values["place"] == "orders[0].items[0].id"

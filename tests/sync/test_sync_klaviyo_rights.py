"""Klaviyo over real HTTP where a right is missing or a key is wrong, and what a test of it says."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.facts import Section
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.sync.channels.errors import AuthFailed, ChannelError
from helpdesk_tui.sync.providers.klaviyo.source import connect
from tests.support.shops.klaviyo import SCOPES, KlaviyoShop, SimProfile
from tests.support.shops.klaviyo_desk import connected_to, fetched, proven
from tests.support.shops.klaviyo_served import _ada, _served, _shops, _sim, failure
from tests.support.shops.running import Shops

__all__ = ["_ada", "_served", "_shops", "_sim"]

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("scope", "section"),
    [
        ("profiles:read", Section.PROFILE),
        ("profiles:read", Section.VALUE),
        ("segments:read", Section.SEGMENTS),
        ("lists:read", Section.SEGMENTS),
        ("events:read", Section.EVENTS),
    ],
)
def test_missing_right_is_named_and_costs_nothing_else(
    sim: KlaviyoShop, shops: Shops, ada: SimProfile, scope: str, section: Section
) -> None:
    sim.scopes.discard(scope)
    with connected_to(sim) as source:
        why = failure(fetched(source, ada.id, section))
        assert (why.code, why.values) == ("source.scope", {"scope": scope})
        if scope != "profiles:read":
            (facts,) = fetched(source, ada.id, Section.PROFILE)
            assert facts.profile is not None


@pytest.mark.parametrize(("missing", "kept"), [("lists:read", ["VIP"]), ("segments:read", ["All"])])
def test_right_to_one_kind_of_group_is_enough_to_see_that_one(
    sim: KlaviyoShop, shops: Shops, ada: SimProfile, missing: str, kept: list[str]
) -> None:
    sim.scopes.discard(missing)
    with connected_to(sim) as source:
        known, failed = fetched(source, ada.id, Section.SEGMENTS)
    assert [one.name for one in known.segments or ()] == kept
    assert failed.failed[Section.SEGMENTS].values == {"scope": missing}


def test_missing_right_to_look_for_people_is_raised_by_name(sim: KlaviyoShop, shops: Shops) -> None:
    sim.scopes.discard("profiles:read")
    with connected_to(sim) as source, pytest.raises(ChannelError) as refused:
        source.find(proven(email="ada@example.com"), [])
    assert (refused.value.code, refused.value.values) == (
        "source.scope", {"scope": "profiles:read"},
    )  # fmt: skip


@pytest.mark.parametrize("right", ["metrics:read", "campaigns:read", "accounts:read"])
def test_right_that_only_brings_names_costs_no_facts(
    sim: KlaviyoShop, shops: Shops, ada: SimProfile, right: str
) -> None:
    sim.did(ada, "Received SMS", NOON, S_message="01MSG")
    sim.did(ada, "Gone", NOON)
    sim.metric("Gone").is_deleted = True
    sim.scopes.discard(right)
    with connected_to(sim) as source:
        found = fetched(source, ada.id, Section.EVENTS, Section.VALUE)
    assert [one.failed for one in found] == [{}, {}]
    assert found[0].events is not None
    assert len(found[0].events.events) == 2
    assert found[1].value is not None
    assert found[1].value.currency == ("" if right == "accounts:read" else "EUR")


def test_account_without_what_only_brings_names_keeps_its_facts() -> None:
    event = {
        "type": "event", "id": "e1",
        "attributes": {
            "datetime": "2026-06-01T12:00:00Z", "event_properties": {"$message": "01MSG"},
        },
        "relationships": {"metric": {"data": {"type": "metric", "id": "m1"}}},
    }  # fmt: skip
    metric = {"name": "Received SMS", "integration": {"name": "Klaviyo"}}
    known = {
        "/api/events": {
            "data": [event], "included": [{"type": "metric", "id": "m1", "attributes": metric}],
            "links": {"next": None},
        },
        "/api/profiles/01ADA": {
            "data": {"id": "01ADA", "attributes": {"predictive_analytics": {"total_clv": 5}}},
        },
    }  # fmt: skip

    def answer(request: httpx.Request) -> httpx.Response:
        found = known.get(request.url.path)
        return httpx.Response(404 if found is None else 200, json=found)

    row = ConnectedSource(1, "crm", "klaviyo", {"api": "http://127.0.0.1:9"})
    source = connect(row, "pk", transport=httpx.MockTransport(answer))
    found = fetched(source, "01ADA", Section.EVENTS, Section.VALUE)
    assert source.about() == {}
    source.close()
    assert [one.failed for one in found] == [{}, {}]
    assert found[0].events is not None
    assert found[0].events.events[0].metric == "Received SMS"


def test_wrong_key_stops_everything_at_once(
    sim: KlaviyoShop, shops: Shops, ada: SimProfile
) -> None:
    with connected_to(sim, key="pk_wrong") as source:
        with pytest.raises(AuthFailed, match=r"source\.credentials"):
            source.find(proven(email="ada@example.com"), [])
        with pytest.raises(AuthFailed, match=r"source\.credentials"):
            fetched(source, ada.id, *Section)
    assert len(shops.watch.asked) == 2


def test_all_rights_are_tried_and_named(sim: KlaviyoShop, shops: Shops, ada: SimProfile) -> None:
    with connected_to(sim) as source:
        checks = source.test()
    assert [one.name for one in checks] == ["login", *SCOPES, "predictions"]
    assert all(one.ok for one in checks)
    assert checks[-1].values == {"known": True}


@pytest.mark.parametrize("scope", SCOPES)
def test_trying_names_the_one_right_that_is_missing(
    sim: KlaviyoShop, shops: Shops, ada: SimProfile, scope: str
) -> None:
    sim.scopes.discard(scope)
    with connected_to(sim) as source:
        checks = source.test()
    bad = [(one.name, one.code, one.values) for one in checks if not one.ok]
    assert bad == [(scope, "source.scope", {"scope": scope})]


def test_trying_an_empty_account_says_what_could_not_be_tried(
    sim: KlaviyoShop, shops: Shops
) -> None:
    with connected_to(sim) as source:
        checks = {one.name: one for one in source.test()}
    assert checks["segments:read"].values == {"unseen": True}
    assert checks["predictions"].values == {"known": False}


def test_trying_a_wrong_key_says_just_that(sim: KlaviyoShop, shops: Shops) -> None:
    with connected_to(sim, key="pk_wrong") as source:
        (check,) = source.test()
    assert (check.name, check.ok, check.code) == ("login", False, "source.credentials")


def test_key_goes_only_where_it_is_safe() -> None:
    sim = KlaviyoShop()
    sim.url = "http://klaviyo.example"
    with pytest.raises(UsageError, match=r"source\.bad-url"), connected_to(sim):
        pass


@pytest.mark.parametrize("key", ["pk_ä", "pk_a\nb: c", "key: pk_a"])
def test_what_cannot_be_a_key_is_never_sent(sim: KlaviyoShop, shops: Shops, key: str) -> None:
    with pytest.raises(AuthFailed), connected_to(sim, key=key):
        pass
    assert shops.watch.asked == []


def test_key_may_be_given_with_the_end_of_its_line(sim: KlaviyoShop, shops: Shops) -> None:
    with connected_to(sim, key=f" {sim.key}\n") as source:
        assert source.about()["name"] == "Acme Tea"

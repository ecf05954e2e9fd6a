"""Klaviyo over real HTTP when it misbehaves: refused, busy, broken, slow, hostile."""

from __future__ import annotations

import json
import time
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime

import httpx
import pytest

from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.facts import Facts, Failure, Section
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.sync.channels.errors import AuthFailed, ChannelError, Retry
from helpdesk_tui.sync.pacing import Paces
from helpdesk_tui.sync.providers.klaviyo.calls import SEGMENTS
from helpdesk_tui.sync.providers.klaviyo.client import KlaviyoClient
from helpdesk_tui.sync.providers.klaviyo.source import connect
from helpdesk_tui.sync.providers.source import Suspended
from tests.support.providers.faults import Fault
from tests.support.shops.klaviyo import SCOPES, KlaviyoShop, SimProfile
from tests.support.shops.klaviyo_desk import connected_to, fetched, proven, running_klaviyo
from tests.support.shops.running import Shops
from tests.support.waiting import AT_ONCE, PATIENCE, until

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
EVIL = "\x1b]52;c;eA==\x07\u202egnp\u2066\x9b31m\u200b[@click=app.quit]x[/]" + "\u0301" * 50


@pytest.fixture(scope="module", name="served")
def _served() -> Iterator[tuple[KlaviyoShop, Shops]]:
    with running_klaviyo() as served:
        yield served


@pytest.fixture(name="sim")
def _sim(served: tuple[KlaviyoShop, Shops]) -> KlaviyoShop:
    sim, shops = served
    sim.reset()
    shops.clean()
    return sim


@pytest.fixture(name="shops")
def _shops(served: tuple[KlaviyoShop, Shops]) -> Shops:
    return served[1]


@pytest.fixture(name="ada")
def _ada(sim: KlaviyoShop) -> SimProfile:
    return sim.has("ada@example.com", analytics={"total_clv": 5}, segments=["VIP"], lists=["All"])


def failure(found: list[Facts]) -> Failure:
    """Return why the one section that was asked for is not there."""
    ((_section, why),) = found[-1].failed.items()
    return why


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


def test_trouble_with_lists_that_passes_hides_no_segments_that_are_kept(
    sim: KlaviyoShop, shops: Shops, ada: SimProfile
) -> None:
    shops.faults.next("klaviyo.lists", Fault.CUT)
    with connected_to(sim) as source:
        (failed,) = fetched(source, ada.id, Section.SEGMENTS)
    assert failed.segments is None
    assert failed.failed[Section.SEGMENTS].code == "provider.unreachable"


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


def test_next_page_is_asked_for_as_its_link_stands_there() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.raw_path.decode())
        link = "http://127.0.0.1:9/api/profiles/01ADA/segments/?page%5Bcursor%5D=b2"
        following = link if len(asked) == 1 else None
        return httpx.Response(200, json={"data": [], "links": {"next": following}})

    client = KlaviyoClient(
        "http://127.0.0.1:9", "pk", paces=Paces(), transport=httpx.MockTransport(answer)
    )
    assert client.groups("01ADA", SEGMENTS) == []
    client.close()
    assert asked[1:] == ["/api/profiles/01ADA/segments/?page%5Bcursor%5D=b2"]


def test_wrong_key_stops_everything_at_once(
    sim: KlaviyoShop, shops: Shops, ada: SimProfile
) -> None:
    with connected_to(sim, key="pk_wrong") as source:
        with pytest.raises(AuthFailed, match=r"source\.credentials"):
            source.find(proven(email="ada@example.com"), [])
        with pytest.raises(AuthFailed, match=r"source\.credentials"):
            fetched(source, ada.id, *Section)
    assert len(shops.watch.asked) == 2


@pytest.mark.parametrize("status", [400, 410])
def test_retired_revision_names_ours(
    sim: KlaviyoShop, shops: Shops, ada: SimProfile, status: int
) -> None:
    sim.revisions, sim.retired_status = {"2028-01-15"}, status
    with connected_to(sim) as source, pytest.raises(Suspended) as retired:
        fetched(source, ada.id, Section.PROFILE)
    assert retired.value.code == "source.version"
    assert retired.value.values["version"] == "2026-07-15"


@pytest.mark.parametrize("fault", [Fault.BUSY, Fault.BUSY_UNTIL, Fault.BROKEN])
def test_short_trouble_is_waited_out(
    sim: KlaviyoShop, shops: Shops, ada: SimProfile, fault: Fault
) -> None:
    shops.faults.next("klaviyo.profile", fault)
    with connected_to(sim) as source:
        began = time.monotonic()
        (facts,) = fetched(source, ada.id, Section.PROFILE)
    assert facts.profile is not None
    assert time.monotonic() - began >= 0.9
    assert len(shops.watch.of("klaviyo.profile")) == 2


def test_long_wait_is_handed_on_instead_of_slept(
    sim: KlaviyoShop, shops: Shops, ada: SimProfile
) -> None:
    shops.faults.retry_after = 50
    shops.faults.next("klaviyo.events", Fault.BUSY)
    with connected_to(sim) as source:
        why = failure(fetched(source, ada.id, Section.EVENTS))
        assert (why.code, why.retry_after) == ("provider.busy", 50)
        # nobody asks before: not even those who have not heard of it
        why = failure(fetched(source, ada.id, Section.EVENTS))
        assert why.code == "provider.paced"
        assert 45 < why.retry_after <= 50
        (facts,) = fetched(source, ada.id, Section.PROFILE)
        assert facts.profile is not None
    assert len(shops.watch.of("klaviyo.events")) == 1


@pytest.mark.parametrize("fault", [Fault.CUT, Fault.REDIRECTED])
def test_line_that_breaks_fails_the_section_only(
    sim: KlaviyoShop, shops: Shops, ada: SimProfile, fault: Fault
) -> None:
    shops.faults.next("klaviyo.profile", fault)
    with connected_to(sim) as source:
        found = fetched(source, ada.id, Section.PROFILE, Section.EVENTS)
    code = "provider.redirects" if fault is Fault.REDIRECTED else "provider.unreachable"
    assert failure(found[:1]).code == code
    assert found[1].events is not None
    assert shops.trespasses == []


def test_trouble_after_the_first_page_keeps_what_came(
    sim: KlaviyoShop, shops: Shops, ada: SimProfile
) -> None:
    sim.did_much(ada, 250)
    shops.faults.next("klaviyo.events", Fault.CUT, skip=1)
    with connected_to(sim) as source:
        (facts,) = fetched(source, ada.id, Section.EVENTS)
        assert facts.events is not None
        assert not facts.events.is_all
        assert not facts.failed
        # the rest comes the next time
        pages = fetched(source, ada.id, Section.EVENTS)
    assert sum(len(one.events.events) for one in pages if one.events) == 250


def test_next_page_is_asked_for_verbatim(sim: KlaviyoShop, shops: Shops, ada: SimProfile) -> None:
    sim.did_much(ada, 150)
    with connected_to(sim) as source:
        pages = fetched(source, ada.id, Section.EVENTS)
    assert [one.events.is_all for one in pages if one.events] == [False, True]


def test_next_page_on_another_host_is_never_asked_for(
    sim: KlaviyoShop, shops: Shops, ada: SimProfile
) -> None:
    sim.did_much(ada, 150)
    elsewhere = shops.elsewhere
    for link in (elsewhere, f"{sim.url}@{elsewhere.partition('//')[2]}", "//" + elsewhere[7:]):
        sim.foreign_links = link
        with connected_to(sim) as source:
            found = fetched(source, ada.id, Section.EVENTS)
        assert [len(one.events.events) for one in found if one.events] == [100]
    assert shops.trespasses == []


def test_hostile_words_are_harmless_and_bounded(sim: KlaviyoShop, shops: Shops) -> None:
    eve = sim.has(
        "eve@example.com",
        "+15557770002",
        first_name=EVIL,
        last_name="x" * 3_000_000,
        location={"city": EVIL, "timezone": "../../etc/passwd", "country": EVIL},
        segments=[EVIL],
        analytics={"total_clv": 1e300, "churn_probability": 7, "average_order_value": -3},
    )
    sim.did(eve, EVIL, NOON, EVIL, Subject=EVIL, URL="javascript:alert(1)",
            Body="y" * 2_000_000, Items=[EVIL, {"ProductName": EVIL}, 5, None])  # fmt: skip
    sim.events[-1].properties |= {EVIL * 3: EVIL, "deep": {"a": [1]}, "S": True, "N": float(2)}
    with connected_to(sim) as source:
        began = time.monotonic()
        found = fetched(source, eve.id, *Section)
        assert time.monotonic() - began < AT_ONCE
    every = repr_of(found)
    assert not [char for char in every if unicodedata.category(char) in ("Cc", "Cf", "Cs")]
    assert len(every) < 8_000
    profile = next(one.profile for one in found if one.profile)
    assert profile.timezone == ""
    value = next(one.value for one in found if one.value)
    assert (value.total, value.churn) == (None, None)
    events = next(one.events for one in found if one.events)
    assert events.events[0].url == ""


def repr_of(found: list[Facts]) -> str:
    """Return every text of facts as it stands, not escaped."""
    told = [{each.name: getattr(one, each.name) for each in fields(one)} for one in found]
    return json.dumps(told, default=_plain, ensure_ascii=False)


def _plain(value: object) -> object:
    if is_dataclass(value):
        return {each.name: getattr(value, each.name) for each in fields(value)}
    return list(value) if isinstance(value, frozenset) else str(value)


def test_segments_and_lists_take_as_long_as_one_of_them(
    sim: KlaviyoShop, shops: Shops, ada: SimProfile
) -> None:
    shops.faults.slow("klaviyo.segments", PATIENCE)
    shops.faults.slow("klaviyo.lists", PATIENCE)
    with connected_to(sim) as source, ThreadPoolExecutor(1) as pool:
        asked = pool.submit(fetched, source, ada.id, Section.SEGMENTS)
        # neither is answered, and both are asked for
        until(lambda: shops.watch.of("klaviyo.segments") and shops.watch.of("klaviyo.lists"))
        source.close()
        assert failure(asked.result(PATIENCE)).code in ("provider.unreachable", "provider.slow")


def test_answer_that_is_waited_for_ends_when_the_source_is_closed(
    sim: KlaviyoShop, shops: Shops, ada: SimProfile
) -> None:
    shops.faults.slow("klaviyo.profile", PATIENCE)
    with connected_to(sim) as source, ThreadPoolExecutor(1) as pool:
        asked = pool.submit(fetched, source, ada.id, Section.PROFILE)
        until(lambda: shops.watch.of("klaviyo.profile"))
        began = time.monotonic()
        source.close()
        assert failure(asked.result(PATIENCE)).code in ("provider.unreachable", "provider.slow")
        assert time.monotonic() - began < AT_ONCE


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


def test_nobody_there_is_trouble_of_the_line() -> None:
    sim = KlaviyoShop()
    sim.url = "http://127.0.0.1:9"
    with connected_to(sim) as source, pytest.raises(Retry, match=r"provider\.unreachable"):
        source.find(proven(email="ada@example.com"), [])

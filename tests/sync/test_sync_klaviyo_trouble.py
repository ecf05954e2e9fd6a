"""Klaviyo over real HTTP when it misbehaves: refused, busy, broken, slow, hostile."""

from __future__ import annotations

import json
import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime

import httpx
import pytest

from helpdesk_tui.domain.commerce.facts import Facts, Section
from helpdesk_tui.sync.channels.errors import Retry
from helpdesk_tui.sync.pacing import Paces
from helpdesk_tui.sync.providers.klaviyo.calls import SEGMENTS
from helpdesk_tui.sync.providers.klaviyo.client import KlaviyoClient
from helpdesk_tui.sync.providers.source import Suspended
from tests.support.providers.faults import Fault
from tests.support.shops.klaviyo import KlaviyoShop, SimProfile
from tests.support.shops.klaviyo_desk import connected_to, fetched, proven
from tests.support.shops.klaviyo_served import _ada, _served, _shops, _sim, failure
from tests.support.shops.running import Shops
from tests.support.waiting import AT_ONCE, PATIENCE, until

__all__ = ["_ada", "_served", "_shops", "_sim"]

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
EVIL = "\x1b]52;c;eA==\x07\u202egnp\u2066\x9b31m\u200b[@click=app.quit]x[/]" + "\u0301" * 50


def test_trouble_with_lists_that_passes_hides_no_segments_that_are_kept(
    sim: KlaviyoShop, shops: Shops, ada: SimProfile
) -> None:
    shops.faults.next("klaviyo.lists", Fault.CUT)
    with connected_to(sim) as source:
        (failed,) = fetched(source, ada.id, Section.SEGMENTS)
    assert failed.segments is None
    assert failed.failed[Section.SEGMENTS].code == "provider.unreachable"


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


def test_nobody_there_is_trouble_of_the_line() -> None:
    sim = KlaviyoShop()
    sim.url = "http://127.0.0.1:9"
    with connected_to(sim) as source, pytest.raises(Retry, match=r"provider\.unreachable"):
        source.find(proven(email="ada@example.com"), [])

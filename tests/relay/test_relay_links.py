"""Short links: they lead where the box said, and count the people who follow them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from helpdesk_tui.relay.config import Rate, Rates
from tests.support.relay import Running, running_relay
from tests.support.waiting import PATIENCE

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Mobile Safari/604"
URL = "https://shop.example/parcel?order=1042&utm_source=sms#status"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Return a relay of this file's tests."""
    with running_relay(tmp_path_factory.mktemp("relay"), site=None) as running:
        yield running


@pytest.fixture
def relay(shared: Running) -> Running:
    """Return it without clicks, with one link."""
    publish(shared, {"code": "Ab3xY9", "url": URL})
    if found := clicks(shared)["clicks"]:
        with shared.box() as box:
            box.post("/box/v1/clicks/ack", json={"through": found[-1]["seq"]})
    return shared


def publish(relay: Running, *links: Any) -> httpx.Response:
    """Publish links as the box does."""
    with relay.box() as box:
        return box.put("/box/v1/links", json={"links": list(links)})


def clicks(relay: Running, after: int = 0) -> Any:
    """Return what the box is told of clicks."""
    with relay.box() as box:
        return box.get("/box/v1/clicks", params={"after": after}).raise_for_status().json()


def follow(relay: Running, code: str = "Ab3xY9", **headers: str) -> httpx.Response:
    """Follow a link as the browser of a phone does."""
    return httpx.get(
        f"{relay.url}/l/{code}", headers={"User-Agent": PHONE} | headers, timeout=PATIENCE
    )


def test_a_link_leads_on_and_is_counted(relay: Running) -> None:
    answer = follow(relay)

    assert answer.status_code == 302
    assert answer.headers["location"] == URL
    assert answer.headers["cache-control"] == "no-store"
    said = clicks(relay)
    assert [each["code"] for each in said["clicks"]] == ["Ab3xY9"]
    assert said["base"] == f"{relay.url}/l/"
    assert said["links"] >= 1


def test_clicks_wait_until_they_are_acknowledged(relay: Running) -> None:
    for _ in range(3):
        follow(relay)
    seqs = [each["seq"] for each in clicks(relay)["clicks"]]
    assert [each["seq"] for each in clicks(relay, after=seqs[0])["clicks"]] == seqs[1:]

    with relay.box() as box:
        assert box.post("/box/v1/clicks/ack", json={"through": seqs[1]}).status_code == 204

    assert [each["seq"] for each in clicks(relay)["clicks"]] == seqs[2:]


@pytest.mark.parametrize(
    "agent",
    [
        "WhatsApp/2.24.1 A",
        "facebookexternalhit/1.1 Facebot Twitterbot/1.0",
        "TelegramBot (like TwitterBot)",
        "Slackbot-LinkExpanding 1.0",
        "Mozilla/5.0 (compatible; Discordbot/2.0)",
        "Mozilla/5.0 (compatible; Googlebot/2.1)",
        "SkypeUriPreview Preview/0.5",
        "curl/8.5.0",
        "",
    ],
)
def test_what_only_looks_at_a_link_is_not_counted(relay: Running, agent: str) -> None:
    answer = follow(relay, **{"User-Agent": agent})

    assert answer.headers["location"] == URL
    assert clicks(relay)["clicks"] == []


def test_a_phone_whose_name_ends_like_that_of_a_robot_is_counted(relay: Running) -> None:
    follow(relay, **{"User-Agent": "Mozilla/5.0 (Linux; Android 13; CUBOT NOTE 50) Chrome/120"})

    assert len(clicks(relay)["clicks"]) == 1


def test_heads_and_prefetches_are_not_counted(relay: Running) -> None:
    head = httpx.head(f"{relay.url}/l/Ab3xY9", headers={"User-Agent": PHONE}, timeout=PATIENCE)
    follow(relay, **{"Sec-Purpose": "prefetch;prerender"})
    follow(relay, Purpose="prefetch")

    assert (head.status_code, head.headers["location"]) == (302, URL)
    assert clicks(relay)["clicks"] == []


@pytest.mark.parametrize(
    "code", ["none", "Ab3xY9x", "https:", "%2F%2Fevil.example", "Ab3xY9%0d%0aX:1", "ab3xy9"]
)
def test_no_other_code_leads_anywhere(relay: Running, code: str) -> None:
    answer = httpx.get(f"{relay.url}/l/{code}?url=https://evil.example", timeout=PATIENCE)

    assert answer.status_code == 404
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    "link",
    [
        {"code": "abcdef", "url": "javascript:alert(1)"},
        {"code": "abcdef", "url": "data:text/html,x"},
        {"code": "abcdef", "url": "//evil.example"},
        {"code": "abcdef", "url": "ftp://shop.example"},
        {"code": "abcdef", "url": "https://"},
        {"code": "abcdef", "url": "https://user:word@shop.example"},
        {"code": "abcdef", "url": "https://shop.example/\r\nX: y"},
        {"code": "abcdef", "url": "https://shop.example/" + "x" * 2_000},
        {"code": "abcdef", "url": 1},
        {"code": "abc", "url": URL},
        {"code": "a/b/c/d", "url": URL},
        {"code": "x" * 33, "url": URL},
        {"code": None, "url": URL},
        {"url": URL},
        "text",
        None,
    ],
)
def test_a_link_of_another_form_is_refused(relay: Running, link: Any) -> None:
    assert publish(relay, link).status_code == 400


def test_so_many_links_at_once_and_no_more(relay: Running) -> None:
    many = [{"code": f"code{number}", "url": URL} for number in range(501)]

    assert publish(relay, *many).status_code == 400
    assert publish(relay, *many[1:]).status_code == 204
    assert clicks(relay)["links"] >= 500


def test_long_addresses_are_kept_whole(relay: Running) -> None:
    url = "https://shop.example/?" + "q" * 1_900
    publish(relay, {"code": "longer", "url": url})

    assert follow(relay, "longer").headers["location"] == url


def test_only_the_box_may_publish_and_ask(relay: Running) -> None:
    assert (
        httpx.put(f"{relay.url}/box/v1/links", json={"links": []}, timeout=PATIENCE).status_code
        == 401
    )
    assert httpx.get(f"{relay.url}/box/v1/clicks", timeout=PATIENCE).status_code == 401
    assert (
        httpx.post(
            f"{relay.url}/box/v1/clicks/ack", json={"through": 1}, timeout=PATIENCE
        ).status_code
        == 401
    )


def test_one_address_makes_a_fair_number_of_clicks(tmp_path: Path) -> None:
    rates = Rates(clicks_address=Rate(3, 60))
    with running_relay(tmp_path, site=None, rates=rates) as relay:
        publish(relay, {"code": "Ab3xY9", "url": URL})
        assert {follow(relay).status_code for _ in range(6)} == {302}
        assert len(clicks(relay)["clicks"]) == 3

"""W5: what is too much is answered 413, or 429 with when to come back, by the real relay."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from helpdesk_tui.relay.config import Rates
from tests.support.relay import ORIGIN, Running, relay_config, running_relay
from tests.support.waiting import PATIENCE


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_relay(tmp_path_factory.mktemp("relay")) as running:
        yield running


def refused_at(answers: list[httpx.Response]) -> int:
    first = next(at for at, each in enumerate(answers) if each.status_code == 429)
    assert answers[first].json()["error"] == "too.many"
    assert int(answers[first].headers["Retry-After"]) >= 1
    assert answers[first].headers["Access-Control-Allow-Origin"] == ORIGIN
    return first


def test_twenty_messages_a_minute_of_a_session(tmp_path: Path) -> None:
    with running_relay(tmp_path, rates=Rates()) as relay, relay.visitor() as browser:
        sent = [
            browser.post("/v1/chat/messages", json={"client_id": f"m{n}", "text": "hi"})
            for n in range(22)
        ]
        assert refused_at(sent) in (20, 21)
        with relay.visitor(sub="another") as other:
            answer = other.post("/v1/chat/messages", json={"client_id": "m", "text": "hi"})
            assert answer.status_code == 201


def test_five_files_a_minute_of_a_session(tmp_path: Path) -> None:
    with running_relay(tmp_path, rates=Rates()) as relay, relay.visitor() as browser:
        sent = [browser.post("/v1/chat/files", content=b"text") for _ in range(7)]
        assert refused_at(sent) in (5, 6)


def test_limits_outlast_a_restart(tmp_path: Path) -> None:
    with running_relay(tmp_path, rates=Rates()) as relay, relay.visitor() as browser:
        for _n in range(5):
            browser.post("/v1/chat/files", content=b"text")
        session = browser.headers["Authorization"]
    with running_relay(tmp_path, rates=Rates()) as relay, relay.browser() as browser:
        browser.headers["Authorization"] = session
        answers = [browser.post("/v1/chat/files", content=b"text") for _ in range(2)]
    assert 429 in [each.status_code for each in answers]


def test_one_address_opens_few_sessions(tmp_path: Path) -> None:
    with running_relay(tmp_path, rates=Rates()) as relay, relay.browser() as browser:
        opened = [browser.post("/v1/sites/shop/session", json={}) for _ in range(33)]
    assert 30 <= refused_at(opened) <= 32


def test_one_address_votes_seldom(tmp_path: Path) -> None:
    with running_relay(tmp_path, rates=Rates()) as relay, relay.visitor() as browser:
        votes = [
            browser.post("/v1/sites/shop/faq/returns/vote", json={"helpful": True})
            for _ in range(12)
        ]
    assert 10 <= refused_at(votes) <= 11


def test_one_address_tries_few_tokens_and_the_box_goes_on(tmp_path: Path) -> None:
    with running_relay(tmp_path, rates=Rates()) as relay:
        with httpx.Client(base_url=relay.url, timeout=PATIENCE) as guesser:
            tried = [
                guesser.get(
                    "/box/v1/health", headers={"Authorization": f"Bearer {n:032}"}
                ).status_code
                for n in range(25)
            ]
        assert tried[0] == 401
        assert tried[-1] == 429
        with relay.box() as box:
            assert box.get("/box/v1/health?site=shop").status_code == 200


def test_a_forged_address_escapes_no_limit(tmp_path: Path) -> None:
    """W9: without a named proxy its header is only a text."""
    for trusted, expected in (((), True), (relay_config(tmp_path).trusted_proxies, False)):
        folder = tmp_path / str(len(trusted))
        with (
            running_relay(folder, rates=Rates(), trusted_proxies=trusted) as relay,
            relay.browser() as browser,
        ):
            answers = [
                browser.post(
                    "/v1/sites/shop/session",
                    json={},
                    headers={"X-Forwarded-For": f"198.51.100.{n}"},
                ).status_code
                for n in range(40)
            ]
        assert (429 in answers) is expected


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"client_id": "a", "text": "x" * 4_001}, 413),
        ({"client_id": "b", "text": "x" * 4_000}, 201),
        ({"client_id": "c", "text": "x", "files": ["f"] * 6}, 413),
        ({"client_id": "d", "text": "x" * 70_000}, 413),
    ],
)
def test_what_is_too_long_is_refused(relay: Running, said: dict[str, Any], status: int) -> None:
    with relay.visitor() as browser:
        answer = browser.post("/v1/chat/messages", json=said)
    assert answer.status_code == status
    if status == 413:
        assert answer.json()["error"] == "too.large"
        assert answer.json()["limit"] > 0

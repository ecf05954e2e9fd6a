"""The nginx configuration that we ship, run: TLS, streams at once, addresses, large files."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from helpdesk_tui.domain.webchat.wire import Author, OurMessage, message_json
from helpdesk_tui.relay.config import Rate
from tests.support.nginx import nginx_before
from tests.support.relay import ORIGIN, TOKEN, UNLIMITED, Running, running_relay, signed_token
from tests.support.waiting import AT_ONCE, PATIENCE


class Proxied:
    """The relay as the world reaches it."""

    def __init__(self, relay: Running, url: str, ca: Path) -> None:
        self.relay = relay
        self.url = url
        self.ca = str(ca)

    def client(self, **headers: str) -> httpx.Client:
        import ssl

        return httpx.Client(
            base_url=self.url,
            headers={"Origin": ORIGIN, **headers},
            verify=ssl.create_default_context(cafile=self.ca),
            timeout=PATIENCE,
        )


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    folder = tmp_path_factory.mktemp("nginx")
    rates = replace(UNLIMITED, sessions_address=Rate(30, 600))
    trusted = (ipaddress.ip_network("127.0.0.1"),)
    with running_relay(folder / "relay", rates=rates, trusted_proxies=trusted) as relay:
        port = int(relay.url.rpartition(":")[2])
        with nginx_before(port, folder) as (url, files):
            yield Proxied(relay, url, files.ca)


def session(proxied: Proxied, sub: str) -> str:
    with proxied.client() as browser:
        answer = browser.post("/v1/sites/shop/session", json={"token": signed_token(sub=sub)})
        answer.raise_for_status()
        return str(answer.json()["session"])


def test_an_answer_reaches_an_open_stream_at_once(proxied: Proxied) -> None:
    mine = session(proxied, "stream")
    with (
        proxied.client(Authorization=f"Bearer {mine}") as browser,
        httpx.Client(
            base_url=proxied.relay.url,
            headers={"Authorization": f"Bearer {TOKEN}"},
            timeout=PATIENCE,
        ) as box,
    ):
        said = browser.post("/v1/chat/messages", json={"client_id": "a", "text": "hello"})
        conversation = said.json()["conversation"]
        with browser.stream("GET", "/v1/stream", params={"after": said.json()["seq"]}) as stream:
            assert stream.status_code == 200
            assert stream.headers["Content-Type"].startswith("text/event-stream")
            lines = stream.iter_lines()
            next(lines)
            ours = OurMessage(
                conversation, "<m1@desk>", Author.AGENT, "Anna", "hi there", datetime.now(UTC)
            )
            began = time.monotonic()
            sent = box.post("/box/v1/messages?site=shop", json=message_json(ours))
            assert sent.status_code == 200
            for line in lines:
                if "hi there" in line:
                    break
            assert time.monotonic() - began < AT_ONCE


def test_a_file_of_ten_megabytes_passes_and_a_larger_one_is_refused(proxied: Proxied) -> None:
    with proxied.client(Authorization=f"Bearer {session(proxied, 'file')}") as browser:
        assert browser.post("/v1/chat/files", content=b"x" * 10_000_000).status_code == 201
        refused = browser.post("/v1/chat/files", content=b"x" * 10_000_001)
    assert refused.status_code == 413
    assert refused.json() == {"error": "too.large", "limit": 10_000_000}
    assert refused.headers["Access-Control-Allow-Origin"] == ORIGIN


def test_headers_pass_and_browsers_are_told_to_stay_with_tls(proxied: Proxied) -> None:
    with proxied.client() as browser:
        answer = browser.get("/v1/sites/shop")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert answer.headers.get("Server", "nginx") == "nginx"


def test_a_forged_address_is_replaced(proxied: Proxied) -> None:
    with proxied.client() as browser:
        statuses = [
            browser.post(
                "/v1/sites/shop/session",
                json={},
                headers={"X-Forwarded-For": f"198.51.100.{number}"},
            ).status_code
            for number in range(40)
        ]
    assert 429 in statuses

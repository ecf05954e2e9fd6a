"""Asking a relay: every answer that is none becomes a code, and the token goes to one host only."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from helpdesk_tui.domain.errors import HelpdeskError, UsageError
from helpdesk_tui.domain.webchat.wire import Author, OurMessage, WireFile
from helpdesk_tui.sync.channels.errors import AuthFailed, Gone, Rejected, Retry
from helpdesk_tui.sync.channels.webchat.client import RelayClient
from helpdesk_tui.sync.channels.webchat.settings import WebchatSettings, read_settings
from tests.support.store import START

HEADERS = {"X-Relay-Version": "1"}
PICTURE = b"picture"
FILE = WireFile("u1", "a.png", "image/png", len(PICTURE), hashlib.sha256(PICTURE).hexdigest())


def client(answer: Callable[[httpx.Request], httpx.Response]) -> RelayClient:
    settings = WebchatSettings("https://chat.shop.example", "shop")
    return RelayClient(settings, "secret-token", transport=httpx.MockTransport(answer))


def always(status: int = 200, **answer: Any) -> RelayClient:
    answer.setdefault("headers", HEADERS)
    return client(lambda _: httpx.Response(status, **answer))


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ("{", "channel.settings-broken"),
        ("[]", "channel.settings-broken"),
        ("{}", "relay.bad-url"),
        ('{"relay": "ftp://chat.shop.example"}', "relay.bad-url"),
        ('{"relay": "https://user:pass@chat.shop.example"}', "relay.bad-url"),
        ('{"relay": "https://chat.shop.example:port"}', "relay.bad-url"),
        ('{"relay": "http://chat.shop.example"}', "relay.plain-refused"),
        ('{"relay": "http://127.0.0.1.shop.example"}', "relay.plain-refused"),
    ],
)
def test_the_token_goes_only_where_it_is_encrypted(settings: str, code: str):
    with pytest.raises(UsageError) as caught:
        read_settings(settings, "shop")
    assert caught.value.code == code


@pytest.mark.parametrize("address", ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:1"])
def test_a_relay_on_this_machine_needs_no_encryption(address: str):
    assert read_settings(f'{{"relay": "{address}/"}}', "shop").relay == address


def test_a_site_has_an_id():
    with pytest.raises(UsageError, match=r"channel\.bad-site"):
        read_settings('{"relay": "https://chat.shop.example"}', "shop/../x")


def test_no_redirect_is_followed():
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(302, headers={**HEADERS, "Location": "https://evil.example/"})

    with pytest.raises(Retry, match=r"relay\.redirects"):
        client(answer).news(0, 0, 0)
    assert asked == ["chat.shop.example"]


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        ({"status": 401}, AuthFailed, "relay.token-refused"),
        ({"status": 403}, AuthFailed, "relay.token-refused"),
        ({"status": 503}, Retry, "relay.busy"),
        ({"status": 404, "text": "<html>nothing here"}, Retry, "relay.no-relay"),
        ({"status": 400, "json": {"error": "request.unreadable"}}, Rejected, "relay.refused"),
        ({"status": 200, "text": "<html>captive portal", "headers": {}}, HelpdeskError,
         "relay.version"),
        ({"status": 200, "json": {}, "headers": {"X-Relay-Version": "2"}}, HelpdeskError,
         "relay.version"),
        ({"status": 200, "text": "{"}, HelpdeskError, "relay.nonsense"),
        ({"status": 200, "json": {"events": [{"kind": "magic"}]}}, HelpdeskError,
         "relay.nonsense"),
        ({"status": 200, "json": {"events": "all"}}, HelpdeskError, "relay.nonsense"),
        ({"status": 200, "json": 7}, HelpdeskError, "relay.nonsense"),
    ],
)  # fmt: skip
def test_whatever_is_no_news_is_a_code(
    answer: dict[str, Any], kind: type[HelpdeskError], code: str
):
    with pytest.raises(kind) as caught:
        always(**answer).news(0, 0, 0)
    assert caught.value.code == code
    assert "secret-token" not in str(caught.value)


def test_a_busy_relay_says_when_to_come_back():
    with pytest.raises(Retry) as caught:
        always(429, headers={**HEADERS, "Retry-After": "7"}).health()
    assert caught.value.after == 7


@pytest.mark.parametrize(
    "error",
    [httpx.ConnectError("refused"), httpx.ReadError("reset"), httpx.RemoteProtocolError("garbage"),
     httpx.ReadTimeout("slow"), httpx.InvalidURL("x"), OSError("unreachable")],
)  # fmt: skip
def test_trouble_on_the_way_is_tried_again(error: Exception):
    def answer(_: httpx.Request) -> httpx.Response:
        raise error

    with pytest.raises(Retry):
        client(answer).news(0, 0, 0)


def test_every_request_has_a_time_limit():
    limits = []

    def answer(request: httpx.Request) -> httpx.Response:
        limits.append(request.extensions["timeout"])
        return httpx.Response(204, headers=HEADERS)

    asked = client(answer)
    asked.acknowledge(1)
    asked.typing("c1", "Anna", typing=True)
    asked.put_file("0" * 64, b"x")
    for limit in limits:
        assert all(0 < limit[part] <= 120 for part in ("connect", "read", "write", "pool"))


@pytest.mark.parametrize(
    ("data", "is_there"),
    [(PICTURE, True), (PICTURE + b"more", False), (b"another", False), (b"", False)],
)
def test_a_file_is_what_was_announced_or_it_is_gone(data: bytes, is_there: bool):
    asked = always(content=data)
    if is_there:
        assert asked.file(FILE) == PICTURE
        return
    with pytest.raises(Gone, match=r"relay\.file-gone"):
        asked.file(FILE)


def test_a_file_without_end_is_not_read_to_it():
    read = []

    def endless() -> Any:
        while True:
            read.append(1)
            yield b"x" * 65_536

    with pytest.raises(Gone):
        always(content=endless()).file(FILE)
    assert len(read) < 5


MESSAGE = OurMessage("c1", "m1", Author.AGENT, "Anna", "hello", START)


def test_a_message_names_the_files_that_are_missing():
    answer = {"error": "file.missing", "files": ["a" * 64]}
    assert always(409, json=answer).send(MESSAGE) == ("a" * 64,)
    assert always(200, json={"seq": 1, "repeated": True}).send(MESSAGE) == ()


@pytest.mark.parametrize(
    ("said", "code"),
    [("conversation.ended", "chat.ended"), ("conversation.unknown", "chat.unknown")],
)
def test_a_message_to_a_chat_that_is_over_says_so(said: str, code: str):
    with pytest.raises(Gone) as caught:
        always(409, json={"error": said}).send(MESSAGE)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("status", "said", "ended"),
    [(204, None, True), (409, "conversation.pending", False), (409, "conversation.ended", True)],
)
def test_an_end_holds_unless_the_visitor_has_said_more(status: int, said: str | None, ended: bool):
    answer = {} if said is None else {"json": {"error": said}}
    assert always(status, **answer).end("c1", 7, "agent") is ended


def test_courtesies_to_a_chat_that_is_over_hurt_nobody():
    over = always(404, json={"error": "conversation.unknown"})
    over.typing("c1", "Anna", typing=True)
    over.seen("c1", "m1")

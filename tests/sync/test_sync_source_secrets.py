"""A key that cannot be one, or a hostile answer, never brings the key where people read."""

from __future__ import annotations

import json

import httpx
import pytest

from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.sync.channels.errors import AuthFailed, Rejected, Retry
from helpdesk_tui.sync.http import Web, words_of
from helpdesk_tui.sync.providers.registry import connect

SECRET = "planted-6f1d0c"
KINDS = {
    "klaviyo": {},
    "shopify": {"shop": "acme.myshopify.com"},
    "recharge": {},
    "endpoint": {"url": "https://shop.example/helpdesk"},
}


def connected(kind: str) -> ConnectedSource:
    return ConnectedSource(1, "shop", kind, KINDS[kind])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("key", ["é{}", "{}\r\nHost: x", "\x00{}", "{}\u2028x", "{}\x7f"])
def test_what_can_be_no_key_is_refused_and_not_repeated(kind: str, key: str) -> None:
    with pytest.raises(AuthFailed) as caught:
        connect(connected(kind), key.format(SECRET))
    assert caught.value.code == "source.credentials"
    assert SECRET not in repr(caught.value.values)


@pytest.mark.parametrize("kind", KINDS)
def test_a_line_end_behind_a_key_is_no_part_of_it(kind: str) -> None:
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.extend(request.headers.values())
        return httpx.Response(401)

    source = connect(connected(kind), f"{SECRET}\n", transport=httpx.MockTransport(answer))
    checks = source.test()
    source.close()
    assert any(one.removeprefix("Bearer ").endswith(SECRET) for one in seen)
    assert SECRET not in repr(checks)


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_that_repeats_the_key_is_not_shown_with_it(kind: str) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        said = json.dumps({"error": SECRET, "errors": [{"detail": f"bad key {SECRET}"}]})
        return httpx.Response(422, stream=httpx.ByteStream(said.encode()))

    source = connect(connected(kind), SECRET, transport=httpx.MockTransport(answer))
    told: list[object] = [source.test()]
    try:
        told.append(source.about())
    except HelpdeskError as error:
        told.append(error.values)
    source.close()
    assert "***" in repr(told) or "HTTP 422" in repr(told)
    assert SECRET not in repr(told)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "where", ["https://elsewhere.example/", "http://127.0.0.1/", "file:///etc/passwd"]
)
def test_no_redirect_takes_a_key_elsewhere(kind: str, where: str) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(302, headers={"Location": where})

    source = connect(connected(kind), SECRET, transport=httpx.MockTransport(answer))
    with pytest.raises((Retry, Rejected)):
        source.about()
    source.close()
    assert len(set(asked)) == 1
    assert "elsewhere.example" not in asked


def test_a_header_that_is_none_is_not_quoted() -> None:
    web = Web("http://127.0.0.1:1", refused=lambda _: Rejected("x"))
    web.close()
    assert SECRET not in words_of(httpx.LocalProtocolError(f"Illegal header value b'{SECRET}'"))

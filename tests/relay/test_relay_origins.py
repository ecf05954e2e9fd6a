"""Exact origins of pages, and addresses of visitors behind named proxies only."""

from __future__ import annotations

import ipaddress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import Request

from helpdesk_tui.relay.origins import allowed, answer_headers, preflight_headers
from helpdesk_tui.relay.proxies import client_address, shared_by
from tests.support.relay import SITE

PROXY = (ipaddress.ip_network("127.0.0.1/32"), ipaddress.ip_network("10.0.0.0/8"))


@pytest.mark.parametrize(
    ("named", "origin"),
    [
        ("https://shop.example", "https://shop.example"),
        ("https://shop.example/", "https://shop.example"),
        ("HTTPS://Shop.Example:443", "https://shop.example"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("https://xn--krwa-nqa.example", "https://xn--krwa-nqa.example"),
    ],
)
def test_the_named_origin_may(named: str, origin: str) -> None:
    assert allowed(replace(SITE, origins=(named,)), origin)


@pytest.mark.parametrize(
    "origin",
    [
        "http://shop.example",
        "https://shop.example:8443",
        "https://shop.example.evil.example",
        "https://evilshop.example",
        "https://www.shop.example",
        "https://shop.example@evil.example",
        "https://evil.example/https://shop.example",
        "https://shop.example/",
        "https://SHOP.example",
        "https://shop.example:443",
        "https://shop.example\r\nX: y",
        "https://shop.example https://evil.example",
        "https://shop.example.",
        "https://shop%2eexample",
        "https://shop。example",
        "null",
        "*",
        "",
        "file://",
        "javascript:alert(1)",
        "https://",
        "https://" + "x" * 4_000,
        "https://[",
        "https://shop.example:99999",
        "https://shop.example:-1",
    ],
)
def test_any_other_origin_may_not(origin: str) -> None:
    assert not allowed(SITE, origin)


@pytest.mark.parametrize("wildcard", ["*", "https://*", "https://*.example", "null", "", "//"])
def test_a_wildcard_allows_nobody(wildcard: str) -> None:
    site = replace(SITE, origins=(wildcard,))
    for origin in ("https://shop.example", "https://evil.example", "null", "*", wildcard):
        assert not allowed(site, origin)


def test_answers_vary_by_origin_even_when_it_is_refused() -> None:
    assert answer_headers("https://evil.example", is_allowed=False) == {"Vary": "Origin"}
    assert preflight_headers("https://evil.example", is_allowed=False) == {"Vary": "Origin"}
    assert answer_headers(None, is_allowed=True) == {"Vary": "Origin"}
    given_ = preflight_headers("https://shop.example", is_allowed=True)
    assert given_["Access-Control-Allow-Origin"] == "https://shop.example"
    assert "Access-Control-Allow-Credentials" not in given_


def asked(peer: str | None, *forwarded: str) -> Request:
    scope: dict[str, Any] = {
        "type": "http",
        "headers": [(b"x-forwarded-for", each.encode("latin-1")) for each in forwarded],
        "client": (peer, 4_000) if peer is not None else None,
    }
    return Request(scope)


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("127.0.0.1", ["198.51.100.7"], "198.51.100.7"),
        ("127.0.0.1", ["203.0.113.9, 198.51.100.7"], "198.51.100.7"),
        ("127.0.0.1", ["203.0.113.9", "198.51.100.7"], "198.51.100.7"),
        ("127.0.0.1", ["198.51.100.7, 10.1.2.3"], "198.51.100.7"),
        ("127.0.0.1", ["198.51.100.7:55555"], "198.51.100.7"),
        ("127.0.0.1", ["[2001:db8::1]:55555"], "2001:db8::1"),
        ("127.0.0.1", ["::ffff:198.51.100.7"], "198.51.100.7"),
        ("::ffff:127.0.0.1", ["198.51.100.7"], "198.51.100.7"),
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", ["10.1.2.3"], "10.1.2.3"),
        ("127.0.0.1", ["unknown"], "127.0.0.1"),
        ("127.0.0.1", ["198.51.100.7, <script>"], "127.0.0.1"),
        ("127.0.0.1", ["198.51.100.7, "], "127.0.0.1"),
        ("127.0.0.1", ["1.1.1.1," * 50 + "198.51.100.7"], "198.51.100.7"),
        ("198.51.100.7", ["127.0.0.1"], "198.51.100.7"),
        ("198.51.100.7", ["203.0.113.9"], "198.51.100.7"),
        (None, ["203.0.113.9"], ""),
        ("", ["203.0.113.9"], ""),
    ],
)
def test_only_named_proxies_are_believed(
    peer: str | None, forwarded: list[str], found: str
) -> None:
    assert client_address(asked(peer, *forwarded), PROXY) == found


def test_without_a_named_proxy_nothing_is_believed() -> None:
    assert client_address(asked("127.0.0.1", "203.0.113.9"), ()) == "127.0.0.1"


@settings(max_examples=300)
@given(st.text(st.characters(max_codepoint=255), max_size=80))
def test_a_header_of_any_kind_gives_an_address(header: str) -> None:
    ipaddress.ip_address(client_address(asked("127.0.0.1", header), PROXY))


@settings(max_examples=200)
@given(st.ip_addresses())
def test_what_an_address_shares_is_an_address(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    assert ipaddress.ip_address(shared_by(str(address)))

"""Addresses of the web: what is one, what is this machine's own, what its origin is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_tui.domain.web_addresses import (
    is_base,
    is_local,
    is_loopback,
    is_safe,
    origin_of,
    parts_of,
)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("::1", True),
        ("[::1]", True),
        ("127.0.0.1.evil.example", False),
        ("localhost.shop.example", False),
        ("10.0.0.1", False),
        ("", False),
    ],
)
def test_only_this_machine_is_this_machine(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nonsense",
        "//shop.example",
        "ftp://shop.example",
        "javascript:alert(1)",
        "https://",
        "https://[",
        "https://[broken/",
        "https://shop.example:99999",
        "https://shop.example:-1",
        "https://shop.example:0",
        "https://shop.example:x",
        "https://user@shop.example",
        "https://:secret@shop.example",
        "https://shop.example/a b",
        "https://shop.example/\x1b",
        "https://shop.exämple",
        "https://shop.example/" + "x" * 500,
    ],
)
def test_what_is_no_address_is_good_for_nothing(address: str) -> None:
    assert parts_of(address) is None
    assert not any(tell(address) for tell in (is_safe, is_local, is_base, origin_of))


@pytest.mark.parametrize(
    ("address", "safe", "local"),
    [
        ("https://shop.example/a?b=c#d", True, False),
        ("https://127.0.0.1/", True, True),
        ("http://localhost:8080", True, True),
        ("http://[::1]:8080", True, True),
        ("http://shop.example", False, False),
        ("http://localhost.shop.example/", False, False),
    ],
)
def test_plain_text_stays_on_this_machine(address: str, safe: bool, local: bool) -> None:
    assert (is_safe(address), is_local(address)) == (safe, local)


@pytest.mark.parametrize("mark", ["?", "?a", "#", "#a"])
def test_nothing_can_be_put_behind_a_query_or_a_fragment(mark: str) -> None:
    assert is_base("https://chat.shop.example/relay")
    assert not is_base(f"https://chat.shop.example/relay{mark}")


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://shop.example", "https://shop.example"),
        ("HTTPS://Shop.Example/a?b", "https://shop.example"),
        ("https://shop.example:443/", "https://shop.example"),
        ("http://shop.example:80", "http://shop.example"),
        ("https://shop.example:80", "https://shop.example:80"),
        ("https://shop.example:", "https://shop.example"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
        ("https://*.shop.example", ""),
        ("https://-shop.example", ""),
        ("null", ""),
    ],
)
def test_an_origin_is_written_as_browsers_do(address: str, origin: str) -> None:
    assert origin_of(address) == origin


@settings(max_examples=300)
@given(st.text(max_size=40) | st.text(max_size=30).map("https://{}".format))
def test_only_what_is_an_origin_is_one(text: str) -> None:
    found = origin_of(text)
    assert found == "" or (found.startswith(("http://", "https://")) and origin_of(found) == found)

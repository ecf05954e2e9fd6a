"""Webhooks of providers: signed rightly they are kept and fetched, else nothing is stored."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from helpdesk_tui.relay.config import Rate, Rates
from tests.support.relay import running_relay
from tests.support.relay_hooks import (
    APP_SECRET,
    FORM,
    VERIFY_TOKEN,
    Hooked,
    hooked,
    meta_body,
    metas_signature,
    shared,
    twilios_signature,
)
from tests.support.waiting import PATIENCE

__all__ = ["hooked", "shared"]

TEXT = meta_body("hello")
SMS = {"MessageSid": "SM1", "From": "+15557770001", "To": "+15550001111", "Body": "Cześć & 1+1"}


def test_what_meta_signed_waits_as_it_came(hooked: Hooked) -> None:
    body = b' {"text" : "za\\u017c\xc3\xb3\xc5\x82\xc4\x87 \\ud83d\\ude00"}\n'

    answer = hooked.meta(body)

    assert (answer.status_code, answer.content) == (200, b"")
    (kept,) = hooked.waiting()
    assert kept["body"] == body.decode()
    assert kept["content_type"] == "application/json"


def test_what_twilio_signed_waits_and_is_answered_with_an_empty_document(hooked: Hooked) -> None:
    answer = hooked.twilio(SMS)

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/xml")
    assert answer.text.endswith("<Response/>")
    (kept,) = hooked.waiting("t")
    assert dict(httpx.QueryParams(kept["body"])) == SMS


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Hub-Signature-256": metas_signature(TEXT, "another")},
        {"X-Hub-Signature-256": metas_signature(TEXT + b" ")},
        {"X-Hub-Signature-256": ""},
        {"X-Hub-Signature-256": "sha256="},
        {"X-Hub-Signature-256": metas_signature(TEXT).removeprefix("sha256=")},
        {"X-Hub-Signature-256": metas_signature(TEXT).upper()},
        {"X-Hub-Signature-256": "sha256=\xe9"},
        {"X-Hub-Signature-256": "", "X-Hub-Signature": "sha1=0"},
        {"X-Hub-Signature-256": metas_signature(TEXT, "")},
    ],
)
def test_of_a_wrong_signature_of_meta_nothing_is_stored(
    hooked: Hooked, headers: dict[str, str]
) -> None:
    raw = {name: value.encode("latin-1") for name, value in headers.items()}

    answer = httpx.post(f"{hooked.relay.url}/hooks/m", content=TEXT, headers=raw, timeout=PATIENCE)  # type: ignore[arg-type]

    assert answer.status_code == 403
    assert answer.json() == {"error": "signature.wrong"}
    assert hooked.waiting() == []


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"X-Twilio-Signature": ""}, SMS),
        ({"X-Twilio-Signature": "0/KCTR6DLpKmkAf8muzZqo1nDgQ="}, SMS),
        ({"Content-Type": "application/json"}, SMS),
        ({"Content-Type": "multipart/form-data; boundary=x"}, SMS),
    ],
)
def test_of_a_wrong_signature_of_twilio_nothing_is_stored(
    hooked: Hooked, changes: dict[str, str], fields: dict[str, str]
) -> None:
    assert hooked.twilio(fields, **changes).status_code == 403
    assert hooked.waiting("t") == []


def test_a_form_that_was_changed_on_the_way_is_refused(hooked: Hooked) -> None:
    url = f"{hooked.relay.url}/hooks/t"
    headers = {"Content-Type": FORM, "X-Twilio-Signature": twilios_signature(url, SMS)}

    answer = httpx.post(
        url, data=SMS | {"Body": "something else"}, headers=headers, timeout=PATIENCE
    )

    assert answer.status_code == 403
    assert hooked.waiting("t") == []


@pytest.mark.parametrize("query", ["?a=1&b=2", "?name=Z%C3%B3%C5%82w&x=", "?q=a%20b%2Bc~d"])
def test_twilio_signs_the_query_too(hooked: Hooked, query: str) -> None:
    assert hooked.twilio(SMS, query=query).status_code == 200
    foreign = f"{hooked.relay.url}/hooks/t{query}1"
    assert hooked.twilio(SMS, query=query, url=foreign).status_code == 403


def test_a_form_of_all_characters_is_signed_byte_by_byte(hooked: Hooked) -> None:
    fields = {"Body": "".join(map(chr, range(1, 800))) + "😀", "Empty": "", "a": "ü", "Z": "%2B"}

    assert hooked.twilio(fields).status_code == 200


@pytest.mark.parametrize(
    ("public", "called"),
    [
        ("https://chat.shop.example", "https://chat.shop.example"),
        ("https://chat.shop.example", "https://chat.shop.example:443"),
        ("https://chat.shop.example:8443", "https://chat.shop.example:8443"),
        ("https://shop.example/chat", "https://shop.example/chat"),
    ],
)
def test_behind_a_proxy_the_public_address_is_what_was_signed(
    tmp_path: Path, public: str, called: str
) -> None:
    with running_relay(tmp_path, site=None, public_url=public) as relay:
        hooked = Hooked(relay)
        assert hooked.publish("t", "twilio") == f"{public}/hooks/t"
        assert hooked.twilio(SMS, query="?x=1", url=f"{called}/hooks/t?x=1").status_code == 200
        assert hooked.twilio(SMS, query="?x=1").status_code == 403


def test_without_a_public_address_a_named_proxy_says_how_it_was_called(hooked: Hooked) -> None:
    said = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "chat.shop.example"}

    answer = hooked.twilio(SMS, url="https://chat.shop.example/hooks/t", **said)

    assert answer.status_code == 200


def test_nobody_else_says_how_it_was_called(tmp_path: Path) -> None:
    with running_relay(tmp_path, site=None, trusted_proxies=()) as relay:
        hooked = Hooked(relay)
        hooked.publish("t", "twilio")
        said = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}
        answer = hooked.twilio(SMS, url="https://evil.example/hooks/t", **said)
    assert answer.status_code == 403


@pytest.mark.parametrize("provider", ["meta", "twilio"])
@pytest.mark.parametrize("secrets", [[], [""], ["  "]])
def test_without_a_secret_everything_is_refused(
    hooked: Hooked, provider: str, secrets: list[str]
) -> None:
    hooked.publish("empty", provider, secrets=secrets)
    secret = "".join(secrets)
    url = f"{hooked.relay.url}/hooks/empty"
    headers = {
        "Content-Type": FORM,
        "X-Hub-Signature-256": metas_signature(b"", secret),
        "X-Twilio-Signature": twilios_signature(url, {}, secret),
    }

    assert httpx.post(url, content=b"", headers=headers, timeout=PATIENCE).status_code == 403
    assert hooked.waiting("empty") == []


def test_while_a_secret_is_changed_both_sign(hooked: Hooked) -> None:
    hooked.publish("m", "meta", secrets=["new", APP_SECRET])
    assert hooked.meta(TEXT).status_code == 200
    new = {"X-Hub-Signature-256": metas_signature(b"{}", "new")}
    assert hooked.meta(b"{}", **new).status_code == 200

    hooked.publish("m", "meta", secrets=["new"])

    assert hooked.meta(b"[1]").status_code == 403


def test_meta_is_shown_that_the_address_is_ours(hooked: Hooked) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": "1158201"}

    answer = httpx.get(f"{hooked.relay.url}/hooks/m", params=asked, timeout=PATIENCE)

    assert (answer.status_code, answer.text) == (200, "1158201")
    assert answer.headers["content-type"].startswith("text/plain")
    assert hooked.health()["verified_at"]


@pytest.mark.parametrize(
    "change",
    [
        {"hub.verify_token": "wrong"},
        {"hub.verify_token": ""},
        {"hub.mode": "unsubscribe"},
        {"hub.challenge": ""},
        {"hub.challenge": "<script>alert(1)</script>"},
        {"hub.challenge": "1" * 300},
    ],
)
def test_whoever_does_not_know_the_token_is_shown_nothing(
    hooked: Hooked, change: dict[str, str]
) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": "1"}

    answer = httpx.get(f"{hooked.relay.url}/hooks/m", params=asked | change, timeout=PATIENCE)

    assert answer.status_code == 403


def test_a_webhook_without_verify_tokens_shakes_no_hands(hooked: Hooked) -> None:
    hooked.publish("m", "meta", verify_tokens=[])
    asked = {"hub.mode": "subscribe", "hub.verify_token": "", "hub.challenge": "1"}

    assert (
        httpx.get(f"{hooked.relay.url}/hooks/m", params=asked, timeout=PATIENCE).status_code == 403
    )
    assert (
        httpx.get(f"{hooked.relay.url}/hooks/t", params=asked, timeout=PATIENCE).status_code == 405
    )
    assert (
        httpx.get(f"{hooked.relay.url}/hooks/unknown", params=asked, timeout=PATIENCE).status_code
        == 404
    )


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ({"provider": "other"}, "provider"),
        ({"provider": "meta", "secrets": "text"}, "secrets"),
        ({"provider": "meta", "secrets": [1]}, "secrets"),
        ({"provider": "meta", "secrets": ["x" * 501]}, "secrets"),
        ({"provider": "meta", "consumers": ["a b"]}, "consumers"),
        ({"provider": "meta", "verify_tokens": ["x"] * 101}, "verify_tokens"),
    ],
)
def test_a_webhook_of_another_form_is_not_published(
    hooked: Hooked, said: dict[str, object], what: str
) -> None:
    with hooked.relay.box() as box:
        answer = box.put("/box/v1/hooks/odd", json=said)

    assert answer.status_code == 400
    assert answer.json()["what"] == what


def test_many_forgeries_are_slowed_down_and_the_provider_is_not(tmp_path: Path) -> None:
    rates = Rates(forgeries_address=Rate(5, 60))
    with running_relay(tmp_path, site=None, rates=rates) as relay:
        hooked = Hooked(relay)
        hooked.publish("m", "meta")
        forged = {"X-Hub-Signature-256": metas_signature(TEXT, "guessed")}

        statuses = [hooked.meta(TEXT, **forged).status_code for _ in range(8)]

        assert statuses == [403] * 5 + [429] * 3
        assert hooked.meta(TEXT).status_code == 200
        assert hooked.health()["refused"] == 5
        assert httpx.get(f"{relay.url}/hooks/unknown", timeout=PATIENCE).status_code == 429


def test_a_provider_may_send_more_than_a_browser(tmp_path: Path) -> None:
    rates = Rates(reads_address=Rate(5, 60))
    with running_relay(tmp_path, site=None, rates=rates) as relay:
        hooked = Hooked(relay)
        hooked.publish("m", "meta")
        for number in range(20):
            assert hooked.meta(meta_body(str(number))).status_code == 200
        assert len(hooked.waiting()) == 20


def test_bodies_have_an_end(hooked: Hooked) -> None:
    limit = hooked.relay.config.hook_limit
    assert hooked.meta(b"x" * limit).status_code == 200
    assert hooked.meta(b"x" * (limit + 1)).status_code == 413


def test_large_bodies_share_a_room_in_which_small_ones_need_none(tmp_path: Path) -> None:
    with running_relay(tmp_path, site=None, hooks_held=100_000) as relay:
        hooked = Hooked(relay)
        hooked.publish("m", "meta")
        assert hooked.meta(b"x" * 200_000).status_code == 429
        assert hooked.meta(b"x" * 60_000).status_code == 200
        assert hooked.meta(b"x" * 90_000).status_code == 200
        assert hooked.meta(b"y" * 90_000).status_code == 200

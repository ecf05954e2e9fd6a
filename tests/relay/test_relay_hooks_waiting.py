"""What came by a webhook waits for every account, once, until the box has fetched it."""

from __future__ import annotations

import threading
from pathlib import Path

import httpx
import pytest

from tests.support.relay import running_relay
from tests.support.relay_hooks import (
    Hooked,
    hooked,
    meta_body,
    shared,
)
from tests.support.waiting import AT_ONCE, PATIENCE

__all__ = ["hooked", "shared"]

TEXT = meta_body("hello")


def test_the_same_bytes_wait_once(hooked: Hooked) -> None:
    for _ in range(3):
        assert hooked.meta(TEXT).status_code == 200

    assert hooked.bodies() == [TEXT.decode()]


def test_a_delivery_waits_for_every_account(hooked: Hooked) -> None:
    hooked.publish("m", "meta", consumers=["one", "two"])
    hooked.meta(TEXT)
    seq = hooked.waiting()[0]["seq"]

    assert hooked.acknowledge(seq, consumer="one") == 204

    assert hooked.bodies(consumer="one") == []
    assert hooked.bodies(consumer="two") == [TEXT.decode()]
    assert hooked.health()["waiting"] == {"one": 0, "two": 1}
    assert hooked.acknowledge(seq, consumer="two") == 204
    assert hooked.health()["oldest"] is None


def test_an_account_that_is_named_no_more_is_not_waited_for(hooked: Hooked) -> None:
    hooked.publish("m", "meta", consumers=["one", "two"])
    hooked.meta(TEXT)
    hooked.acknowledge(hooked.waiting()[0]["seq"], consumer="one")

    hooked.publish("m", "meta", consumers=["one"])

    assert hooked.health()["oldest"] is None


def test_an_account_that_is_named_later_gets_what_waits(hooked: Hooked) -> None:
    hooked.meta(TEXT)

    hooked.publish("m", "meta", consumers=["one", "late"])

    assert hooked.bodies(consumer="late") == [TEXT.decode()]


def test_acknowledging_less_than_before_changes_nothing(hooked: Hooked) -> None:
    hooked.publish("m", "meta", consumers=["one", "two"])
    hooked.meta(TEXT)
    seq = hooked.waiting()[0]["seq"]

    hooked.acknowledge(seq)
    hooked.acknowledge(0)

    assert hooked.bodies() == []


def test_what_comes_while_the_box_waits_is_told_at_once(hooked: Hooked) -> None:
    timer = threading.Timer(0.3, lambda: hooked.meta(TEXT))
    timer.start()
    with hooked.relay.box() as box:
        params: dict[str, str | int] = {"consumer": "one", "wait": 25}
        answer = box.get("/box/v1/hooks/m/deliveries", params=params)
    timer.join()

    assert [each["body"] for each in answer.json()["deliveries"]] == [TEXT.decode()]
    assert answer.elapsed.total_seconds() < AT_ONCE


@pytest.mark.parametrize(
    "path", ["/box/v1/hooks/m", "/box/v1/hooks/m/deliveries", "/box/v1/hooks/m/health"]
)
def test_only_the_box_may_ask(hooked: Hooked, path: str) -> None:
    method = "PUT" if path.endswith("/m") else "GET"

    assert (
        httpx.request(method, f"{hooked.relay.url}{path}", json={}, timeout=PATIENCE).status_code
        == 401
    )


def test_an_unknown_webhook_or_account_is_told_apart(hooked: Hooked) -> None:
    with hooked.relay.box() as box:
        for hook, code in (("nowhere", "hook.unknown"), ("m", "consumer.unknown")):
            answer = box.get(
                f"/box/v1/hooks/{hook}/deliveries", params={"consumer": "nobody", "wait": 0}
            )
            assert (answer.status_code, answer.json()["error"]) == (404, code)
        assert box.get("/box/v1/hooks/nowhere/health").json()["known"] is False


def test_what_waits_outlives_the_relay(tmp_path: Path) -> None:
    with running_relay(tmp_path, site=None) as relay:
        hooked = Hooked(relay)
        hooked.publish("m", "meta")
        hooked.meta(TEXT)
    with running_relay(tmp_path, site=None) as relay:
        assert Hooked(relay).bodies() == [TEXT.decode()]
        assert Hooked(relay).meta(meta_body("more")).status_code == 200


def test_large_deliveries_are_fetched_in_parts(hooked: Hooked) -> None:
    for letter in b"abc":
        hooked.meta(bytes([letter]) * 1_500_000)

    seen = []
    while part := hooked.waiting():
        seen += [each["body"][0] for each in part]
        hooked.acknowledge(part[-1]["seq"])
    assert seen == ["a", "b", "c"]

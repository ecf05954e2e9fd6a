"""The rig of simulated shops itself: what fails a test, and what does not."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.support.providers.faults import Fault
from tests.support.providers.running import ContractBroken
from tests.support.shops.running import running_shops
from tests.support.waiting import PATIENCE, until


class Corner:
    """A shop that says hello."""

    def __init__(self, name="corner"):
        self.name, self.url, self.document = name, "", ""
        self.busy = {"why": "busy"}

    def routes(self, watch):
        return [Route("/hello", lambda request: JSONResponse({"hello": "you"}), name="hello")]


def test_shop_answers_and_is_watched() -> None:
    shop = Corner()
    with running_shops(shop) as shops:
        assert httpx.get(f"{shop.url}/hello", timeout=PATIENCE).json() == {"hello": "you"}
        assert [one.status for one in shops.watch.of("hello")] == [200]


def test_planned_trouble_comes_once_and_in_the_shops_own_words() -> None:
    shop = Corner()
    with running_shops(shop) as shops:
        shops.faults.next("hello", Fault.BUSY)
        busy = httpx.get(f"{shop.url}/hello", timeout=PATIENCE)
        assert (busy.status_code, busy.json()) == (429, {"why": "busy"})
        assert busy.headers["Retry-After"] == "1"
        assert httpx.get(f"{shop.url}/hello", timeout=PATIENCE).status_code == 200


def test_slow_answer_delays_nobody_else() -> None:
    slow, quick = Corner(), Corner("quick")
    with running_shops(slow, quick) as shops:
        shops.faults.slow("hello", 1.0)
        with ThreadPoolExecutor(1) as pool:
            began = time.monotonic()
            asked = pool.submit(httpx.get, f"{slow.url}/hello", timeout=PATIENCE)
            until(lambda: shops.watch.of("hello"))
            shops.faults.stop()
            assert httpx.get(f"{quick.url}/hello", timeout=PATIENCE).is_success
            assert asked.result().is_success
            assert time.monotonic() - began >= 0.95
        assert [one.status for one in shops.watch.of("hello")] == [200, 200]


def test_question_that_no_shop_knows_fails_the_test() -> None:
    shop = Corner()
    with pytest.raises(ContractBroken, match="knows nothing of GET /bye"), running_shops(shop):
        httpx.get(f"{shop.url}/bye", timeout=PATIENCE)

"""The simulated providers of customer context, in a process of their own, as real ones are.

What they take to answer is not ours, and must not keep the worker's threads from running either.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider as it is connected."""

    name: str
    settings: dict[str, str]
    secret: str


class Providers:
    """All providers of one measurement."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self.all: tuple[Provider, ...] = pipe.recv()

    def know(self, email: str) -> None:
        """Let somebody be a customer everywhere."""
        self._ask("know", email)

    def slow(self, seconds: float) -> None:
        """Let each answer take so long from now on."""
        self._ask("slow", seconds)

    def asked(self) -> int:
        """Return how many requests came so far."""
        return int(self._ask("asked"))

    def refused(self) -> int:
        """Return how many of them Klaviyo's limits have refused."""
        return int(self._ask("refused"))

    def _ask(self, *what: object) -> Any:
        self._pipe.send(what)
        return self._pipe.recv()


@contextmanager
def providers(*, only_klaviyo: bool = False) -> Iterator[Providers]:
    """Run the providers.

    Raises:
        RuntimeError: if one was asked for something that its contract does not know.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, only_klaviyo))
    process.start()
    theirs.close()
    try:
        yield Providers(ours)
        ours.send(None)
        process.join(10)
    finally:
        ours.close()
        process.terminate()
        process.join()
    if process.exitcode:
        raise RuntimeError("the simulated providers were not asked as their contracts say")


def _serve(pipe: Connection, only_klaviyo: bool) -> None:
    from tests.support.shops.klaviyo import KlaviyoShop
    from tests.support.shops.running import running_shops

    klaviyo = KlaviyoShop()
    makes: list[Callable[[str], object]] = [
        lambda email: klaviyo.has(email, analytics={"total_clv": 1}, segments=["VIP"])
    ]
    shops = [klaviyo, *([] if only_klaviyo else _others(makes))]
    with running_shops(*shops, validate_one_in=50) as served:
        answers: dict[str, Callable[..., object]] = {
            "know": lambda email: len([make(email) for make in makes]),
            "slow": lambda seconds: served.faults.slow("*", seconds),
            "asked": lambda: len(served.watch.asked),
            "refused": lambda: klaviyo.windows.refused,
        }
        pipe.send(tuple(_provider(shop) for shop in shops))
        while (wanted := pipe.recv()) is not None:
            name, *values = wanted
            pipe.send(answers[name](*values))


def _others(makes: list[Callable[[str], object]]) -> list[Any]:
    from tests.support.shops.endpoint import OwnEndpoint
    from tests.support.shops.recharge import Recharge

    recharge, endpoint = Recharge(), OwnEndpoint()
    makes.append(lambda email: recharge.subscribe(recharge.add_customer(email), "Tea"))
    makes.append(lambda email: endpoint.has(email, email, orders=[]))
    found: list[Any] = [recharge, endpoint]
    if os.environ.get("HELPDESK_MATERIAL"):
        from tests.support.shops.shopify import ShopifyShop

        shopify = ShopifyShop()
        makes.append(lambda email: shopify.ordered(shopify.has("A", email), ("Tea", "9.25", 2)))
        found.append(shopify)
    return found


def _provider(shop: Any) -> Provider:
    settings = {"api": shop.url}
    if shop.name == "endpoint":
        settings = {"url": f"{shop.url}/helpdesk"}
    if shop.name == "shopify":
        settings["shop"] = shop.domain
    secret = getattr(shop, "key", "") or getattr(shop, "token", "")
    return Provider(shop.name, settings, secret)

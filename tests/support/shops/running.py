"""The simulated shops of one test, on loopback: start them and be held to their contracts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tests.support.providers.faults import Faults
from tests.support.providers.front import Front, Watch
from tests.support.providers.running import ContractBroken, is_validated
from tests.support.serving import serving


class Shop(Protocol):
    """One simulated shop, as it is served."""

    name: str
    """What operations are named with: ``klaviyo`` …"""
    url: str
    """Set once it listens."""
    document: str
    """File of its OpenAPI contract; empty: it holds requests to a contract itself."""

    @property
    def busy(self) -> Mapping[str, Any]:
        """Body of a planned 429."""

    def routes(self, watch: Watch) -> list[Route]:
        """Return what it answers; a route is named ``operation`` or ``operation|template``.

        Args:
            watch: Where it complains about requests that its document cannot judge.
        """


@dataclass(slots=True)
class Shops:
    """All that is served in one test."""

    faults: Faults
    """What is to go wrong, by operation; ``faults.slow`` delays."""
    watch: Watch
    """What was asked."""
    elsewhere: str = ""
    """Another host: nobody of ours should ever be seen there."""
    trespasses: list[dict[str, str]] = field(default_factory=list)
    """Headers of what came to the other host."""

    def clean(self) -> None:
        """Be as new for the next test; what serves goes on."""
        self.faults.stop()
        self.faults.retry_after = 1
        self.watch.asked.clear()
        self.trespasses.clear()

    def trespass(self, request: Request) -> Response:
        """Answer somebody who was led to the other host."""
        self.trespasses.append({**request.headers, "path": request.url.path})
        return PlainTextResponse("stolen")


@contextmanager
def running_shops(
    *shops: Shop, seed: int = 1, validate_one_in: int = 1, is_strict: bool = True
) -> Iterator[Shops]:
    """Run shops; leaving stops them and fails if a contract was broken.

    Without the vendors' contracts (``HELPDESK_MATERIAL``) everything works, unvalidated, and says
    so once.

    Args:
        shops: Which.
        seed: Of all that happens by chance.
        validate_one_in: Hold only every so-many-th request to the contract.
        is_strict: Fail at the end because of broken contracts; else look at
            ``watch.violations``.
    """
    if not is_validated():
        print("shops: unvalidated; HELPDESK_MATERIAL names no folder with contracts")
    served = Shops(Faults(seed), Watch(validate_one_in=validate_one_in))

    def fronts(urls: list[str]) -> list[Front]:
        served.elsewhere = urls[-1]
        for shop, url in zip(shops, urls, strict=False):
            shop.url = url
        return [*(_front(shop, served) for shop in shops), _other_host(served)]

    with serving(len(shops) + 1, fronts, served.watch.closing, name="shops"):
        yield served
    if served.watch.violations and is_strict:
        raise ContractBroken("\n".join(dict.fromkeys(served.watch.violations)))


def _front(shop: Shop, served: Shops) -> Front:
    return Front(
        shop.name,
        shop.routes(served.watch),
        shop.document,
        served.watch,
        served.faults,
        served.elsewhere,
        busy=shop.busy,
    )


def _other_host(served: Shops) -> Front:
    methods = ["GET", "POST", "PUT", "DELETE"]
    route = Route("/{path:path}", served.trespass, methods=methods, name="elsewhere")
    return Front("elsewhere", [route], "", served.watch, Faults(), served.elsewhere)

"""Klaviyo over real HTTP as fixtures: one account for all tests of a file, empty for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from helpdesk_tui.domain.commerce.facts import Facts, Failure
from tests.support.shops.klaviyo import KlaviyoShop, SimProfile
from tests.support.shops.klaviyo_desk import running_klaviyo
from tests.support.shops.running import Shops


@pytest.fixture(scope="module", name="served")
def _served() -> Iterator[tuple[KlaviyoShop, Shops]]:
    with running_klaviyo() as served:
        yield served


@pytest.fixture(name="sim")
def _sim(served: tuple[KlaviyoShop, Shops]) -> KlaviyoShop:
    sim, shops = served
    sim.reset()
    shops.clean()
    return sim


@pytest.fixture(name="shops")
def _shops(served: tuple[KlaviyoShop, Shops]) -> Shops:
    return served[1]


@pytest.fixture(name="ada")
def _ada(sim: KlaviyoShop) -> SimProfile:
    return sim.has("ada@example.com", analytics={"total_clv": 5}, segments=["VIP"], lists=["All"])


def failure(found: list[Facts]) -> Failure:
    """Return why the one section that was asked for is not there."""
    ((_section, why),) = found[-1].failed.items()
    return why

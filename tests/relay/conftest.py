"""What the tests of the widget share: one browser and one relay for each file of them.

Playwright keeps an event loop running in this thread, so it must be over before other tests begin.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.relay import running_relay
from tests.support.widget import Desk, ShopPages, running_chromium


@pytest.fixture(scope="module")
def shop_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Return a shop with a relay and a browser."""
    with (
        running_chromium() as browser,
        running_relay(tmp_path_factory.mktemp("relay"), site=None) as relay,
    ):
        pages = ShopPages()
        try:
            yield Desk(relay, pages, browser)
        finally:
            pages.stop()


@pytest.fixture
def desk(shop_desk: Desk) -> Iterator[Desk]:
    """Return the shop; afterwards no page has had an error of its script."""
    shop_desk.errors.clear()
    try:
        yield shop_desk
    finally:
        shop_desk.close()
    assert shop_desk.errors == []

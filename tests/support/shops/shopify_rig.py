"""A simulated shop at Shopify with sources joined to it, closed at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from helpdesk_tui.domain.commerce.actions import ActionKind, ActionRequest, Phase, Preview
from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.facts import Facts, Section
from helpdesk_tui.domain.commerce.identities import Identities, Identity
from helpdesk_tui.sync.pacing import Paces
from helpdesk_tui.sync.providers.shopify.source import ShopifySource, connect
from tests.support.shops.running import Shops, running_shops
from tests.support.shops.shopify import ShopifyShop
from tests.support.shops.shopify_orders import SimOrder
from tests.support.shops.shopify_routes import needs_schema
from tests.support.shops.shopify_views import gid

ALL = (Section.PROFILE, Section.VALUE, Section.ORDERS)


class Steps(list[tuple[Phase, dict[str, Any]]]):
    """How far a change came, as the worker would have noted it."""

    def __call__(self, phase: Phase, values: Mapping[str, Any]) -> None:
        self.append((phase, dict(values)))

    @property
    def phases(self) -> list[Phase]:
        """The phases alone."""
        return [phase for phase, _ in self]

    @property
    def told(self) -> dict[str, Any]:
        """All values together: what a look-up is given."""
        return {name: each for _, values in self for name, each in values.items()}


@dataclass(slots=True)
class ShopifyRig:
    """What a test of Shopify works with."""

    sim: ShopifyShop
    shops: Shops
    opened: list[ShopifySource] = field(default_factory=list)

    def clean(self) -> ShopifyRig:
        """Be as new for the next test; what serves goes on."""
        self.close()
        self.sim.reset()
        self.shops.faults.stop()
        self.shops.watch.asked.clear()
        self.shops.trespasses.clear()
        return self

    def joined(self, key: str = "", paces: Paces | None = None) -> ShopifySource:
        """Return a source that asks the simulated shop."""
        settings = {"shop": self.sim.domain, "api": self.sim.url}
        connected = ConnectedSource(1, "acme", "shopify", settings)
        self.opened.append(connect(connected, key or self.sim.key, paces=paces))
        return self.opened[-1]

    def told(self, customer: int | str, sections: tuple[Section, ...] = ALL) -> list[Facts]:
        """Return what a fresh source tells of a customer, piece by piece."""
        told: list[Facts] = []
        self.joined().fetch(str(customer), sections, told.append)
        return told

    def edit(self, order: SimOrder, counts: Mapping[int, int], **more: Any) -> ActionRequest:
        """Return the request for other quantities: place of the line → how many."""
        items = {gid("LineItem", order.lines[at].number): n for at, n in counts.items()}
        return self._request(ActionKind.ORDER_EDIT, order, {"items": items, **more})

    def cancel(self, order: SimOrder, **more: Any) -> ActionRequest:
        """Return the request to cancel an order, paying back and restocking."""
        given = {"reason": "customer", "restock": True, "refund": "original", "notify": True}
        return self._request(ActionKind.ORDER_CANCEL, order, {**given, **more})

    def _request(
        self, kind: ActionKind, order: SimOrder, arguments: Mapping[str, Any]
    ) -> ActionRequest:
        return ActionRequest(kind, 1, gid("Order", order.number), order.name, arguments, key="k")

    def close(self) -> None:
        """Close what was joined to the shop."""
        while self.opened:
            self.opened.pop().close()


@contextmanager
def shopify_rig(*, is_strict: bool = True) -> Iterator[ShopifyRig]:
    """Run a shop; leaving closes what was joined to it."""
    needs_schema()
    sim = ShopifyShop()
    with running_shops(sim, is_strict=is_strict) as shops:
        rig = ShopifyRig(sim, shops)
        try:
            yield rig
        finally:
            rig.close()


def known_by(*identities: tuple[str, str]) -> Identities:
    """Return what a profile is looked up by: (kind, value), all of them verified."""
    return Identities(1, tuple(Identity(kind, value, True) for kind, value in identities))


def ordered(rig: ShopifyRig, **more: Any) -> SimOrder:
    """Let somebody have ordered three of one thing and one of another: 51.65 in all."""
    ada = rig.sim.has("Ada", "ada@example.com")
    return rig.sim.ordered(ada, ("Tea", "10.00", 3), ("Cup", "12.50", 1), tax="0.10", **more)


def amounts(preview: Preview) -> dict[str, Decimal]:
    """Return the money of a preview by its names."""
    return {one.name: Decimal(one.amount) for one in preview.amounts}

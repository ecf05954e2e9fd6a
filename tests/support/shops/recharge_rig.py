"""A shop at the simulated Recharge with sources joined to it, closed at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.facts import Facts, Section, Subscription
from helpdesk_tui.sync.providers.recharge.source import RechargeSource, connect
from tests.support.shops.recharge import TOKEN, Recharge
from tests.support.shops.running import Shops, running_shops

SUBSCRIPTIONS = (Section.SUBSCRIPTIONS,)


@dataclass(slots=True)
class RechargeRig:
    """What a test of Recharge works with."""

    sim: Recharge
    shops: Shops
    opened: list[RechargeSource] = field(default_factory=list)

    def clean(self) -> RechargeRig:
        """Be as new for the next test; what serves goes on."""
        self.close()
        self.sim.reset()
        self.shops.faults.stop()
        self.shops.watch.asked.clear()
        return self

    def close(self) -> None:
        """Close what was joined to the shop."""
        while self.opened:
            self.opened.pop().close()

    def joined(self, token: str = TOKEN) -> RechargeSource:
        """Return a source that asks the simulated shop."""
        told = {"currency": "GBP", "timezone": "Europe/London"}
        connected = ConnectedSource(1, "tea", "recharge", {"api": self.sim.url}, told=told)
        self.opened.append(connect(connected, token))
        return self.opened[-1]

    def fetched(self, customer: int | str) -> tuple[Subscription, ...]:
        """Return what a fresh source fetches of a customer."""
        told = self.told(customer)
        assert told.subscriptions is not None, told.failed
        return told.subscriptions

    def told(self, customer: int | str) -> Facts:
        """Return what a fresh source tells of a customer, well or not."""
        told: list[Facts] = []
        self.joined().fetch(str(customer), SUBSCRIPTIONS, told.append)
        (facts,) = told
        return facts


@contextmanager
def recharge_rig() -> Iterator[RechargeRig]:
    """Run a shop; leaving closes what was joined to it."""
    sim = Recharge()
    with running_shops(sim) as shops:
        rig = RechargeRig(sim, shops)
        try:
            yield rig
        finally:
            rig.close()

"""A connection to the simulated Klaviyo, as the worker has it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.facts import Facts, Section
from helpdesk_tui.domain.commerce.identities import Identities, Identity
from helpdesk_tui.sync.pacing import Paces
from helpdesk_tui.sync.providers.klaviyo.source import KlaviyoSource, connect
from tests.support.shops.klaviyo import KlaviyoShop
from tests.support.shops.running import Shops, running_shops


@contextmanager
def running_klaviyo() -> Iterator[tuple[KlaviyoShop, Shops]]:
    """Run an account at Klaviyo, for all tests of a module."""
    sim = KlaviyoShop()
    with running_shops(sim) as shops:
        yield sim, shops


@contextmanager
def connected_to(
    sim: KlaviyoShop, *, paces: Paces | None = None, key: str = "", **told: str
) -> Iterator[KlaviyoSource]:
    """Connect to a simulated account."""
    row = ConnectedSource(1, "klaviyo", "klaviyo", {"api": sim.url}, told=told)
    source = connect(row, key or sim.key, paces=paces)
    try:
        yield source
    finally:
        source.close()


def fetched(
    source: KlaviyoSource, profile: str, *sections: Section | Collection[Section]
) -> list[Facts]:
    """Return what a source hands over of a customer, in order."""
    found: list[Facts] = []
    source.fetch(profile, [one for one in sections if isinstance(one, Section)], found.append)
    return found


def proven(*, email: str = "", phone: str = "", claim: str = "") -> Identities:
    """Return verified identities of a profile, and a claim beside them."""
    every = [Identity("email", each, is_verified=True) for each in email.split()]
    every += [Identity("phone", each, is_verified=True) for each in phone.split()]
    every += [Identity("email", each, is_verified=False) for each in claim.split()]
    return Identities(1, tuple(every))

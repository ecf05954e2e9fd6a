"""Connect the sample shop to the sample desk, with all that it knows of everybody kept already."""

from __future__ import annotations

from datetime import datetime
from itertools import count

from helpdesk_tui.cli.demo.shop import sample_shop
from helpdesk_tui.db.commerce.group import has_profile, load_group
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.commerce.facts import Section
from helpdesk_tui.domain.commerce.identities import Identities
from helpdesk_tui.domain.history import PastDesk
from helpdesk_tui.services.commerce.matching import identities_of
from helpdesk_tui.services.commerce.sources import Sources
from helpdesk_tui.services.commerce.storing import ContextStore
from helpdesk_tui.sync.providers.sandbox.shop_file import ShopFile
from helpdesk_tui.sync.providers.sandbox.source import SandboxSource

SOURCE = "shop"
"""What the sample shop is connected as."""
_ALL = tuple(Section)


def open_shop(store: Store, desk: PastDesk, now: datetime, seed: int = 1) -> None:
    """Write the shop beside the store, connect it, and keep what it says of every customer."""
    path = store.paths.root / "sample-shop.json"
    file = ShopFile(path)
    file.change(lambda _none: (sample_shop(desk, now, seed), None))
    sources = Sources(store, SYSTEM, now=lambda: now)
    source = sources.add("sandbox", SOURCE, {"file": str(path)})
    asked = SandboxSource(file, now=lambda: now)
    sources.told(source.id, asked.about())
    contexts = ContextStore(store, now=lambda: now)
    for profile_id, known in _customers(store):
        found = asked.find(known, _ALL)
        if found is None:
            contexts.store(sources.named(SOURCE), profile_id, None, None, asked=_ALL)
        else:
            contexts.store(source, profile_id, found.match, found.facts, asked=_ALL)


def _customers(store: Store) -> list[tuple[int, Identities]]:
    """Return everybody who ever wrote, by what they are known by."""
    found: list[tuple[int, Identities]] = []
    with store.read() as connection:
        for profile_id in count(1):
            if not has_profile(connection, profile_id):
                return found
            group = load_group(connection, profile_id)
            found.append((profile_id, identities_of(connection, group)))
    return found

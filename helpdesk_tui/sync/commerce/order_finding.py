"""Looking for an order that is too old to be kept, by its name. Blocks for the network."""

from __future__ import annotations

from contextlib import closing
from typing import cast

from helpdesk_tui.db.commerce.group import load_group
from helpdesk_tui.db.store import Store
from helpdesk_tui.services.commerce.matching import finders_of
from helpdesk_tui.services.commerce.sources import key_of
from helpdesk_tui.services.commerce.storing import ContextStore
from helpdesk_tui.sync.providers.registry import connect
from helpdesk_tui.sync.providers.source import OrderFinder


def find_order(store: Store, profile_id: int, name: str) -> bool:
    """Look for an order of a customer at their shops and keep it; tell whether there is one.

    Raises:
        HelpdeskError: a shop could not be asked.
    """
    with store.read() as connection:
        shops = finders_of(connection, load_group(connection, profile_id))
    is_found = False
    for source, of, match in shops:
        key = key_of(store.paths.root, source)
        with closing(cast("OrderFinder", connect(source, key, store=store))) as shop:
            order = shop.named_order(match.external_id, name)
        if order is not None:
            ContextStore(store).keep_order(source, of, order)
            is_found = True
    return is_found

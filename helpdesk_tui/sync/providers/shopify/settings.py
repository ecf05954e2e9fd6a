"""Where a shop at Shopify is reached."""

from __future__ import annotations

import re
from dataclasses import dataclass

from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.text import clean
from helpdesk_tui.sync.providers.addresses import safe_base

_SHOP = re.compile(r"[a-z0-9][a-z0-9-]{0,99}\.myshopify\.com", re.ASCII)


@dataclass(frozen=True, slots=True)
class ShopifySettings:
    """All that is needed to reach a shop, the secret apart."""

    shop: str
    """Its own address at Shopify: ``acme.myshopify.com``."""
    api: str
    """Where its interface answers."""


def read_settings(connected: ConnectedSource) -> ShopifySettings:
    """Return the settings of a connected shop.

    Raises:
        UsageError: ``shopify.bad-shop`` if that is no address at Shopify: the token must not go
            anywhere else; ``source.bad-url``.
    """
    told = connected.settings.get("shop", "").strip().lower()
    shop = told.removeprefix("https://").removeprefix("http://").partition("/")[0]
    if shop and "." not in shop:
        shop = f"{shop}.myshopify.com"
    if not _SHOP.fullmatch(shop):
        raise UsageError("shopify.bad-shop", shop=clean(told))
    api = safe_base(connected.settings.get("api", "").strip() or f"https://{shop}")
    return ShopifySettings(shop, api.rstrip("/"))

"""Why a shop does not do what it was asked for, and what is worth knowing before a yes."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk_tui.widgets.words.language import Marked

SHOP_SENTENCES: Marked[Mapping[str, str]] = {
    "order.bad-reason": "{reason} is no reason that the shop knows",
    "order.has-left": "some of it has left already: that comes back only if the customer sends it",
    "order.item-sent": "{item} has left in part: at least {least} have to stay",
    "order.keeps-money": "nothing is paid back: the shop keeps what was paid",
    "order.no-address": "the shop has no address to tell the customer at: nobody is told",
    "order.no-refund-right": "the token may not pay money back: {text}",
    "order.not-cancellable": "the shop does not let this order be cancelled: {text}",
    "order.out-of-reach": "the shop does not show this order: it was deleted, or it is older than"
    " 60 days and the token lacks the right read_all_orders",
    "order.owed-by-hand": "the shop does not pay back by itself what is owed: do that in its own"
    " interface",
    "order.refund-to-gift-card": "a part was paid by gift card: that part goes back to the card",
    "order.refused": "the shop refused: {text}",
    "order.return-open": "a return is under way: finish it in the shop first",
    "shopify.bad-shop": "{shop} is no address of a shop at Shopify: give it as acme.myshopify.com",
    "shopify.frozen": "the shop is frozen, as a bill at Shopify is unpaid: nothing is fetched until"
    " that is settled",
    "shopify.locked": "the shop is locked by Shopify: nothing is fetched until that is settled",
    "shopify.no-shop": "there is no shop at this address, or it speaks no longer as this version"
    " of the program does: check the setting shop",
    "shopify.protected-data": "Shopify keeps customers' data back until its use is approved: ask"
    " for access to protected customer data in the app's settings ({text})",
    "shopify.version": "the shop answers by version {theirs} of its interface, not {version}:"
    " update helpdesk-tui",
}
"""Sentences of orders and of Shopify."""

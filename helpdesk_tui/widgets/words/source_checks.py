"""The words of trying out a source: what each right is for, and what is missing without it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from helpdesk_tui.domain.accounts import Check
from helpdesk_tui.widgets.words.language import Marked, _

RIGHTS: Marked[Mapping[str, str]] = MappingProxyType(
    {
        "accounts:read": "currency and name of the account",
        "campaigns:read": "which campaign a text message belongs to",
        "events:read": "what customers did, and which messages reached them",
        "lists:read": "which lists customers are in",
        "metrics:read": "what kinds of events are called",
        "profiles:read": "who customers are, what they agreed to, what is predicted of them",
        "segments:read": "which segments customers are in",
        "read_customers": "who customers are, and their addresses",
        "read_orders": "orders, and what is charged next",
        "read_subscriptions": "which subscriptions customers have",
        "read_all_orders": "orders older than 60 days",
        "read_order_edits": "what an edit of an order would come to",
        "read_products": "what the lines of orders are",
        "write_order_edits": "editing orders",
        "write_orders": "changing orders, and skipping what is charged next",
        "write_subscriptions": "changing, cancelling and reactivating subscriptions",
    }
)
"""What each right lets be read or changed."""


def is_of_source(check: Check) -> bool:
    """Tell whether a step is one of trying out a source."""
    return check.name in RIGHTS or check.name == "predictions"


def right_words(check: Check) -> str:
    """Return what a right that is there is good for, or what was found out with it."""
    if check.name == "predictions":
        if check.values.get("known"):
            return _("there are some")
        return _("none: they come once enough customers have ordered enough")
    meaning = _(RIGHTS[check.name])
    if check.values.get("lacks"):
        return _("not granted, so they are not seen: {meaning}").format(meaning=meaning)
    if check.values.get("unseen"):
        return _("{meaning}; nobody is there yet to try it with").format(meaning=meaning)
    return meaning


def missing_words(check: Check) -> str:
    """Return what is not to be had without a right; empty where nothing is said of it."""
    meaning = RIGHTS.get(check.name)
    if not meaning:
        return ""
    if check.name.startswith("write_"):
        return _("not possible without it: {meaning}").format(meaning=_(meaning))
    return _("unknown without it: {meaning}").format(meaning=_(meaning))

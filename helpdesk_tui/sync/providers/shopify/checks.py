"""Trying a token of Shopify: whether it is taken, what it may do, and how far back it sees."""

from __future__ import annotations

from helpdesk_tui.domain.accounts import Check
from helpdesk_tui.domain.commerce.sources import SOURCES
from helpdesk_tui.sync.channels.errors import ChannelError
from helpdesk_tui.sync.providers.shopify.client import ShopifyClient
from helpdesk_tui.sync.providers.shopify.documents import (
    SEE_CUSTOMERS,
    SEE_ORDERS,
    SHOP,
    VERSION,
)

SCOPE = "source.scope"
_ALL_ORDERS = "read_all_orders"
"""Without it orders are seen for 60 days."""
_READS = {"read_customers": (SEE_CUSTOMERS, "customers"), "read_orders": (SEE_ORDERS, "orders")}


def check(client: ShopifyClient) -> tuple[Check, ...]:
    """Return what was tried, one check for each right that is needed."""
    try:
        reply = client.ask(SHOP)
    except ChannelError as error:
        return (_failed("login", error),)
    found = [Check("login", ok=True)]
    if reply.version and reply.version != VERSION:
        told = {"version": VERSION, "theirs": reply.version}
        found.append(Check("version", ok=False, code="shopify.version", values=told))
    try:
        scopes = client.scopes()
    except ChannelError as error:
        return (*found, _failed("scopes", error))
    for scope in SOURCES["shopify"].scopes:
        if scope.name in _READS:
            found.append(_read(client, scope.name))
        elif scopes is not None:
            found.append(_told(scope.name, is_there=scope.name in scopes))
    if scopes is not None:
        found.append(_history(scopes))
    return tuple(found)


def _read(client: ShopifyClient, scope: str) -> Check:
    """Try a right by what it lets be read: customers also need an approval that no scope tells."""
    document, field = _READS[scope]
    try:
        reply = client.ask(document)
    except ChannelError as error:
        return _failed(scope, error)
    denied = reply.denial(field)
    return Check(scope, ok=True) if denied is None else _failed(scope, denied)


def _history(scopes: frozenset[str]) -> Check:
    """Say so where older orders stay out of sight: no fault, but worth knowing."""
    values = {} if _ALL_ORDERS in scopes else {"lacks": True}
    return Check(_ALL_ORDERS, ok=True, values=values)


def _told(scope: str, *, is_there: bool) -> Check:
    if is_there:
        return Check(scope, ok=True)
    return Check(scope, ok=False, code=SCOPE, values={"scope": scope})


def _failed(name: str, error: ChannelError) -> Check:
    values = {key: str(each) for key, each in error.values.items()}
    return Check(name, ok=False, code=error.code, values=values)

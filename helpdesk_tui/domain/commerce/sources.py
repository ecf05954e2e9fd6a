"""The sources of facts: what each knows, what it needs, how long its word is fresh. One table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from helpdesk_tui.domain.commerce.actions import ActionKind
from helpdesk_tui.domain.commerce.facts import Section

_FRESH: Mapping[Section, timedelta] = {
    Section.PROFILE: timedelta(minutes=15),
    Section.SEGMENTS: timedelta(hours=1),
    Section.VALUE: timedelta(hours=12),
    Section.ORDERS: timedelta(minutes=5),
    Section.SUBSCRIPTIONS: timedelta(minutes=10),
    Section.EVENTS: timedelta(minutes=5),
}


@dataclass(frozen=True, slots=True)
class Needed:
    """One thing that connecting a source asks for."""

    name: str
    """Key in the settings of the source: ``shop`` …"""
    meaning: str
    example: str = ""
    is_needed: bool = True


@dataclass(frozen=True, slots=True)
class Scope:
    """A right that the credentials of a source must have."""

    name: str
    """As the source calls it: ``profiles:read``."""
    sections: tuple[Section, ...] = ()
    """What stays unknown without it."""
    actions: tuple[ActionKind, ...] = ()
    """What cannot be done without it."""


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """The declaration of one kind of source."""

    name: str
    label: str
    sections: tuple[Section, ...]
    credential: str = ""
    """What its secret is, in words; empty where it needs none."""
    needs: tuple[Needed, ...] = ()
    scopes: tuple[Scope, ...] = ()
    actions: tuple[ActionKind, ...] = ()
    scarce: tuple[Section, ...] = ()
    """Sections whose calls are few: fetched for what an agent opens, never ahead."""
    is_one_call: bool = False
    """All sections come by one request: they are fetched together. Else each is asked for by
    itself, beside the others."""
    finds_orders: bool = False
    """An order that is too old to be kept can be asked for by its name."""
    is_imported: bool = False
    """It knows what was imported into the store, and asks no network."""
    fresh: Mapping[Section, timedelta] = field(default_factory=lambda: _FRESH)


_KLAVIYO = SourceSpec(
    "klaviyo",
    "Klaviyo",
    (Section.PROFILE, Section.SEGMENTS, Section.VALUE, Section.EVENTS),
    credential="private API key",
    scopes=(
        Scope("accounts:read"),
        Scope("profiles:read", (Section.PROFILE, Section.VALUE)),
        Scope("segments:read", (Section.SEGMENTS,)),
        Scope("lists:read", (Section.SEGMENTS,)),
        Scope("events:read", (Section.EVENTS,)),
        Scope("metrics:read", (Section.EVENTS,)),
        Scope("campaigns:read"),
    ),
    scarce=(Section.VALUE, Section.SEGMENTS),
)
_SHOPIFY = SourceSpec(
    "shopify",
    "Shopify",
    (Section.PROFILE, Section.VALUE, Section.ORDERS),
    credential="Admin API access token",
    needs=(Needed("shop", "the shop's own address at Shopify", "acme.myshopify.com"),),
    scopes=(
        Scope("read_customers", (Section.PROFILE, Section.VALUE)),
        Scope("read_orders", (Section.ORDERS,)),
        Scope("write_orders", actions=(ActionKind.ORDER_CANCEL,)),
        Scope("read_order_edits", actions=(ActionKind.ORDER_EDIT,)),
        Scope("write_order_edits", actions=(ActionKind.ORDER_EDIT,)),
        Scope("read_products", (Section.ORDERS,)),
    ),
    actions=(ActionKind.ORDER_EDIT, ActionKind.ORDER_CANCEL),
    is_one_call=True,
    finds_orders=True,
)
_RECHARGE = SourceSpec(
    "recharge",
    "Recharge",
    (Section.SUBSCRIPTIONS,),
    credential="API token",
    scopes=(
        Scope("read_customers", (Section.SUBSCRIPTIONS,)),
        Scope("read_subscriptions", (Section.SUBSCRIPTIONS,)),
        Scope("read_orders", (Section.SUBSCRIPTIONS,)),
        Scope(
            "write_subscriptions",
            actions=(
                ActionKind.SUBSCRIPTION_CHANGE, ActionKind.SUBSCRIPTION_DATE,
                ActionKind.SUBSCRIPTION_CANCEL, ActionKind.SUBSCRIPTION_ACTIVATE,
            ),
        ),
        Scope(
            "write_orders",
            actions=(ActionKind.SUBSCRIPTION_SKIP, ActionKind.SUBSCRIPTION_UNSKIP),
        ),
    ),
    actions=(
        ActionKind.SUBSCRIPTION_SKIP, ActionKind.SUBSCRIPTION_UNSKIP,
        ActionKind.SUBSCRIPTION_CHANGE, ActionKind.SUBSCRIPTION_DATE,
        ActionKind.SUBSCRIPTION_ADDRESS, ActionKind.SUBSCRIPTION_CANCEL,
        ActionKind.SUBSCRIPTION_ACTIVATE,
    ),
)  # fmt: skip
_ENDPOINT = SourceSpec(
    "endpoint",
    "Own endpoint",
    tuple(Section),
    credential="token that your endpoint wants to see",
    needs=(Needed("url", "where your endpoint answers", "https://shop.example/helpdesk"),),
    is_one_call=True,
)
_TABLE = SourceSpec(
    "table",
    "Imported files",
    tuple(Section),
    is_one_call=True,
    is_imported=True,
    # it lies in the store: another look costs nothing, and says what was imported meanwhile
    fresh=dict.fromkeys(Section, timedelta(minutes=1)),
)
_SANDBOX = SourceSpec(
    "sandbox",
    "Sample shop",
    tuple(Section),
    needs=(Needed("file", "the file that the shop is kept in", "/srv/helpdesk/shop.json"),),
    actions=tuple(ActionKind),
    is_one_call=True,
)

SOURCES: Mapping[str, SourceSpec] = {
    one.name: one for one in (_KLAVIYO, _SHOPIFY, _RECHARGE, _ENDPOINT, _TABLE, _SANDBOX)
}
"""Every kind of source by name."""

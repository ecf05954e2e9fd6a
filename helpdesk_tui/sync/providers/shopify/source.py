"""Shopify as a source: who customers are, what they ordered, and changes of orders."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import httpx

from helpdesk_tui.domain.accounts import Check
from helpdesk_tui.domain.commerce.actions import ActionKind, ActionRequest, Preview
from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.facts import Facts, Order, Section
from helpdesk_tui.domain.commerce.identities import Identities, Match, MatchedBy
from helpdesk_tui.domain.commerce.reading import currency_of, zone_name
from helpdesk_tui.domain.commerce.shopify_reading import (
    gid,
    number_of,
    profile_of,
    value_of,
)
from helpdesk_tui.domain.json_fields import id_at, word_at
from helpdesk_tui.sync.channels.errors import Gone, Rejected
from helpdesk_tui.sync.pacing import Paces
from helpdesk_tui.sync.providers.shopify.cancelling import OrderCancelling
from helpdesk_tui.sync.providers.shopify.checks import check
from helpdesk_tui.sync.providers.shopify.client import Reply, ShopifyClient
from helpdesk_tui.sync.providers.shopify.documents import (
    CUSTOMER,
    FIND,
    SHOP,
)
from helpdesk_tui.sync.providers.shopify.editing import OrderEditing
from helpdesk_tui.sync.providers.shopify.history import OrderHistory
from helpdesk_tui.sync.providers.shopify.settings import ShopifySettings, read_settings
from helpdesk_tui.sync.providers.source import Found, Outcome, Progress, failure_of

_PERSON = (Section.PROFILE, Section.VALUE)
_MOST_TRIED = 8
"""Addresses and numbers of one profile that are looked up."""


def connect(
    connected: ConnectedSource,
    secret: str,
    *,
    paces: Paces | None = None,
    transport: httpx.BaseTransport | None = None,
) -> ShopifySource:
    """Return the source behind a connection to a shop.

    Args:
        connected: Which.
        secret: Its Admin API access token.
        paces: What all that ask this shop share.
        transport: Stands in for the network.

    Raises:
        UsageError: ``shopify.bad-shop`` or ``source.bad-url``.
    """
    settings = read_settings(connected)
    client = ShopifyClient(settings, secret, paces=paces, transport=transport)
    return ShopifySource(client, settings)


class ShopifySource:
    """A shop at Shopify; used by one thread at a time, :meth:`close` by any."""

    def __init__(self, client: ShopifyClient, settings: ShopifySettings) -> None:
        self._client = client
        self._shop = settings.shop
        self._history = OrderHistory(client, settings.shop)
        self._editing = OrderEditing(client, settings.shop)
        self._cancelling = OrderCancelling(client, settings.shop)

    def find(self, identities: Identities, sections: Collection[Section]) -> Found | None:
        """Return who a profile is here, with what is said of them in the same breath.

        Raises:
            Rejected: ``source.scope``: nobody can be looked up.
        """
        for by, value, identifier in _tries(identities):
            reply = self._client.ask(FIND, by=identifier)
            said = reply.data.get("customerByIdentifier")
            if isinstance(said, Mapping) and id_at(said, "id"):
                match = Match(number_of(id_at(said, "id")), by, value)
                return Found(match, self._person(said, sections))
            denied = reply.denial("customerByIdentifier")
            if denied is not None:
                raise denied
        return None

    def fetch(
        self, external_id: str, sections: Collection[Section], tell: Callable[[Facts], None]
    ) -> None:
        """Hand over all that is asked for of a customer, the newest by one request.

        Raises:
            Gone: ``provider.gone``: there is no such customer.
        """
        customer = gid("Customer", external_id)
        if Section.ORDERS not in sections:
            self._tell_person(self._client.ask(CUSTOMER, id=customer), sections, tell)
            return
        wants_person = any(one in sections for one in _PERSON)
        reply = self._history.ask(customer, facts=wants_person)
        said, denied = reply.data.get("customer"), reply.denial("orders")
        if denied is not None and not isinstance(said, Mapping):
            # what may not be seen takes the whole customer along: the rest is asked for alone
            tell(Facts(failed={Section.ORDERS: failure_of(denied)}))
            if wants_person:
                self._tell_person(self._client.ask(CUSTOMER, id=customer), sections, tell)
            return
        if wants_person:
            self._tell_person(reply, sections, tell)
        self._history.tell(customer, _customer(reply), tell)

    def named_order(self, external_id: str, name: str) -> Order | None:
        """Return an order of a customer by its name; raises as :meth:`fetch`."""
        return self._history.named(gid("Customer", external_id), name)

    def test(self) -> tuple[Check, ...]:
        """Try the token and what it may do."""
        return check(self._client)

    def about(self) -> Mapping[str, str]:
        """Return the shop's name, currency, time zone and address."""
        said = self._client.ask(SHOP).payload("shop")
        return {
            "name": word_at(said, "name"),
            "currency": currency_of(said.get("currencyCode")),
            "timezone": zone_name(said.get("ianaTimezone")),
            "domain": word_at(said, "myshopifyDomain"),
        }

    def preview(self, request: ActionRequest) -> Preview:
        """Work out what a change would do; raises Rejected with why it cannot be made."""
        if request.kind is ActionKind.ORDER_EDIT:
            return self._editing.preview(request)
        if request.kind is ActionKind.ORDER_CANCEL:
            return self._cancelling.preview(request)
        raise Rejected("action.not-possible", kind=request.kind)

    def act(self, request: ActionRequest, progress: Progress) -> Outcome:
        """Make a change if all is as the agent saw it; raises as the protocol says."""
        if request.kind is ActionKind.ORDER_EDIT:
            return self._editing.act(request, progress)
        if request.kind is ActionKind.ORDER_CANCEL:
            return self._cancelling.act(request, progress)
        raise Rejected("action.not-possible", kind=request.kind)

    def look_up(self, request: ActionRequest, progress: Mapping[str, Any]) -> Outcome | None:
        """Find out whether a change has been made; raises Uncertain while nobody can tell."""
        if request.kind is ActionKind.ORDER_EDIT:
            return self._editing.look_up(request)
        return self._cancelling.look_up(request, progress)

    def close(self) -> None:
        """Drop the connections; what waits for an answer ends."""
        self._client.close()

    def _tell_person(
        self, reply: Reply, sections: Collection[Section], tell: Callable[[Facts], None]
    ) -> None:
        denied = reply.denial("customer")
        if denied is not None and not reply.data.get("customer"):
            failure = failure_of(denied)
            tell(Facts(failed={one: failure for one in _PERSON if one in sections}))
            return
        tell(self._person(_customer(reply), sections))

    def _person(self, said: Mapping[str, Any], sections: Collection[Section]) -> Facts:
        return Facts(
            profile=profile_of(said, self._shop) if Section.PROFILE in sections else None,
            value=value_of(said) if Section.VALUE in sections else None,
        )


def _customer(reply: Reply) -> Mapping[str, Any]:
    said = reply.data.get("customer")
    if isinstance(said, Mapping):
        return said
    denied = reply.denial("customer")
    if denied is not None:
        raise denied
    raise Gone("provider.gone")


def _tries(identities: Identities) -> list[tuple[MatchedBy, str, dict[str, str]]]:
    """Return what a customer is looked up by, the surest first."""
    ids = [one for one in identities.ids_at("shopify") if number_of(one)]
    tries = [
        *[(MatchedBy.PROVIDER_ID, one, {"id": gid("Customer", one)}) for one in ids],
        *[(MatchedBy.EMAIL, one, {"emailAddress": one}) for one in identities.emails],
        *[(MatchedBy.PHONE, one, {"phoneNumber": one}) for one in identities.phones],
    ]
    return tries[:_MOST_TRIED]

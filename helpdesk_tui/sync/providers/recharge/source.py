"""Recharge as a source: who has which subscriptions, and what is charged next for them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from helpdesk_tui.domain.accounts import Check
from helpdesk_tui.domain.commerce.actions import ActionRequest, Preview
from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.facts import Facts, PlaceOption, Section, Subscription
from helpdesk_tui.domain.commerce.identities import Identities, Match, MatchedBy
from helpdesk_tui.domain.commerce.reading import currency_of, zone_name
from helpdesk_tui.domain.commerce.recharge_reading import (
    RechargeCustomer,
    read_charge,
    read_customer,
    read_place,
    read_subscription,
    with_charges,
)
from helpdesk_tui.domain.json_fields import object_at, word_at
from helpdesk_tui.services.clock import utc_now
from helpdesk_tui.sync.channels.errors import AuthFailed, ChannelError, Gone, Rejected
from helpdesk_tui.sync.pacing import Paces
from helpdesk_tui.sync.providers.addresses import safe_base
from helpdesk_tui.sync.providers.recharge.actions import RechargeActions
from helpdesk_tui.sync.providers.recharge.checks import check
from helpdesk_tui.sync.providers.recharge.client import API, BUCKET, RechargeClient
from helpdesk_tui.sync.providers.source import Found, Outcome, Progress, Suspended, failure_of
from helpdesk_tui.sync.providers.together import together

_BESIDE = 2
_OLDEST_FIRST = "scheduled_at-asc"
_LATE = timedelta(days=30)
"""What could not be charged on its day is tried again; so long it may still be queued."""
_RANK = {"active": 0, "cancelled": 1, "expired": 2}


def connect(
    connected: ConnectedSource,
    secret: str,
    *,
    paces: Paces | None = None,
    transport: httpx.BaseTransport | None = None,
) -> RechargeSource:
    """Return the source behind a connection to Recharge.

    Args:
        connected: Which.
        secret: Its API token.
        paces: What all that ask this shop share.
        transport: Stands in for the network.

    Raises:
        UsageError: ``source.bad-url`` for another address of the interface than a safe one.
    """
    api = safe_base(connected.settings.get("api") or API)
    pace = (paces or Paces()).bucket("requests", *BUCKET)

    def make() -> RechargeClient:
        return RechargeClient(api.rstrip("/"), secret, pace=pace, transport=transport)

    return RechargeSource(make, connected.told)


class RechargeSource:
    """A shop at Recharge; used by one thread at a time, :meth:`close` by any."""

    def __init__(self, make: Callable[[], RechargeClient], told: Mapping[str, str]) -> None:
        self._make = make
        self._client = make()
        self._beside: list[RechargeClient] = []
        """Further connections: what belongs together is asked for at the same time."""
        self._zone = ZoneInfo(zone_name(told.get("timezone")) or "UTC")
        self._currency = currency_of(told.get("currency"))
        self._actions = RechargeActions(self._client, self._currency, self._zone)

    def find(self, identities: Identities, sections: Collection[Section]) -> Found | None:
        """Return who a profile is here: by verified addresses, else by the shop's own number."""
        for email in identities.emails:
            asked = self._client.listed("customers", email=email)
            found = _best([one for each in asked if (one := read_customer(each))], email)
            if found is not None:
                return _found(found, MatchedBy.EMAIL, email, sections)
        for number in identities.ids_at("shopify"):
            number = number.rpartition("/")[2]
            if not (number.isascii() and number.isdigit()):
                continue
            asked = self._client.listed("customers", external_customer_id=number)
            found = _best([one for each in asked if (one := read_customer(each))], "")
            if found is not None:
                return _found(found, MatchedBy.PROVIDER_ID, number, sections)
        return None

    def fetch(
        self, external_id: str, sections: Collection[Section], tell: Callable[[Facts], None]
    ) -> None:
        """Fetch a customer's subscriptions, those that have ended too."""
        if Section.SUBSCRIPTIONS not in sections:
            return
        try:
            found = self._subscriptions(external_id)
        except (AuthFailed, Gone, Suspended):
            # that is of the whole account, or of the customer, not of a section
            raise
        except ChannelError as error:
            tell(Facts(failed={Section.SUBSCRIPTIONS: failure_of(error)}))
            return
        tell(Facts(subscriptions=found))

    def test(self) -> tuple[Check, ...]:
        """Try the token and each of its rights."""
        return check(self._client)

    def about(self) -> Mapping[str, str]:
        """Return the shop's name, currency and time zone, as far as the token may know them."""
        try:
            said = self._client.store()
        except (Gone, Rejected):
            # what it may not be asked costs no customer
            return {}
        told = {
            "name": word_at(said, "name"),
            "currency": currency_of(said.get("currency")),
            "timezone": zone_name(object_at(said, "timezone").get("iana_name")),
            "domain": word_at(said, "identifier"),
        }
        return {name: value for name, value in told.items() if value}

    def preview(self, request: ActionRequest) -> Preview:
        """Work out what a change would do."""
        return self._actions.preview(request)

    def act(self, request: ActionRequest, progress: Progress) -> Outcome:
        """Make a change if all is as the agent saw it."""
        return self._actions.act(request, progress)

    def look_up(self, request: ActionRequest, progress: Mapping[str, object]) -> Outcome | None:
        """Find out whether a change has been made."""
        return self._actions.look_up(request)

    def close(self) -> None:
        """Drop the connections; what waits for an answer ends."""
        for client in (self._client, *self._beside):
            client.close()

    def _subscriptions(self, customer: str) -> tuple[Subscription, ...]:
        while len(self._beside) < _BESIDE:
            self._beside.append(self._make())
        one, other = self._beside
        said, (charges, places) = together(
            lambda: list(self._client.listed("subscriptions", customer_id=customer)),
            lambda: together(
                lambda: list(self._charges(one, customer)),
                lambda: _places(other, customer),
            ),
        )
        found = [
            subscription
            for each in said
            if (subscription := read_subscription(each, zone=self._zone, currency=self._currency))
        ]
        boxes = [charge for each in charges if (charge := read_charge(each))]
        queued = [box for box in boxes if box.status == "queued"]
        # what was to leave before today is gone, and no skip of it can be taken back
        today = utc_now().astimezone(self._zone).date()
        skipped = [
            box for box in boxes if box.status == "skipped" and box.date and box.date >= today
        ]
        return tuple(
            sorted([with_charges(each, queued, skipped, places) for each in found], key=_order)
        )

    def _charges(self, client: RechargeClient, customer: str) -> Iterator[Mapping[str, Any]]:
        since = utc_now().astimezone(self._zone) - _LATE
        return client.listed(
            "charges",
            customer_id=customer,
            scheduled_at_min=f"{since:%Y-%m-%d}",
            sort_by=_OLDEST_FIRST,
        )


def _places(client: RechargeClient, customer: str) -> list[PlaceOption]:
    """Return where things can be sent to; none where that may not be read, or is not there.

    What somebody is subscribed to is worth more than where it goes.
    """
    try:
        found = list(client.listed("addresses", customer_id=customer))
    except (Gone, Rejected):
        return []
    return [place for each in found if (place := read_place(each))]


def _best(found: list[RechargeCustomer], email: str) -> RechargeCustomer | None:
    """Return the customer who is meant: what only looks alike is somebody else."""
    mine = [one for one in found if not email or one.email == email.lower()]
    return max(mine, key=lambda one: (one.active, one.subscriptions or 0), default=None)


def _found(
    customer: RechargeCustomer, by: MatchedBy, value: str, sections: Collection[Section]
) -> Found:
    match = Match(customer.id, by, value)
    if customer.subscriptions == 0 and Section.SUBSCRIPTIONS in sections:
        return Found(match, Facts(subscriptions=()))
    return Found(match)


def _order(one: Subscription) -> tuple[int, date, str]:
    """The active ones first, what is charged next before the rest."""
    return _RANK.get(one.status, len(_RANK)), one.next_date or date.max, one.id

"""Klaviyo as a source: who somebody is, what they agreed to, are worth, belong to and did."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import httpx

from helpdesk_tui.domain.accounts import Check
from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.facts import Facts, Section, Segment
from helpdesk_tui.domain.commerce.identities import Identities, Match, MatchedBy
from helpdesk_tui.domain.commerce.klaviyo_profiles import (
    has_predictions,
    is_empty,
    read_groups,
    read_profile,
    read_value,
)
from helpdesk_tui.domain.commerce.reading import currency_of, zone_name
from helpdesk_tui.domain.json_fields import id_at, object_at, word_at
from helpdesk_tui.sync.channels.errors import AuthFailed, ChannelError, Gone, Rejected, Retry
from helpdesk_tui.sync.pacing import Paces
from helpdesk_tui.sync.providers.addresses import safe_base
from helpdesk_tui.sync.providers.klaviyo import calls
from helpdesk_tui.sync.providers.klaviyo.calls import Call
from helpdesk_tui.sync.providers.klaviyo.checks import check
from helpdesk_tui.sync.providers.klaviyo.client import KlaviyoClient
from helpdesk_tui.sync.providers.klaviyo.events import EventReader, Timer
from helpdesk_tui.sync.providers.source import Found, Suspended, failure_of
from helpdesk_tui.sync.providers.together import together

Tell = Callable[[Facts], None]

_ELIGIBLE_LASTS = 43_200.0


def connect(
    connected: ConnectedSource,
    secret: str,
    *,
    paces: Paces | None = None,
    transport: httpx.BaseTransport | None = None,
) -> KlaviyoSource:
    """Return the source behind a connection to Klaviyo.

    Args:
        connected: Which.
        secret: Its private key.
        paces: What all that ask this account share.
        transport: Stands in for the network.

    Raises:
        UsageError: ``source.bad-url`` for another address of the interface than a safe one.
        AuthFailed: ``source.credentials`` for what cannot be a key, such as one with its name.
    """
    api = safe_base(connected.settings.get("api") or calls.API)
    key = secret.strip()
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise AuthFailed("source.credentials", text="")
    shared = paces or Paces()

    def client() -> KlaviyoClient:
        return KlaviyoClient(api, key, paces=shared, transport=transport)

    return KlaviyoSource(client(), client(), connected.told)


class KlaviyoSource:
    """An account at Klaviyo; used by one thread at a time, :meth:`close` by any."""

    def __init__(
        self,
        client: KlaviyoClient,
        beside: KlaviyoClient,
        told: Mapping[str, str],
        *,
        timer: Timer = time.monotonic,
    ) -> None:
        """Connect to nothing yet.

        Args:
            client: What is asked.
            beside: The same account, for what is asked at the same time.
            told: What it said of itself before.
            timer: Counts seconds.
        """
        self._client = client
        self._beside = beside
        self._timer = timer
        self._currency: str | None = currency_of(told.get("currency")) or None
        self._events = EventReader(client, timer=timer)
        self._eligible: tuple[bool, float] | None = None
        self._readers: Mapping[Section, Callable[[str, Tell], None]] = {
            Section.PROFILE: self._tell_profile,
            Section.EVENTS: self._tell_events,
            Section.VALUE: self._tell_value,
            Section.SEGMENTS: self._tell_groups,
        }

    def find(self, identities: Identities, sections: Collection[Section]) -> Found | None:
        """Return who a profile is here: by verified addresses, else by verified numbers.

        Where Klaviyo knows the address and the number of one profile of ours as two customers,
        the address counts.
        """
        asked = (
            (MatchedBy.EMAIL, "email", identities.emails),
            (MatchedBy.PHONE, "phone_number", identities.phones),
        )
        for by, name, values in asked:
            for value, said in self._known(name, values):
                facts = Facts(profile=read_profile(said)) if Section.PROFILE in sections else None
                return Found(Match(id_at(said, "id"), by, value), facts or Facts())
        return None

    def fetch(
        self, external_id: str, sections: Collection[Section], tell: Callable[[Facts], None]
    ) -> None:
        """Fetch sections of a customer and hand each over as soon as it is there.

        Raises:
            AuthFailed: ``source.credentials``.
            Suspended: ``source.version``.
            Gone: they were deleted, or merged into another customer.
        """
        for section, read in self._readers.items():
            if section not in sections:
                continue
            try:
                read(external_id, tell)
            except (AuthFailed, Suspended, Gone):
                raise
            except ChannelError as error:
                tell(Facts(failed={section: failure_of(error)}))

    def test(self) -> tuple[Check, ...]:
        """Try the key and each of its rights."""
        return check(self._client)

    def about(self) -> Mapping[str, str]:
        """Return the account's name, currency and time zone, if the key may know them."""
        try:
            told = object_at(self._client.account(), "attributes")
        except (Gone, Rejected):
            # what it may not be asked costs no customer
            return {}
        found = {
            "name": word_at(told, "contact_information", "organization_name"),
            "currency": currency_of(told.get("preferred_currency")),
            "timezone": zone_name(told.get("timezone")),
            "domain": word_at(told, "contact_information", "website_url"),
        }
        return {name: value for name, value in found.items() if value}

    def close(self) -> None:
        """Drop the connections; what waits for an answer ends."""
        self._client.close()
        self._beside.close()

    def _known(self, name: str, values: Sequence[str]) -> list[tuple[str, Mapping[str, Any]]]:
        """Return what was asked for with who has it, in the order of asking.

        What was not asked for is somebody else, whatever the answer says. Of several who have the
        same number nobody can tell which one writes.
        """
        found: dict[str, list[Mapping[str, Any]]] = {}
        for said in self._client.search(name, values):
            if id_at(said, "id"):
                theirs = word_at(said, "attributes", name).strip().casefold()
                found.setdefault(theirs, []).append(said)
        alone = {theirs: each[0] for theirs, each in found.items() if len(each) == 1}
        return [(each, alone[each.casefold()]) for each in values if each.casefold() in alone]

    def _tell_profile(self, profile: str, tell: Tell) -> None:
        tell(Facts(profile=read_profile(self._client.profile(profile))))

    def _tell_events(self, profile: str, tell: Tell) -> None:
        self._events.pages(profile, lambda page: tell(Facts(events=page)))

    def _tell_value(self, profile: str, tell: Tell) -> None:
        said = self._client.profile(profile, calls.ANALYTICS)
        value = read_value(said, "")
        if value is None or (is_empty(value) and not self._has_predictions()):
            tell(Facts(not_available=frozenset((Section.VALUE,))))
            return
        tell(Facts(value=read_value(said, self._own_currency())))

    def _tell_groups(self, profile: str, tell: Tell) -> None:
        """Tell segments and lists; where one of them may not be read, the other and why."""
        found = together(
            lambda: _groups(self._client, profile, calls.SEGMENTS, "segment"),
            lambda: _groups(self._beside, profile, calls.LISTS, "list"),
        )
        told = [each for each in found if not isinstance(each, Rejected)]
        if told:
            tell(Facts(segments=tuple([one for each in told for one in each])))
        for each in found:
            if isinstance(each, Rejected):
                raise each

    def _own_currency(self) -> str:
        """Return the currency that amounts are in; empty where the key may not know it."""
        if self._currency is None:
            try:
                self._currency = self.about().get("currency", "")
            except Retry:
                # amounts without a currency are worth more than none
                return ""
        return self._currency

    def _has_predictions(self) -> bool:
        """Tell whether the account has predictions of anybody; looked up now and then.

        Nothing is known of somebody who never bought anything, and of anybody in an account that
        is too small for predictions: only others tell the two apart.
        """
        now = self._timer()
        if self._eligible is None or now >= self._eligible[1]:
            try:
                found = has_predictions(self._client.some(calls.SAMPLE, "/api/profiles"))
            except (Gone, Rejected):
                # nobody can tell: then of this one nothing is known
                found = True
            self._eligible = found, now + _ELIGIBLE_LASTS
        return self._eligible[0]


def _groups(
    client: KlaviyoClient, profile: str, call: Call, kind: str
) -> tuple[Segment, ...] | Rejected:
    """Return segments or lists, or that the key may not read them: that is so until it changes."""
    try:
        return read_groups(client.groups(profile, call), kind)
    except Rejected as error:
        return error

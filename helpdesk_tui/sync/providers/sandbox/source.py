"""The sample shop as a source: everything before and behind it is as with a real one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

import httpx

from helpdesk_tui.domain.accounts import Check
from helpdesk_tui.domain.commerce.actions import ActionRequest, Phase, Preview
from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.facts import EventsPage, Facts, Section
from helpdesk_tui.domain.commerce.identities import Identities, Match, MatchedBy
from helpdesk_tui.domain.commerce.sample_shop import SampleCustomer, SampleShop
from helpdesk_tui.domain.commerce.subscription_changes import Impossible, is_as_expected
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.sync.channels.errors import ChannelError, Gone, Rejected
from helpdesk_tui.sync.pacing import Paces
from helpdesk_tui.sync.providers.sandbox.shop_file import ShopFile
from helpdesk_tui.sync.providers.source import Found, Outcome, Progress, Stale


def connect(
    connected: ConnectedSource,
    secret: str,
    *,
    paces: Paces | None = None,
    transport: httpx.BaseTransport | None = None,
) -> SandboxSource:
    """Return the sample shop behind a connection; it needs no secret and asks no network.

    Raises:
        UsageError: ``source.needs`` if its settings name no file.
    """
    path = connected.settings.get("file", "")
    if not path:
        raise UsageError("source.needs", name="file", kind=connected.kind)
    return SandboxSource(ShopFile(Path(path)))


class SandboxSource:
    """A shop in a file; used by one thread at a time."""

    def __init__(self, file: ShopFile, *, now: Clock = utc_now) -> None:
        self._file = file
        self._now = now

    def find(self, identities: Identities, sections: Collection[Section]) -> Found | None:
        """Return who a profile is here, and all that is asked for of them."""
        shop = self._file.load()
        wanted = (
            (MatchedBy.EMAIL, identities.emails),
            (MatchedBy.PHONE, identities.phones),
            (MatchedBy.PROVIDER_ID, identities.ids_at("instagram")),
        )
        for by, values in wanted:
            for value in values:
                for one in shop.customers:
                    if value in (*one.emails, *one.phones, *one.handles):
                        return Found(Match(one.id, by, value), facts_of(one, sections))
        return None

    def fetch(
        self, external_id: str, sections: Collection[Section], tell: Callable[[Facts], None]
    ) -> None:
        """Hand over all that is asked for of a customer.

        Raises:
            Gone: ``provider.gone``: there is no such customer.
        """
        found = self._file.load().customer(external_id)
        if found is None:
            raise Gone("provider.gone")
        tell(facts_of(found, sections))

    def test(self) -> tuple[Check, ...]:
        """Try whether the file can be read."""
        try:
            self._file.load()
        except ChannelError as error:
            values = {name: str(each) for name, each in error.values.items()}
            return (Check("file", ok=False, code=error.code, values=values),)
        return (Check("file", ok=True),)

    def about(self) -> Mapping[str, str]:
        """Return the shop's name, currency and time zone."""
        shop = self._file.load()
        return {"name": shop.name, "currency": shop.currency, "timezone": shop.timezone}

    def preview(self, request: ActionRequest) -> Preview:
        """Work out what a change would do.

        Raises:
            Rejected: it cannot be made.
        """
        try:
            return self._file.load().preview(request, self._now())
        except Impossible as error:
            raise _refused(error) from None

    def act(self, request: ActionRequest, progress: Progress) -> Outcome:
        """Make a change if all is as the agent saw it; the same key makes it once.

        Raises:
            Stale: it is not.
            Rejected: it cannot be made.
        """
        now = self._now()
        self._check(self._file.load(), request)
        progress(Phase.CHECKED, {})
        progress(Phase.ASKED, {})

        def make(shop: SampleShop) -> tuple[SampleShop, Mapping[str, Any]]:
            if request.key in shop.made:
                return shop, shop.made[request.key]
            # somebody may have come first between looking and locking
            self._check(shop, request)
            return shop.changed(request, now)

        try:
            return Outcome(self._file.change(make))
        except Impossible as error:
            raise _refused(error) from None

    def look_up(self, request: ActionRequest, progress: Mapping[str, Any]) -> Outcome | None:
        """Find out whether a change has been made: the shop keeps the keys of all."""
        made = self._file.load().made
        return Outcome(made[request.key]) if request.key in made else None

    def close(self) -> None:
        """Nothing is connected."""

    def _check(self, shop: SampleShop, request: ActionRequest) -> None:
        if request.key in shop.made:
            return
        try:
            now = shop.state(request)
        except Impossible as error:
            raise _refused(error) from None
        if not is_as_expected(request, now):
            raise Stale(now)


def facts_of(customer: SampleCustomer, sections: Collection[Section]) -> Facts:
    """Return what the shop says of a customer."""
    missing = {Section.VALUE} if customer.value is None and Section.VALUE in sections else set()
    return Facts(
        profile=customer.profile if Section.PROFILE in sections else None,
        segments=customer.segments if Section.SEGMENTS in sections else None,
        value=customer.value if Section.VALUE in sections else None,
        orders=customer.orders if Section.ORDERS in sections else None,
        subscriptions=customer.subscriptions if Section.SUBSCRIPTIONS in sections else None,
        events=EventsPage(customer.events, is_all=True) if Section.EVENTS in sections else None,
        not_available=frozenset(missing),
    )


def _refused(error: Impossible) -> ChannelError:
    if error.code == "provider.gone":
        return Gone(error.code)
    return Rejected(error.code, **error.values)

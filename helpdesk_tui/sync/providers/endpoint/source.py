"""The shop's own endpoint as a source: one question, one JSON document of one customer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from helpdesk_tui.domain.accounts import Check
from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.facts import Facts, Section
from helpdesk_tui.domain.commerce.identities import Identities, Match, MatchedBy
from helpdesk_tui.domain.commerce.own_data import OwnCustomer, read_customer
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.text import clean, shorten
from helpdesk_tui.sync.channels.errors import (
    AuthFailed,
    ChannelError,
    Gone,
    Rejected,
)
from helpdesk_tui.sync.http import Answer, Web
from helpdesk_tui.sync.pacing import Paces
from helpdesk_tui.sync.providers.addresses import safe_base
from helpdesk_tui.sync.providers.source import Found, Suspended

VERSION = 1
"""Of the questions and answers."""
_LIMITS = ((10, 1.0), (300, 60.0))
"""A small shop's server is not pressed hard."""
_NOBODY = "nobody@helpdesk.invalid"
_SAID = 200
_ABOUT = ("name", "currency", "timezone", "domain")


def connect(
    connected: ConnectedSource,
    secret: str,
    *,
    paces: Paces | None = None,
    transport: httpx.BaseTransport | None = None,
) -> EndpointSource:
    """Return the source behind an endpoint.

    Args:
        connected: Which; its setting ``url`` says where the endpoint is.
        secret: Goes along as a bearer token; empty for none.
        paces: What all that ask it share.
        transport: Stands in for the network.

    Raises:
        UsageError: ``source.bad-url`` for an address where others could read along.
    """
    url = safe_base(connected.settings.get("url", ""))
    return EndpointSource(url, secret, paces or Paces(), transport)


class EndpointSource:
    """An endpoint of the shop's own; used by one thread at a time, :meth:`close` by any."""

    def __init__(
        self, url: str, secret: str, paces: Paces, transport: httpx.BaseTransport | None = None
    ) -> None:
        parts = urlsplit(url)
        self._host = parts.netloc
        self._path = parts.path or "/"
        self._pace = paces.windows("endpoint", _LIMITS)
        self._web = Web(
            f"{parts.scheme}://{parts.netloc}",
            headers={"Authorization": f"Bearer {secret}"} if secret else {},
            refused=_refused,
            transport=transport,
        )

    def find(self, identities: Identities, sections: Collection[Section]) -> Found | None:
        """Return who a profile is here, with all that is asked for of them."""
        if not identities.emails and not identities.phones:
            return None
        wanted = {"emails": list(identities.emails), "phones": list(identities.phones)}
        customer = self._customer(wanted, sections)
        if customer is None:
            return None
        for by, mine, theirs in (
            (MatchedBy.EMAIL, identities.emails, customer.emails),
            (MatchedBy.PHONE, identities.phones, customer.phones),
        ):
            for value in mine:
                if value in theirs:
                    return Found(Match(customer.id, by, value), customer.facts)
        # whom it does not say to have one of these addresses may be anybody
        raise Rejected("own-data.other-customer", id=customer.id)

    def fetch(
        self, external_id: str, sections: Collection[Section], tell: Callable[[Facts], None]
    ) -> None:
        """Hand over what the endpoint says of a customer.

        Raises:
            Gone: ``provider.gone``: it knows nobody of this id.
        """
        customer = self._customer({"id": external_id}, sections)
        if customer is None:
            raise Gone("provider.gone")
        if customer.id != external_id:
            raise Rejected("own-data.other-customer", id=customer.id)
        tell(customer.facts)

    def test(self) -> tuple[Check, ...]:
        """Try the address and the token, and that nobody is known by an address of nobody."""
        try:
            told = self.about()
        except AuthFailed as error:
            return (
                Check("provider-connect", ok=True, values={"host": self._host}),
                _failed("provider-login", error),
            )
        except ChannelError as error:
            return (_failed("provider-connect", error),)
        checks = [
            Check("provider-connect", ok=True, values={"host": self._host}),
            Check("provider-login", ok=True, values={"name": told.get("name", "")}),
        ]
        try:
            found = self._customer({"emails": [_NOBODY], "phones": []}, tuple(Section))
            if found is not None:
                raise Rejected("own-data.other-customer", id=found.id)
        except ChannelError as error:
            checks.append(_failed("customer", error))
        else:
            checks.append(Check("customer", ok=True))
        return tuple(checks)

    def about(self) -> Mapping[str, str]:
        """Return what the endpoint says of the shop."""
        said = self._asked({"ask": "about"})
        found = {name: said.get(name) for name in _ABOUT}
        return {name: one for name, one in found.items() if isinstance(one, str) and one}

    def close(self) -> None:
        """Drop the connection; what waits for an answer ends."""
        self._web.close()

    def _customer(
        self, wanted: Mapping[str, Any], sections: Collection[Section]
    ) -> OwnCustomer | None:
        names = [one.value for one in Section if one in sections]
        said = self._asked({"ask": "customer", **wanted, "sections": names})
        if "customer" not in said:
            raise Rejected("own-data.bad", place="customer", value="–")
        if said["customer"] is None:
            return None
        try:
            return read_customer(said["customer"], frozenset(sections))
        except UsageError as error:
            values = {name: str(value) for name, value in error.values.items()}
            raise Rejected(error.code, **values) from None

    def _asked(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        with self._pace.turn():
            answer = self._web.request(
                "POST", self._path, repeats=True, json={"version": VERSION, **question}
            )
        self._pace.heard(answer.headers)
        return answer.object()


def _failed(name: str, error: ChannelError) -> Check:
    values = {key: str(value) for key, value in error.values.items()}
    return Check(name, ok=False, code=error.code, values=values)


def _refused(answer: Answer) -> ChannelError:
    """Say what an answer of the 400s means."""
    said = answer.said()
    text = said.get("error", "") if isinstance(said, dict) else ""
    words = shorten(clean(str(text)), _SAID) or f"HTTP {answer.status}"
    if answer.status in (401, 403):
        return AuthFailed("source.credentials")
    if answer.status in (402, 404, 405, 410, 423):
        return Suspended("source.refused", text=words)
    return Rejected("source.refused", text=words)

"""Recharge's interface: typed, bounded, within its rate, and read page by page to the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx

from helpdesk_tui.domain.commerce.recharge_reading import reasons_of
from helpdesk_tui.domain.json_fields import object_at, objects_at
from helpdesk_tui.sync.channels.errors import AuthFailed, ChannelError, Gone, Rejected, Retry
from helpdesk_tui.sync.http import Answer, Web
from helpdesk_tui.sync.pacing import Pace
from helpdesk_tui.sync.providers.source import Suspended

API = "https://api.rechargeapps.com"
VERSION = "2021-11"
BUCKET = (40.0, 2.0)
"""Requests at once, and how many more each second (docs.getrecharge.com, API rate limits)."""
PAGE = 250
PATIENCE = 30.0
"""Seconds that each byte of an answer may take."""
_MOST_PAGES = 100
_MOST = 16_000_000
_BUSY_SECONDS = 3.0
_SHUT = (402, 423)
_CONFLICT = 409
_UNPROCESSABLE = 422
_VERSION_REFUSED = 426
SCOPE = "source.scope"
"""Code of a right that the token does not have."""
_SCOPES = {
    "customers": "customers",
    "addresses": "customers",
    "subscriptions": "subscriptions",
    "charges": "orders",
}
"""What a right is called after, by the first word of a path."""


class RechargeClient:
    """One shop at Recharge; used by one thread at a time, :meth:`close` by any.

    Every call blocks and raises only :class:`ChannelError`.
    """

    def __init__(
        self,
        api: str,
        token: str,
        *,
        pace: Pace,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._pace = pace
        self._web = Web(
            api,
            headers={"X-Recharge-Access-Token": token, "X-Recharge-Version": VERSION},
            refused=refused,
            transport=transport,
        )

    def close(self) -> None:
        """Drop the connections; what waits for an answer ends."""
        self._web.close()

    def listed(self, what: str, **filters: str) -> Iterator[Mapping[str, Any]]:
        """Give the objects of a list, page by page, to its end.

        Args:
            what: Its path, which is also the name of the list: ``subscriptions`` …
            filters: What to ask for; only the first page is asked for with them, as the cursor
                of the next one stands for them and allows no other.
        """
        params: dict[str, str | int] = {**filters, "limit": PAGE}
        seen: set[str] = set()
        for _page in range(_MOST_PAGES):
            answer = self._get(f"/{what}", params)
            said = answer.object()
            if not isinstance(said.get(what), list):
                raise Retry("provider.nonsense", status=answer.status)
            yield from objects_at(said, what)
            cursor = said.get("next_cursor")
            if not cursor:
                return
            if not isinstance(cursor, str) or cursor in seen:
                raise Retry("provider.nonsense", status=answer.status)
            seen.add(cursor)
            params = {"cursor": cursor, "limit": PAGE}
        raise Retry("provider.nonsense", status="pages")

    def some(self, what: str) -> None:
        """Ask for one object of a list: whether that is allowed at all."""
        self._get(f"/{what}", {"limit": 1}).object()

    def subscription(self, subscription: str) -> Mapping[str, Any]:
        """Return one subscription as it is now.

        Raises:
            Gone: ``provider.gone``.
        """
        return self._one(f"/subscriptions/{_id(subscription)}", "subscription")

    def charge(self, charge: str) -> Mapping[str, Any]:
        """Return one charge as it is now.

        Raises:
            Gone: ``provider.gone``.
        """
        return self._one(f"/charges/{_id(charge)}", "charge")

    def store(self) -> Mapping[str, Any]:
        """Return what the shop says of itself: name, currency, time zone."""
        return self._one("/store", "store")

    def token(self) -> Mapping[str, Any]:
        """Return what the token may do."""
        return self._one("/token_information", "token_information")

    def change(self, method: str, path: str, body: Mapping[str, Any], name: str) -> dict[str, Any]:
        """Change something; return it as it was answered with.

        Raises:
            Uncertain: it may have been changed, and nobody said so.
            Retry: nothing was changed.
        """
        with self._pace.turn(), _named(path, "write"):
            answer = self._web.request(method, path, json=body, repeats=False, seconds=PATIENCE)
        self._pace.heard(answer.headers)
        return dict(object_at(answer.object(), name))

    def _one(self, path: str, name: str) -> Mapping[str, Any]:
        answer = self._get(path)
        found = object_at(answer.object(), name)
        if not found:
            raise Retry("provider.nonsense", status=answer.status)
        return found

    def _get(self, path: str, params: Mapping[str, str | int] | None = None) -> Answer:
        with self._pace.turn(), _named(path, "read"):
            answer = self._web.request(
                "GET", path, params=params, repeats=True, seconds=PATIENCE, most=_MOST
            )
        self._pace.heard(answer.headers)
        return answer


def refused(answer: Answer) -> ChannelError:
    """Return what a refusal means."""
    said = answer.said()
    text = reasons_of(said)
    if answer.status == 401:
        return AuthFailed("source.credentials", text=text)
    if answer.status == 403:
        return Rejected(SCOPE)
    if answer.status in _SHUT:
        return Suspended("source.suspended", status=answer.status, text=text)
    if answer.status == 404:
        return Gone("provider.gone")
    if answer.status == _CONFLICT:
        # another change of the same subscription is under way; this one was not begun
        return Retry("provider.conflict", after=_BUSY_SECONDS)
    if answer.status == _VERSION_REFUSED:
        return Suspended("source.version", version=VERSION, text=text)
    if answer.status == _UNPROCESSABLE:
        return Rejected("source.refused", text=text or str(answer.status))
    return Rejected("source.refused", text=text or f"HTTP {answer.status}")


@contextmanager
def _named(path: str, right: str) -> Iterator[None]:
    """Name the right that is missing, as its refusal does not."""
    try:
        yield
    except Rejected as error:
        if error.code != SCOPE:
            raise
        of = _SCOPES.get(path.split("/")[1], "")
        raise Rejected(SCOPE, scope=f"{right}_{of}" if of else path) from None


def path_of(kind: str, external_id: str, step: str = "") -> str:
    """Return the path of one thing, or of a step to be taken with it."""
    return f"/{kind}/{_id(external_id)}" + (f"/{step}" if step else "")


def _id(external_id: str) -> str:
    """Return an id as part of a path; theirs are whole numbers, all else is not theirs."""
    if not (external_id.isascii() and external_id.isdigit()):
        raise Gone("provider.gone")
    return external_id

"""Shopify's Admin GraphQL interface: paced by cost, and never sure because of a 200.

An answer of 200 says nothing: first come the errors beside the data, then those of what was asked
for. What changes something is asked for once; where no answer comes back, that is ``Uncertain``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from helpdesk_tui.domain.commerce.shopify_reading import shown
from helpdesk_tui.domain.json_fields import object_at, objects_at, word_at
from helpdesk_tui.sync.channels.errors import (
    AuthFailed,
    ChannelError,
    Gone,
    Rejected,
    Retry,
    Uncertain,
)
from helpdesk_tui.sync.cutting import Cutter
from helpdesk_tui.sync.http import Answer, Web
from helpdesk_tui.sync.pacing import Bucket, Paces
from helpdesk_tui.sync.providers.shopify.documents import VERSION, Document
from helpdesk_tui.sync.providers.shopify.settings import ShopifySettings
from helpdesk_tui.sync.providers.source import Suspended

SIZE, PER_SECOND = 1_000.0, 50.0
"""The smallest bucket that Shopify gives anybody; what this shop has, its answers say."""
_TRIES = 3
_MOST = 8_000_000
_SECONDS = 20.0
_SCOPE = re.compile(r"`([a-z_]{4,60})`", re.ASCII)
_BROKEN = frozenset(("INTERNAL_SERVER_ERROR", "TIMEOUT", "SERVICE_UNAVAILABLE"))
_PROTECTED = "protected-customer-data"


@dataclass(frozen=True, slots=True)
class Denied:
    """A part of the data that the token may not see."""

    path: tuple[str, ...]
    error: Rejected


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the data, and what of it is kept from us."""

    data: Mapping[str, Any]
    denied: tuple[Denied, ...] = ()
    version: str = ""
    """Of the interface that has answered."""

    def denial(self, *names: str) -> Rejected | None:
        """Return why something is kept from us; None if it is not."""
        wanted = set(names)
        return next((one.error for one in self.denied if wanted & set(one.path)), None)

    def payload(self, name: str, *, repeats: bool = True) -> Mapping[str, Any]:
        """Return what came back for one field.

        Raises:
            Rejected: ``source.scope``: nothing was done.
            Retry: it is not there …
            Uncertain: … and asking again might do it twice.
        """
        found = self.data.get(name)
        if isinstance(found, Mapping):
            return found
        denied = self.denial(name)
        if denied is not None:
            raise denied
        if repeats:
            raise Retry("provider.nonsense", status=name)
        raise Uncertain("provider.uncertain", reason=name)


class ShopifyClient:
    """One shop; used by one thread at a time, :meth:`close` by any.

    Every call blocks and raises only :class:`ChannelError`.
    """

    def __init__(
        self,
        settings: ShopifySettings,
        secret: str,
        *,
        paces: Paces | None = None,
        cutter: Cutter | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._bucket: Bucket = (paces or Paces()).bucket("graphql", SIZE, PER_SECOND)
        self._web = Web(
            settings.api,
            headers={"X-Shopify-Access-Token": secret},
            refused=refused,
            cutter=cutter,
            transport=transport,
        )

    def close(self) -> None:
        """Drop the connections; what waits for an answer ends."""
        self._web.close()

    def ask(self, document: Document, *, repeats: bool = True, **variables: Any) -> Reply:
        """Ask for a document; returns its data.

        Args:
            document: What.
            repeats: Asking twice does no harm.
            variables: The document's.

        Raises:
            Retry: nothing was done: not reached, busy, throttled.
            Uncertain: it may have been done.
            AuthFailed: the token is refused; nothing was done.
            Suspended: the shop is shut; nothing was done.
            Rejected: ``source.scope`` or ``source.refused``; nothing was done.
        """
        body = {"query": document.text, "operationName": document.name, "variables": variables}
        for _ in range(_TRIES):
            with self._bucket.turn(document.cost):
                answer = self._web.request(
                    "POST",
                    f"/admin/api/{VERSION}/graphql.json",
                    json=body,
                    repeats=repeats,
                    seconds=_SECONDS,
                    most=_MOST,
                )
                said = answer.object()
            self._bucket.heard(object_at(said, "extensions", "cost", "throttleStatus"))
            if not _is_throttled(said) or (said.get("data") and not repeats):
                return _reply(said, answer, repeats=repeats)
        raise Retry("provider.busy", after=document.cost / PER_SECOND, status="THROTTLED")

    def scopes(self) -> frozenset[str] | None:
        """Return the rights of the token; None where Shopify does not tell."""
        try:
            answer = self._web.request("GET", "/admin/oauth/access_scopes.json", repeats=True)
        except (AuthFailed, Gone, Rejected):
            return None
        found = [word_at(each, "handle") for each in objects_at(answer.object(), "access_scopes")]
        return frozenset(found) or None


def refused(answer: Answer) -> ChannelError:
    """Return what a refusal means."""
    status = answer.status
    if status in (401, 403):
        return AuthFailed("source.credentials", status=status)
    if status == 404:
        return AuthFailed("shopify.no-shop", status=status)
    if status in (402, 423):
        return Suspended("shopify.frozen" if status == 402 else "shopify.locked", status=status)
    return Rejected("source.refused", text=_text_of(answer.said()) or f"HTTP {status}")


def _text_of(said: object) -> str:
    found = said.get("errors") if isinstance(said, Mapping) else None
    if isinstance(found, str):
        return shown(found)
    return shown("; ".join(word_at(each, "message") for each in objects_at(said, "errors")))


def _is_throttled(said: Mapping[str, Any]) -> bool:
    return any(_code(each) == "THROTTLED" for each in objects_at(said, "errors"))


def _reply(said: Mapping[str, Any], answer: Answer, *, repeats: bool) -> Reply:
    data = said.get("data")
    denied = []
    for error in objects_at(said, "errors"):
        if _code(error) != "ACCESS_DENIED":
            raise _meaning(error, repeats=repeats)
        denied.append(Denied(_path(error), _denial(error)))
    if isinstance(data, Mapping):
        return Reply(data, tuple(denied), answer.headers.get("X-Shopify-API-Version", ""))
    if denied:
        raise denied[0].error
    if "errors" in said and repeats:
        raise Rejected("source.refused", text=_text_of(said))
    if repeats:
        raise Retry("provider.nonsense", status=answer.status)
    raise Uncertain("provider.uncertain", reason="no data")


def _meaning(error: Mapping[str, Any], *, repeats: bool) -> ChannelError:
    """Return what an error beside the data means."""
    code, text = _code(error), shown(word_at(error, "message"))
    # what has a path was begun; an error without one was found before anything was carried out
    was_begun = code in _BROKEN or bool(_path(error))
    if was_begun and not repeats:
        return Uncertain("provider.uncertain", reason=text or code)
    if code in _BROKEN:
        return Retry("provider.busy", status=code)
    return Rejected("source.refused", text=text or code)


def _denial(error: Mapping[str, Any]) -> Rejected:
    text = shown(word_at(error, "message"))
    told = f"{word_at(error, 'extensions', 'requiredAccess')} {text}"
    if _PROTECTED in told or "not approved" in told:
        return Rejected("shopify.protected-data", text=text)
    scopes = list(dict.fromkeys(_SCOPE.findall(told)))
    return Rejected("source.scope", scope=", ".join(scopes) or "?")


def _code(error: Mapping[str, Any]) -> str:
    return word_at(error, "extensions", "code")


def _path(error: Mapping[str, Any]) -> tuple[str, ...]:
    found = error.get("path")
    return tuple(str(each) for each in found) if isinstance(found, list) else ()

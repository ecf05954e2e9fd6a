"""What every request passes before a route sees it, and every answer before it leaves.

Foreign origins, too many requests or connections of an address are refused here; here each answer
gets its headers, and an error of the program becomes a word that says nothing about it.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable
from typing import Protocol

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from helpdesk_tui.domain.webchat.wire import Site
from helpdesk_tui.relay.config import RelayConfig
from helpdesk_tui.relay.limits import Limits
from helpdesk_tui.relay.origins import (
    allowed,
    allowed_by_any,
    answer_headers,
    preflight_headers,
)
from helpdesk_tui.relay.proxies import client_address, shared_by
from helpdesk_tui.relay.refusals import Refused, too_many

BROWSERS = "/v1/"
"""Below this path stands what web pages call."""
BOX = "/box/"
PROVIDERS = ("/hooks/", "/m/")
"""Below these stands what providers of messages call."""
SCRIPT = "/widget.js"
_SITES = "/v1/sites/"
_BUSY_SECONDS = 5.0
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'none'; sandbox",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

log = logging.getLogger(__name__)


class Sites(Protocol):
    """The part of the relay's store that the guard needs."""

    def site(self, site_id: str) -> Site | None:
        """Return a published site."""

    def sites(self) -> Iterable[Site]:
        """Return all of them."""


class Guard:
    """ASGI middleware around all routes of a relay."""

    def __init__(self, app: ASGIApp, *, config: RelayConfig, limits: Limits, sites: Sites) -> None:
        self._app = app
        self._config = config
        self._limits = limits
        self._sites = sites
        self._running: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; the start and the end of the program pass through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        address = client_address(request, self._config.trusted_proxies)
        scope.setdefault("state", {})["address"] = address
        answer = _Answer(send, request.url.path, self._permission(request))
        holder = shared_by(address)
        self._running[holder] += 1
        try:
            await self._pass(request, address, answer, scope, receive)
        finally:
            self._running[holder] -= 1
            if self._running[holder] <= 0:
                del self._running[holder]

    async def _pass(
        self, request: Request, address: str, answer: _Answer, scope: Scope, receive: Receive
    ) -> None:
        try:
            await self._check(request, address, answer)
            if request.method == "OPTIONS" and request.url.path.startswith(BROWSERS):
                await Response(status_code=204)(scope, receive, answer.send)
                return
            await self._app(scope, receive, answer.send)
        except Refused as refused:
            await answer.refuse(refused, scope, receive)
        except Exception:
            # the last place where it can be caught: whoever asked learns nothing from it
            log.exception("a request failed")
            await answer.refuse(Refused(500, "relay.failed"), scope, receive)

    def _permission(self, request: Request) -> dict[str, str]:
        """Return the headers that tell a browser whether a page may read the answer."""
        if not request.url.path.startswith(BROWSERS):
            return {}
        origin = request.headers.get("origin")
        preflight = request.method == "OPTIONS"
        headers = preflight_headers if preflight else answer_headers
        return headers(origin, is_allowed=bool(origin) and self._may(request, origin or ""))

    def _may(self, request: Request, origin: str) -> bool:
        path = request.url.path
        if path.startswith(_SITES):
            site = self._sites.site(path.removeprefix(_SITES).partition("/")[0])
            return site is not None and allowed(site, origin)
        return allowed_by_any(self._sites.sites(), origin)

    async def _check(self, request: Request, address: str, answer: _Answer) -> None:
        most, rates = self._config.connections, self._config.rates
        if most and self._running[shared_by(address)] > most:
            raise too_many(_BUSY_SECONDS)
        if not request.url.path.startswith(BOX):
            is_provider = request.url.path.startswith(PROVIDERS)
            name, rate = (
                ("providers", rates.providers_address)
                if is_provider
                else ("all", rates.reads_address)
            )
            await self._limits.check((self._limits.address_key(name, address), rate), keep=False)
        if "origin" in request.headers and answer.is_foreign:
            raise Refused(403, "origin.refused")


class _Answer:
    """One answer on its way out."""

    def __init__(self, send: Send, path: str, permission: dict[str, str]) -> None:
        self._send = send
        self._path = path
        self._permission = permission
        self._has_begun = False

    @property
    def is_foreign(self) -> bool:
        """Tell whether a page asked whose origin no site names."""
        return "Vary" in self._permission and "Access-Control-Allow-Origin" not in self._permission

    async def send(self, message: Message) -> None:
        """Pass a part on; its first one gets the headers."""
        if message["type"] == "http.response.start":
            self._has_begun = True
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            if self._path == SCRIPT:
                headers["Cross-Origin-Resource-Policy"] = "cross-origin"
            for name, value in self._permission.items():
                if name == "Vary":
                    headers.add_vary_header(value)
                else:
                    headers[name] = value
        await self._send(message)

    async def refuse(self, refused: Refused, scope: Scope, receive: Receive) -> None:
        """Answer with a refusal, unless an answer is on its way: that one is cut off."""
        if self._has_begun:
            return
        answer = JSONResponse(refused.body, refused.status, dict(refused.headers))
        await answer(scope, receive, self.send)

"""One request for a page of the shop: where it may go, how much it may bring, how long it may take.

The hosts are those that the setting names. Each name is looked up before it is connected to, the
address that was looked at is the one used, and every redirect goes through the same door.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from urllib.parse import urldefrag, urljoin, urlsplit

import httpx

from helpdesk_tui.domain.web_addresses import is_local, is_safe, origin_of
from helpdesk_tui.sync.responder.hosts import HostError, Resolve, addresses_of, resolve
from helpdesk_tui.sync.trust import trusted

AGENT = "helpdesk-tui"
MOST_BYTES = 2_000_000
"""Of one page."""
LIMIT = 20.0
"""Seconds that one page may take, redirects and all."""
_MOST_REDIRECTS = 5
_MOST_TRIED = 3


Allowed = Callable[[str], Awaitable[None]]


class VisitError(Exception):
    """A page that could not be had; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Answer:
    """What a site gave."""

    status: int
    address: str
    """Where it stood in the end."""
    body: bytes = b""
    content_type: str = ""
    charset: str = ""
    etag: str = ""
    modified: str = ""


class Visitor:
    """Fetches from some sites and from no other."""

    def __init__(
        self,
        origins: frozenset[str],
        *,
        resolve: Resolve = resolve,
        transport: httpx.AsyncBaseTransport | None = None,
        limit: float = LIMIT,
    ) -> None:
        self._origins = origins
        self._resolve = resolve
        self._limit = limit
        self._client = httpx.AsyncClient(
            timeout=limit,
            follow_redirects=False,
            trust_env=False,
            verify=trusted(),
            transport=transport,
        )

    async def __aenter__(self) -> Visitor:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._client.aclose()

    def may_visit(self, url: str) -> bool:
        """Tell whether an address is on one of the sites."""
        return is_safe(url) and origin_of(url) in self._origins

    async def get(
        self, url: str, *, etag: str = "", modified: str = "", allowed: Allowed | None = None
    ) -> Answer:
        """Return what stands at an address; 304 where it is what is known already.

        Args:
            url: The address.
            etag: What the site called the state that is known; empty if none is.
            modified: When the site changed it last, in its own words; empty if none is known.
            allowed: Raises VisitError where the site does not want an address fetched.

        Raises:
            VisitError: with the reason.
        """
        asked = {"If-None-Match": etag} if etag else {}
        if modified:
            asked["If-Modified-Since"] = modified
        try:
            async with asyncio.timeout(self._limit):
                return await self._followed(url, asked, allowed)
        except TimeoutError as error:
            raise VisitError("slow") from error
        except HostError as error:
            raise VisitError(error.code) from error
        except httpx.TimeoutException as error:
            raise VisitError("slow") from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError) as error:
            raise VisitError("unreachable") from error

    async def _followed(
        self, url: str, asked: Mapping[str, str], allowed: Allowed | None
    ) -> Answer:
        first = url
        for _ in range(_MOST_REDIRECTS + 1):
            # an address of this machine is only ever what the setting itself names
            if not self.may_visit(url) or (is_local(url) and not is_local(first)):
                raise VisitError("elsewhere")
            if allowed is not None:
                await allowed(url)
            answer, location = await self._once(url, asked)
            if location is None:
                return answer
            url = urldefrag(urljoin(url, location)).url
        raise VisitError("redirects")

    async def _once(self, url: str, asked: Mapping[str, str]) -> tuple[Answer, str | None]:
        """Return what one request gave, or where it leads on."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        found = await addresses_of(host, port, is_local=is_local(url), resolve=self._resolve)
        headers = {
            "Host": parts.netloc,
            "User-Agent": AGENT,
            "Accept": "text/html, application/xhtml+xml, text/plain, application/xml;q=0.9",
            # packed, a few bytes could become many
            "Accept-Encoding": "identity",
            **asked,
        }
        for number, address in enumerate(found[:_MOST_TRIED], 1):
            target = httpx.URL(url).copy_with(host=address)
            request = self._client.build_request("GET", target, headers=headers)
            request.extensions["sni_hostname"] = host
            try:
                answer = await self._client.send(request, stream=True)
            except httpx.ConnectError:
                if number == len(found[:_MOST_TRIED]):
                    raise
                continue
            try:
                return await _read(answer, url)
            finally:
                await answer.aclose()
        raise VisitError("unreachable")


async def _read(answer: httpx.Response, url: str) -> tuple[Answer, str | None]:
    headers = answer.headers
    if answer.has_redirect_location:
        return Answer(answer.status_code, url), headers["location"]
    if answer.status_code != httpx.codes.OK:
        return Answer(answer.status_code, url), None
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise VisitError("packed")
    body = bytearray()
    async for chunk in answer.aiter_raw():
        body += chunk
        if len(body) > MOST_BYTES:
            raise VisitError("too-large")
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    found = Answer(
        answer.status_code,
        url,
        bytes(body),
        kind,
        answer.charset_encoding or "",
        _kept(headers.get("etag", "")),
        _kept(headers.get("last-modified", "")),
    )
    return found, None


def _kept(value: str) -> str:
    """Return a header that is shown again at the next visit; odd ones are not."""
    return value if len(value) <= 200 and value.isascii() and value.isprintable() else ""

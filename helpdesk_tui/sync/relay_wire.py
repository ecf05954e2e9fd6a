"""Requests to a relay: every one is bounded, and nothing that it says is believed unread."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx

from helpdesk_tui.domain.text import clean, shorten
from helpdesk_tui.domain.web_addresses import is_safe
from helpdesk_tui.domain.webchat.reading import WireError
from helpdesk_tui.domain.webchat.wire import VERSION
from helpdesk_tui.sync.channels.errors import AuthFailed, ChannelError, Rejected, Retry
from helpdesk_tui.sync.cutting import Cutter
from helpdesk_tui.sync.trust import trusted

CONNECT = 10.0
ANSWER = 20.0
"""Seconds that each part of an answer may take, where nothing else is said."""
SAID = 200
"""Characters of what a relay says about itself that are shown."""
MOST_JSON = 8_000_000
_KEEP = 60.0
"""Seconds that an idle connection is kept: the next reply needs no new handshake."""
_MOST_ERROR = 4_000
_BUSY = (408, 425, 429, 500, 502, 503, 504)


class Refused(Rejected):
    """The relay has answered: not like this."""

    def __init__(self, said: str, status: int, files: tuple[str, ...] = ()) -> None:
        super().__init__("relay.refused", reason=said)
        self.said = said
        self.status = status
        self.files = files


class RelayWire:
    """A connection to one relay; used by one thread at a time, :meth:`close` by any.

    Every call blocks and raises only :class:`ChannelError` and :class:`WireError`.
    """

    def __init__(
        self, url: str, token: str, *, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._cutter = Cutter()
        # no redirect is followed: the token goes to this host and to no other
        self._client = httpx.Client(
            base_url=url,
            headers={
                "Authorization": f"Bearer {token}",
                "Accept": "application/json",
                # what unpacks to more than was sent could unpack to anything
                "Accept-Encoding": "identity",
            },
            timeout=httpx.Timeout(ANSWER, connect=CONNECT),
            limits=httpx.Limits(keepalive_expiry=_KEEP),
            follow_redirects=False,
            trust_env=False,
            verify=trusted(),
            transport=transport,
        )

    def close(self) -> None:
        """Drop the connections; a request that waits for its answer ends with :class:`Retry`."""
        self._cutter.close()
        self._client.close()

    def ask(
        self,
        method: str,
        path: str,
        *,
        limit: float = ANSWER,
        transfer: float = 0.0,
        most: int = MOST_JSON,
        **request: Any,
    ) -> Any:
        """Make a request and return what the answer says; None if it says nothing."""
        raw = self.answer(method, path, most, limit=limit, transfer=transfer, **request)
        if not raw:
            return None
        try:
            return json.loads(raw)
        except (ValueError, RecursionError):
            raise WireError("relay.nonsense", what="json") from None

    def answer(
        self,
        method: str,
        path: str,
        most: int,
        *,
        limit: float = ANSWER,
        transfer: float = 0.0,
        **request: Any,
    ) -> bytes:
        """Make a request and return the bytes of the answer.

        Args:
            method: ``GET``, ``POST`` …
            path: From the address of the relay on.
            most: Bytes of the longest answer.
            limit: Seconds that each part may take; the whole takes at most twice as long.
            transfer: Seconds that a file may take beyond those, however slow the line is.
            request: What else httpx is given.
        """
        timeout = httpx.Timeout(limit, connect=CONNECT)
        with (
            self._cutter.ending(CONNECT + 2 * limit + transfer) as is_late,
            _translated(is_late),
            self._client.stream(
                method, path, timeout=timeout, extensions=self._cutter.extensions, **request
            ) as response,
        ):
            if not response.is_success:
                raise _refusal(response)
            said = response.headers.get("X-Relay-Version", "")
            if said != str(VERSION):
                raise WireError("relay.version", known=VERSION, found=clean(said) or "?")
            return _read(response, most)


def answers_at(url: str, *, transport: httpx.BaseTransport | None = None) -> bool:
    """Tell whether a relay answers at a public address of its own, asked as anybody may.

    Blocks for some seconds at most. Nothing of ours is told there.
    """
    if not is_safe(url):
        return False
    timeout = httpx.Timeout(CONNECT / 2, connect=CONNECT / 2)
    try:
        with (
            httpx.Client(
                timeout=timeout,
                follow_redirects=False,
                trust_env=False,
                verify=trusted(),
                transport=transport,
            ) as client,
            # asks for what no route does, so that nothing happens there
            client.stream("OPTIONS", url, headers={"Accept-Encoding": "identity"}) as response,
        ):
            code, _files = _said(response)
            return response.status_code == 405 and code == "method.wrong"
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError):
        return False


@contextmanager
def _translated(is_late: Callable[[], bool]) -> Iterator[None]:
    try:
        yield
    except httpx.TimeoutException as error:
        raise Retry("relay.slow", reason=type(error).__name__) from error
    except (httpx.HTTPError, httpx.InvalidURL, RuntimeError, ValueError, OSError) as error:
        # also a client that was closed meanwhile, and a reply that is no HTTP
        if is_late():
            raise Retry("relay.slow", reason=type(error).__name__) from error
        raise Retry("relay.unreachable", reason=_words(error)) from error


def _words(error: Exception) -> str:
    return shorten(clean(str(error)) or type(error).__name__, SAID)


def _read(response: httpx.Response, most: int) -> bytes:
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise WireError("relay.nonsense", what="encoding")
    found = bytearray()
    for part in response.iter_bytes():
        found += part
        if len(found) > most:
            raise WireError("relay.nonsense", what="size")
    return bytes(found)


def _refusal(response: httpx.Response) -> ChannelError:
    """Return what a refusal means."""
    status = response.status_code
    if status in (401, 403):
        return AuthFailed("relay.token-refused", status=status)
    if status in _BUSY:
        return Retry("relay.busy", status=status, after=_after(response))
    if response.is_redirect:
        return Retry("relay.redirects", status=status)
    code, files = _said(response)
    if code:
        return Refused(code, status, files)
    return Retry("relay.no-relay", status=status)


def _said(response: httpx.Response) -> tuple[str, tuple[str, ...]]:
    try:
        said = json.loads(_read(response, _MOST_ERROR))
    except (ValueError, RecursionError, WireError):
        return "", ()
    if not isinstance(said, Mapping):
        return "", ()
    files = said.get("files")
    named = tuple(str(each) for each in files) if isinstance(files, list) else ()
    return shorten(clean(str(said.get("error") or "")), SAID), named


def _after(response: httpx.Response) -> float:
    value = response.headers.get("Retry-After", "")
    return min(600.0, float(value)) if value.isascii() and value.isdecimal() else 0.0

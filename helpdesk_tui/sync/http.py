"""Asking a provider's interface: bounded in time and size, and sure about what may have happened.

What was asked for twice may have been done twice. So every request says whether it ``repeats``:
where it does not, trouble after it has gone out is :class:`Uncertain`, and never tried blindly.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from helpdesk_tui.domain.text import clean, shorten
from helpdesk_tui.sync.channels.errors import ChannelError, Retry, Uncertain
from helpdesk_tui.sync.cutting import Cutter
from helpdesk_tui.sync.trust import trusted

CONNECT = 10.0
_KEEP = 60.0
"""Seconds that an idle connection is kept: the next reply needs no new handshake."""
_MOST_ERROR = 64_000
_LONGEST_WAIT = 3_600.0
_SAID = 200
_SHORTEST_SECRET = 8
_ALWAYS = {"Accept": "application/json", "Accept-Encoding": "identity"}
_BEFORE = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol,
           httpx.LocalProtocolError, httpx.ProxyError)  # fmt: skip
"""Trouble that comes before anything of a request has gone out."""

Params = Mapping[str, str | int | Sequence[str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider has answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    repeats: bool = True
    """Whether what was asked for may be asked for again."""

    def json(self) -> Any:
        """Return what the body says.

        Raises:
            Retry: ``provider.nonsense`` if that is no JSON.
            Uncertain: ``provider.uncertain``, where asking again might do it twice.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            if self.repeats:
                raise Retry("provider.nonsense", status=self.status) from None
            raise Uncertain("provider.uncertain", reason="no JSON") from None

    def object(self) -> dict[str, Any]:
        """Return the JSON object that the body is; raises as :meth:`json`."""
        said = self.json()
        if isinstance(said, dict):
            return said
        if self.repeats:
            raise Retry("provider.nonsense", status=self.status)
        raise Uncertain("provider.uncertain", reason="no object")

    def said(self) -> Any:
        """Return what the body of a refusal says, None if that is no JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


class Web:
    """One provider's interface; used by one thread at a time, :meth:`close` by any.

    Every call blocks and raises only :class:`ChannelError`. No redirect is followed and no path
    leads to another host, so what logs in goes to this one alone.
    """

    def __init__(
        self,
        base: str,
        *,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        refused: Callable[[Answer], ChannelError],
        cutter: Cutter | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Connect to nothing yet.

        Args:
            base: Where the interface is, such as ``https://api.twilio.com``.
            headers: What goes along with every request.
            auth: Name and password (RFC 7617).
            refused: Says what an answer of the 400s means; 408, 425 and 429 are known here.
            cutter: Ends what is asked from another thread; one of its own if not given.
            transport: Stands in for the network.
        """
        self._refused = refused
        self._hidden = _secrets_in(headers or {}, auth)
        self._cutter = cutter or Cutter()
        # one that was given cuts what others ask for later, too
        self._cut = self._cutter.cut if cutter is not None else self._cutter.close
        self._client = httpx.Client(
            base_url=base,
            # what unpacks to more than was sent could unpack to anything
            headers={**_ALWAYS, **(headers or {})},
            auth=auth,
            timeout=httpx.Timeout(20.0, connect=CONNECT),
            limits=httpx.Limits(keepalive_expiry=_KEEP),
            follow_redirects=False,
            trust_env=False,
            verify=trusted(),
            transport=transport,
        )  # fmt: skip

    def close(self) -> None:
        """Drop the connections; what waits for an answer ends."""
        self._cut()
        self._client.close()

    def request(
        self,
        method: str,
        path: str,
        *,
        repeats: bool,
        params: Params | None = None,
        form: Mapping[str, str | Sequence[str]] | None = None,
        json: Any = None,
        files: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        seconds: float = 20.0,
        most: int = 8_000_000,
    ) -> Answer:
        """Make a request and return its answer, one of the 200s.

        Args:
            method: ``GET``, ``POST`` …
            path: From the base on, with a slash before it; it may hold a query of its own.
            repeats: Asking twice does no harm.
            params: The query; None leaves that of the path.
            form: Fields of the body.
            json: The body instead.
            files: Files of the body, as httpx takes them.
            headers: What goes along with this one.
            seconds: How long each byte may take; the whole at most twice as long.
            most: Bytes of the longest answer.

        Raises:
            Retry: nothing was done: ``provider.unreachable``, ``provider.slow``,
                ``provider.busy``, ``provider.redirects`` or ``provider.nonsense``.
            Uncertain: ``provider.uncertain``: it may have been done, and must not be repeated.
            ChannelError: as ``refused`` says.
        """
        if not path.startswith("/"):
            raise Retry("provider.nonsense", status=0)
        body: dict[str, Any] = {"data": form, "json": json, "files": files}
        with (
            self._cutter.ending(CONNECT + 2 * seconds) as is_late,
            _translated(is_late, repeats=repeats),
            self._client.stream(
                method,
                path,
                params=params,
                headers=headers,
                timeout=httpx.Timeout(seconds, connect=CONNECT),
                extensions=self._cutter.extensions,
                **{name: each for name, each in body.items() if each is not None},
            ) as response,
        ):
            return self._judged(response, most, repeats=repeats)

    def _judged(self, response: httpx.Response, most: int, *, repeats: bool) -> Answer:
        if response.is_success:
            return _answer(response, most, repeats=repeats)
        status = response.status_code
        if response.is_redirect:
            raise Retry("provider.redirects", status=status)
        if status == 429 or (repeats and (status in (408, 425) or status >= 500)):
            raise Retry("provider.busy", after=retry_after(response.headers), status=status)
        if status >= 500 or status == 408:
            raise Uncertain("provider.uncertain", reason=f"HTTP {status}")
        said = _answer(response, _MOST_ERROR, repeats=True)
        for secret in self._hidden:
            # some quote what they refuse, and what they say is shown
            said = replace(said, body=said.body.replace(secret, b"***"))
        raise self._refused(said)


def _secrets_in(headers: Mapping[str, str], auth: tuple[str, str] | None) -> tuple[bytes, ...]:
    """Return what logs in: the last word of each header, and the password."""
    words = [value.split()[-1] for value in headers.values() if value.strip()]
    words += [auth[1]] if auth else []
    return tuple([one.encode() for one in words if len(one) >= _SHORTEST_SECRET])


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float:
    """Return the seconds that an answer asks to wait, at most an hour; 0 if it says nothing."""
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.replace(".", "", 1).isdigit():
        return min(_LONGEST_WAIT, float(value))
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError):
        return 0.0
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return min(_LONGEST_WAIT, max(0.0, (until - (now or datetime.now(UTC))).total_seconds()))


def words_of(error: Exception) -> str:
    """Return what an error says, fit to be shown."""
    if isinstance(error, httpx.LocalProtocolError):
        # it quotes the header that is wrong, which may be the one that logs in
        return type(error).__name__
    return shorten(clean(str(error)) or type(error).__name__, _SAID)


def _answer(response: httpx.Response, most: int, *, repeats: bool) -> Answer:
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise _nonsense(repeats=repeats, why="packed")
    found = bytearray()
    # not raw: what stands in for the network may have read it already, and packed is nothing here
    for part in response.iter_bytes():
        found += part
        if len(found) > most:
            raise _nonsense(repeats=repeats, why="too long")
    return Answer(response.status_code, response.headers, bytes(found), repeats)


def _nonsense(*, repeats: bool, why: str) -> ChannelError:
    if repeats:
        return Retry("provider.nonsense", status=why)
    return Uncertain("provider.uncertain", reason=why)


@contextmanager
def _translated(is_late: Callable[[], bool], *, repeats: bool) -> Iterator[None]:
    """Turn trouble of the line into what it means for the one who asked."""
    try:
        yield
    except _BEFORE as error:
        raise Retry("provider.unreachable", reason=words_of(error)) from error
    except (httpx.HTTPError, httpx.StreamError, OSError, ValueError) as error:
        if not repeats:
            raise Uncertain("provider.uncertain", reason=words_of(error)) from error
        if is_late() or isinstance(error, httpx.TimeoutException):
            raise Retry("provider.slow", reason=type(error).__name__) from error
        raise Retry("provider.unreachable", reason=words_of(error)) from error
    except (httpx.InvalidURL, RuntimeError) as error:
        # a path that is none, or a client that was closed meanwhile: nothing has gone out
        raise Retry("provider.unreachable", reason=words_of(error)) from error

"""Fetching files that a provider names by an address: from its own hosts alone, and bounded."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import urljoin, urlsplit

import httpx

from helpdesk_tui.domain.text import clean, shorten
from helpdesk_tui.domain.web_addresses import is_local, is_loopback, origin_of, parts_of
from helpdesk_tui.sync.channels.errors import AuthFailed, Gone, Rejected, Retry
from helpdesk_tui.sync.cutting import Cutter
from helpdesk_tui.sync.http import CONNECT, retry_after, words_of
from helpdesk_tui.sync.responder.hosts import HostError, Resolve, is_public, resolve
from helpdesk_tui.sync.trust import trusted

_LONGEST_ADDRESS = 8_000
_MOST_REDIRECTS = 5
_EACH = 20.0
_NAMED = 100

Headers = Callable[[str], Mapping[str, str]]
"""Gives the headers for an address."""


@dataclass(frozen=True, slots=True)
class Hosts:
    """Which hosts files may come from."""

    api: str
    """The provider's interface. One of this machine is a stand-in: its own host and port serve
    the files too, and nothing else of this machine does."""
    names: tuple[str, ...] = ()
    """Names of hosts; with a dot before it, everything below that name."""

    def allows(self, url: str) -> bool:
        """Tell whether an address may be asked, as far as it says itself."""
        if is_local(self.api) and origin_of(_cut(url)) == origin_of(self.api):
            return True
        parts = parts_of(_cut(url))
        if parts is None or parts.scheme != "https" or parts.port not in (None, 443):
            return False
        host = (parts.hostname or "").lower().rstrip(".")
        if is_loopback(host):
            return False
        return any(host == each or (each[0] == "." and host.endswith(each)) for each in self.names)


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A file that was fetched."""

    data: bytes = field(repr=False)
    """The bytes; none where they went into a file."""
    content_type: str
    """As the host says: the bytes decide."""
    size: int
    sha256: str
    """In hex."""


def own_headers(base: str, headers: Mapping[str, str]) -> Headers:
    """Return what logs in at the host of ``base`` and nowhere else."""
    own = origin_of(base)

    def headers_for(url: str) -> Mapping[str, str]:
        return headers if own and origin_of(_cut(url)) == own else {}

    return headers_for


def download(
    url: str,
    *,
    hosts: Hosts,
    headers_for: Headers,
    most: int,
    path: Path | None = None,
    seconds: float = 120.0,
    cutter: Cutter | None = None,
    resolve: Resolve = resolve,
    transport: httpx.BaseTransport | None = None,
) -> Downloaded:
    """Fetch a file; blocks.

    Each address on the way is looked at before it is asked, and the number that its name was found
    to have is the one that is connected to.

    Args:
        url: Where the provider says it is.
        hosts: Which hosts it may be on.
        headers_for: What goes along to an address: what logs in only to the provider's own.
        most: Bytes of the largest one.
        path: Where the bytes go instead, made anew.
        seconds: How long all of it may take.
        cutter: Ends it from another thread.
        resolve: Gives the numbers of a name.
        transport: Stands in for the network.

    Raises:
        Gone: ``media.gone``: it is not there, or not any more.
        Rejected: ``media.host-refused``, ``media.too-large`` or ``media.redirects``.
        AuthFailed: ``provider.credentials``.
        Retry: the line, or the host, has trouble.
    """
    cutter = cutter or Cutter()
    with (
        cutter.ending(seconds) as is_late,
        _translated(is_late),
        httpx.Client(
            timeout=httpx.Timeout(min(_EACH, seconds), connect=CONNECT),
            follow_redirects=False,
            trust_env=False,
            verify=trusted(),
            transport=transport,
        ) as client,
    ):
        for _ in range(_MOST_REDIRECTS + 1):
            if not hosts.allows(url):
                raise Rejected("media.host-refused", host=_host_of(url))
            request = _request(client, url, headers_for(url), resolve)
            request.extensions.update(cutter.extensions)
            response = client.send(request, stream=True)
            try:
                if not response.has_redirect_location:
                    return _taken(response, most, path, is_own=bool(headers_for(url)))
                url = urljoin(url, response.headers["Location"])
            finally:
                response.close()
        raise Rejected("media.redirects", host=_host_of(url))


def _request(
    client: httpx.Client, url: str, headers: Mapping[str, str], resolve: Resolve
) -> httpx.Request:
    """Return a request to the number of a host that has been looked at."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    may = is_loopback if is_local(_cut(url)) else is_public
    try:
        found = resolve(host, port)
    except HostError as error:
        raise Retry("provider.unreachable", reason=error.code) from error
    if not found or not all(may(each) for each in found):
        raise Rejected("media.host-refused", host=_host_of(url))
    # what was asked of all hosts comes last: nothing given along may speak for another host
    sent = {**headers, "Host": parts.netloc, "Accept-Encoding": "identity"}
    request = client.build_request("GET", httpx.URL(url).copy_with(host=found[0]), headers=sent)
    request.extensions["sni_hostname"] = host
    return request


def _taken(response: httpx.Response, most: int, path: Path | None, *, is_own: bool) -> Downloaded:
    status = response.status_code
    if status in (401, 403) and is_own:
        raise AuthFailed("provider.credentials", status=status)
    if status in (408, 425, 429) or status >= 500:
        raise Retry("provider.busy", after=retry_after(response.headers), status=status)
    if not response.is_success:
        raise Gone("media.gone", status=status)
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Retry("provider.nonsense", status="packed")
    said = response.headers.get("Content-Length", "")
    if said.isascii() and said.isdigit() and int(said) > most:
        raise Rejected("media.too-large", size=int(said), most=most)
    kind = clean(response.headers.get("Content-Type", "")).partition(";")[0].strip().lower()
    if path is None:
        return _read(response, most, kind)
    with path.open("xb") as file:
        try:
            return _read(response, most, kind, file)
        except BaseException:
            # half a file is none
            path.unlink(missing_ok=True)
            raise


def _read(
    response: httpx.Response, most: int, kind: str, file: IO[bytes] | None = None
) -> Downloaded:
    digest, found, size = hashlib.sha256(), bytearray(), 0
    for part in response.iter_raw():
        size += len(part)
        if size > most:
            raise Rejected("media.too-large", size=size, most=most)
        digest.update(part)
        if file is None:
            found += part
        else:
            file.write(part)
    return Downloaded(bytes(found), shorten(kind, _NAMED), size, digest.hexdigest())


@contextmanager
def _translated(is_late: Callable[[], bool]) -> Iterator[None]:
    try:
        yield
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError) as error:
        late = is_late() or isinstance(error, httpx.TimeoutException)
        code = "provider.slow" if late else "provider.unreachable"
        raise Retry(code, reason=words_of(error)) from error


def _cut(url: str) -> str:
    """Return an address up to its host: what follows may be longer than any that people write."""
    return "/".join(re.split(r"[/?#]", url, maxsplit=3)[:3]) if len(url) < _LONGEST_ADDRESS else ""


def _host_of(url: str) -> str:
    """Return the host of an address: the rest of it may log in."""
    with suppress(ValueError):
        return shorten(clean(urlsplit(url).hostname or "?"), _NAMED)
    return "?"

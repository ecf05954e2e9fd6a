"""Asking and telling a relay: every request is bounded, and nothing it says is believed unread."""

from __future__ import annotations

import hashlib
import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from helpdesk_tui.domain.text import clean, shorten
from helpdesk_tui.domain.webchat.reading import WireError, moment_of, object_of, whole_of
from helpdesk_tui.domain.webchat.site_wire import site_json
from helpdesk_tui.domain.webchat.wire import (
    FILE_LIMIT,
    VERSION,
    News,
    OurMessage,
    Site,
    WireFile,
    message_json,
    news_of,
)
from helpdesk_tui.sync.channels.errors import AuthFailed, ChannelError, Gone, Rejected, Retry
from helpdesk_tui.sync.channels.webchat.settings import WebchatSettings

_CONNECT = 10.0
_ANSWER = 20.0
_UPLOAD = 60.0
_KEEP = 60.0
"""Seconds that an idle connection is kept: the next reply needs no new handshake."""
_WAIT_MORE = 15.0
"""Seconds beyond those that the relay was asked to wait."""
_TRANSFER = 300.0
"""Seconds beyond those for a file, however slow the line is."""
_MOST_JSON = 8_000_000
_MOST_ERROR = 4_000
_BUSY = (408, 425, 429, 500, 502, 503, 504)
_SAID = 200


@dataclass(frozen=True, slots=True)
class Health:
    """How the relay says that it fares."""

    version: int
    now: datetime
    knows_site: bool
    events: int
    """How many wait to be fetched."""
    oldest: datetime | None
    conversations: int
    public_url: str


class RelayClient:
    """One site at one relay; used by one thread at a time, :meth:`close` by any.

    Every call blocks and raises only :class:`ChannelError` and :class:`WireError`.
    """

    def __init__(
        self,
        settings: WebchatSettings,
        token: str,
        *,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._site = settings.site
        self._sockets: list[socket.socket] = []
        # no redirect is followed: the token goes to this host and to no other
        self._client = httpx.Client(
            base_url=settings.relay,
            headers={
                "Authorization": f"Bearer {token}",
                "Accept": "application/json",
                # what unpacks to more than was sent could unpack to anything
                "Accept-Encoding": "identity",
            },
            timeout=httpx.Timeout(_ANSWER, connect=_CONNECT),
            limits=httpx.Limits(keepalive_expiry=_KEEP),
            follow_redirects=False,
            trust_env=False,
            transport=transport,
        )

    def close(self) -> None:
        """Drop the connections; a request that waits for its answer ends with :class:`Retry`."""
        self._cut()
        self._client.close()

    def _cut(self) -> None:
        for each in self._sockets:
            # closing alone leaves the thread waiting that reads from it
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def news(self, after: int, live: int, wait: float) -> News:
        """Return what happened after an event, at once or within ``wait`` seconds."""
        params = {"site": self._site, "after": after, "live": live, "wait": int(wait)}
        said = self._ask("GET", "/box/v1/events", params=params, limit=wait + _WAIT_MORE)
        return news_of(said)

    def acknowledge(self, through: int) -> None:
        """Say that all events up to this one are stored here."""
        self._tell("POST", "/box/v1/ack", {"site": self._site, "through": through})

    def file(self, file: WireFile) -> bytes:
        """Return the bytes of a visitor's upload.

        Raises:
            Gone: ``relay.file-gone`` if the relay has it no more, or something else than it said.
        """
        try:
            data = self._bytes(f"/box/v1/files/{file.id}", file.size)
        except (Gone, WireError) as error:
            raise Gone("relay.file-gone", name=clean(file.name)) from error
        if hashlib.sha256(data).hexdigest() != file.sha256:
            raise Gone("relay.file-gone", name=clean(file.name))
        return data

    def put_file(self, sha256: str, data: bytes) -> None:
        """Put a file of ours there, once or more often."""
        params = {"site": self._site}
        headers = {"Content-Type": "application/octet-stream"}
        self._ask("PUT", f"/box/v1/files/{sha256}", params=params, content=data,
                  headers=headers, limit=_UPLOAD)  # fmt: skip

    def send(self, message: OurMessage) -> tuple[str, ...]:
        """Hand over a message of ours; return the files that the relay does not have yet.

        Raises:
            Gone: ``chat.ended`` or ``chat.unknown``.
        """
        try:
            self._tell("POST", "/box/v1/messages", message_json(message))
        except _Refused as error:
            if error.said == "file.missing":
                return error.files
            raise _gone(error) from error
        return ()

    def end(self, conversation: str, seen: int, by: str) -> bool:
        """End a chat; False if its visitor has written something that is not known here yet.

        Raises:
            Gone: ``chat.unknown``.
        """
        body = {"conversation": conversation, "seen": seen, "by": by}
        try:
            self._tell("POST", "/box/v1/end", body)
        except _Refused as error:
            if error.said == "conversation.pending":
                return False
            if error.said == "conversation.ended":
                return True
            raise _gone(error) from error
        return True

    def typing(self, conversation: str, name: str, *, typing: bool) -> None:
        """Say that an agent writes, or no more."""
        body = {"conversation": conversation, "name": name, "typing": typing}
        self._courtesy("/box/v1/typing", body)

    def seen(self, conversation: str, client_id: str) -> None:
        """Say how far the agents have read."""
        self._courtesy("/box/v1/seen", {"conversation": conversation, "client_id": client_id})

    def publish(self, site: Site) -> None:
        """Put the site there as it is now."""
        self._tell("PUT", "/box/v1/site", site_json(site))

    def health(self) -> Health:
        """Return how the relay fares."""
        answer = self._ask("GET", "/box/v1/health", params={"site": self._site})
        said = object_of(answer, "health")
        oldest = said.get("oldest")
        return Health(
            version=whole_of(said, "version"),
            now=moment_of(said.get("now")),
            knows_site=said.get("known") is True,
            events=whole_of(said, "events"),
            oldest=None if oldest is None else moment_of(oldest),
            conversations=whole_of(said, "conversations"),
            public_url=shorten(clean(str(said.get("public_url") or "")), _SAID),
        )

    def _courtesy(self, path: str, body: Mapping[str, Any]) -> None:
        """Tell something that may as well stay unsaid where the chat is over."""
        try:
            self._tell("POST", path, body)
        except _Refused:
            return

    def _tell(self, method: str, path: str, body: Mapping[str, Any]) -> None:
        self._ask(method, path, params={"site": self._site}, json=body)

    def _ask(self, method: str, path: str, *, limit: float = _ANSWER, **request: Any) -> Any:
        """Make a request and return what the answer says."""
        raw = self._answer(method, path, _MOST_JSON, limit, **request)
        if not raw:
            return None
        try:
            return json.loads(raw)
        except (ValueError, RecursionError):
            raise WireError("relay.nonsense", what="json") from None

    def _bytes(self, path: str, size: int) -> bytes:
        try:
            return self._answer(
                "GET", path, min(size, FILE_LIMIT), _UPLOAD, params={"site": self._site}
            )
        except _Refused as error:
            raise _gone(error) from error

    def _answer(self, method: str, path: str, most: int, limit: float, **request: Any) -> bytes:
        timeout = httpx.Timeout(limit, connect=_CONNECT)
        watch = {"trace": self._watch}
        is_file = path.startswith("/box/v1/files/")
        with (
            _translated(),
            self._ending(_CONNECT + 2 * limit + (_TRANSFER if is_file else 0.0)),
            self._client.stream(
                method, path, timeout=timeout, extensions=watch, **request
            ) as response,
        ):
            if not response.is_success:
                raise _refusal(response)
            said = response.headers.get("X-Relay-Version", "")
            if said != str(VERSION):
                raise WireError("relay.version", known=VERSION, found=clean(said) or "?")
            return _read(response, most)

    @contextmanager
    def _ending(self, seconds: float) -> Iterator[None]:
        """Cut a request that lasts longer: a time limit for each byte alone is none for drips."""
        end = threading.Timer(seconds, self._cut)
        end.daemon = True
        end.start()
        try:
            yield
        finally:
            end.cancel()

    def _watch(self, event: str, info: Mapping[str, Any]) -> None:
        """Remember the sockets of connections, as only those can be cut from another thread."""
        if event == "connection.connect_tcp.complete":
            found = info["return_value"].get_extra_info("socket")
            if isinstance(found, socket.socket):
                self._sockets = [each for each in self._sockets if each.fileno() >= 0]
                self._sockets.append(found)


class _Refused(Rejected):
    """The relay has answered: not like this."""

    def __init__(self, said: str, files: tuple[str, ...] = ()) -> None:
        super().__init__("relay.refused", reason=said)
        self.said = said
        self.files = files


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except httpx.TimeoutException as error:
        raise Retry("relay.slow", reason=type(error).__name__) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Retry("relay.unreachable", reason=_words(error)) from error
    except (RuntimeError, ValueError, OSError) as error:
        # a client that was closed meanwhile, a reply that is no HTTP
        raise Retry("relay.unreachable", reason=_words(error)) from error


def _words(error: Exception) -> str:
    return shorten(clean(str(error)) or type(error).__name__, _SAID)


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
        return _Refused(code, files)
    return Retry("relay.no-relay", status=status)


def _said(response: httpx.Response) -> tuple[str, tuple[str, ...]]:
    try:
        said = json.loads(_read(response, _MOST_ERROR))
    except (ValueError, RecursionError, WireError):
        return "", ()
    if not isinstance(said, dict):
        return "", ()
    files = said.get("files")
    named = tuple(str(each) for each in files) if isinstance(files, list) else ()
    return shorten(clean(str(said.get("error") or "")), _SAID), named


def _after(response: httpx.Response) -> float:
    value = response.headers.get("Retry-After", "")
    return min(600.0, float(value)) if value.isascii() and value.isdecimal() else 0.0


def _gone(error: _Refused) -> ChannelError:
    """Return a refusal as the one who asked for it understands it."""
    codes = {"conversation.ended": "chat.ended", "conversation.unknown": "chat.unknown"}
    if error.said in codes:
        return Gone(codes[error.said])
    if error.said.endswith((".unknown", ".missing", ".gone")):
        return Gone("relay.gone", reason=error.said)
    return Rejected("relay.refused", reason=error.said)

"""What messaging channels ask of a relay: webhooks, files for providers, short links."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from helpdesk_tui.domain.accounts import Account, setting_of
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.messaging.relaying import (
    LINKS_LIMIT,
    Click,
    Clicks,
    Delivery,
    HookHealth,
    MediaState,
)
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.web_addresses import is_base, is_safe, parts_of
from helpdesk_tui.domain.webchat.reading import (
    WireError,
    id_of,
    is_id,
    list_of,
    moment_of,
    object_of,
    text_of,
    whole_of,
)
from helpdesk_tui.sync.channels.errors import Gone, Rejected, Retry
from helpdesk_tui.sync.receiving import Password
from helpdesk_tui.sync.relay_wire import Refused, RelayWire

_WAIT_MORE = 15.0
"""Seconds beyond those that the relay was asked to wait."""
_UPLOAD = 60.0
_TRANSFER = 600.0
"""Seconds beyond those for a large file, however slow the line is."""
_MOST_DELIVERIES = 24_000_000
_MOST = 1_000
"""Deliveries, clicks or consumers in one answer."""
_MOST_BODY = 4_000_000
_MOST_URL = 1_000
_PIECE = 262_144


class RelayLine:
    """A line to one relay; used by one thread at a time, :meth:`close` by any.

    Every call blocks and raises only :class:`ChannelError` and :class:`WireError`.
    """

    def __init__(
        self, url: str, token: str, *, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._wire = RelayWire(url, token, transport=transport)

    def close(self) -> None:
        """Drop the connections; a request that waits for its answer ends with Retry."""
        self._wire.close()

    def put_hook(
        self,
        hook: str,
        *,
        provider: str,
        secrets: Sequence[str],
        verify_tokens: Sequence[str] = (),
        consumers: Sequence[str] = (),
    ) -> str:
        """Publish a webhook as it is now; return its public address.

        Args:
            hook: Its id.
            provider: ``meta`` or ``twilio``: how it signs.
            secrets: Each of them signs rightly; without any all is refused.
            verify_tokens: What Meta may show to learn that the address is ours.
            consumers: Names of the accounts that fetch; what is not named any more is forgotten.
        """
        said = {
            "provider": provider,
            "secrets": list(secrets),
            "verify_tokens": list(verify_tokens),
            "consumers": list(consumers),
        }
        with _plain():
            answer = self._wire.ask("PUT", _hook(hook), json=said)
        return _url(answer)

    def deliveries(
        self, hook: str, consumer: str, after: int = 0, wait: float = 0.0
    ) -> tuple[Delivery, ...]:
        """Return what came, oldest first, at once or within ``wait`` seconds.

        What the consumer has acknowledged does not come again, whatever ``after`` says.

        Raises:
            Retry: ``relay.hook-unknown`` until the webhook is published.
        """
        params = {"consumer": consumer, "after": after, "wait": int(wait)}
        with _plain():
            said = self._wire.ask(
                "GET", f"{_hook(hook)}/deliveries", params=params, limit=wait + _WAIT_MORE,
                most=_MOST_DELIVERIES,
            )  # fmt: skip
        found = list_of(object_of(said, "deliveries"), "deliveries", _MOST)
        return tuple(_delivery(each) for each in found)

    def ack(self, hook: str, consumer: str, through: int) -> None:
        """Say that all deliveries up to this one are stored here."""
        with _plain():
            said = {"consumer": consumer, "through": through}
            self._wire.ask("POST", f"{_hook(hook)}/ack", json=said)

    def hook_health(self, hook: str) -> HookHealth:
        """Return how a webhook fares; also one that the relay does not know."""
        with _plain():
            said = object_of(self._wire.ask("GET", f"{_hook(hook)}/health"), "health")
        waiting = object_of(said.get("waiting", {}), "waiting")
        if len(waiting) > _MOST:
            raise WireError("relay.nonsense", what="waiting")
        return HookHealth(
            is_known=said.get("known") is True,
            url=clean(text_of(said, "url", _MOST_URL)),
            waiting={clean(str(name)): whole_of(waiting, name) for name in waiting},
            oldest=_moment(said, "oldest"),
            last_at=_moment(said, "last_at"),
            verified_at=_moment(said, "verified_at"),
            refused=whole_of(said, "refused"),
            refused_at=_moment(said, "refused_at"),
        )

    def put_media(
        self, token: str, data: bytes | Path, *, name: str, content_type: str, seconds: int
    ) -> str:
        """Put a file where a provider can fetch it, once or more often; return its address.

        Args:
            token: What nobody can guess; the same one for the same file of the same message.
            data: Its bytes, or where they lie.
            name: As it shall be called; the relay makes it short and harmless.
            content_type: As the provider is told.
            seconds: How long it stays, if nobody fetches it before.

        Raises:
            Rejected: ``media.too-large``.
        """
        params: dict[str, str | int] = {"name": name, "type": content_type, "seconds": seconds}
        headers = {"Content-Type": "application/octet-stream", "Content-Length": str(_size(data))}
        with _plain():
            answer = self._wire.ask(
                "PUT", f"/box/v1/media/{quote(token, safe='')}", params=params, headers=headers,
                content=_pieces(data), limit=_UPLOAD, transfer=_TRANSFER,
            )  # fmt: skip
        return _url(answer)

    def media_state(self, token: str) -> MediaState | None:
        """Return how a file fares; None once it is gone."""
        try:
            with _plain():
                answer = self._wire.ask("GET", f"/box/v1/media/{quote(token, safe='')}")
        except Gone:
            return None
        said = object_of(answer, "media")
        return MediaState(whole_of(said, "fetched"), moment_of(said.get("expires")))

    def put_links(self, links: Mapping[str, str]) -> None:
        """Publish short links: code and the address it stands for, as many as there are."""
        said = [{"code": code, "url": url} for code, url in links.items()]
        for start in range(0, len(said), LINKS_LIMIT):
            with _plain():
                self._wire.ask(
                    "PUT", "/box/v1/links", json={"links": said[start : start + LINKS_LIMIT]}
                )

    def clicks(self, after: int = 0) -> Clicks:
        """Return who followed links, oldest first, and what the relay knows of them."""
        with _plain():
            said = object_of(
                self._wire.ask("GET", "/box/v1/clicks", params={"after": after}), "clicks"
            )
        found = tuple(_click(each) for each in list_of(said, "clicks", _MOST))
        base = text_of(said, "base", _MOST_URL)
        return Clicks(found, whole_of(said, "links"), base if is_base(base) else "")

    def ack_clicks(self, through: int) -> None:
        """Say that all clicks up to this one are stored here."""
        with _plain():
            self._wire.ask("POST", "/box/v1/clicks/ack", json={"through": through})


def relay_of(account: Account) -> str:
    """Return the address of an account's relay without a slash at the end; empty without one.

    Raises:
        UsageError: ``channel.settings-broken``, ``relay.bad-url`` or ``relay.plain-refused``.
    """
    address = setting_of(account, "relay")
    if not address:
        return ""
    if not is_base(address):
        raise UsageError("relay.bad-url", url=clean(address))
    if not is_safe(address):
        raise UsageError("relay.plain-refused", address=clean(address))
    return address.rstrip("/")


def hook_of(account: Account) -> str:
    """Return the id of an account's webhook; empty without one.

    Raises:
        UsageError: ``channel.settings-broken``.
    """
    hook = setting_of(account, "hook")
    if hook and not is_id(hook):
        raise UsageError("channel.settings-broken", reason=f"hook: {clean(hook)}")
    return hook


def line_of(account: Account, password: Password) -> RelayLine | None:
    """Return a new line to an account's relay; None where it has none. Raises HelpdeskError."""
    url = relay_of(account)
    return RelayLine(url, password(account, "relay")) if url else None


_MEANINGS: Mapping[str, Callable[[], Exception]] = {
    # the worker publishes it: whoever asks before that asks again
    "hook.unknown": lambda: Retry("relay.hook-unknown"),
    "consumer.unknown": lambda: Retry("relay.hook-unknown"),
    "media.unknown": lambda: Gone("relay.gone", reason="media.unknown"),
    "too.large": lambda: Rejected("media.too-large"),
    # of a relay that does not know this request at all
    "not.found": lambda: Retry("relay.too-old"),
    "method.wrong": lambda: Retry("relay.too-old"),
}


@contextmanager
def _plain() -> Iterator[None]:
    """Say what a refusal means here."""
    try:
        yield
    except Refused as error:
        if error.said in _MEANINGS:
            raise _MEANINGS[error.said]() from error
        raise


def _hook(hook: str) -> str:
    return f"/box/v1/hooks/{quote(hook, safe='')}"


def _url(answer: object) -> str:
    url = text_of(object_of(answer, "url"), "url", _MOST_URL)
    if parts_of(url) is None:
        raise WireError("relay.nonsense", what="url")
    return url


def _delivery(value: object) -> Delivery:
    said = object_of(value, "delivery")
    return Delivery(
        whole_of(said, "seq"),
        moment_of(said.get("at")),
        text_of(said, "content_type"),
        text_of(said, "body", _MOST_BODY),
    )


def _click(value: object) -> Click:
    said = object_of(value, "click")
    return Click(whole_of(said, "seq"), id_of(said, "code"), moment_of(said.get("at")))


def _moment(said: Mapping[str, Any], name: str) -> datetime | None:
    value = said.get(name)
    return None if value is None else moment_of(value)


def _size(data: bytes | Path) -> int:
    return len(data) if isinstance(data, bytes) else data.stat().st_size


def _pieces(data: bytes | Path) -> bytes | Iterator[bytes]:
    return data if isinstance(data, bytes) else _read(data)


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece

"""Telling another system of a chat that it shall take over: https, public hosts, no redirects."""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Callable, Mapping
from ipaddress import IPv6Address, ip_address
from typing import Any
from urllib.parse import urlsplit

import httpx

log = logging.getLogger(__name__)

TRIES = 3
_TIMEOUT = 8.0
_PAUSES = (1.0, 3.0)
_AGAIN = (408, 425, 429, 500, 502, 503, 504)

Resolve = Callable[[str, int], list[str]]
"""Gives the addresses of a host."""


class WebhookError(Exception):
    """It was not told; ``code`` says why, for the log and the note."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host; blocks.

    Raises:
        WebhookError: ``host-unknown``.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise WebhookError("host-unknown") from error
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def tell(
    url: str,
    secret: str,
    facts: Mapping[str, Any],
    *,
    key: str,
    wait: Callable[[float], bool],
    resolve: Resolve = resolve,
    transport: httpx.BaseTransport | None = None,
) -> None:
    """Post facts as JSON, with a few tries; blocks.

    Args:
        url: Where; https only.
        secret: Goes along as a bearer token; empty for none.
        facts: What is told.
        key: The same one for every try: the other side can tell repetitions apart.
        wait: Waits between tries; true ends them.
        resolve: Gives the addresses of a host.
        transport: Another way to send, for tests.

    Raises:
        WebhookError: if it was not told.
    """
    body = json.dumps(facts, ensure_ascii=False).encode()
    for number in range(TRIES):
        try:
            _post(url, secret, body, key, resolve, transport)
        except WebhookError as error:
            log.warning("the webhook was not told: %s", error.code)
            is_last = number == TRIES - 1 or error.code.startswith("refused")
            if is_last or wait(_PAUSES[number]):
                raise
        else:
            return


def _post(
    url: str,
    secret: str,
    body: bytes,
    key: str,
    resolve: Resolve,
    transport: httpx.BaseTransport | None,
) -> None:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https" or not host:
        raise WebhookError("refused-address")
    address = _public_address(resolve(host, parts.port or 443))
    headers = {
        "Content-Type": "application/json",
        "Host": parts.netloc.rpartition("@")[2],
        "Idempotency-Key": key,
    }
    if secret:
        headers["Authorization"] = f"Bearer {secret}"
    # the address that was looked at is the one that is connected to, whatever the name says next
    target = httpx.URL(url).copy_with(host=address)
    try:
        with httpx.Client(
            timeout=_TIMEOUT, follow_redirects=False, trust_env=False, transport=transport
        ) as client:
            answer = client.post(
                target, content=body, headers=headers, extensions={"sni_hostname": host}
            )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise WebhookError(type(error).__name__) from error
    if answer.is_success:
        return
    again = "busy" if answer.status_code in _AGAIN else "refused"
    raise WebhookError(f"{again}-{answer.status_code}")


def _public_address(found: list[str]) -> str:
    """Return the address to connect to; one that is not public among them refuses all.

    Raises:
        WebhookError: ``refused-private-address``.
    """
    if not found or not all(_is_public(each) for each in found):
        raise WebhookError("refused-private-address")
    return found[0]


def _is_public(written: str) -> bool:
    try:
        address = ip_address(written.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address.is_global and not address.is_multicast

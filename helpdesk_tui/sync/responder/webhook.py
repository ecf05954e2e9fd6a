"""Telling another system of a chat that it shall take over: https, public hosts, no redirects."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Coroutine, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from helpdesk_tui.sync.responder.hosts import HostError, Resolve, addresses_of, resolve
from helpdesk_tui.sync.responder.stoppable import run_stoppable
from helpdesk_tui.sync.trust import trusted

log = logging.getLogger(__name__)

TRIES = 3
_TIMEOUT = 8.0
_PAUSES = (1.0, 3.0)
_AGAIN = (408, 425, 429, 500, 502, 503, 504)


class WebhookError(Exception):
    """It was not told; ``code`` says why, for the log and the note."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def tell(
    url: str,
    secret: str,
    facts: Mapping[str, Any],
    *,
    key: str,
    wait: Callable[[float], bool],
    stopping: threading.Event | None = None,
    resolve: Resolve = resolve,
    transport: httpx.AsyncBaseTransport | None = None,
) -> None:
    """Post facts as JSON, with a few tries; blocks.

    Args:
        url: Where; https only.
        secret: Goes along as a bearer token; empty for none.
        facts: What is told.
        key: The same one for every try: the other side can tell repetitions apart.
        wait: Waits between tries; true ends them.
        stopping: Ends a try that is under way when it is set.
        resolve: Gives the addresses of a host.
        transport: Another way to send, for tests.

    Raises:
        WebhookError: if it was not told.
        Stopped: if it was told to end meanwhile.
    """
    body = json.dumps(facts, ensure_ascii=False).encode()
    for number in range(TRIES):
        try:
            _once(_post(url, secret, body, key, resolve, transport), stopping)
        except WebhookError as error:
            log.warning("the webhook was not told: %s", error.code)
            is_last = number == TRIES - 1 or error.code.startswith("refused")
            if is_last or wait(_PAUSES[number]):
                raise
        else:
            return


def _once(post: Coroutine[Any, Any, None], stopping: threading.Event | None) -> None:
    try:
        run_stoppable(post, _TIMEOUT, stopping)
    except HostError as error:
        raise WebhookError(error.code) from error
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
        raise WebhookError(type(error).__name__) from error


async def _post(
    url: str,
    secret: str,
    body: bytes,
    key: str,
    resolve: Resolve,
    transport: httpx.AsyncBaseTransport | None,
) -> None:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https" or not host:
        raise WebhookError("refused-address")
    addresses = await addresses_of(host, parts.port or 443, resolve=resolve)
    headers = {
        "Content-Type": "application/json",
        "Host": parts.netloc.rpartition("@")[2],
        "Idempotency-Key": key,
    }
    if secret:
        headers["Authorization"] = f"Bearer {secret}"
    # the address that was looked at is the one that is connected to, whatever the name says next
    target = httpx.URL(url).copy_with(host=addresses[0])
    async with httpx.AsyncClient(
        timeout=_TIMEOUT,
        follow_redirects=False,
        trust_env=False,
        verify=trusted(),
        transport=transport,
    ) as client:
        request = client.build_request("POST", target, content=body, headers=headers)
        request.extensions["sni_hostname"] = host
        # what it answers beside the status is never read
        answer = await client.send(request, stream=True)
        await answer.aclose()
    if answer.is_success:
        return
    again = "busy" if answer.status_code in _AGAIN else "refused"
    raise WebhookError(f"{again}-{answer.status_code}")

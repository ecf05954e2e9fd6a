"""Once a request that changes something has gone out, nothing that goes wrong calls it undone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.sync.channels.errors import Rejected, Retry, Uncertain
from helpdesk_tui.sync.http import Web
from helpdesk_tui.sync.providers.shopify.client import ShopifyClient
from helpdesk_tui.sync.providers.shopify.documents import CANCEL
from helpdesk_tui.sync.providers.shopify.settings import read_settings


class ClosedStream(httpx.SyncByteStream):
    """A body that is closed by another thread while it is read."""

    def __iter__(self) -> Iterator[bytes]:
        yield b"{"
        raise httpx.StreamClosed


def web(answer: httpx.Response) -> Web:
    transport = httpx.MockTransport(lambda _request: answer)
    return Web("https://api.example", refused=lambda _: Rejected("refused"), transport=transport)


@pytest.mark.parametrize(("repeats", "kind"), [(False, Uncertain), (True, Retry)])
def test_an_answer_that_is_closed_while_it_is_read(
    repeats: bool,
    kind: type[Exception],
) -> None:
    asked = web(httpx.Response(200, stream=ClosedStream()))
    with pytest.raises(kind):
        asked.request("POST", "/change", repeats=repeats)
    asked.close()


def shop(*said: Any) -> tuple[ShopifyClient, list[str]]:
    """Return a client of a shop that answers so, and what it was asked."""
    asked: list[str] = []
    left = list(said)

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(json.loads(request.read())["operationName"])
        body = json.dumps(left.pop(0)).encode()
        return httpx.Response(200, stream=httpx.ByteStream(body))

    connected = ConnectedSource(1, "acme", "shopify", {"shop": "acme.myshopify.com"})
    settings = read_settings(connected)
    return ShopifyClient(settings, "shpat_1", transport=httpx.MockTransport(answer)), asked


THROTTLED = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
DONE = {"orderCancel": {"job": {"id": "gid://shopify/Job/1", "done": False}}}


def test_a_change_that_was_throttled_after_it_began_is_not_asked_for_twice() -> None:
    client, asked = shop({"data": DONE, "errors": [{**THROTTLED, "path": ["orderCancel", "job"]}]})
    with pytest.raises(Uncertain):
        client.ask(CANCEL, repeats=False, id="gid://shopify/Order/1")
    assert len(asked) == 1
    client.close()


def test_a_change_that_was_throttled_at_the_door_is_asked_for_again() -> None:
    client, asked = shop({"errors": [THROTTLED]}, {"data": DONE})
    reply = client.ask(CANCEL, repeats=False, id="gid://shopify/Order/1")
    assert reply.payload("orderCancel")["job"]
    assert len(asked) == 2
    client.close()


@pytest.mark.parametrize("errors", ["Internal error", ["x"], {"base": ["x"]}, None])
def test_errors_of_no_known_shape_leave_a_change_uncertain(errors: Any) -> None:
    client, _ = shop({"data": None, "errors": errors})
    with pytest.raises(Uncertain):
        client.ask(CANCEL, repeats=False, id="gid://shopify/Order/1")
    client.close()

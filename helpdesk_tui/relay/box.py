"""The box's routes: it asks for what happened, and says what visitors shall see."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import sqlite3
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from helpdesk_tui.domain.webchat.reading import is_id, moment_text, whole_of
from helpdesk_tui.domain.webchat.site_wire import site_of
from helpdesk_tui.domain.webchat.wire import VERSION, News, message_of, news_json
from helpdesk_tui.relay.bodies import patience_for_files, read_object
from helpdesk_tui.relay.browsers import bearer
from helpdesk_tui.relay.core import Relay, number, relay_of
from helpdesk_tui.relay.refusals import Refused, unreadable
from helpdesk_tui.relay.store import box as store_box

T = TypeVar("T")

MOST_WAIT = 60
"""Seconds that a question of the box is held back."""
_ENDED_BY = frozenset({"agent", "responder", "channel"})


async def check_token(request: Request) -> Relay:
    """Return the relay, if the box has shown its token.

    Raises:
        Refused: 401, 429 for an address that tries many.
    """
    relay = relay_of(request)
    expected = relay.config.token.encode()
    if expected and hmac.compare_digest(bearer(request).encode(), expected):
        return relay
    await relay.check_address("refusal", request, relay.config.rates.refusals_address)
    raise Refused(401, "token.wrong")


def site_name(request: Request) -> str:
    """Return the site a request of the box is about.

    Raises:
        Refused: 400.
    """
    name = request.query_params.get("site", "")
    if not is_id(name):
        raise unreadable("site")
    return name


async def events(request: Request) -> Response:
    """``GET /box/v1/events``: the next events; waits while there are none."""
    relay = await check_token(request)
    site = site_name(request)
    after = number(request, "after")
    live = number(request, "live")
    wait = number(request, "wait", otherwise=25, most=MOST_WAIT)
    news = await _news(relay, site, after, live, wait)
    return JSONResponse(news_json(news))


async def _news(relay: Relay, site: str, after: int, live: int, wait: float) -> News:
    deadline = asyncio.get_running_loop().time() + wait
    read = partial(store_box.events_after, site=site, after=after)
    with relay.hub.box_waiting(site) as woken:
        while True:
            woken.clear()
            found = await relay.store.read(read)
            version = relay.presence.version(site)
            is_late = asyncio.get_running_loop().time() >= deadline
            if found or version != live or is_late or relay.hub.is_over:
                return News(found, version, relay.presence.live(site))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(deadline):
                    await woken.wait()


async def wait_for(
    relay: Relay, waiters: str, read: Callable[[sqlite3.Connection], T], wait: float
) -> T:
    """Return what a piece of reading finds, at once or as soon as it finds something.

    Args:
        relay: Whose store is read.
        waiters: Under which name commits wake whoever waits.
        read: Asked again after each of them.
        wait: Seconds until also nothing is an answer.
    """
    deadline = asyncio.get_running_loop().time() + wait
    with relay.hub.box_waiting(waiters) as woken:
        while True:
            woken.clear()
            found = await relay.store.read(read)
            if found or asyncio.get_running_loop().time() >= deadline or relay.hub.is_over:
                return found
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(deadline):
                    await woken.wait()


async def acknowledge(request: Request) -> Response:
    """``POST /box/v1/ack``: the box has stored the events up to here."""
    relay = await check_token(request)
    said = await _said(request)
    site = _name(said, "site")
    await relay.store.write(
        partial(store_box.acknowledge, site=site, through=whole_of(said, "through"))
    )
    return Response(status_code=204)


async def put_message(request: Request) -> Response:
    """``POST /box/v1/messages``: a message of ours; the same id twice is one message."""
    relay = await check_token(request)
    site = site_name(request)
    said = await _said(request)
    message = message_of(said)
    if not message.id:
        raise unreadable("id")
    seq, is_repeated = await relay.store.write(
        partial(store_box.add_message_of_ours, site=site, message=message)
    )
    return JSONResponse({"seq": seq, "repeated": is_repeated})


async def tell_typing(request: Request) -> Response:
    """``POST /box/v1/typing``: somebody of ours types; kept in memory, for a few seconds."""
    relay = await check_token(request)
    site = site_name(request)
    said = await _said(request)
    work = partial(store_box.visitor_of_chat, site=site, conversation=_name(said, "conversation"))
    visitor = await relay.store.read(work)
    if visitor is not None:
        name = said.get("name")
        relay.hub.tell_typing(
            visitor, name[:200] if isinstance(name, str) else "",
            is_typing=said.get("typing") is True,
        )  # fmt: skip
    return Response(status_code=204)


async def tell_seen(request: Request) -> Response:
    """``POST /box/v1/seen``: agents have read what the visitor wrote, up to here."""
    relay = await check_token(request)
    site = site_name(request)
    said = await _said(request)
    await relay.store.write(
        partial(
            store_box.set_agent_seen,
            site=site,
            conversation=_name(said, "conversation"),
            client_id=_name(said, "client_id"),
        )
    )
    return Response(status_code=204)


async def end_chat(request: Request) -> Response:
    """``POST /box/v1/end``: the conversation is over, unless the visitor said more meanwhile."""
    relay = await check_token(request)
    site = site_name(request)
    said = await _said(request)
    by = said.get("by")
    if by not in _ENDED_BY:
        raise unreadable("by")
    await relay.store.write(
        partial(
            store_box.end_by_box,
            site=site,
            conversation=_name(said, "conversation"),
            seen=whole_of(said, "seen"),
            by=str(by),
        )
    )
    return Response(status_code=204)


async def put_site(request: Request) -> Response:
    """``PUT /box/v1/site``: publishes a site as it is now."""
    relay = await check_token(request)
    site = site_of(await _said(request))
    await relay.store.write(partial(store_box.put_site, site=site))
    return Response(status_code=204)


async def health(request: Request) -> Response:
    """``GET /box/v1/health``: how a site stands here."""
    relay = await check_token(request)
    found = await relay.store.read(partial(store_box.health_of, site=site_name(request)))
    return JSONResponse(
        {
            "version": VERSION,
            "now": moment_text(relay.store.now),
            "known": found.is_known,
            "events": found.events,
            "oldest": found.oldest or None,
            "conversations": found.conversations,
            "public_url": relay.config.public_url,
        }
    )


async def _said(request: Request) -> Mapping[str, Any]:
    config = relay_of(request).config
    return await read_object(request, config.site_limit, patience_for_files(config))


def _name(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str) or not is_id(value):
        raise unreadable(name)
    return value

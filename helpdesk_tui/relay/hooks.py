"""Webhooks of providers: what is signed rightly is kept until every account has fetched it."""

from __future__ import annotations

import hmac
import logging
import re
import sqlite3
from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from helpdesk_tui.domain.messaging.providers import Company
from helpdesk_tui.domain.webchat.reading import is_id, is_storable, moment_text, whole_of
from helpdesk_tui.relay.bodies import patience_for_files, patience_for_json, pieces, read_object
from helpdesk_tui.relay.box import MOST_WAIT, check_token, wait_for
from helpdesk_tui.relay.core import Relay, number, relay_of
from helpdesk_tui.relay.proxies import public_base
from helpdesk_tui.relay.refusals import Refused, not_found, too_many, unreadable
from helpdesk_tui.relay.signatures import called_as, is_metas, is_twilios
from helpdesk_tui.relay.store import hooks as store_hooks
from helpdesk_tui.relay.store.hooks import Hook

_CHALLENGE = re.compile(r"[A-Za-z0-9_.-]{1,200}")
_MOST_NAMED = 100
_LONGEST = 500
"""Characters of a secret, a name or a token."""
_SMALL = 64_000
"""Bytes of a body that always finds room."""
_BUSY_SECONDS = 30
_FORM = "application/x-www-form-urlencoded"
_EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'

log = logging.getLogger(__name__)


async def shake_hands(request: Request) -> Response:
    """``GET /hooks/ID``: Meta asks whether the address is ours."""
    hook = await _known(request)
    if hook.provider != Company.META:
        raise Refused(405, "method.wrong")
    asked = request.query_params
    given = asked.get("hub.verify_token", "").encode()
    is_right = False
    for token in hook.verify_tokens:
        is_right |= bool(token) and hmac.compare_digest(given, token.encode())
    challenge = asked.get("hub.challenge", "")
    if asked.get("hub.mode") != "subscribe" or not _CHALLENGE.fullmatch(challenge) or not is_right:
        await _refuse(request, hook)
    await relay_of(request).store.write(partial(store_hooks.note_verified, hook=hook.id))
    return PlainTextResponse(challenge)


async def receive(request: Request) -> Response:
    """``POST /hooks/ID``: a provider tells something; answered once it is on the disk."""
    hook = await _known(request)
    body = await _body(request)
    # nothing is made of the bytes before it is known that the provider wrote them
    if not _is_signed(request, hook, body):
        await _refuse(request, hook)
    relay = relay_of(request)
    content_type = request.headers.get("content-type", "")[:200]
    try:
        await relay.store.write(
            partial(store_hooks.add_delivery, hook=hook.id, content_type=content_type, body=body)
        )
    except sqlite3.Error as error:
        # a full disk: the provider sends it again, and for days
        log.warning("a webhook was not kept: %s", error)
        raise Refused(503, "relay.full", retry_after=_BUSY_SECONDS) from error
    if hook.provider == Company.TWILIO:
        return Response(_EMPTY_TWIML, media_type="text/xml")
    return Response(status_code=200)


async def put(request: Request) -> Response:
    """``PUT /box/v1/hooks/ID``: publishes a webhook as it is now."""
    relay = await check_token(request)
    said = await _said(request)
    provider = said.get("provider")
    if provider not in tuple(Company):
        raise unreadable("provider")
    single = said.get("verify_token")
    tokens = _texts(said, "verify_tokens") + ((single,) if isinstance(single, str) else ())
    consumers = _texts(said, "consumers")
    if not all(is_id(each) for each in consumers):
        raise unreadable("consumers")
    hook = Hook(_id(request), provider, _texts(said, "secrets"), tokens, consumers)
    await relay.store.write(partial(store_hooks.put_hook, hook=hook))
    return JSONResponse({"url": _url(request)})


async def deliveries(request: Request) -> Response:
    """``GET /box/v1/hooks/ID/deliveries``: what a consumer has not acknowledged; waits for it."""
    relay = await check_token(request)
    hook = _id(request)
    wait = number(request, "wait", otherwise=25, most=MOST_WAIT)
    read = partial(
        store_hooks.deliveries_after,
        hook=hook,
        consumer=request.query_params.get("consumer", ""),
        after=number(request, "after"),
    )
    found = await wait_for(relay, store_hooks.waiters(hook), read, wait)
    return JSONResponse(
        {
            "deliveries": [
                {
                    "seq": seq,
                    "at": at,
                    "content_type": content_type,
                    "body": body.decode(errors="replace"),
                }
                for seq, at, content_type, body in found
            ]
        }
    )


async def acknowledge(request: Request) -> Response:
    """``POST /box/v1/hooks/ID/ack``: a consumer has stored all up to here."""
    relay = await check_token(request)
    said = await _said(request)
    work = partial(
        store_hooks.acknowledge,
        hook=_id(request),
        consumer=str(said.get("consumer", "")),
        through=whole_of(said, "through"),
    )
    await relay.store.write(work)
    return Response(status_code=204)


async def health(request: Request) -> Response:
    """``GET /box/v1/hooks/ID/health``: how a webhook fares."""
    relay = await check_token(request)
    found = await relay.store.read(partial(store_hooks.state_of, hook=_id(request)))
    said: dict[str, object] = {
        "known": found is not None,
        "now": moment_text(relay.store.now),
        "url": _url(request),
        "refused": 0,
    }
    if found is not None:
        said |= {
            "waiting": dict(found.waiting),
            "oldest": found.oldest or None,
            "last_at": found.last_at or None,
            "verified_at": found.verified_at or None,
            "refused": found.refused,
            "refused_at": found.refused_at or None,
        }
    return JSONResponse(said)


async def _known(request: Request) -> Hook:
    """Return the webhook in the path.

    Raises:
        Refused: 404, and 429 for an address that tries many.
    """
    relay = relay_of(request)
    hook = await relay.store.read(partial(store_hooks.hook_of, id=request.path_params["id"]))
    if hook is None:
        await relay.check_address("forgery", request, relay.config.rates.forgeries_address)
        raise not_found()
    return hook


async def _refuse(request: Request, hook: Hook) -> None:
    """Refuse a wrong signature; the address is slowed down, and noted as far as it is not."""
    relay = relay_of(request)
    await relay.check_address("forgery", request, relay.config.rates.forgeries_address)
    await relay.store.write(partial(store_hooks.note_refused, hook=hook.id))
    log.info("a webhook was refused: its signature is wrong or missing")
    raise Refused(403, "signature.wrong")


async def _body(request: Request) -> bytes:
    """Return the bytes of a body as they came.

    Large ones share a room, as they are held before it is known who wrote them; small ones, which
    nearly all are, come in even while that is full.
    """
    relay = relay_of(request)
    config = relay.config
    found = bytearray()
    counted = 0
    try:
        async for piece in pieces(request, config.hook_limit, patience_for_json(config)):
            found += piece
            if len(found) > _SMALL:
                relay.held += len(found) - counted
                counted = len(found)
                if relay.held > config.hooks_held:
                    raise too_many(_BUSY_SECONDS)
    finally:
        relay.held -= counted
    return bytes(found)


def _is_signed(request: Request, hook: Hook, body: bytes) -> bool:
    if hook.provider == Company.META:
        return is_metas(body, request.headers.get("x-hub-signature-256", ""), hook.secrets)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _FORM:
        return False
    base = public_base(request, relay_of(request).config)
    query = request.scope["query_string"].decode("latin-1")
    urls = called_as(base, f"/hooks/{hook.id}", query)
    return is_twilios(urls, body, request.headers.get("x-twilio-signature", ""), hook.secrets)


def _id(request: Request) -> str:
    hook: str = request.path_params["id"]
    if not is_id(hook):
        raise unreadable("hook")
    return hook


def _url(request: Request) -> str:
    return f"{public_base(request, relay_of(request).config)}/hooks/{_id(request)}"


async def _said(request: Request) -> Mapping[str, Any]:
    relay: Relay = relay_of(request)
    return await read_object(request, relay.config.json_limit, patience_for_files(relay.config))


def _texts(said: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Return a list of texts; empty ones are left out."""
    value = said.get(name, [])
    if not isinstance(value, list) or len(value) > _MOST_NAMED:
        raise unreadable(name)
    for each in value:
        if not isinstance(each, str) or len(each) > _LONGEST or not is_storable(each):
            raise unreadable(name)
    return tuple(each for each in value if each)

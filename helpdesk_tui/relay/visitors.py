"""The browser's routes: the site, the session, the conversation and what is done in it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from helpdesk_tui.domain.languages import is_language
from helpdesk_tui.domain.webchat.reading import is_id
from helpdesk_tui.domain.webchat.wire import FILES_LIMIT, TEXT_LIMIT
from helpdesk_tui.relay.bodies import patience_for_json, read_object
from helpdesk_tui.relay.browsers import (
    bearer,
    check_open,
    known_session,
    session_for,
    site_for,
    visitor_for,
)
from helpdesk_tui.relay.core import Relay, number, relay_of
from helpdesk_tui.relay.entries import chat_json
from helpdesk_tui.relay.identity import identify
from helpdesk_tui.relay.refusals import not_found, too_large, unreadable
from helpdesk_tui.relay.store import chats as store_chats
from helpdesk_tui.relay.store import sessions as store_sessions
from helpdesk_tui.relay.store.history import chat_of, newest_chat
from helpdesk_tui.relay.values import Said

_MOST_PAGE = 2_000
_MOST_ZONE = 64
_MOST_KEY = 200


async def show_site(request: Request) -> Response:
    """``GET /v1/sites/S``: what the widget shows of a site."""
    relay = relay_of(request)
    site = site_for(request)
    session = await known_session(request)
    is_known = session is not None and session.site == site.id and session.visitor is not None
    asked = request.query_params.get("language", "")
    said, tag = relay.sites.public(site, asked if is_language(asked) else "", is_known=is_known)
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Authorization"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(said, headers=headers, media_type="application/json")


async def open_session(request: Request) -> Response:
    """``POST /v1/sites/S/session``: a session, of a customer where the shop has signed one."""
    relay = relay_of(request)
    site = site_for(request)
    await relay.check_address("session", request, relay.config.rates.sessions_address)
    said = await _said(request)
    who = partial(identify, site, said, relay.store.now)
    opened = await relay.store.write(
        partial(
            store_sessions.open_session,
            site=site.id,
            old_token=bearer(request),
            identify=who if said.get("token") or said.get("signed") else None,
        )
    )
    visitor = conversation = None
    if opened.visitor is not None:
        visitor = {"name": opened.name}
        chat = await relay.store.read(partial(newest_chat, visitor=opened.visitor))
        conversation = {"id": chat.id, "ended": bool(chat.ended_seq)} if chat else None
    answer = {"session": opened.token, "visitor": visitor, "conversation": conversation}
    return JSONResponse(answer)


async def show_chat(request: Request) -> Response:
    """``GET /v1/chat``: the newest conversation, and where a stream goes on from it."""
    relay = relay_of(request)
    session = await session_for(request, "read", relay.config.rates.reads)
    if session.visitor is None:
        return JSONResponse(chat_json(None, (), 0))
    work = partial(chat_of, visitor=session.visitor, after=number(request, "after"))
    return JSONResponse(chat_json(*await relay.store.read(work)))


async def write_message(request: Request) -> Response:
    """``POST /v1/chat/messages``: stored before it is answered; the first one starts the chat."""
    relay = relay_of(request)
    rates = relay.config.rates
    session, visitor = await visitor_for(request, "message", rates.messages)
    await relay.check_address("message", request, rates.messages_address)
    message = _message(await _said(request))
    check_open(relay, session.site)
    relay.presence.tell_typing(visitor, is_typing=False)
    accepted = await relay.store.write(
        partial(
            store_chats.say,
            visitor=visitor,
            site=session.site,
            said=message,
            starts=rates.starts,
        )
    )
    relay.presence.touched(visitor)
    answer = {"seq": accepted.seq, "conversation": accepted.conversation, "at": accepted.at}
    return JSONResponse(answer, 201)


async def tell_typing(request: Request) -> Response:
    """``POST /v1/chat/typing``: kept in memory only, for a few seconds."""
    relay, visitor, said = await _act(request)
    relay.presence.tell_typing(visitor, is_typing=said.get("typing") is True)
    return Response(status_code=204)


async def tell_received(request: Request) -> Response:
    """``POST /v1/chat/received``: the browser has our messages up to here."""
    return await _tell_received(request, is_seen=False)


async def tell_seen(request: Request) -> Response:
    """``POST /v1/chat/seen``: the visitor has seen our messages up to here."""
    return await _tell_received(request, is_seen=True)


async def ask_person(request: Request) -> Response:
    """``POST /v1/chat/person``: the visitor wants a person to answer."""
    relay, visitor, _ = await _act(request)
    await relay.store.write(partial(store_chats.ask_person, visitor=visitor))
    return Response(status_code=204)


async def end_chat(request: Request) -> Response:
    """``POST /v1/chat/end``: the visitor ends the conversation."""
    relay, visitor, _ = await _act(request)
    await relay.store.write(partial(store_chats.end_by_visitor, visitor=visitor))
    return Response(status_code=204)


async def vote(request: Request) -> Response:
    """``POST /v1/sites/S/faq/KEY/vote``: whether an answer helped."""
    relay = relay_of(request)
    site = site_for(request)
    session = await session_for(request, "action", relay.config.rates.actions)
    await relay.check_address("vote", request, relay.config.rates.votes_address)
    said = await _said(request)
    key = request.path_params["key"]
    check_open(relay, site.id)
    if session.site != site.id or key not in {each.key for each in site.faq}:
        raise not_found()
    work = partial(
        store_chats.vote,
        site=site.id,
        key=key,
        language=_language(said),
        is_helpful=said.get("helpful") is True,
    )
    await relay.store.write(work)
    return Response(status_code=204)


async def _act(request: Request) -> tuple[Relay, int, Mapping[str, Any]]:
    relay = relay_of(request)
    _, visitor = await visitor_for(request, "action", relay.config.rates.actions)
    return relay, visitor, await _said(request)


async def _tell_received(request: Request, *, is_seen: bool) -> Response:
    relay, visitor, said = await _act(request)
    seq = said.get("seq")
    if not isinstance(seq, int) or isinstance(seq, bool):
        raise unreadable("seq")
    await relay.store.write(
        partial(store_chats.tell_received, visitor=visitor, seq=seq, is_seen=is_seen)
    )
    return Response(status_code=204)


async def _said(request: Request) -> Mapping[str, Any]:
    config = relay_of(request).config
    return await read_object(request, config.json_limit, patience_for_json(config))


def _message(said: Mapping[str, Any]) -> Said:
    client_id = _text(said, "client_id", 128)
    if not is_id(client_id):
        raise unreadable("client_id")
    text = said.get("text", "")
    if not isinstance(text, str):
        raise unreadable("text")
    if len(text) > TEXT_LIMIT:
        raise too_large(TEXT_LIMIT)
    files = said.get("files") or []
    if not isinstance(files, list) or not all(isinstance(each, str) for each in files):
        raise unreadable("files")
    if len(files) > FILES_LIMIT:
        raise too_large(FILES_LIMIT)
    if not text.strip() and not files:
        raise unreadable("text")
    return Said(
        client_id=client_id,
        text=text.replace("\0", ""),
        files=tuple(dict.fromkeys(files)),
        faq=_text(said, "faq", _MOST_KEY),
        language=_language(said),
        timezone=_text(said, "timezone", _MOST_ZONE),
        page=_text(said, "page", _MOST_PAGE),
    )


def _text(said: Mapping[str, Any], name: str, most: int) -> str:
    """Return a side note of a browser: never a reason to refuse what the visitor wrote."""
    value = said.get(name)
    return value[:most].replace("\0", "") if isinstance(value, str) else ""


def _language(said: Mapping[str, Any]) -> str:
    value = _text(said, "language", 35)
    return value if is_language(value) else ""

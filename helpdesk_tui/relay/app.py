"""The relay as a web application: which path is which route."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from helpdesk_tui.domain.webchat.reading import WireError
from helpdesk_tui.domain.webchat.wire import VERSION
from helpdesk_tui.relay import box, files, hooks, media_links, short_links, streams, visitors
from helpdesk_tui.relay.config import RelayConfig
from helpdesk_tui.relay.core import Relay
from helpdesk_tui.relay.guard import BOX, Guard
from helpdesk_tui.relay.presence import Patience
from helpdesk_tui.relay.refusals import Refused, not_found, unreadable
from helpdesk_tui.relay.script import show_script
from helpdesk_tui.relay.store.store import Store


def make_app(store: Store, config: RelayConfig, *, patience: Patience | None = None) -> Starlette:
    """Return the relay over an open store.

    Args:
        store: Its store; whoever opened it closes it afterwards.
        config: Its settings.
        patience: How long visitors may be away; tests have less of it.
    """
    relay = Relay(store, config, patience or Patience())

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await relay.start()
        try:
            yield
        finally:
            await relay.stop()

    app = Starlette(
        routes=[*_box_routes(), *_provider_routes(), *_browser_routes()],
        middleware=[
            Middleware(Guard, config=config, limits=relay.limits, sites=relay.sites),
            Middleware(_Versioned),
        ],
        exception_handlers={
            Refused: _refuse,
            WireError: _refuse,
            HTTPException: _refuse,
        },
        lifespan=lifespan,
    )
    app.state.relay = relay
    app.state.closing = relay.closing
    return app


class _Versioned:
    """Says in every answer to the box which form of the line this is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""

        async def versioned(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Relay-Version"] = str(VERSION)
            await send(message)

        is_box = scope["type"] == "http" and scope["path"].startswith(BOX)
        await self._app(scope, receive, versioned if is_box else send)


def _box_routes() -> list[Route]:
    return [
        Route("/box/v1/events", box.events),
        Route("/box/v1/ack", box.acknowledge, methods=["POST"]),
        Route("/box/v1/messages", box.put_message, methods=["POST"]),
        Route("/box/v1/files/{id}", files.show_upload),
        Route("/box/v1/files/{id}", files.put_ours, methods=["PUT"]),
        Route("/box/v1/typing", box.tell_typing, methods=["POST"]),
        Route("/box/v1/seen", box.tell_seen, methods=["POST"]),
        Route("/box/v1/end", box.end_chat, methods=["POST"]),
        Route("/box/v1/site", box.put_site, methods=["PUT"]),
        Route("/box/v1/health", box.health),
        Route("/box/v1/hooks/{id}", hooks.put, methods=["PUT"]),
        Route("/box/v1/hooks/{id}/deliveries", hooks.deliveries),
        Route("/box/v1/hooks/{id}/ack", hooks.acknowledge, methods=["POST"]),
        Route("/box/v1/hooks/{id}/health", hooks.health),
        Route("/box/v1/media/{token}", media_links.put, methods=["PUT"]),
        Route("/box/v1/media/{token}", media_links.state),
        Route("/box/v1/media/{token}", media_links.delete, methods=["DELETE"]),
        Route("/box/v1/links", short_links.put, methods=["PUT"]),
        Route("/box/v1/clicks", short_links.clicks),
        Route("/box/v1/clicks/ack", short_links.acknowledge, methods=["POST"]),
    ]


def _provider_routes() -> list[Route]:
    return [
        Route("/hooks/{id}", hooks.shake_hands),
        Route("/hooks/{id}", hooks.receive, methods=["POST"]),
        Route("/m/{token}/{name}", media_links.show),
        Route("/l/{code}", short_links.follow),
    ]


def _browser_routes() -> list[Route]:
    return [
        Route("/widget.js", show_script),
        Route("/v1/sites/{site}", visitors.show_site),
        Route("/v1/sites/{site}/session", visitors.open_session, methods=["POST"]),
        Route("/v1/sites/{site}/faq/{key}/vote", visitors.vote, methods=["POST"]),
        Route("/v1/chat", visitors.show_chat),
        Route("/v1/stream", streams.stream),
        Route("/v1/poll", streams.poll),
        Route("/v1/chat/messages", visitors.write_message, methods=["POST"]),
        Route("/v1/chat/files", files.send_up, methods=["POST"]),
        Route("/v1/chat/files/{id}", files.show_file),
        Route("/v1/chat/typing", visitors.tell_typing, methods=["POST"]),
        Route("/v1/chat/received", visitors.tell_received, methods=["POST"]),
        Route("/v1/chat/seen", visitors.tell_seen, methods=["POST"]),
        Route("/v1/chat/person", visitors.ask_person, methods=["POST"]),
        Route("/v1/chat/end", visitors.end_chat, methods=["POST"]),
    ]


async def _refuse(_request: Request, error: Exception) -> Response:
    """Answer with a code: never with a trace, and no path says more than that it is none."""
    refused = _refused(error)
    return JSONResponse(refused.body, refused.status, dict(refused.headers))


def _refused(error: Exception) -> Refused:
    if isinstance(error, Refused):
        return error
    if isinstance(error, WireError):
        return unreadable(str(error.values.get("what", "body")))
    if isinstance(error, HTTPException) and error.status_code == 405:
        return Refused(405, "method.wrong")
    return not_found()

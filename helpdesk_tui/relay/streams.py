"""News for browsers: a stream of server-sent events, or a poll that waits for the next ones.

The form of the stream is that of WHATWG HTML, section 9.2; the widget reads it by ``fetch``, since
``EventSource`` can show no session.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from helpdesk_tui.relay.browsers import session_for
from helpdesk_tui.relay.core import Relay, number, relay_of, whole
from helpdesk_tui.relay.entries import Entry, entries_of
from helpdesk_tui.relay.hub import Watch
from helpdesk_tui.relay.store.history import history_after
from helpdesk_tui.relay.values import Session

PING_SECONDS = 15.0
_SEND_SECONDS = 20.0
"""A browser that takes nothing for so long is cut off; it comes back where it stood."""
_MOST_WAIT = 60
_RETRY_MILLISECONDS = 1_000


async def stream(request: Request) -> Response:
    """``GET /v1/stream``: everything after a point, and then what happens."""
    relay = relay_of(request)
    session = await session_for(request, "read", relay.config.rates.reads)
    return _Stream(relay, session, _position(request))


async def poll(request: Request) -> Response:
    """``GET /v1/poll``: the same for browsers whose network lets no stream through."""
    relay = relay_of(request)
    session = await session_for(request, "read", relay.config.rates.reads)
    wait = number(request, "wait", otherwise=25, most=_MOST_WAIT)
    with watching(relay, session) as watch:
        gone = asyncio.create_task(_until_gone(request.receive, watch))
        try:
            found = await News(relay, watch, _position(request)).next(wait)
        finally:
            gone.cancel()
    return JSONResponse({"events": [each.as_json for each in found]})


class News:
    """What one browser is told, from where it stands."""

    def __init__(self, relay: Relay, watch: Watch, after: int) -> None:
        self._relay = relay
        self._watch = watch
        self._after = after

    async def next(self, wait: float) -> list[Entry]:
        """Return what is new, as soon as something is; nothing after ``wait`` seconds."""
        deadline = asyncio.get_running_loop().time() + wait
        woken = self._watch.woken
        while not self._watch.is_over:
            woken.clear()
            found = [*await self._kept(), *self._told_once()]
            if found:
                return found
            try:
                async with asyncio.timeout_at(deadline):
                    await woken.wait()
            except TimeoutError:
                break
        return []

    async def _kept(self) -> list[Entry]:
        watch = self._watch
        visitor = watch.session.visitor
        if not watch.has_new or visitor is None:
            return []
        watch.has_new = False
        work = partial(history_after, visitor=visitor, after=self._after)
        found, is_part = entries_of(await self._relay.store.read(work), self._after)
        if found:
            self._after = found[-1].seq
        if is_part:
            watch.has_new = True
            watch.woken.set()
        return found

    def _told_once(self) -> Iterator[Entry]:
        watch = self._watch
        if watch.typing is not None:
            typing, watch.typing = watch.typing, None
            yield Entry("typing", {"name": typing.name, "typing": typing.is_typing})
        if watch.is_stale:
            watch.is_stale = False
            site = self._relay.sites.site(watch.session.site)
            yield Entry("site", {"enabled": site is not None and site.enabled})


@contextmanager
def watching(relay: Relay, session: Session) -> Iterator[Watch]:
    """Wait for news as a browser; meanwhile its visitor is there."""
    with relay.hub.watching(session) as watch:
        if session.visitor is None:
            yield watch
            return
        relay.presence.opened(session.visitor)
        try:
            yield watch
        finally:
            relay.presence.closed(session.visitor)


class _Stream(Response):
    """The stream as an answer: two small tasks, no thread, nothing queued."""

    media_type = "text/event-stream"

    def __init__(self, relay: Relay, session: Session, after: int) -> None:
        super().__init__(
            headers={"X-Accel-Buffering": "no", "Cache-Control": "no-store, no-transform"}
        )
        del self.headers["content-length"]
        self._relay = relay
        self._session = session
        self._after = after

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tell the news until the browser is gone, or the relay stops."""
        with watching(self._relay, self._session) as watch:
            watch.typing = self._relay.hub.typing_to(self._session.visitor)
            gone = asyncio.create_task(_until_gone(receive, watch))
            try:
                await send(
                    {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
                )
                await self._tell(watch, send)
                await send({"type": "http.response.body", "body": b"", "more_body": False})
            except (OSError, TimeoutError):
                # it is gone or takes nothing: it comes back where it stood
                return
            finally:
                gone.cancel()

    async def _tell(self, watch: Watch, send: Send) -> None:
        news = News(self._relay, watch, self._after)
        part = f"retry: {_RETRY_MILLISECONDS}\n: here\n\n".encode()
        while not watch.is_over:
            async with asyncio.timeout(_SEND_SECONDS):
                await send({"type": "http.response.body", "body": part, "more_body": True})
            found = await news.next(PING_SECONDS)
            part = b"".join(each.as_sse for each in found) or b": ping\n\n"


async def _until_gone(receive: Receive, watch: Watch) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    watch.end()


def _position(request: Request) -> int:
    """Return where the browser stands: what it read last, or what it asks for."""
    last = whole(request.headers.get("last-event-id", ""))
    return number(request, "after") if last is None else last

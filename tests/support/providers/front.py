"""Stands before every simulated provider: records, misbehaves, holds us to the contract."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Match, Route, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.support.providers.contract import Exchange, faults_of
from tests.support.providers.faults import AFTER, Fault, Faults
from tests.support.providers.values import Asked

_TICK = 0.05


class Watch:
    """What all simulated providers of a test have seen. Thread-safe."""

    def __init__(self, *, validate_one_in: int = 1) -> None:
        self.asked: list[Asked] = []
        self.violations: list[str] = []
        self.closing = threading.Event()
        self.validate_one_in = validate_one_in
        self._seen = 0
        self._lock = threading.Lock()

    def keep(self, asked: Asked) -> bool:
        """Keep a request; return whether it is one to be held to the contract."""
        with self._lock:
            self.asked.append(asked)
            self._seen += 1
            return self._seen % self.validate_one_in == 0

    def blame(self, *violations: str) -> None:
        """Keep what fails the test at its end."""
        with self._lock:
            self.violations.extend(violations)

    def of(self, operation: str) -> list[Asked]:
        """Return the requests of an operation so far."""
        with self._lock:
            return [one for one in self.asked if one.operation == operation]


class Front:
    """An ASGI application around the routes of one provider.

    A route's name is ``operation`` or ``operation|path template`` where the contract knows it.
    """

    def __init__(
        self,
        provider: str,
        routes: list[Route],
        document: str,
        watch: Watch,
        faults: Faults,
        elsewhere: str,
        *,
        busy: Mapping[str, object] | None = None,
    ) -> None:
        self._busy = busy or _busy(provider)
        self._provider = provider
        self._router = Router(routes)
        self._document = document
        self._watch = watch
        self._faults = faults
        self._elsewhere = elsewhere

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        body = await _body(receive)
        if body is None:
            return  # a worker that is killed may have sent the head alone: that asks for nothing
        scope["sim_body"] = body
        name = self._name(scope)
        operation, _, template = name.partition("|")
        asked = _asked(scope, operation, body)
        is_checked = self._watch.keep(asked)
        if operation == "":
            self._watch.blame(f"{self._provider} knows nothing of {asked.method} {asked.path}")
        await self._delay(self._faults.delay(operation))
        fault = self._faults.draw(operation)
        if fault is Fault.CUT:
            _abort(send)
            return
        if fault is not None and fault not in AFTER:
            answer: Response | _Kept = self._refusal(fault, scope)
            if is_checked and template:
                await self._check(template, asked, await _kept(answer, scope, body))
            await answer(scope, _again(body), send)
            return
        try:
            kept = await _kept(self._router, scope, body)
        except Exception as error:  # noqa: BLE001 - a fault of the simulator fails the test
            self._watch.blame(f"the simulator failed at {asked.method} {asked.path}: {error!r}")
            kept = await _kept(_broken(), scope, body)
        asked.status = kept.status
        if is_checked and template:
            await self._check(template, asked, kept)
        if fault is None:
            await kept(scope, receive, send)
        else:
            await self._after(fault, kept, scope, receive, send)

    async def _after(
        self, fault: Fault, kept: _Kept, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if kept.status >= 400:
            await kept(scope, receive, send)
        elif fault is Fault.BROKEN_AFTER:
            await _broken()(scope, receive, send)
        else:
            if fault is Fault.SILENT_AFTER:
                await self._wait(receive)
            _abort(send)

    async def _delay(self, seconds: float) -> None:
        for _ in range(round(seconds / _TICK)):
            if self._watch.closing.is_set() or self._faults.is_hurried:
                return
            await asyncio.sleep(_TICK)

    async def _wait(self, receive: Receive) -> None:
        """Wait until the other side gives up, or all is closed."""
        gone = asyncio.ensure_future(_until_gone(receive))
        while not gone.done() and not self._watch.closing.is_set():
            await asyncio.wait([gone], timeout=0.1)
        gone.cancel()

    def _name(self, scope: Scope) -> str:
        for route in self._router.routes:
            match, _ = route.matches(scope)
            if match is Match.FULL:
                assert isinstance(route, Route)
                return route.name
        return ""

    async def _check(self, template: str, asked: Asked, kept: _Kept) -> None:
        told = Exchange(
            asked.method,
            asked.path,
            asked.query,
            tuple(asked.headers.items()),
            asked.body,
            kept.status,
            kept.content_type,
            kept.body,
        )
        found = await run_in_threadpool(faults_of, self._document, template, told)
        self._watch.blame(*found)

    def _refusal(self, fault: Fault, scope: Scope) -> Response:
        seconds = self._faults.retry_after
        if fault is Fault.REDIRECTED:
            return RedirectResponse(self._elsewhere + scope["path"], 307)
        if fault is Fault.BROKEN:
            return _broken()
        until = datetime.now(UTC) + timedelta(seconds=seconds + 1)
        wait = format_datetime(until, usegmt=True) if fault is Fault.BUSY_UNTIL else str(seconds)
        return JSONResponse(self._busy, 429, {"Retry-After": wait})


def _busy(provider: str) -> Mapping[str, object]:
    if provider == "twilio":
        return {"code": 20429, "message": "Too Many Requests", "status": 429}
    code = 130429 if provider == "whatsapp" else 613
    told = {"message": "(#4) too many calls", "type": "OAuthException", "code": code}
    return {"error": {**told, "is_transient": True, "fbtrace_id": "SIM"}}


def _broken() -> Response:
    return Response("<html>upstream</html>", 500, media_type="text/html")


def _abort(send: Send) -> None:
    """Drop the connection, as a network does."""
    send.__self__.transport.abort()  # type: ignore[attr-defined]


async def _body(receive: Receive) -> bytes | None:
    """Return what was asked; None of whoever went before all of it was said."""
    parts = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _again(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _asked(scope: Scope, operation: str, body: bytes) -> Asked:
    request = Request(scope)
    return Asked(
        operation,
        request.method,
        request.url.path,
        tuple(parse_qsl(request.url.query, keep_blank_values=True)),
        dict(request.headers),
        body,
        time.monotonic(),
    )


class _Kept:
    """An answer that has not gone out yet."""

    def __init__(self) -> None:
        self.start: Message = {}
        self.parts: list[Message] = []

    @property
    def status(self) -> int:
        return int(self.start["status"])

    @property
    def content_type(self) -> str:
        headers = dict(self.start.get("headers", ()))
        return bytes(headers.get(b"content-type", b"")).decode()

    @property
    def body(self) -> bytes:
        return b"".join(part.get("body", b"") for part in self.parts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send(self.start)
        for part in self.parts:
            await send(part)


async def _kept(app: ASGIApp, scope: Scope, body: bytes) -> _Kept:
    kept = _Kept()

    async def keep(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept.start = message
        else:
            kept.parts.append(message)

    await app(scope, _again(body), keep)
    return kept

"""Run a relay: its store, its routes, and the server in front of them, until told to stop."""

from __future__ import annotations

import asyncio
import resource
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import uvicorn
from starlette.applications import Starlette

from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.relay.app import make_app
from helpdesk_tui.relay.config import RelayConfig
from helpdesk_tui.relay.connections import watched_protocol
from helpdesk_tui.relay.store.store import Store

GRACE_SECONDS = 5
"""What is under way when it is told to stop has so long to end."""
_ALIVE_SECONDS = 20
_BACKLOG = 512
_HEADER_BYTES = 16_384
_KEEP_ALIVE_SECONDS = 15


class RelayServer(uvicorn.Server):
    """The server of one relay, in the main thread or in one of a test."""

    def __init__(
        self,
        app: Starlette,
        config: RelayConfig,
        listening: socket.socket,
        alive: Callable[[], object] = lambda: None,
    ) -> None:
        self._listening = listening
        self._app = app

        async def tell_alive() -> None:
            alive()

        super().__init__(
            uvicorn.Config(
                app,
                http=watched_protocol(config),
                ws="none",
                loop="asyncio",
                lifespan="on",
                interface="asgi3",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                callback_notify=tell_alive,
                timeout_notify=_ALIVE_SECONDS,
                backlog=_BACKLOG,
                timeout_keep_alive=_KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=GRACE_SECONDS,
                h11_max_incomplete_event_size=_HEADER_BYTES,
            )
        )

    @property
    def port(self) -> int:
        """Return the port it listens on."""
        return int(self._listening.getsockname()[1])

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, which would never end by themselves, and then everything."""
        self._app.state.closing.set()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on SIGTERM and Ctrl-C; unlike uvicorn, do not die of it afterwards."""
        previous = {}
        with suppress(ValueError):  # not the main thread: whoever started it ends it
            previous = {
                each: signal.signal(each, self.handle_exit)
                for each in (signal.SIGTERM, signal.SIGINT)
            }
        try:
            yield
        finally:
            for each, handler in previous.items():
                signal.signal(each, handler)


def listen(config: RelayConfig) -> socket.socket:
    """Return the socket a relay listens on.

    Raises:
        OSError: if the address is not ours, the port is taken or may not be used.
    """
    found = socket.getaddrinfo(config.host, config.port, type=socket.SOCK_STREAM)
    family, kind, protocol, _, address = found[0]
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        # a connection that comes before the server is up waits instead of being refused
        listening.listen(_BACKLOG)
        listening.setblocking(False)
    except OSError:
        listening.close()
        raise
    return listening


async def serve(
    config: RelayConfig,
    *,
    ready: Callable[[RelayServer], None] = lambda server: None,
    alive: Callable[[], object] = lambda: None,
) -> None:
    """Serve until the process is told to stop.

    Args:
        config: Settings of the relay.
        ready: Called once, when it answers requests.
        alive: Called now and then while its event loop runs.

    Raises:
        UsageError: ``relay.cannot-listen``.
        StoreError: if its store cannot be opened.
    """
    try:
        socket_of_ours = listen(config)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(
            "relay.cannot-listen", host=config.host, port=config.port, reason=reason
        ) from error
    with socket_of_ours as listening:
        store = Store(config.store)
        try:
            server = RelayServer(make_app(store, config), config, listening, alive)
            told = asyncio.create_task(_when_ready(server, ready))
            try:
                await server.serve([listening])
            finally:
                told.cancel()
        finally:
            store.close()


def raise_file_limit() -> int:
    """Allow this process as many open files as it may have, and return how many.

    Each visitor who looks at the tab is one; many systems begin with 1,024.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        soft = hard
    return soft


async def _when_ready(server: RelayServer, ready: Callable[[RelayServer], None]) -> None:
    while not server.started:  # noqa: ASYNC110 - uvicorn offers nothing to wait on
        await asyncio.sleep(0.02)
    ready(server)

"""Serves simulators on loopback: applications over real HTTP, in a thread of their own."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

import uvicorn
from starlette.types import ASGIApp

from tests.support.waiting import PATIENCE, until


class _Server(uvicorn.Server):
    def capture_signals(self):
        """Leave signals to the test."""
        return ExitStack()


@contextmanager
def serving(
    count: int,
    make: Callable[[list[str]], Sequence[ASGIApp]],
    closing: threading.Event,
    *,
    name: str = "simulators",
) -> Iterator[None]:
    """Serve applications, each on a port of its own; leaving stops them.

    Args:
        count: How many.
        make: Makes them once it is known where each will be.
        closing: Set before they are stopped, so that what waits in them ends.
        name: Of the thread.
    """
    with ExitStack() as stack:
        ears = [stack.enter_context(_listening()) for _ in range(count)]
        urls = [f"http://127.0.0.1:{ear.getsockname()[1]}" for ear in ears]
        servers = [_Server(_quiet(app)) for app in make(urls)]
        thread = threading.Thread(target=_serve, args=(servers, ears), name=name)
        thread.start()
        try:
            until(lambda: all(server.started for server in servers))
            yield
        finally:
            closing.set()
            for server in servers:
                server.should_exit = True
            thread.join(PATIENCE)
            assert not thread.is_alive(), f"the {name} do not stop"


def _quiet(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app, log_level="error", lifespan="off", timeout_graceful_shutdown=1, access_log=False
    )


@contextmanager
def _listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0), backlog=128) as ear:
        yield ear


def _serve(servers: list[_Server], ears: list[socket.socket]) -> None:
    async def all_of_them() -> None:
        pairs = zip(servers, ears, strict=True)
        await asyncio.gather(*(server.serve([ear]) for server, ear in pairs))

    asyncio.run(all_of_them())

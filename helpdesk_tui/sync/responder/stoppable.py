"""Requests that end at once when the worker is told to stop, and services left alone."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Coroutine
from typing import Any, TypeVar

_LOOK = 0.05

T = TypeVar("T")


class Stopped(Exception):
    """The worker ends: what was going on is left."""


class Breaker:
    """Keeps everybody from waiting for a service that has failed twice in a row."""

    _MOST = 2
    _REST = 60.0

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures = 0
        self._again_at = 0.0

    @property
    def is_closed(self) -> bool:
        """Whether the service may be asked."""
        with self._lock:
            return self._failures < self._MOST or time.monotonic() >= self._again_at

    def note(self, *, is_fine: bool) -> None:
        """Note how a request went."""
        with self._lock:
            self._failures = 0 if is_fine else self._failures + 1
            self._again_at = time.monotonic() + self._REST


def run_stoppable(
    work: Coroutine[Any, Any, T], limit: float, stopping: threading.Event | None = None
) -> T:
    """Run something to its end; blocks.

    Args:
        work: What is done.
        limit: Seconds that it may take.
        stopping: Ends it when it is set.

    Raises:
        TimeoutError: if it takes longer.
        Stopped: if it was told to end.
    """
    return asyncio.run(_watched(work, limit, stopping))


async def _watched(
    work: Coroutine[Any, Any, T], limit: float, stopping: threading.Event | None
) -> T:
    async with asyncio.timeout(limit):
        task = asyncio.ensure_future(work)
        try:
            while not task.done():
                if stopping is not None and stopping.is_set():
                    raise Stopped
                await asyncio.wait((task,), timeout=_LOOK)
        finally:
            task.cancel()
        return task.result()

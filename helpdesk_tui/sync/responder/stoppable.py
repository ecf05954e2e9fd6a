"""Requests that end within a tenth of a second when the worker is told to stop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

_LOOK = 0.05

T = TypeVar("T")


class Stopped(Exception):
    """The worker ends: what was going on is left."""


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

"""Waiting for what threads and other processes are about to do."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from textual.pilot import Pilot

_T = TypeVar("_T")

PATIENCE = 60.0
"""Seconds until a wait for something that has to happen fails the test.

What passes never waits so long, so that patience costs nothing, while a busy machine is slower by
any factor. Shorter waits are for what must *not* happen, or where being quick is the promise.
"""


AT_ONCE = 20.0
"""Seconds within which something is at once, even on a busy machine.

For promises to end early: what ends too late must wait for :data:`PATIENCE`, or for ever.
"""


_FRUGAL = 10.0


@contextmanager
def frugal() -> Iterator[None]:
    """Fail if a block computes for long, as it does where cost grows faster than what is read.

    Only the processor's time of this thread counts, not that of others on a busy machine.
    """
    began = time.thread_time()
    yield
    assert time.thread_time() - began < _FRUGAL


def until(holds: Callable[[], _T], seconds: float = PATIENCE) -> _T:
    """Wait until something holds and return it; fails if it does not in time.

    Args:
        holds: Asked again and again.
        seconds: More than the usual patience, for what takes long everywhere.
    """
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not (found := holds()):
        assert time.monotonic() < deadline, f"it did not come to be in time: {holds}"
        pause.wait(0.02)
    return found


async def until_so(
    pilot: Pilot[Any], holds: Callable[[], object], told: Callable[[], str] = str
) -> None:
    """Let a program run until something holds; fails, with what is told, if it does not in time.

    A screen that has just come up is whole by then: what is asked for in it is there.
    """
    deadline = time.monotonic() + PATIENCE
    while not (_is_whole(pilot) and holds()):
        assert time.monotonic() < deadline, f"it did not come to be in time: {told()}"
        await pilot.pause(0.02)


def _is_whole(pilot: Pilot[Any]) -> bool:
    """Tell whether the screen on top has all its parts; so it is where the program has ended."""
    stack = pilot.app.screen_stack
    return not stack or stack[-1].is_mounted

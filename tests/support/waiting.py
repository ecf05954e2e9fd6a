"""Waiting for what threads and other processes are about to do."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

_T = TypeVar("_T")


def until(holds: Callable[[], _T], seconds: float = 40.0) -> _T:
    """Wait until something holds and return it; fails if it does not in time."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not (found := holds()):
        assert time.monotonic() < deadline, f"it did not come to be in time: {holds}"
        pause.wait(0.02)
    return found

"""Asking for two things at the same time: what belongs together should not take twice as long."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

_First = TypeVar("_First")
_Second = TypeVar("_Second")


def together(first: Callable[[], _First], second: Callable[[], _Second]) -> tuple[_First, _Second]:
    """Return what two calls give, made beside each other; both have ended when this returns.

    What the first raises comes before what the second does. They must not share a connection.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="beside") as pool:
        # how modestly the first one asks holds for the second one, too
        other = pool.submit(copy_context().run, second)
        found = first()
    return found, other.result()

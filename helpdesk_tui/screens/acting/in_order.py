"""Does one thing after the other, in the order they were asked for."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

Task = Callable[[Callable[[], None]], None]
"""Begins something and is handed what to call once it is over."""


class InOrder:
    """Keys come faster than a store answers: an undo must not overtake what it undoes."""

    def __init__(self) -> None:
        self._waiting: deque[Task] = deque()
        self._is_busy = False

    @property
    def waiting(self) -> int:
        """How many things have not begun."""
        return len(self._waiting)

    def add(self, task: Task) -> None:
        """Begin something once all before it is over."""
        self._waiting.append(task)
        self._next()

    def _next(self) -> None:
        if not self._is_busy and self._waiting:
            self._is_busy = True
            self._waiting.popleft()(self._over)

    def _over(self) -> None:
        self._is_busy = False
        self._next()

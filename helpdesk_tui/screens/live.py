"""Watches what other processes do: changes of the store, colleagues, the worker."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpdesk_tui.domain.errors import HelpdeskError

if TYPE_CHECKING:
    from helpdesk_tui.services.changes import Changes

EVERY = 0.1
"""Seconds between two looks at the store; each costs microseconds."""


@dataclass(frozen=True, slots=True)
class Task:
    """Something done every so many looks."""

    ticks: int
    run: Callable[[], None]


class LiveWatch:
    """A thread that looks at the store ten times a second and tells what moved."""

    def __init__(
        self,
        poll: Callable[[], Changes | None],
        changed: Callable[[Changes], None],
        tasks: tuple[Task, ...] = (),
    ) -> None:
        self._poll = poll
        self._changed = changed
        self._tasks = tasks
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="live", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """Stop watching, and wait until the thread is out of the store."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2.0)

    def _watch(self) -> None:
        tick = 0
        while not self._stop.is_set():
            try:
                changes = self._poll()
                if changes is not None:
                    self._changed(changes)
                for task in self._tasks:
                    if tick % task.ticks == 0:
                        task.run()
            except HelpdeskError:
                # a store that is busy or away for a moment is looked at again
                self._stop.wait(1.0)
            tick += 1
            self._stop.wait(EVERY)

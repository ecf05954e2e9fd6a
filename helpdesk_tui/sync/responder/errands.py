"""Slow things that are done for chats beside each other: never two at once for the same chat."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable

from helpdesk_tui.domain.errors import StoreError
from helpdesk_tui.sync.loop import Loop
from helpdesk_tui.sync.responder.stoppable import Stopped

log = logging.getLogger(__name__)

_REST = 10.0
"""Seconds that a chat is left alone after something failed for it."""
_SLEEP = 3600.0

Errand = Callable[[], None]


class Errands:
    """Hands to a few threads what would hold up other chats; without threads it is done at once."""

    def __init__(self, threads: int, done: Callable[[], None]) -> None:
        self._done = done
        self._lock = threading.Lock()
        self._waiting: deque[tuple[int, Errand]] = deque()
        self._free_at: dict[int, float | None] = {}
        self._hands = [_Hand(f"responder-{number}", self) for number in range(threads)]

    def start(self) -> None:
        """Begin to work."""
        for hand in self._hands:
            hand.start()

    def stop(self) -> None:
        """Tell the threads to end; returns at once."""
        for hand in self._hands:
            hand.stop()

    def join(self, seconds: float) -> bool:
        """Wait for the end; tell whether it came."""
        deadline = time.monotonic() + seconds
        for hand in self._hands:
            hand.join(max(0.0, deadline - time.monotonic()))
        return not any(hand.alive for hand in self._hands)

    def free_in(self, chat: int) -> float | None:
        """Return the seconds until something may be done for a chat; None while something is."""
        with self._lock:
            if chat not in self._free_at:
                return 0.0
            at = self._free_at[chat]
            if at is None:
                return None
            left = at - time.monotonic()
            if left <= 0:
                del self._free_at[chat]
            return max(0.0, left)

    def run(self, chat: int, errand: Errand) -> None:
        """Do something for a chat: as soon as a thread is free, or now if one is at it already."""
        with self._lock:
            is_at_it = chat in self._free_at and self._free_at[chat] is None
            is_now = is_at_it or not self._hands
            if not is_now:
                self._free_at[chat] = None
                self._waiting.append((chat, errand))
        if is_now:
            errand()
            return
        for hand in self._hands:
            hand.wake()

    def work(self) -> bool:
        """Do the next thing that waits; false where nothing does."""
        with self._lock:
            if not self._waiting:
                return False
            chat, errand = self._waiting.popleft()
        free_at: float | None = time.monotonic() + _REST
        try:
            errand()
            free_at = None
        except Stopped:
            log.info("chat %s is left as it is until the worker runs again", chat)
        except StoreError as error:
            log.error("chat %s: %s", chat, error)
        finally:
            with self._lock:
                if free_at is None:
                    del self._free_at[chat]
                else:
                    self._free_at[chat] = free_at
            self._done()
        return True


class _Hand(Loop):
    """One of the threads."""

    _AFTER_CRASH = 0.1

    def __init__(self, name: str, errands: Errands) -> None:
        super().__init__(name)
        self._errands = errands

    def step(self) -> float:
        """Do what waits, one thing at a time; return the seconds until more may."""
        while not self.stopping.is_set() and self._errands.work():
            pass
        return _SLEEP

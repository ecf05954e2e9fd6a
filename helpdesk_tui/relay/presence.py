"""Which visitors are there: by their open streams and polls, with a while of grace.

Kept in memory; what the box has to know for good (left, back) is an event in the store.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from helpdesk_tui.domain.webchat.wire import Live
from helpdesk_tui.relay.store.chats import tell_presence
from helpdesk_tui.relay.store.store import Store
from helpdesk_tui.relay.values import Outcome, Running

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long, in seconds."""

    grace: float = 15.0
    """Without any browser before a visitor counts as gone: loading a page takes a while."""
    restart: float = 60.0
    """The same after a start of the relay: everybody has to come back first."""
    typing: float = 6.0
    """A visitor who is not said to be typing again after so long, is not."""


class Presence:
    """The visitors with a running conversation, and whoever has a browser open."""

    def __init__(self, store: Store, patience: Patience, wake_box: Callable[[str], None]) -> None:
        """Begin with nobody.

        Args:
            store: Where it is kept that somebody left or is back.
            patience: How long everything takes.
            wake_box: Called with the site whose live list changed.
        """
        self._store = store
        self._wake_box = wake_box
        self._patience = patience
        self._open: Counter[int] = Counter()
        self._running: dict[int, Running] = {}
        self._by_site: dict[str, set[int]] = {}
        self._leaving: dict[int, asyncio.TimerHandle] = {}
        self._typing: dict[int, asyncio.TimerHandle] = {}
        self._versions: dict[str, int] = {}
        # a box that asks after a restart must not take the new number for the one it knows
        self._first_version = int(store.now.timestamp() * 1000)
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, running: Iterable[Running]) -> None:
        """Begin with what the store says: those who do not come back in time have left."""
        for each in running:
            self._put(each)
            if not each.left:
                self._leave_later(each.visitor, self._patience.restart)

    def opened(self, visitor: int) -> None:
        """Note that a browser of a visitor is there."""
        self._open[visitor] += 1
        timer = self._leaving.pop(visitor, None)
        if timer is not None:
            timer.cancel()
        self._check_back(visitor)

    def closed(self, visitor: int) -> None:
        """Note that it is gone, or waits no more."""
        self._open[visitor] -= 1
        if self._open[visitor] <= 0:
            del self._open[visitor]
            if visitor in self._running:
                self._leave_later(visitor, self._patience.grace)

    def touched(self, visitor: int) -> None:
        """Note that a visitor did something, whether or not a browser of theirs waits."""
        self.opened(visitor)
        self.closed(visitor)

    def tell_typing(self, visitor: int, *, is_typing: bool) -> None:
        """Note that a visitor types, or no longer."""
        timer = self._typing.pop(visitor, None)
        if timer is not None:
            timer.cancel()
        running = self._running.get(visitor)
        if running is None:
            return
        if is_typing:
            self._typing[visitor] = asyncio.get_running_loop().call_later(
                self._patience.typing, self._stop_typing, visitor
            )
        if is_typing != (timer is not None):
            self._changed(running.site)

    def heard(self, outcome: Outcome) -> None:
        """Take in what a commit changed."""
        for visitor, running in outcome.running.items():
            before = self._drop(visitor)
            if running is not None:
                self._put(running)
                self._watch_over(running)
            for each in (before, running):
                if each is not None:
                    self._changed(each.site)

    def version(self, site: str) -> int:
        """Return a number that changes with :meth:`live`."""
        return self._versions.get(site, self._first_version)

    def live(self, site: str) -> tuple[Live, ...]:
        """Return the running conversations of a site."""
        here = [self._running[each] for each in self._by_site.get(site, ())]
        return tuple(
            Live(each.conversation, not each.left, not each.left and each.visitor in self._typing)
            for each in here
        )

    async def stop(self) -> None:
        """Stop all timers and finish what is being written."""
        for timer in (*self._leaving.values(), *self._typing.values()):
            timer.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _watch_over(self, running: Running) -> None:
        if running.left:
            # it was written while a browser came back
            self._check_back(running.visitor)
        elif running.visitor not in self._open and running.visitor not in self._leaving:
            self._leave_later(running.visitor, self._patience.grace)

    def _check_back(self, visitor: int) -> None:
        running = self._running.get(visitor)
        if running is not None and running.left and visitor in self._open:
            self._tell(visitor, is_left=False)

    def _leave_later(self, visitor: int, seconds: float) -> None:
        timer = self._leaving.pop(visitor, None)
        if timer is not None:
            timer.cancel()
        self._leaving[visitor] = asyncio.get_running_loop().call_later(
            seconds, self._leave, visitor
        )

    def _leave(self, visitor: int) -> None:
        self._leaving.pop(visitor, None)
        running = self._running.get(visitor)
        if running is not None and not running.left and visitor not in self._open:
            self._tell(visitor, is_left=True)

    def _tell(self, visitor: int, *, is_left: bool) -> None:
        task = asyncio.get_running_loop().create_task(self._write(visitor, is_left=is_left))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _write(self, visitor: int, *, is_left: bool) -> None:
        try:
            await self._store.write(partial(tell_presence, visitor=visitor, is_left=is_left))
        except sqlite3.Error as error:
            log.warning("presence not written: %s", error)
            self._leave_later(visitor, self._patience.grace)

    def _stop_typing(self, visitor: int) -> None:
        self._typing.pop(visitor, None)
        running = self._running.get(visitor)
        if running is not None:
            self._changed(running.site)

    def _put(self, running: Running) -> None:
        self._running[running.visitor] = running
        self._by_site.setdefault(running.site, set()).add(running.visitor)

    def _drop(self, visitor: int) -> Running | None:
        before = self._running.pop(visitor, None)
        if before is not None:
            self._by_site[before.site].discard(visitor)
        return before

    def _changed(self, site: str) -> None:
        self._versions[site] = self.version(site) + 1
        self._wake_box(site)

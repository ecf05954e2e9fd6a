"""Who waits for news: streams and polls of browsers, polls of the box.

A waiter is one small object with a flag. What the news is stands in the store: a waiter that is
woken reads from where it stands, so that nothing is queued here, lost here or doubled here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from helpdesk_tui.relay.refusals import too_many
from helpdesk_tui.relay.values import Outcome, Session

TYPING_SECONDS = 10.0
"""An agent who is not said to be typing again after so long, is not."""
_MOST_WATCHES = 24
"""Streams and polls of one visitor at once: tabs and devices."""
_BUSY_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Typing:
    """Who of ours is typing to a visitor."""

    name: str
    is_typing: bool


class Watch:
    """A stream or a poll of one browser."""

    __slots__ = ("has_new", "is_over", "is_stale", "session", "typing", "woken")

    def __init__(self, session: Session) -> None:
        self.session = session
        self.woken = asyncio.Event()
        self.has_new = session.visitor is not None
        """The store may have something after where it stands."""
        self.typing: Typing | None = None
        """To be told; what was not told in time is replaced."""
        self.is_stale = False
        """The site was published anew."""
        self.is_over = False
        """Its session ended, or the relay stops."""

    def end(self) -> None:
        """Send it home."""
        self.is_over = True
        self.woken.set()


class Hub:
    """All who wait, by what they wait for: a wake-up costs as much as it has listeners."""

    def __init__(self) -> None:
        self._visitors: dict[int, set[Watch]] = {}
        self._sites: dict[str, set[Watch]] = {}
        self._boxes: dict[str, set[asyncio.Event]] = {}
        self._typing: dict[int, tuple[Typing, asyncio.TimerHandle]] = {}
        self.is_over = False

    @contextmanager
    def watching(self, session: Session) -> Iterator[Watch]:
        """Wait as a browser.

        Raises:
            Refused: 429 where one visitor waits too often at once.
        """
        visitor = session.visitor
        watch = Watch(session)
        watch.is_over = self.is_over
        mine = self._visitors.setdefault(visitor, set()) if visitor is not None else set()
        if len(mine) >= _MOST_WATCHES:
            raise too_many(_BUSY_SECONDS)
        mine.add(watch)
        here = self._sites.setdefault(session.site, set())
        here.add(watch)
        try:
            yield watch
        finally:
            mine.discard(watch)
            if visitor is not None and not self._visitors.get(visitor, True):
                del self._visitors[visitor]
            here.discard(watch)

    @contextmanager
    def box_waiting(self, site: str) -> Iterator[asyncio.Event]:
        """Wait as the box."""
        woken = asyncio.Event()
        mine = self._boxes.setdefault(site, set())
        mine.add(woken)
        try:
            yield woken
        finally:
            mine.discard(woken)

    def heard(self, outcome: Outcome) -> None:
        """Wake those whom a commit concerns."""
        for visitor in outcome.visitors:
            for watch in self._visitors.get(visitor, ()):
                watch.has_new = True
                watch.woken.set()
        for site in outcome.boxes:
            self.wake_box(site)
        if outcome.sessions:
            self._end_sessions(outcome.sessions)

    def _end_sessions(self, ended: set[bytes]) -> None:
        for watches in self._sites.values():
            for watch in watches:
                if watch.session.hash in ended:
                    watch.end()

    def tell_site(self, site: str) -> None:
        """Let all browsers of a site read it again."""
        for watch in self._sites.get(site, ()):
            watch.is_stale = True
            watch.woken.set()

    def wake_box(self, site: str) -> None:
        """Let the box look again."""
        for woken in self._boxes.get(site, ()):
            woken.set()

    def tell_typing(self, visitor: int, name: str, *, is_typing: bool) -> None:
        """Show a visitor that somebody of ours is typing, or no longer."""
        before = self._typing.pop(visitor, None)
        if before is not None:
            before[1].cancel()
        elif not is_typing:
            return
        typing = Typing(name, is_typing)
        if is_typing:
            over = asyncio.get_running_loop().call_later(
                TYPING_SECONDS, lambda: self.tell_typing(visitor, name, is_typing=False)
            )
            self._typing[visitor] = (typing, over)
            if before is not None and before[0] == typing:
                return
        for watch in self._visitors.get(visitor, ()):
            watch.typing = typing
            watch.woken.set()

    def typing_to(self, visitor: int | None) -> Typing | None:
        """Return who is typing to a visitor now."""
        found = self._typing.get(visitor) if visitor is not None else None
        return found[0] if found else None

    def end(self) -> None:
        """Send everybody home: the relay stops."""
        self.is_over = True
        for _, over in self._typing.values():
            over.cancel()
        for watches in self._sites.values():
            for watch in watches:
                watch.end()
        for site in self._boxes:
            self.wake_box(site)

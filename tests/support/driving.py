"""The program on a real desk, driven by keys, for tests of its screens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from textual import events
from textual.pilot import Pilot

from helpdesk_tui.app import HelpdeskApp
from helpdesk_tui.services.desk import Desk
from tests.support.waiting import until_so


class Driving:
    """A running program and the keys to drive it with."""

    def __init__(self, app: HelpdeskApp, pilot: Pilot[Any], desk: Desk) -> None:
        self.app, self.pilot, self.desk = app, pilot, desk
        self.inbox = app.inbox

    async def press(self, *keys: str) -> None:
        """Press keys, and let their messages be handled."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def paste(self, text: str) -> None:
        """Paste into what has the focus, as a terminal does."""
        # a dialog gives it a moment after it has come up
        await self.until(lambda: self.app.focused is not None)
        assert self.app.focused is not None
        self.app.focused.post_message(events.Paste(text))
        await self.pilot.pause()

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until something is so."""
        await until_so(self.pilot, condition, self.text)

    async def sees(self, *texts: str) -> None:
        """Wait until texts are on the screen."""
        await self.until(lambda: all(text in self.text() for text in texts))

    def text(self) -> str:
        """Return what is on the screen."""
        strips = self.app.screen._compositor.render_strips(self.app.size)
        return "\n".join("".join(segment.text for segment in strip) for strip in strips)


@asynccontextmanager
async def driving(
    desk: Desk, size: tuple[int, int] = (120, 36), **options: Any
) -> AsyncIterator[Driving]:
    """Run the program on a desk until its panes are there."""
    app = HelpdeskApp(desk_factory=lambda: desk, now=desk.clock, start_worker=False, **options)
    async with app.run_test(size=size, notifications=True) as pilot:
        it = Driving(app, pilot, desk)
        await it.until(lambda: it.inbox.panes.thread is not None)
        yield it

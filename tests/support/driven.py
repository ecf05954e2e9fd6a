"""The program on a desk with some tickets of an agent's own, driven by keys."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from helpdesk_tui.db.store import Store
from tests.support.driving import Driving, driving
from tests.support.store import START, FakeClock, add_message, add_ticket, make_desk


class Driven(Driving):
    """A running program, its tickets, and the keys to drive it with."""

    app: Any
    desk: Any
    inbox: Any
    store: Store
    """The desk's store through another door, where a test opens one."""

    def __init__(self, it: Driving, ids: Sequence[int]) -> None:
        super().__init__(it.app, it.pilot, it.desk)
        self.ids = ids
        self.tickets = self.inbox.tickets

    def place(self) -> int:
        """Return the line of the list that the cursor stands on."""
        index = self.tickets.window.index_of(self.tickets.cursor_id)
        return int(index * 2 - self.tickets.scroll_offset.y)


@asynccontextmanager
async def driven(
    tmp_path: Path, count: int = 5, size: tuple[int, int] = (120, 36), **options: Any
) -> AsyncIterator[Driven]:
    """Run the program on that many unread tickets."""
    desk = make_desk(tmp_path, clock=FakeClock())
    ids = [
        add_ticket(
            desk.store, name=f"Customer {number}", email=f"c{number}@example.net",
            subject=f"subject {number}", assignee="anna", status="open", unread=1,
            at=START - timedelta(minutes=number),
        )
        for number in range(count)
    ]  # fmt: skip
    for number, ticket in enumerate(ids):
        add_message(desk.store, ticket, text=f"text {number}", at=START - timedelta(minutes=number))
    async with driving(desk, size, **options) as driver:
        it = Driven(driver, ids)
        await it.until(lambda: bool(it.tickets.window.rows) == bool(count))
        yield it

"""Where the cursor goes after a ticket was closed: as the agent has set it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk_tui.domain.tickets import Status
from helpdesk_tui.services.desk import Desk
from tests.support.driving import driving
from tests.support.merged import mine, on
from tests.support.store import START, FakeClock, make_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = make_desk(tmp_path, clock=FakeClock(START + timedelta(hours=9)))
    yield desk
    desk.close()


@pytest.mark.parametrize(
    ("setting", "place", "pane"),
    [("next", 2, "thread"), ("previous", 0, "thread"), ("list", 2, "list"), ("stay", 1, "thread")],
)
async def test_closing_leads_where_the_setting_says(
    desk: Desk, setting: str, place: int, pane: str
) -> None:
    tickets = [mine(desk, f"number {n}", hours=n + 1) for n in range(3)]
    desk.settings.set("after-action", setting)
    async with driving(desk) as it:
        await on(it, tickets[1])
        await it.press("enter")
        await it.until(lambda: it.inbox.panes.current == "thread")
        await it.press("e")
        await it.sees(f"#{tickets[1]} closed")
        await it.until(lambda: it.inbox.tickets.cursor_id == tickets[place])
        assert desk.threads.detail(tickets[1]).row.status is Status.CLOSED
        assert it.inbox.panes.current == pane
        await it.until(
            lambda: it.inbox.panes.thread and it.inbox.panes.thread.ticket_id == tickets[place]
        )
        if setting == "stay":
            # it leaves the list when the cursor does
            await it.press("J")
            await it.until(lambda: it.inbox.tickets.cursor_id == tickets[2])
            await it.until(lambda: it.inbox.tickets.window.index_of(tickets[1]) is None)


async def test_the_setting_is_heard_of_while_the_program_runs(desk: Desk) -> None:
    tickets = [mine(desk, f"number {n}", hours=n + 1) for n in range(4)]
    async with driving(desk) as it:
        await on(it, tickets[1])
        desk.settings.set("after-action", "previous")
        it.inbox.actions.doing.after.read()  # type: ignore[union-attr]
        await it.until(lambda: it.inbox.actions.doing.after._usual == "previous")  # type: ignore[union-attr]
        await it.press("e")
        await it.until(lambda: it.inbox.tickets.cursor_id == tickets[0])

"""Tickets that leave the list while the agent is on them."""

from __future__ import annotations

from pathlib import Path

from helpdesk_tui.domain.tickets import Status
from tests.support.driven import driven


async def test_a_ticket_closed_elsewhere_leaves_the_list_when_the_agent_is_back(
    tmp_path: Path,
) -> None:
    async with driven(tmp_path) as it:
        await it.press("enter")
        it.inbox.desk.triage.close([it.ids[0]])
        await it.until(lambda: it.tickets.cursor_row.status is Status.CLOSED)
        assert it.tickets.cursor_id == it.ids[0]
        await it.press("q")
        assert it.tickets.window.index_of(it.ids[0]) is None
        assert it.tickets.cursor_id == it.ids[1]


async def test_a_closed_ticket_that_is_reopened_is_drawn_so_and_goes_with_the_cursor(
    tmp_path: Path,
) -> None:
    async with driven(tmp_path) as it:
        it.inbox.desk.triage.close(it.ids[:3])
        await it.press("g", "c")
        await it.until(lambda: len(it.tickets.window.rows) == 3)
        await it.press("j")
        it.inbox.desk.triage.reopen([it.ids[1]])
        await it.until(lambda: it.tickets.cursor_row.status is Status.OPEN)
        await it.press("j")
        assert [row.id for row in it.tickets.window.rows] == [it.ids[0], it.ids[2]]
        assert it.tickets.cursor_id == it.ids[2]


async def test_a_ticket_that_left_and_came_back_stays(tmp_path: Path) -> None:
    async with driven(tmp_path) as it:
        await it.press("enter")
        it.inbox.desk.triage.close([it.ids[0]])
        await it.until(lambda: it.tickets.cursor_row.status is Status.CLOSED)
        it.inbox.desk.triage.reopen([it.ids[0]])
        await it.until(lambda: it.tickets.cursor_row.status is Status.OPEN)
        await it.press("q")
        assert it.tickets.cursor_id == it.ids[0]

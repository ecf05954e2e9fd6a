"""The log on screen: read, filtered, followed to its ticket, taken back and exported."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk_tui.domain.tickets import Status
from helpdesk_tui.screens.beside.activity import ActivityScreen
from helpdesk_tui.services.desk import Desk, open_desk
from tests.support.driving import Driving, driving
from tests.support.merged import mine, on
from tests.support.store import START, FakeClock, make_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = make_desk(tmp_path, clock=FakeClock(START + timedelta(hours=9)))
    yield desk
    desk.close()


async def shown(it: Driving, *keys: str) -> ActivityScreen:
    await it.press(*keys)
    await it.until(lambda: isinstance(it.app.screen, ActivityScreen))
    screen = it.app.screen
    assert isinstance(screen, ActivityScreen)
    await it.until(lambda: screen.list.rows or "Nothing" in it.text())
    return screen


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (180, 50)])
async def test_the_log_of_the_desk_leads_to_its_tickets(desk: Desk, size: tuple[int, int]) -> None:
    one, two = mine(desk, "first", hours=2), mine(desk, "second")
    desk.triage.tag([one], ["vip"])
    desk.triage.close([two])
    async with driving(desk, size) as it:
        await it.sees("first")
        screen = await shown(it, "g", "V")
        await it.sees("anna closed", "open → closed", "anna tagged", "+vip")
        assert [row.ticket_id for row in screen.list.rows] == [two, one]
        await it.press("j")
        await it.press("enter")
        if size[0] < 100:
            await it.sees("takes it back")
            await it.press("enter")
        await it.until(lambda: it.app.screen is it.inbox)
        await it.until(lambda: it.inbox.panes.thread and it.inbox.panes.thread.ticket_id == one)


async def test_v_in_the_thread_shows_the_ticket_and_z_takes_back_after_asking(desk: Desk) -> None:
    other = mine(desk, "other", hours=2)
    ticket = mine(desk, "parcel")
    desk.triage.tag([other], ["elsewhere"])
    change = desk.triage.tag([ticket], ["vip"])
    desk.triage.close([ticket])
    desk.triage.reopen([ticket])
    async with driving(desk) as it:
        await on(it, ticket)
        await it.press("enter")
        await it.until(lambda: it.inbox.panes.current == "thread")
        screen = await shown(it, "v")
        assert {row.ticket_id for row in screen.list.rows} == {ticket}
        screen.list.select(next(r.id for r in screen.list.rows if r.change_id == change.change_id))
        await it.press("z")
        await it.sees("Take it back?", f"#{ticket} -vip")
        assert "vip" in desk.threads.detail(ticket).row.tags
        await it.press("escape")
        await it.press("z")
        await it.sees("Take it back?")
        await it.press("y")
        await it.sees(f"#{ticket} undone", "tagged (undone)")
        assert desk.threads.detail(ticket).row.tags == ()
        await it.press("z")
        await it.sees("Do it again?", "+vip")
        await it.press("y")
        await it.sees(f"#{ticket} done again")
        assert "vip" in desk.threads.detail(ticket).row.tags


async def test_it_is_filtered_by_typing_and_says_what_it_does_not_understand(desk: Desk) -> None:
    one, two = mine(desk, "first", hours=2), mine(desk, "second")
    desk.triage.tag([one], ["vip"])
    desk.triage.close([two])
    async with driving(desk) as it:
        screen = await shown(it, "g", "V")
        await it.press("slash", *"kind:tags", "enter")
        await it.until(lambda: [row.ticket_id for row in screen.list.rows] == [one])
        await it.sees("the desk · kind:tags")
        await it.press("slash", *(["backspace"] * 9), *"nosuchword", "enter")
        await it.sees("Nothing like this.")
        await it.press("slash", *(["backspace"] * 10), *"kind:bogus", "enter")
        await it.sees("there is no kind bogus")
        await it.press("slash", *(["backspace"] * 10), "enter")
        await it.until(lambda: len(screen.list.rows) == 2)


async def test_it_is_exported_as_json_lines(desk: Desk, tmp_path: Path) -> None:
    ticket = mine(desk, "parcel")
    desk.triage.close([ticket])
    target = tmp_path / "log.jsonl"
    async with driving(desk) as it:
        screen = await shown(it, "g", "V")
        screen._write(str(target))
        await it.sees("written to")
    (line,) = target.read_text().splitlines()
    assert json.loads(line)["kind"] == "ticket.closed"
    assert target.stat().st_mode & 0o077 == 0


async def test_z_with_nothing_of_this_session_goes_back_to_the_log(desk: Desk) -> None:
    ticket = mine(desk, "parcel")
    desk.triage.close([ticket])
    later = open_desk(desk.store.paths.root, agent="anna", clock=desk.clock)
    mine(desk, "left")
    async with driving(later) as it:
        await it.sees("left")
        await it.press("z")
        await it.sees("Take it back?", "anna closed", f"#{ticket} closed → open")
        await it.press("y")
        await it.sees(f"#{ticket} undone")
        assert later.threads.detail(ticket).row.status is Status.OPEN
        await it.press("z")
        await it.sees("nothing to undo")
    later.close()

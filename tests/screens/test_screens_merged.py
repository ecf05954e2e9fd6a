"""Where merged tickets stand on screen, and how they are taken out again."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.screens.dialogs.merge import UnmergeDialog
from tests.support.driving import driving
from tests.support.merged import merged_into, mine, on
from tests.support.store import make_desk


@pytest.mark.parametrize("way", ["number", "search"])
async def test_the_number_of_a_merged_ticket_leads_to_where_it_stands(
    tmp_path: Path, way: str
) -> None:
    desk = make_desk(tmp_path)
    target, gone = mine(desk, "Return label", hours=3), mine(desk, "Gone", "its words", hours=2)
    mine(desk, "Something else", hours=1)
    desk.merging.merge([gone], target)
    async with driving(desk) as it:
        await it.until(lambda: it.inbox.tickets.cursor_row)
        if way == "number":
            await it.press("g", "number_sign", *str(gone), "enter")
        else:
            await it.press("slash")
            await it.until(lambda: it.inbox.panes.context == "search")
            await it.press("number_sign", *str(gone), "enter")
        await it.until(lambda: it.inbox.tickets.cursor_id == target)
        await it.sees(f"#{gone} was merged into #{target}: here it stands", "its words")
        assert it.inbox.panes.current == "thread"


@pytest.mark.parametrize(
    ("typed", "said"), [("4711", "there is no ticket #4711"), ("abc", "“abc” is no ticket number")]
)
async def test_a_number_that_leads_nowhere_is_said(tmp_path: Path, typed: str, said: str) -> None:
    desk = make_desk(tmp_path)
    mine(desk, "Return label")
    async with driving(desk) as it:
        await it.until(lambda: it.inbox.tickets.cursor_row)
        await it.press("g", "number_sign", *typed, "enter")
        await it.sees(said)


async def test_a_part_is_taken_out_again_from_the_palette_and_that_is_undone(
    tmp_path: Path,
) -> None:
    desk = make_desk(tmp_path)
    target = mine(desk, "Return label", hours=3)
    one, two = mine(desk, "First part", hours=2), mine(desk, "Second part", hours=1)
    desk.merging.merge([one], two)
    desk.merging.merge([two], target)
    async with driving(desk) as it:
        await on(it, target)
        await it.press("colon")
        await it.press(*"unmerge", "enter")
        await it.until(lambda: isinstance(it.app.screen, UnmergeDialog))
        await it.sees("First part", "Second part")
        await it.press(*"first", "enter")
        await it.sees(f"#{one} taken out again · z undo")
        assert merged_into(desk, one) is None
        await it.until(lambda: it.inbox.tickets.window.find(one))
        assert it.inbox.tickets.cursor_id == target
        await it.press("z")
        await it.until(lambda: merged_into(desk, one) is not None)
        await it.until(lambda: it.inbox.tickets.window.find(one) is None)


async def test_a_ticket_without_parts_says_so(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    ticket = mine(desk, "Return label")
    async with driving(desk) as it:
        await on(it, ticket)
        it.inbox.perform("ticket.unmerge")
        await it.sees(f"nothing was merged into #{ticket}")


async def test_a_ticket_merged_under_ones_eyes_names_where_it_stands(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    target, ticket = mine(desk, "Return label", hours=3), mine(desk, "Gone", hours=2)
    async with driving(desk) as it:
        await on(it, ticket)
        await it.press("enter")
        desk.merging.merge([ticket], target)
        it.inbox.panes.tickets_changed({ticket})
        await it.sees(f"merged into #{target}: its messages stand there", "g n opens it")
        desk.drafts.save(ticket, DraftKind.REPLY, "half a word")
        await it.press("g", "n")
        await it.until(lambda: it.inbox.tickets.cursor_id == target)
        draft = desk.drafts.load(target, DraftKind.REPLY)
        assert draft is not None
        assert draft.text == "half a word"

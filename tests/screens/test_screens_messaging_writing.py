"""Writing by SMS, WhatsApp and Instagram: enter sends, what is counted, what is locked and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from helpdesk_tui.services.desk import Desk
from tests.support.chatting import texts
from tests.support.driving import Driving, driving
from tests.support.talks import add_talk, add_word
from tests.support.store import FakeClock, make_desk


def desk_with(tmp_path: Path, channel: str, **fields: Any) -> tuple[Desk, int]:
    """Make a desk with one ticket, begun at the first moment of its clock."""
    desk = make_desk(tmp_path, clock=FakeClock())
    return desk, add_talk(desk.store, channel, assignee="anna", unread=1, **fields)


async def write(it: Driving, *title: str) -> Any:
    """Open the composer of the ticket under the cursor; return the pane."""
    await it.until(lambda: it.inbox.tickets.cursor_row is not None)
    await it.press("enter", "r")
    await it.sees(*title)
    pane = it.inbox.panes.thread
    assert pane is not None
    await it.until(lambda: not pane.writing.is_restoring and pane.writing.composer.editor.has_focus)
    return pane


async def test_enter_sends_an_sms_that_can_be_taken_back(tmp_path: Path) -> None:
    desk, ticket = desk_with(tmp_path, "sms")
    add_word(desk.store)
    async with driving(desk) as it:
        pane = await write(it, "reply to Maria Silva +48600100200 · SMS from +15550001111")
        await it.press(*"On its way", "enter")
        await it.until(lambda: texts(desk, ticket) == ["On its way"])
        assert pane.writing.composer.text == ""
        await it.sees("ctrl+u takes it back")
        await it.press("ctrl+u")
        await it.until(lambda: pane.writing.composer.text == "On its way")
        assert texts(desk, ticket) == []


async def test_segments_are_counted_while_typing(tmp_path: Path) -> None:
    desk, _ticket = desk_with(tmp_path, "sms")
    add_word(desk.store)
    async with driving(desk) as it:
        pane = await write(it, "SMS from")
        await it.press(*"Hello")
        await it.sees("GSM-7 · 155 left · 1 segment")
        await it.press("ł")
        await it.sees("UCS-2 “ł” · 64 left · 1 segment")
        pane.writing.composer.editor.insert("x" * 195)
        await it.sees("UCS-2 “ł” · 0 left · 3 segments")
        assert "waiting" not in str(pane.writing.composer.border_subtitle)
        await it.press("y")
        await it.sees("4 segments")

"""What the terminal hears while the program is open: the bell, notifications, the title."""

from __future__ import annotations

from pathlib import Path
from threading import Event

from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.ringing import GAP
from helpdesk_tui.domain.setting.interface import NOTIFY, TITLE_BADGE
from helpdesk_tui.screens.terminal_voice import TerminalVoice
from helpdesk_tui.services.desk import open_desk
from tests.support.driving import driving
from tests.support.store import FakeClock, add_activity, add_message, add_ticket, make_desk


async def test_news_that_another_process_stores_ring_once(tmp_path: Path) -> None:
    clock = FakeClock()
    desk = make_desk(tmp_path, clock=clock)
    desk.settings.change(NOTIFY, ["bell+osc9"])
    tickets = [add_ticket(desk.store, assignee="anna", name=f"Lena {n}") for n in range(3)]
    async with driving(desk) as it:
        heard: list[str] = []
        it.app.voice = TerminalVoice(heard.append)
        assert it.app._live is not None
        it.app._live._tell = it.app.voice.tell
        due, watched = it.desk.ringing.due, Event()

        def look() -> object:
            watched.set()
            return due()

        it.desk.ringing.due = look  # type: ignore[method-assign, assignment]
        await it.until(watched.is_set)
        other = open_desk(desk.store.paths.root, SYSTEM)
        for ticket in tickets:
            message = add_message(other.store, ticket)
            add_activity(other.store, ticket, "message.received", message_id=message)
        other.close()
        await it.until(lambda: len(it.desk.ringing._gathering._waiting) == len(tickets))
        await it.pilot.pause(0.3)
        assert [text for text in heard if "\x1b]9" in text] == []
        clock.advance(seconds=GAP.total_seconds())
        await it.until(lambda: any("\x1b]9" in text for text in heard))
        await it.pilot.pause(0.5)
        (rung,) = [text for text in heard if "\x1b]9" in text]
        assert "3 tickets: Lena 2, Lena 1, Lena 0\x07" in rung
        assert rung.endswith("\x07\x07")


def test_the_title_carries_the_unread_number_unless_that_is_off() -> None:
    written: list[str] = []
    voice = TerminalVoice(written.append)
    voice.name, voice.unread = "Shoes\x1b]0;x\x07", 3
    voice.show_title()
    voice.show_title()
    voice.has_badge = False
    voice.show_title()
    assert len(written) == 2
    assert written[0].startswith("\x1b]2;(3) Shoes")
    assert written[1].startswith("\x1b]2;Shoes")
    assert all(text.count("\x1b") == text.count("\x07") == 1 for text in written)


async def test_the_badge_is_off_from_the_start_where_the_setting_says_so(tmp_path: Path) -> None:
    desk = make_desk(tmp_path, clock=FakeClock())
    add_ticket(desk.store, assignee="anna", unread=1)
    desk.settings.change(TITLE_BADGE, ["off"])
    async with driving(desk, live=False) as it:
        assert it.app.voice.unread == 1
        assert not it.app.voice.has_badge

"""The agent's own keys and presets, in everything that shows or takes keys."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from helpdesk_tui.app import HelpdeskApp
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.setting.interface import KEYMAP_PRESET
from helpdesk_tui.domain.tickets import Status, View
from helpdesk_tui.screens.dialogs.base import Dialog
from helpdesk_tui.screens.help import HelpScreen
from helpdesk_tui.screens.menu import Menu
from helpdesk_tui.screens.preferences import Bindings
from helpdesk_tui.widgets.footer import Footer
from helpdesk_tui.widgets.header import Header
from tests.support.driving import Driving, driving
from tests.support.store import FakeClock, add_message, add_ticket, make_desk
from tests.support.waiting import until_so

OWN: dict[str, object] = {
    "ticket.snooze": "B",
    "ticket.status": "W",
    "view.pick": "f9",
    "app.help": "ctrl+k",
}


@asynccontextmanager
async def inbox(
    tmp_path: Path, keys: dict[str, object] | None = None, preset: str = ""
) -> AsyncIterator[Driving]:
    desk = make_desk(tmp_path, clock=FakeClock())
    ticket = add_ticket(desk.store, assignee="anna", unread=1)
    add_message(desk.store, ticket)
    bindings = Bindings(keys or {}, preset, "config.toml", {})
    async with driving(desk, live=False, bindings=bindings) as it:
        yield it


@pytest.mark.parametrize(
    ("key", "kind"), [("B", Dialog), ("W", Menu), ("f9", Dialog), ("ctrl+k", HelpScreen)]
)
async def test_the_key_that_opened_a_dialog_closes_it_rebound_too(
    tmp_path: Path, key: str, kind: type
) -> None:
    async with inbox(tmp_path, OWN) as it:
        await it.press(key)
        await it.until(lambda: isinstance(it.app.screen, kind))
        await it.press(key)
        await it.until(lambda: it.app.screen is it.inbox)


async def test_footer_and_help_show_the_keys_as_they_are_bound(tmp_path: Path) -> None:
    async with inbox(tmp_path, {"ticket.close": "W", "message.next": "ctrl+f"}) as it:
        await it.sees("W close")
        await it.press("?")
        await it.until(lambda: isinstance(it.app.screen, HelpScreen))
        lines = [line for line in it.text().splitlines() if "Next message" in line]
        assert lines
        assert " ctrl+f " in lines[0]


@pytest.mark.parametrize(("text", "kind"), [("b snooze", Dialog), ("? help", HelpScreen)])
@pytest.mark.parametrize("on_word", [False, True])
async def test_a_click_in_the_footer_presses_the_key(
    tmp_path: Path, text: str, kind: type, on_word: bool
) -> None:
    async with inbox(tmp_path) as it:
        await it.sees(text)
        at = it.text().splitlines()[-1].index(text) + (3 if on_word else 0)
        await it.pilot.click(Footer, offset=(at, 0))
        await it.until(lambda: isinstance(it.app.screen, kind))


async def test_a_click_on_a_choice_of_a_menu_picks_it(tmp_path: Path) -> None:
    async with inbox(tmp_path) as it:
        await it.press("s")
        await it.until(lambda: isinstance(it.app.screen, Menu))
        lines = it.text().splitlines()
        row = next(y for y, line in enumerate(lines) if "closed" in line.lower() and "│" in line)
        await it.pilot.click(offset=(lines[row].lower().index("closed"), row))
        await it.until(lambda: it.desk.inbox.counts()[View.MINE].total(Status.CLOSED) == 1)


async def test_menus_and_the_help_move_by_the_keys_of_movement(tmp_path: Path) -> None:
    async with inbox(tmp_path, {"move.down": "W"}) as it:
        await it.press("s")
        await it.until(lambda: isinstance(it.app.screen, Menu))
        menu = it.app.screen
        assert isinstance(menu, Menu)
        at = menu._lines.cursor
        await it.press("W")
        assert menu._lines.cursor == at + 1
        await it.press("j")
        assert menu._lines.cursor == at + 1
        await it.press("escape", "?")
        await it.until(lambda: isinstance(it.app.screen, HelpScreen))
        body = it.app.screen.query_one("HelpLines")
        await it.press("W")
        await it.until(lambda: body.scroll_offset.y == 1)


async def test_a_preset_of_the_settings_is_followed_from_the_start(tmp_path: Path) -> None:
    desk = make_desk(tmp_path, clock=FakeClock())
    add_ticket(desk.store, assignee="anna")
    desk.settings.change(KEYMAP_PRESET, ["vim-strict"])
    async with driving(desk, live=False) as it:
        await it.press("d", "d")
        await it.until(lambda: it.desk.inbox.counts()[View.MINE].total(Status.CLOSED) == 1)
        await it.press("u")
        await it.until(lambda: it.desk.inbox.counts()[View.MINE].total(Status.OPEN) == 1)


async def test_the_preset_of_the_file_wins_over_that_of_the_settings(tmp_path: Path) -> None:
    desk = make_desk(tmp_path, clock=FakeClock())
    desk.settings.change(KEYMAP_PRESET, ["vim-strict"])
    async with driving(desk, live=False, bindings=Bindings(preset="gmail")) as it:
        assert it.app.keymap["ticket.reply-all"] == ("a", "R")
        assert it.app.keymap["app.undo"] == ("z",)


async def test_unwise_keys_are_warned_of_and_work(tmp_path: Path) -> None:
    async with inbox(tmp_path, {"ticket.status": "ctrl+b"}) as it:
        await it.sees("ctrl+b for ticket.status may not arrive")
        await it.press("ctrl+b")
        await it.until(lambda: isinstance(it.app.screen, Menu))


async def test_keys_that_clash_end_the_program_before_it_shows_anything(tmp_path: Path) -> None:
    desk = make_desk(tmp_path, clock=FakeClock())
    own = Bindings({"ticket.close": "r", "go.mine": "ctrl+m"}, file="config.toml")
    app = HelpdeskApp(
        desk_factory=lambda: desk, now=desk.clock, start_worker=False, bindings=own, live=False
    )
    async with app.run_test() as pilot:
        await until_so(pilot, lambda: app.refused is not None)
    assert isinstance(app.refused, UsageError)
    assert app.refused.exit_code == 2
    assert app.refused.values["count"] == 2


async def test_a_click_on_a_view_of_the_header_opens_it(tmp_path: Path) -> None:
    async with inbox(tmp_path) as it:
        at = it.text().splitlines()[0].index("Unassigned")
        await it.pilot.click(Header, offset=(at, 0))
        await it.until(lambda: it.inbox.data and it.inbox.data.where.view is View.UNASSIGNED)


async def test_clicks_on_a_row_select_it_then_open_it(tmp_path: Path) -> None:
    async with inbox(tmp_path) as it:
        other = add_ticket(it.desk.store, assignee="anna", subject="Another")
        await it.press("g", "a")
        await it.sees("Another")
        place = next(y for y, line in enumerate(it.text().splitlines()) if "Another" in line)
        await it.pilot.click(offset=(6, place))
        await it.until(lambda: it.inbox.tickets.cursor_id == other)
        await it.pilot.click(offset=(6, place))
        await it.until(lambda: it.inbox.panes.current == "thread")


async def test_a_click_on_a_choice_of_a_dialog_takes_it(tmp_path: Path) -> None:
    async with inbox(tmp_path) as it:
        await it.press("a")
        await it.sees("nobody")
        lines = it.text().splitlines()
        place = next(y for y, line in enumerate(lines) if "nobody" in line and "│" in line)
        await it.pilot.click(offset=(lines[place].index("nobody"), place))
        await it.until(lambda: it.desk.inbox.counts()[View.UNASSIGNED].total(Status.OPEN) == 1)

"""The settings on the screen: read, changed in place, put back, followed by the interface."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.widgets import Input

from helpdesk_tui.domain.setting.table import GROUPS, SETTINGS
from helpdesk_tui.domain.setting.values import Kind
from helpdesk_tui.screens.beside.settings import SettingsScreen
from helpdesk_tui.screens.dialogs.setting import SwitchesDialog, ValueDialog
from helpdesk_tui.screens.menu import Menu
from helpdesk_tui.screens.preferences import Bindings
from helpdesk_tui.widgets.tab_line import TabLine
from helpdesk_tui.widgets.words.language import speak
from tests.support.driving import Driving, driving
from tests.support.store import FakeClock, add_agent, add_ticket, make_desk, make_store


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Let no other test hear the language that one of these has chosen."""
    yield
    speak("en")


@asynccontextmanager
async def settings(
    tmp_path: Path,
    name: str = "",
    *,
    role: str = "owner",
    size: tuple[int, int] = (120, 36),
    bindings: Bindings | None = None,
) -> AsyncIterator[Driving]:
    store = make_store(tmp_path)
    add_agent(store, "anna", role=role)
    add_ticket(store)
    store.close()
    desk = make_desk(tmp_path, clock=FakeClock())
    async with driving(desk, size=size, live=False, bindings=bindings) as it:
        await it.press("g", ",")
        await it.until(lambda: isinstance(it.app.screen, SettingsScreen))
        await it.sees("desk.name")
        if name:
            screen = screen_of(it)
            group = GROUPS.index(SETTINGS[name].group)
            for _ in range(group):
                await it.press("]")
            screen.list.select(hash(name))
            await it.sees(SETTINGS[name].name)
        yield it


def screen_of(it: Driving) -> SettingsScreen:
    assert isinstance(it.app.screen, SettingsScreen)
    return it.app.screen


async def test_every_setting_stands_on_its_tab_with_all_that_is_known(tmp_path: Path) -> None:
    async with settings(tmp_path) as it:
        await it.sees("[General]", " Email ", "Support", "the default", "administrators")
        found = {row.setting.name for row in screen_of(it).list.rows}
        for _ in GROUPS[1:]:
            await it.press("]")
            found |= {row.setting.name for row in screen_of(it).list.rows}
        assert found == set(SETTINGS)
        await it.press("[")
        assert "[Instagram]" in it.text()


async def test_a_text_that_is_there_already_is_shown_in_all_languages(tmp_path: Path) -> None:
    async with settings(tmp_path, "sms-auto-reply-text") as it:
        await it.sees(
            "WHILE IT IS EMPTY", "en {{ organization.prefix }}: we cannot answer", "nie możemy",
            "vi kan inte svara", "não podemos",
        )  # fmt: skip


@pytest.mark.parametrize("name", [name for name, one in SETTINGS.items() if one.presets])
def test_texts_that_are_there_already_are_there_in_every_language(name: str) -> None:
    presets = SETTINGS[name].presets or {}
    assert {"en", "pl", "sv", "pt"} <= set(presets)
    for text in presets.values():
        assert SETTINGS[name].read([text]) == text


async def test_a_choice_is_made_in_a_menu_and_put_back(tmp_path: Path) -> None:
    async with settings(tmp_path, "after-action") as it:
        await it.press("enter")
        assert isinstance(it.app.screen, Menu)
        await it.press("j", "enter")
        await it.sees("after-action is set", "your own")
        assert it.desk.settings.get("after-action") == "previous"
        await it.press("x")
        await it.sees("has its default again")
        assert it.desk.settings.get("after-action") is None


async def test_some_of_many_are_switched(tmp_path: Path) -> None:
    async with settings(tmp_path, "notify-rules") as it:
        await it.press("enter")
        assert isinstance(it.app.screen, SwitchesDialog)
        await it.press("j", "space", "enter")
        await it.sees("notify-rules is set")
        assert "unassigned" in it.desk.settings.get("notify-rules")


async def test_what_cannot_be_read_is_said_in_its_place(tmp_path: Path) -> None:
    async with settings(tmp_path, "quiet-hours") as it:
        await it.press("enter")
        assert isinstance(it.app.screen, ValueDialog)
        await it.press(*"night", "enter")
        await it.sees("no part of the day")
        it.app.screen.query_one(Input).value = "22-7"
        await it.press("enter")
        await it.sees("quiet-hours is set", "22:00-07:00")
        assert it.desk.settings.get("quiet-hours") == "22:00-07:00"


async def test_the_interface_follows_at_once(tmp_path: Path) -> None:
    async with settings(tmp_path, "title-badge") as it:
        assert it.app.voice.has_badge
        await it.press("enter")
        await it.until(lambda: not it.app.voice.has_badge)
        screen_of(it).list.select(hash("keymap-preset"))
        await it.press("enter", "2")
        await it.until(lambda: it.app.keymap["ticket.reply-all"] == ("a", "R"))
        screen_of(it).list.select(hash("theme"))
        await it.press("enter", "3")
        await it.until(lambda: it.app.theme == "helpdesk-light")


async def test_the_desks_new_name_stands_in_the_header(tmp_path: Path) -> None:
    async with settings(tmp_path, "language", size=(180, 50)) as it:
        await it.press("enter", "3")
        await it.until(lambda: it.app.preferences.language == "pl")
        screen_of(it).list.select(hash("desk.name"))
        await it.press("enter")
        it.app.screen.query_one(Input).value = "Shoes & Co"
        await it.press("enter")
        await it.until(lambda: it.inbox.header.state.desk == "Shoes & Co")
        assert it.app.voice.name == "Shoes & Co"
        assert it.app.preferences.language == "pl"


async def test_a_preset_that_clashes_with_own_keys_is_told_and_not_used(tmp_path: Path) -> None:
    own = Bindings({"ticket.macro": "l", "pane.right": "right"}, file="config.toml")
    async with settings(tmp_path, "keymap-preset", bindings=own) as it:
        await it.press("enter", "2")
        await it.sees("config.toml", "l is given to both")
        assert it.app.keymap["ticket.reply-all"] == ("R",)


@pytest.mark.parametrize("name", ["desk.name", "own-domains", "undo-send-sms"])
async def test_support_reads_what_only_administrators_change(tmp_path: Path, name: str) -> None:
    async with settings(tmp_path, name, role="support") as it:
        await it.press("enter")
        await it.sees("administrator changes it")
        assert isinstance(it.app.screen, SettingsScreen)


async def test_narrow_terminals_show_list_then_page_then_change(tmp_path: Path) -> None:
    async with settings(tmp_path, "notify", size=(80, 24)) as it:
        assert "VALUES" not in it.text()
        await it.press("enter")
        await it.sees("VALUES", "written as")
        await it.press("enter")
        assert isinstance(it.app.screen, Menu)


async def test_tabs_and_rows_are_clicked(tmp_path: Path) -> None:
    async with settings(tmp_path) as it:
        await it.pilot.click(TabLine, offset=(12, 0))
        await it.sees("[Email]", "own-addresses")
        await it.pilot.click("#side-list", offset=(5, 2))
        current = screen_of(it).list.current
        assert current is not None
        assert current.setting.name == "own-domains"


async def test_the_palette_leads_to_a_setting(tmp_path: Path) -> None:
    async with settings(tmp_path) as it:
        await it.press("q", "ctrl+p")
        await it.pilot.press(*"setting quiet")
        await it.sees("Setting: quiet-hours")
        await it.press("enter")
        await it.until(lambda: isinstance(it.app.screen, SettingsScreen))
        await it.until(lambda: screen_of(it).list.current is not None)
        await it.until(
            lambda: (row := screen_of(it).list.current) and row.setting.name == "quiet-hours"
        )


def test_every_kind_can_be_changed() -> None:
    assert {each.kind for each in SETTINGS.values()} <= set(Kind)
    for each in SETTINGS.values():
        value = each.default if isinstance(each.default, list) else [each.default]
        assert each.default in ("", []) or each.read(value) == each.default, each.name
        assert (each.choices is not None) == (each.kind in (Kind.CHOICE, Kind.CHOICES))
        assert each.group in GROUPS


async def test_what_the_shop_needs_is_copied_and_shown(tmp_path: Path) -> None:
    async with settings(tmp_path) as it:
        await it.press("y")
        await it.sees("no chat is connected")
        it.desk.admin.add_channel(
            "chat", "webchat", "acme", settings={"relay": "https://chat.acme.example"}
        )
        await it.press("y")
        await it.sees("HTML", "the line for the pages of the shop", "Liquid")
        await it.press("enter")
        await it.sees("lines copied", "https://chat.acme.example/widget.js")
        assert 'data-site="acme"' in it.app.clipboard
        await it.press("q", "y", *"php", "enter")
        await it.sees("PHP ·", "identity")

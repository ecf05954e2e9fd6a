"""The screen of macros: found, made, changed, copied, deleted, with mistakes told while typed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from textual.widgets import TextArea

from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.screens.beside.macros import MacrosScreen
from helpdesk_tui.screens.dialogs.macro_edit import MacroEditor
from helpdesk_tui.services.macros.macros import Macros
from tests.support.driving import Driving, driving
from tests.support.store import FakeClock, add_agent, add_message, add_ticket, make_desk, make_store

REFUND = """
name = "Refund"
[actions]
tag = "+refund"
[body]
email = "Hi {{ customer.first_name }}"
"""
PARCEL = 'name = "Parcel"\n[body]\nemail = "It is on its way."'


@asynccontextmanager
async def shelf(
    tmp_path: Path, *sources: str, role: str = "manager", size: tuple[int, int] = (120, 36)
) -> AsyncIterator[Driving]:
    store = make_store(tmp_path)
    add_agent(store, "anna", role=role)
    store.close()
    desk = make_desk(tmp_path, clock=FakeClock())
    add_message(desk.store, add_ticket(desk.store, assignee="anna"))
    macros = Macros(desk.store, SYSTEM, now=desk.clock)
    for source in sources:
        macros.save(source)
    async with driving(desk, size) as it:
        await it.until(lambda: it.inbox.tickets.cursor_row)
        await it.press("g", "M")
        await it.until(lambda: isinstance(it.app.screen, MacrosScreen))
        yield it


async def test_macros_are_read_as_they_would_be_in_the_ticket(tmp_path: Path) -> None:
    async with shelf(tmp_path, REFUND, PARCEL) as it:
        await it.sees("2 macros", "It is on its way.", "IN TICKET #1")
        await it.press("j")
        await it.sees("Hi Lena", "adds the tag refund")
        await it.press("slash", *"parc")
        await it.until(lambda: "Refund" not in it.text())
        await it.press("enter", "escape")
        await it.press("slash", "escape")
        await it.sees("Refund")


async def test_a_macro_is_made_with_mistakes_told_where_they_stand(tmp_path: Path) -> None:
    async with shelf(tmp_path) as it:
        await it.sees("No macro yet.", "a makes one.")
        await it.press("a")
        await it.until(lambda: isinstance(it.app.screen, MacroEditor))
        await it.press(*"Thanks", "tab", "tab", "tab", "tab", *"Hi {{ customer.nam }}")
        await it.sees("en.email, line 1", "is no name that is known", "^")
        await it.press("ctrl+o")
        area = it.app.screen.query_one("#macro-text", TextArea)
        assert area.cursor_location == (0, 6)
        await it.press("end", "left", "left", "left", "e")
        await it.sees("Hi Lena Doe")
        await it.press("tab", *"tag +thanks", "enter", *"status close")
        await it.sees("adds the tag thanks", "closes it")
        await it.press("ctrl+o")
        await it.until(lambda: isinstance(it.app.screen, MacrosScreen))
        macro = it.desk.macros.find("Thanks").macro
        assert macro.actions.add_tags == ("thanks",)
        assert macro.actions.status == "close"


async def test_two_who_change_one_are_told(tmp_path: Path) -> None:
    async with shelf(tmp_path, PARCEL) as it:
        await it.sees("It is on its way.")
        await it.press("enter")
        await it.until(lambda: isinstance(it.app.screen, MacroEditor))
        row = it.desk.macros.find("Parcel")
        it.desk.macros.save(PARCEL.replace("way", "long way"), macro_id=row.id)
        await it.press("ctrl+end", *" Really.", "ctrl+o")
        await it.sees("changed by somebody else", "ctrl+o again")
        assert "long way" in it.desk.macros.find("Parcel").source
        await it.press("escape")
        await it.sees("not saved yet")
        await it.press("ctrl+o")
        await it.until(lambda: "Really" in it.desk.macros.find("Parcel").source)


async def test_copies_and_deletions(tmp_path: Path) -> None:
    async with shelf(tmp_path, PARCEL) as it:
        await it.sees("It is on its way.")
        await it.press("c")
        await it.until(lambda: isinstance(it.app.screen, MacroEditor))
        await it.press("ctrl+o")
        await it.sees("2 macros", "Parcel (copy)")
        await it.press("asterisk")
        await it.until(lambda: it.desk.macros.favourites())
        await it.press("x")
        await it.sees("Delete Parcel")
        await it.press("y")
        await it.until(lambda: len(it.desk.macros.all()) == 1)


async def test_who_may_not_change_macros_hears_so_before_typing(tmp_path: Path) -> None:
    async with shelf(tmp_path, PARCEL, role="support", size=(80, 24)) as it:
        await it.sees("1 macro · to read: managers change them")
        await it.press("a")
        await it.sees("only managers and administrators")
        assert isinstance(it.app.screen, MacrosScreen)
        await it.press("enter")
        await it.sees("It is on its way.")
        await it.press("enter")
        await it.sees("only managers and administrators")
        assert isinstance(it.app.screen, MacrosScreen)

"""Saved views on the screen: opened by keys, picked, kept, changed, deleted, counted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from textual.widgets import Input

from helpdesk_tui.domain.tickets import Priority, Sort, Status, View, ViewFilter
from helpdesk_tui.domain.views import SavedView, ViewDraft
from helpdesk_tui.screens.dialogs.view_edit import ViewDialog
from helpdesk_tui.screens.dialogs.view_pick import ViewPicker
from helpdesk_tui.screens.inbox.data import InboxData
from helpdesk_tui.screens.inbox.views import ViewsDesk
from helpdesk_tui.services.desk import open_desk
from helpdesk_tui.services.views import Views
from tests.support.driving import Driving, driving
from tests.support.store import (
    START,
    FakeClock,
    add_agent,
    add_message,
    add_ticket,
    make_desk,
    make_store,
)
from tests.support.waiting import PATIENCE

WIDE = (180, 50)
MEDIUM = (120, 36)
NARROW = (80, 24)
TICKETS = (
    ("refund one", "open"),
    ("hello", "open"),
    ("refund two", "closed"),
    ("refund three", "open"),
)
"""Subject and status, the newest first."""


@asynccontextmanager
async def desk_of_views(
    tmp_path: Path, *drafts: ViewDraft, size: tuple[int, int] = MEDIUM, role: str = "support"
) -> AsyncIterator[Driving]:
    store = make_store(tmp_path)
    add_agent(store, "anna", role=role)
    store.close()
    desk = make_desk(tmp_path, clock=FakeClock())
    for number, (subject, status) in reversed(tuple(enumerate(TICKETS))):
        at = START - timedelta(minutes=number)
        ticket = add_ticket(
            desk.store, subject=subject, status=status, unread=1, at=at, assignee="anna",
            name=f"Customer {number}", email=f"c{number}@example.net",
            waiting_since=START - timedelta(hours=number) if number in (1, 3) else None,
            priority=Priority.URGENT.value if number == 3 else "normal",
        )  # fmt: skip
        add_message(desk.store, ticket, text=subject, at=at)
    for draft in drafts:
        desk.views.save(draft)
    async with driving(desk, size) as it:
        await it.until(lambda: len(_views(it).saved) == len(drafts))
        yield it


REFUNDS = ViewDraft("Refunds", "refund", pin="5")


def _views(it: Driving) -> ViewsDesk:
    assert it.inbox.views is not None
    return it.inbox.views


def _data(it: Driving) -> InboxData:
    assert it.inbox.data is not None
    return it.inbox.data


def _shown(it: Driving) -> ViewFilter:
    assert it.inbox.tickets.where is not None
    return it.inbox.tickets.where


def _picker(it: Driving) -> ViewPicker:
    assert isinstance(it.app.screen, ViewPicker)
    return it.app.screen


def _chosen(it: Driving) -> str:
    """Return the name of the view that the cursor is on; empty while the list is read anew."""
    row = _picker(it).choices.current
    return row.value.name if row is not None and isinstance(row.value, SavedView) else ""


def _line(it: Driving, name: str) -> Input:
    return it.app.screen.query_one(f"#view-{name}", Input)


def _subjects(it: Driving) -> list[str]:
    return [row.subject for row in it.inbox.tickets.window.rows]


async def _type(it: Driving, text: str) -> None:
    await it.press(*("space" if letter == " " else letter for letter in text))


async def test_a_key_opens_a_view_and_the_header_names_it_with_its_number(tmp_path: Path) -> None:
    async with desk_of_views(tmp_path, REFUNDS) as it:
        await it.sees("5 Refunds 2")
        await it.press("5")
        await it.until(lambda: _subjects(it) == ["refund one", "refund three"])
        assert "  Refunds   open" in it.text()
        await it.press("1")
        await it.until(lambda: _shown(it).view is View.MINE)
        await it.press("7")
        await it.sees("no view is on 7")


@pytest.mark.parametrize("size", [NARROW, MEDIUM, WIDE])
async def test_names_and_numbers_stand_on_the_screen_at_every_width(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    shared = ViewDraft("Team returns", "refund OR hello", is_shared=True, pin="6")
    async with desk_of_views(tmp_path, REFUNDS, shared, size=size, role="manager") as it:
        await it.until(lambda: len(_views(it).unread) == 2)
        await it.sees("Refunds", "Unassigned")
        line = next(one for one in it.text().splitlines() if "Refunds" in one)
        assert "5" in line
        assert "2" in line


async def test_a_click_in_the_rail_opens_a_view(tmp_path: Path) -> None:
    async with desk_of_views(tmp_path, REFUNDS, size=WIDE) as it:
        await it.sees("Refunds")
        lines = it.text().splitlines()
        place = next(y for y, line in enumerate(lines) if "Refunds" in line[:20])
        await it.pilot.click(offset=(5, place))
        await it.until(lambda: _subjects(it) == ["refund one", "refund three"])
        status = next(y for y, line in enumerate(lines) if "closed" in line[:20])
        await it.pilot.click(offset=(5, status))
        await it.until(lambda: _subjects(it) == ["refund two"])
        assert _data(it).where.saved_id


async def test_a_rail_too_low_for_all_views_leads_to_the_picker(tmp_path: Path) -> None:
    drafts = [ViewDraft(f"View {number}", "hello") for number in range(30)]
    async with desk_of_views(tmp_path, *drafts, size=(150, 24)) as it:
        await it.sees("more", "TEAM")
        lines = it.text().splitlines()
        assert any("closed" in line[:20] for line in lines)
        place = next(y for y, line in enumerate(lines) if "more" in line[:20])
        await it.pilot.click(offset=(5, place))
        await it.until(lambda: isinstance(it.app.screen, ViewPicker))


async def test_the_picker_finds_a_view_and_shows_its_query(tmp_path: Path) -> None:
    long = ViewDraft("Long waits", "is:waiting", sort=Sort.WAITING, status=None)
    async with desk_of_views(tmp_path, REFUNDS, long) as it:
        await it.press("v")
        await it.sees("My inbox", "assignee:me", "Refunds")
        await _type(it, "lw")
        await it.sees("is:waiting", "any status · longest waiting first")
        assert "Refunds" not in it.text().split("╰")[0].split("╭")[-1]
        await it.press("enter")
        await it.until(lambda: _subjects(it) == ["refund three", "hello"])
        await it.press("v")
        await it.until(lambda: isinstance(it.app.screen, ViewPicker))
        await it.until(lambda: _chosen(it) == "Long waits")
        await it.press("v")
        await it.until(lambda: not isinstance(it.app.screen, ViewPicker))


async def test_a_search_is_saved_as_a_view_on_a_key(tmp_path: Path) -> None:
    async with desk_of_views(tmp_path) as it:
        await it.press("/")
        await it.until(lambda: it.inbox.query("SearchLine Input"))
        await _type(it, "refund")
        await it.press("enter")
        await it.until(lambda: len(_subjects(it)) == 3)
        await it.sees("+ save")
        await it.press("+")
        await it.until(lambda: isinstance(it.app.screen, ViewDialog))
        await _type(it, "Money back")
        await it.press("tab", "tab", "tab", "tab", "right", "right", "right", "right", "right")
        await it.sees("5")
        await it.press("enter")
        await it.until(lambda: not isinstance(it.app.screen, ViewDialog))
        await it.sees("saved Money back · 5 opens it", "Money back")
        (view,) = it.desk.views.all()
        assert (view.name, view.query, view.pin) == ("Money back", "refund", "5")
        assert (view.status, view.is_shared) == (None, False)
        await it.press("1")
        await it.until(lambda: _shown(it).view is View.MINE)
        await it.press("5")
        await it.until(lambda: len(_subjects(it)) == 3)


async def test_a_query_is_changed_in_place_and_a_mistake_keeps_the_dialog(tmp_path: Path) -> None:
    async with desk_of_views(tmp_path, REFUNDS) as it:
        await it.press("5", "+")
        await it.until(lambda: isinstance(it.app.screen, ViewDialog))
        _line(it, "query").value = "tag:nowhere"
        await it.press("enter")
        await it.sees("nowhere")
        assert isinstance(it.app.screen, ViewDialog)
        _line(it, "query").value = "hello"
        await it.press("enter")
        await it.until(lambda: not isinstance(it.app.screen, ViewDialog))
        await it.until(lambda: _subjects(it) == ["hello"])
        (view,) = it.desk.views.all()
        assert (view.name, view.query, view.pin) == ("Refunds", "hello", "5")


@pytest.mark.parametrize(("over", "names"), [(False, ["Refunds", "Hi"]), (True, ["Refunds"])])
async def test_a_search_from_a_view_is_a_new_view_or_that_one(
    tmp_path: Path, *, over: bool, names: list[str]
) -> None:
    async with desk_of_views(tmp_path, REFUNDS) as it:
        await it.press("5")
        await it.until(lambda: _shown(it).saved_id)
        await it.press("/")
        await it.until(lambda: it.inbox.query("SearchLine Input"))
        await _type(it, "hello")
        await it.press("enter")
        await it.until(lambda: _subjects(it) == ["hello"])
        await it.press("+")
        await it.until(lambda: isinstance(it.app.screen, ViewDialog))
        if over:
            await it.press("tab", "tab", "right")
        else:
            await _type(it, "Hi")
        await it.press("enter")
        await it.until(lambda: not isinstance(it.app.screen, ViewDialog))
        assert [view.name for view in it.desk.views.all()] == names
        assert it.desk.views.all()[-1].query == "hello"


async def test_back_from_a_search_leads_to_the_view_it_was_made_in(tmp_path: Path) -> None:
    async with desk_of_views(tmp_path, REFUNDS) as it:
        await it.press("5")
        await it.until(lambda: _shown(it).saved_id)
        await it.press("/")
        await it.until(lambda: it.inbox.query("SearchLine Input"))
        await _type(it, "hello")
        await it.press("enter")
        await it.until(lambda: _subjects(it) == ["hello"])
        await it.press("q")
        await it.until(lambda: _subjects(it) == ["refund one", "refund three"])
        await it.press("q")
        assert _data(it).where.saved_id


async def test_deleting_goes_to_my_inbox_and_z_brings_the_view_back(tmp_path: Path) -> None:
    async with desk_of_views(tmp_path, REFUNDS) as it:
        await it.press("5")
        await it.until(lambda: _shown(it).saved_id)
        it.inbox.perform("view.delete")
        await it.sees("view Refunds deleted · z undo")
        await it.until(lambda: _shown(it).view is View.MINE)
        assert it.desk.views.all() == ()
        await it.press("z")
        await it.until(lambda: _subjects(it) == ["refund one", "refund three"])
        assert it.desk.views.all()[0].pin == "5"


async def test_the_picker_deletes_changes_and_orders(tmp_path: Path) -> None:
    async with desk_of_views(tmp_path, REFUNDS, ViewDraft("Hi", "hello")) as it:
        await it.press("v", "end")
        await it.until(lambda: isinstance(it.app.screen, ViewPicker))
        await _type(it, "hi")
        await it.press("shift+up")
        await it.until(lambda: [view.name for view in it.desk.views.all()] == ["Hi", "Refunds"])
        await it.until(lambda: isinstance(it.app.screen, ViewPicker))
        await it.until(lambda: _chosen(it) == "Hi")
        await it.press("delete")
        await it.until(lambda: len(it.desk.views.all()) == 1)
        await it.until(lambda: not isinstance(it.app.screen, ViewPicker))
        await it.press("v")
        await it.until(lambda: isinstance(it.app.screen, ViewPicker))
        await _type(it, "ref")
        await it.press("f2")
        await it.until(lambda: isinstance(it.app.screen, ViewDialog))
        assert _line(it, "query").value == "refund"


async def test_a_shared_view_is_not_changed_by_somebody_else(tmp_path: Path) -> None:
    async with desk_of_views(tmp_path) as it:
        add_agent(it.desk.store, "olga", role="manager")
        boss = open_desk(it.desk.store.paths.root, agent="olga", clock=it.desk.clock)
        boss.views.save(ViewDraft("Team", "refund", is_shared=True, pin="5"))
        # another desk's view is there without being asked for
        await it.until(lambda: [view.name for view in _views(it).saved] == ["Team"])
        await it.press("5")
        await it.until(lambda: _subjects(it) == ["refund one", "refund three"])
        await it.press("+")
        await it.until(lambda: isinstance(it.app.screen, ViewDialog))
        assert _line(it, "name").value == ""
        await it.press("escape")
        it.inbox.perform("view.delete")
        await it.sees("managers")
        boss.views.change(boss.views.find("Team").id, ViewDraft("Team", "hello", is_shared=True))
        await it.until(lambda: _subjects(it) == ["hello"])
        boss.close()


async def test_numbers_follow_what_happens(tmp_path: Path) -> None:
    async with desk_of_views(tmp_path, REFUNDS) as it:
        await it.sees("5 Refunds 2")
        await it.press("e")
        await it.sees("5 Refunds 1")


async def test_a_new_ticket_joins_the_view_that_is_open(tmp_path: Path) -> None:
    async with desk_of_views(tmp_path, ViewDraft("Greetings", "hello", pin="5")) as it:
        await it.press("5")
        await it.until(lambda: _subjects(it) == ["hello"])
        others = open_desk(it.desk.store.paths.root, agent="anna", clock=it.desk.clock)
        closed = next(iter(others.inbox.page(_data(it).with_status(None)).rows)).id
        others.triage.close([closed])
        await it.press("g", "i")
        await it.until(lambda: _shown(it).view is View.MINE)
        await it.press("5")
        await it.until(lambda: _subjects(it) == [])
        await it.sees("Nothing waits in this view.")
        others.triage.reopen([closed])
        await it.until(lambda: _subjects(it) == ["hello"])
        others.close()


@pytest.mark.parametrize(
    ("key", "subjects"),
    [
        ("n", ["refund one", "hello", "refund three"]),
        ("l", ["refund three", "hello", "refund one"]),
        ("w", ["refund three", "hello", "refund one"]),
        ("p", ["refund three", "refund one", "hello"]),
    ],
)
async def test_any_list_can_be_ordered(tmp_path: Path, key: str, subjects: list[str]) -> None:
    async with desk_of_views(tmp_path) as it:
        await it.press("\\")
        await it.sees("longest waiting first")
        await it.press(key)
        await it.until(lambda: _subjects(it) == subjects)


async def test_a_status_narrows_a_view_without_leaving_it(tmp_path: Path) -> None:
    async with desk_of_views(tmp_path, REFUNDS) as it:
        await it.press("5")
        await it.until(lambda: _shown(it).saved_id)
        await it.press("g", "c")
        await it.until(lambda: _subjects(it) == ["refund two"])
        assert _data(it).where.status is Status.CLOSED
        assert "  Refunds   closed" in it.text()


async def test_counting_never_holds_up_the_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on = Event()
    count = Views.unread

    def slow(self: Views, view: object, **options: float) -> object:
        goes_on.wait(PATIENCE)
        return count(self, view, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Views, "unread", slow)
    async with desk_of_views(tmp_path, REFUNDS) as it:
        try:
            await it.sees("5 Refunds …")
            await it.press("5")
            await it.until(lambda: _subjects(it) == ["refund one", "refund three"])
            await it.press("v")
            await it.until(lambda: isinstance(it.app.screen, ViewPicker))
            await it.press("escape")
        finally:
            goes_on.set()
        await it.sees("5 Refunds 2")

"""The sidebar and the screen of a customer, driven by keys over a real store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from helpdesk_tui.screens.commerce.details import DetailsDialog
from helpdesk_tui.screens.customer.event_filter import EventFilterDialog
from helpdesk_tui.screens.customer.screen import CustomerScreen
from helpdesk_tui.screens.dialogs.links import LinksDialog
from helpdesk_tui.services.desk import Desk
from helpdesk_tui.widgets.sidebar.targets import TargetKind
from tests.support.driving import Driving, driving
from tests.support.known_customer import facts, tell
from tests.support.store import START, add_message, add_ticket, make_desk

WIDE, MEDIUM, NARROW = (180, 50), (120, 36), (80, 24)


def shop_desk(tmp_path: Path, count: int = 1) -> tuple[Desk, list[int]]:
    """Make a desk with tickets of as many customers, and the profiles of these."""
    desk = make_desk(tmp_path)
    profiles = []
    for n in range(count):
        ticket = add_ticket(
            desk.store, email=f"c{n}@x.example", name=f"Customer {n}", assignee="anna",
            status="open", at=START, subject=f"about {n}",
        )  # fmt: skip
        add_message(desk.store, ticket, text=f"hello {n}", at=START)
        profiles.append(desk.threads.detail(ticket).customer_id)
    return desk, profiles


async def to_kind(it: Driving, kind: TargetKind) -> None:
    """Go down in the sidebar to a row of a kind."""
    sidebar = it.inbox.panes.sidebar
    assert sidebar is not None
    for _ in range(40):
        if sidebar.current is not None and sidebar.current.kind is kind:
            return
        await it.press("j")
    raise AssertionError(it.text())


@pytest.mark.parametrize("size", [WIDE, MEDIUM, NARROW])
async def test_what_a_shop_knows_stands_beside_the_ticket(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    desk, (profile,) = shop_desk(tmp_path)
    tell(desk, profile, facts())
    async with driving(desk, size) as it:
        await it.press("D")
        await it.sees("VALUE", "€412 so far", "ORDERS", "#1042", "€89.00")


async def test_enter_on_an_order_shows_it_y_copies_and_o_shows_where_it_leads(
    tmp_path: Path,
) -> None:
    desk, (profile,) = shop_desk(tmp_path)
    tell(desk, profile, facts())
    async with driving(desk, WIDE) as it:
        await it.sees("#1042")
        await it.press("D")
        await to_kind(it, TargetKind.ORDER)
        await it.press("y")
        await it.until(lambda: it.app.clipboard == "#1042")
        await it.press("o")
        await it.until(lambda: isinstance(it.app.screen, LinksDialog))
        await it.sees("admin.shop.example")
        await it.press("escape", "enter")
        await it.until(lambda: isinstance(it.app.screen, DetailsDialog))
        await it.sees("Trail shoes")


async def test_y_in_the_list_still_copies_the_ticket(tmp_path: Path) -> None:
    desk, (profile,) = shop_desk(tmp_path)
    tell(desk, profile, facts())
    async with driving(desk, WIDE) as it:
        await it.sees("#1042")
        row = it.inbox.tickets.cursor_row
        assert row is not None
        it.inbox.perform("ticket.copy")
        await it.until(lambda: it.app.clipboard == f"#{row.id}")


async def test_the_cursor_stays_on_its_row_when_a_source_tells_more(tmp_path: Path) -> None:
    desk, (profile,) = shop_desk(tmp_path)
    tell(desk, profile, facts(orders=()))
    async with driving(desk, WIDE, live=True) as it:
        await it.sees("no orders yet")
        await it.press("D")
        await to_kind(it, TargetKind.SUBSCRIPTION)
        desk.clock.advance(seconds=5)  # type: ignore[attr-defined]
        tell(desk, profile, facts())
        await it.sees("#1042")
        sidebar = it.inbox.panes.sidebar
        assert sidebar is not None
        assert sidebar.current is not None
        assert sidebar.current.kind is TargetKind.SUBSCRIPTION


async def test_customers_are_wanted_once_the_keys_rest_and_the_open_one_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, _profiles = shop_desk(tmp_path, 6)
    wanted: list[tuple[tuple[int, ...], int]] = []

    def want(ids: Sequence[int], rank: int) -> None:
        wanted.append((tuple(ids), rank))

    monkeypatch.setattr(desk.customer_context, "want", want)
    async with driving(desk, WIDE) as it:
        await it.until(lambda: len(wanted) >= 2)
        assert it.inbox.panes.customer is not None
        assert it.inbox.panes.customer.shown is not None
        first = it.inbox.panes.customer.shown[1].id
        assert wanted[0] == ((first,), 1)
        assert wanted[1][1] == 1
        assert len(wanted[1][0]) == 2
        await it.until(lambda: ((first,), 0) in wanted)
        wanted.clear()
        await it.pilot.press("j", "j", "j")
        assert wanted == []
        await it.until(lambda: wanted)
        await it.press("enter")
        now = it.inbox.tickets.cursor_row
        assert now is not None
        person = desk.threads.detail(now.id).customer_id
        await it.until(lambda: ((person,), 0) in wanted)


async def test_a_desk_whose_facts_cannot_be_read_shows_ticket_and_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, _profiles = shop_desk(tmp_path)

    def refuse(_profile: int) -> int:
        raise OSError

    monkeypatch.setattr(desk.customer_context, "stamp", refuse)
    async with driving(desk, WIDE) as it:
        await it.sees("TICKET", "c0@x.example")


async def test_events_are_narrowed_to_a_kind_and_the_choice_can_be_kept(tmp_path: Path) -> None:
    desk, (profile,) = shop_desk(tmp_path)
    tell(desk, profile, facts())
    async with driving(desk, WIDE) as it:
        await it.sees("EVENTS 6")
        it.inbox.perform("customer.events")
        await it.until(lambda: isinstance(it.app.screen, EventFilterDialog))
        await it.press("down", "tab", *"mine", "ctrl+s")
        await it.until(lambda: desk.event_filters.all())
        await it.sees("mine ▾", "EVENTS 3")
        assert len({*desk.event_filters.all()[0].metrics}) == 1


async def test_kinds_of_events_are_marked_one_after_the_other(tmp_path: Path) -> None:
    desk, (profile,) = shop_desk(tmp_path)
    tell(desk, profile, facts())
    async with driving(desk, WIDE) as it:
        await it.sees("EVENTS 6")
        it.inbox.perform("customer.events")
        await it.until(lambda: isinstance(it.app.screen, EventFilterDialog))
        await it.press("down", "tab", "down", "tab", *"both", "ctrl+s")
        await it.until(lambda: desk.event_filters.all())
        assert len({*desk.event_filters.all()[0].metrics}) == 2


async def test_a_saved_filter_is_renamed_and_deleted_by_key(tmp_path: Path) -> None:
    desk, (profile,) = shop_desk(tmp_path)
    tell(desk, profile, facts())
    kept = desk.event_filters.save("mine", ["Viewed Product"])
    async with driving(desk, WIDE) as it:
        await it.sees("EVENTS 6")
        it.inbox.perform("customer.events")
        await it.sees("f2 renames")
        await it.press("down", "enter")
        await it.sees("mine ▾", "EVENTS 3")
        it.inbox.perform("customer.events")
        await it.sees("f2 renames")
        await it.press("down", "f2", *" own", "enter")
        await it.sees("mine own ▾")
        assert [(one.id, one.name) for one in desk.event_filters.all()] == [(kept.id, "mine own")]
        await it.press("down", "delete")
        await it.sees("del again deletes mine own")
        assert desk.event_filters.all()
        await it.press("delete")
        await it.until(lambda: not desk.event_filters.all())
        await it.press("escape")
        await it.sees("all metrics ▾", "EVENTS 6")


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_the_events_of_a_whole_profile_are_narrowed_to_a_kind(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    desk, (profile,) = shop_desk(tmp_path)
    tell(desk, profile, facts())
    async with driving(desk, size) as it:
        await it.press("g", "P")
        await it.until(lambda: isinstance(it.app.screen, CustomerScreen))
        found = it.app.screen
        assert isinstance(found, CustomerScreen)
        screen: CustomerScreen = found
        await it.sees("Viewed Product")
        await it.press("f")
        await it.until(lambda: isinstance(it.app.screen, EventFilterDialog))
        await it.press(*"viewed", "enter")
        await it.until(lambda: it.app.screen is screen and len(screen.list.rows) == 3)
        assert {one.title for one in screen.list.rows} == {"Viewed Product"}
        await it.sees("· Viewed Product")
        # other tabs show all of theirs
        await it.press("[", "[", "[", "[")
        await it.until(lambda: len(screen.list.rows) > 6)


@pytest.mark.parametrize("size", [WIDE, MEDIUM, NARROW])
async def test_the_screen_of_a_customer_shows_searches_and_opens(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    desk, (profile,) = shop_desk(tmp_path)
    tell(desk, profile, facts())
    async with driving(desk, size) as it:
        await it.press("g", "P")
        await it.until(lambda: isinstance(it.app.screen, CustomerScreen))
        await it.sees("Viewed Product", "#1042", "hello 0")
        await it.press("/", *"coffee", "enter")
        screen = it.app.screen
        assert isinstance(screen, CustomerScreen)
        await it.until(lambda: [one.title for one in screen.list.rows] == ["Coffee 1 kg"])
        await it.press("escape")
        await it.until(lambda: len(screen.list.rows) > 5)
        await it.press("]", "]")
        await it.until(lambda: [one.title for one in screen.list.rows][:1] == ["#1042"])
        await it.press("enter")
        await it.until(lambda: isinstance(it.app.screen, DetailsDialog))
        await it.press("escape")
        await it.until(lambda: it.app.screen is screen)
        await it.press("q")
        await it.until(lambda: it.app.screen is it.inbox)


async def test_the_facts_have_a_tab_where_they_do_not_stand_beside_the_list(
    tmp_path: Path,
) -> None:
    desk, (profile,) = shop_desk(tmp_path)
    tell(desk, profile, facts())
    async with driving(desk, NARROW) as it:
        await it.press("g", "P")
        await it.until(lambda: isinstance(it.app.screen, CustomerScreen))
        await it.sees("Viewed Product")
        await it.press("h")
        await it.sees("VALUE", "€412 so far")
        await it.press("l")
        await it.sees("Viewed Product")
        # what is searched from the facts is what happened
        await it.press("h")
        await it.sees("VALUE")
        await it.press("/", *"coffee", "enter")
        await it.sees("Coffee 1 kg")
        assert "VALUE" not in it.text()

"""Splitting by key, and the offers over a thread."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpdesk_tui.screens.menu import Menu
from tests.support.driving import Driving, driving
from tests.support.merged import merged_into, mine, on, shown
from tests.support.store import add_message, make_desk


async def split_menu(it: Driving) -> None:
    await it.press("percent_sign")
    await it.until(lambda: isinstance(it.app.screen, Menu))


async def test_a_message_is_split_off_opened_and_taken_back(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    ticket = mine(desk, "Shoes", "the shoes", "and a hat", "the shoes again", hours=3)
    async with driving(desk) as it:
        await on(it, ticket)
        await it.press("enter")
        await it.sees("and a hat")
        await it.press("p")
        await split_menu(it)
        await it.sees("only this message", "this message and all later ones (1)")
        await it.press("enter")
        await it.until(lambda: it.inbox.tickets.cursor_id not in (ticket, None))
        await it.sees("split: the rest is")
        await it.until(lambda: shown(it) == ["and a hat"])
        new = it.inbox.tickets.cursor_id
        assert new is not None
        assert [each.text for each in desk.threads.load(new).messages] == ["and a hat"]
        await it.press("z")
        await it.until(lambda: it.inbox.tickets.cursor_id == ticket)
        await it.sees("the shoes again", "and a hat")
        assert merged_into(desk, new) == ticket


async def test_all_that_follows_can_be_split_off(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    ticket = mine(desk, "Shoes", "the shoes", "and a hat", "the hat again", hours=3)
    async with driving(desk) as it:
        await on(it, ticket)
        await it.press("enter")
        await it.sees("and a hat")
        await it.press("p")
        await split_menu(it)
        await it.press("a")
        await it.until(lambda: len(desk.threads.load(ticket).messages) == 1)
        await it.sees("and a hat", "the hat again")


async def test_what_cannot_be_split_is_said(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    ticket = mine(desk, "Shoes", "the shoes", hours=3)
    async with driving(desk) as it:
        await on(it, ticket)
        await it.press("percent_sign")
        await it.sees("enter the ticket first")
        await it.press("enter")
        await it.until(lambda: it.inbox.panes.current == "thread")
        await split_menu(it)
        await it.press("o")
        await it.sees("nothing would stay in ticket")


async def test_another_subject_after_long_is_offered_to_be_split_off(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    ticket = mine(desk, "Shoes", "the shoes", hours=24 * 40)
    message = add_message(desk.store, ticket, at=desk.clock(), text="a new thing", subject="Hats")
    add_message(desk.store, ticket, at=desk.clock(), text="more of it", subject="Hats")
    with desk.store.write() as connection:
        connection.execute("UPDATE ticket SET offer = ?", (f"split:{message}",))
    async with driving(desk) as it:
        await on(it, ticket)
        await it.sees("subject changed after 40 days: “Hats”", "% splits it off")
        await it.press("enter")
        await it.until(lambda: it.inbox.panes.current == "thread")
        await split_menu(it)
        await it.sees("chosen: Lena Doe", "all from “Hats” on", "offered")
        await it.press("percent_sign")
        await it.until(lambda: it.app.screen is it.inbox)
        await split_menu(it)
        await it.press("enter")
        await it.until(lambda: len(desk.threads.load(ticket).messages) == 1)
        assert desk.threads.detail(ticket).offer == ""


async def test_an_offer_is_declined_by_key(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    alike = mine(desk, "Return label", hours=2)
    ticket = mine(desk, "Re: Return label", hours=1, offer=f"merge:{alike}")
    async with driving(desk) as it:
        await on(it, ticket)
        await it.sees("X keeps apart")
        await it.press("X")
        await it.sees("stays as it is")
        await it.until(lambda: "alike:" not in it.text())
        assert desk.threads.detail(ticket).offer == ""
        await it.press("X")
        await it.sees("nothing is offered here")


@pytest.mark.parametrize("change", ["other-customer", "spam", "gone", "itself"])
def test_an_offer_that_makes_no_sense_any_more_is_not_shown(tmp_path: Path, change: str) -> None:
    desk = make_desk(tmp_path)
    alike = mine(desk, "Return label", hours=2)
    ticket = mine(desk, "Re: Return label", hours=1, offer=f"merge:{alike}")
    offered = desk.threads.detail(ticket).offered
    assert offered is not None
    assert offered.id == alike
    if change == "other-customer":
        desk.customers.set_customer(alike, "bo@example.org")
    elif change == "spam":
        desk.triage.spam([alike])
    else:
        number = 4711 if change == "gone" else ticket
        with desk.store.write() as connection:
            connection.execute("UPDATE ticket SET offer = ?", (f"merge:{number}",))
    assert desk.threads.detail(ticket).offered is None


def test_an_offer_follows_the_merges_of_the_ticket_it_names(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    target, alike = mine(desk, "First", hours=3), mine(desk, "Return label", hours=2)
    ticket = mine(desk, "Re: Return label", hours=1, offer=f"merge:{alike}")
    desk.merging.merge([alike], target)
    offered = desk.threads.detail(ticket).offered
    assert offered is not None
    assert offered.id == target

"""Who wrote, really: warnings in list and thread, and the correction in two keys."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.domain.mail import Address
from helpdesk_tui.domain.tickets import View
from helpdesk_tui.screens.dialogs.customer import CustomerDialog
from helpdesk_tui.services.desk import Desk
from helpdesk_tui.widgets.words.thread import WARNINGS
from tests.support.addressed import addressed_desk
from tests.support.driving import Driving, driving
from tests.support.store import add_message, add_ticket
from tests.support.thread_values import HOSTILE, is_harmless


def flagged(desk: Desk, flags: str, minutes: int = 1, **fields: Any) -> int:
    """Add a ticket of mine with flags, and a message in it."""
    at = desk.clock() - timedelta(minutes=minutes)
    email = str(fields.get("email", "jo@x.example"))
    ticket = add_ticket(
        desk.store, assignee="anna", status="open", unread=0, at=at, flags=flags,
        **{"name": "Jo", "email": "jo@x.example", "subject": f"about {flags}", **fields},
    )  # fmt: skip
    add_message(
        desk.store, ticket, at=at, text="Please answer Lena Doe <lena@example.net>", sender=email
    )
    return ticket


@pytest.mark.parametrize(
    ("flag", "mark"),
    [
        ("auth-failed", "unverified"),
        ("new-sender", "new sender"),
        ("reply-to-differs", "other reply-to"),
        ("forged-reference", "no proof"),
        ("own-address-customer", "our address"),
        ("spoofed-name", "false name"),
    ],
)
async def test_a_warning_stands_in_the_list_and_in_a_sentence_over_the_thread(
    tmp_path: Path, flag: str, mark: str
) -> None:
    desk = addressed_desk(tmp_path)
    flagged(desk, flag)
    async with driving(desk) as it:
        await it.sees(f"▲ {mark}")
        words = WARNINGS[flag].split()
        await it.until(lambda: f"▲ {' '.join(words[:4])}" in it.text())


async def test_only_the_most_serious_warning_takes_room_in_the_list(tmp_path: Path) -> None:
    desk = addressed_desk(tmp_path)
    flagged(desk, "auth-failed new-sender reply-to-differs")
    async with driving(desk, size=(80, 24)) as it:
        await it.sees("▲ unverified")
        assert "new sender" not in it.text()
        await it.press("enter")
        await it.sees("could not be verified", "somebody new in this ticket")


async def test_the_customer_is_corrected_in_two_keys_and_taken_back_with_z(tmp_path: Path) -> None:
    desk = addressed_desk(tmp_path)
    ticket = flagged(desk, "own-address-customer", name="Info", email="desk@shop.example")
    other = flagged(desk, "", 5, name="Info", email="desk@shop.example")
    async with driving(desk) as it:
        await it.sees("mail was forwarded twice", "C says who the customer is")
        await it.press("C")
        await it.until(lambda: isinstance(it.app.screen, CustomerDialog))
        await it.sees("lena@example.net")
        await it.press("enter")
        await it.sees("is the ticket of lena@example.net")
        detail = desk.threads.detail(ticket)
        assert detail.customer_address == "lena@example.net"
        assert detail.flags == ()
        assert desk.threads.detail(other).customer_address == "desk@shop.example"
        await it.until(lambda: "forward directly" not in it.text())
        await it.press("z")
        await it.until(lambda: desk.threads.detail(ticket).customer_address == "desk@shop.example")
        await it.sees("forward directly")


async def opened(it: Driving) -> CustomerDialog:
    await it.press("C")
    await it.until(lambda: isinstance(it.app.screen, CustomerDialog))
    assert isinstance(it.app.screen, CustomerDialog)
    return it.app.screen


async def test_another_address_can_be_typed(tmp_path: Path) -> None:
    desk = addressed_desk(tmp_path)
    ticket = flagged(desk, "own-address-customer")
    async with driving(desk) as it:
        await it.until(lambda: it.inbox.tickets.cursor_row)
        await opened(it)
        await it.press(*"mia", "at", *"example", "full_stop", *"org")
        await it.sees("mia@example.org", "as typed")
        await it.press("enter")
        await it.until(lambda: desk.threads.detail(ticket).customer_address == "mia@example.org")


async def test_our_own_address_is_refused_and_c_closes_again(tmp_path: Path) -> None:
    desk = addressed_desk(tmp_path)
    ticket = flagged(desk, "own-address-customer")
    async with driving(desk) as it:
        await it.until(lambda: it.inbox.tickets.cursor_row)
        await opened(it)
        await it.press("C")
        await it.until(lambda: it.app.screen is it.inbox)
        await opened(it)
        await it.press(*"desk", "at", *"shop", "full_stop", *"example", "enter")
        await it.sees("own")
        assert desk.threads.detail(ticket).customer_address == "jo@x.example"


async def test_where_nobody_is_likely_the_address_is_asked_for(tmp_path: Path) -> None:
    desk = addressed_desk(tmp_path)
    flagged(desk, "")
    async with driving(desk) as it:
        it.app.push_screen(CustomerDialog([]))
        await it.sees("type the customer's address", " type an address")
        assert "nothing fits" not in it.text()
        await it.press(*"mia", "enter")
        await it.sees("that is no address yet")


async def test_names_of_suggested_people_are_text(tmp_path: Path) -> None:
    desk = addressed_desk(tmp_path)
    flagged(desk, "")
    async with driving(desk) as it:
        it.app.push_screen(CustomerDialog([Address(HOSTILE, "a@b.example")]))
        await it.sees("a@b.example")
        assert is_harmless(it.text().replace("\n", ""))


def names(desk: Desk, ticket: int, named: int) -> None:
    """Note that the first mail of a ticket named another one without proof."""
    with desk.store.write() as connection:
        connection.execute(
            "INSERT INTO activity (at, actor_kind, kind, ticket_id, after)"
            " VALUES (1, 'customer', 'ticket.created', ?, ?)",
            (ticket, json.dumps({"named_ticket": named})),
        )


async def test_the_named_ticket_is_told_and_opened_by_key(tmp_path: Path) -> None:
    desk = addressed_desk(tmp_path)
    ticket = flagged(desk, "forged-reference", 1)
    # far down another view: nobody has it
    named = flagged(desk, "", 9000, subject="the named one", name="Mia", email="mia@x.example")
    with desk.store.write() as connection:
        connection.execute("UPDATE ticket SET assignee_id = NULL WHERE id = ?", (named,))
    for number in range(80):
        flagged(desk, "", 10 + number)
    names(desk, ticket, named)
    async with driving(desk) as it:
        await it.sees(f"names #{named} without proof", "g n opens that ticket")
        await it.press("g", "n")
        await it.until(lambda: it.inbox.tickets.cursor_id == named)
        await it.sees("the named one")
        assert it.inbox.tickets.where is not None
        assert it.inbox.tickets.where.view is View.ALL
        assert it.inbox.panes.current == "thread"


async def test_a_ticket_that_names_none_or_one_that_is_gone_says_so(tmp_path: Path) -> None:
    desk = addressed_desk(tmp_path)
    names(desk, flagged(desk, "forged-reference", 1), 4711)
    flagged(desk, "", 5)
    async with driving(desk) as it:
        await it.sees("names #4711 without proof")
        await it.press("g", "n")
        await it.sees("there is no ticket #4711 any more")
        await it.press("j")
        await it.sees("about")
        await it.until(lambda: "#4711" not in it.text())
        await it.press("g", "n")
        await it.sees("this ticket names no other one")

"""Macros used on the screen: picked, inserted, run, repeated, and sent with what they do."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from textual.widgets import Input

from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.domain.tickets import Status, TicketRow
from helpdesk_tui.screens.dialogs.macro_pick import MacroPicker
from helpdesk_tui.screens.dialogs.review import ReviewDialog
from helpdesk_tui.services.desk import Desk
from helpdesk_tui.services.macros.macros import Macros
from tests.support.driving import Driving, driving
from tests.support.store import START, FakeClock, add_message, add_ticket, make_desk

REFUND = """
name = "Refund on its way"
keys = "1"
[actions]
tag = "+refund"
status = "close"
[body]
email = "Hi {{ customer.first_name }}, your money is on its way."
[body.pl]
email = "Cześć {{ customer.first_name }}, pieniądze są w drodze."
"""
ORDER = """
name = "Order status"
[body]
email = "Your order {{ order.last.name }} is packed."
"""
TAGS = """
name = "Just tags"
keys = "2"
[actions]
tag = "+vip"
"""
ALL = (REFUND, ORDER, TAGS)


@asynccontextmanager
async def desk_of_macros(
    tmp_path: Path,
    *,
    size: tuple[int, int] = (120, 36),
    tickets: int = 1,
    also: Callable[[Desk], None] = lambda _desk: None,
) -> AsyncIterator[Driving]:
    desk = make_desk(tmp_path, clock=FakeClock())
    with desk.store.write() as connection:
        connection.execute(
            "INSERT INTO channel_account (name, channel, address, created_at)"
            " VALUES ('support', 'email', 'support@shop.example', 0)"
        )
    for number in range(tickets):
        ticket = add_ticket(desk.store, email=f"c{number}@example.net", assignee="anna")
        add_message(desk.store, ticket)
    macros = Macros(desk.store, SYSTEM, now=desk.clock)
    for source in ALL:
        macros.save(source)
    also(desk)
    async with driving(desk, size) as it:
        await it.until(lambda: it.inbox.tickets.cursor_row)
        yield it


def text_of(it: Driving) -> str:
    thread = it.inbox.panes.thread
    assert thread is not None
    return thread.writing.composer.text


def following(it: Driving) -> list[str]:
    thread = it.inbox.panes.thread
    assert thread is not None
    return [each.name for each in thread.writing.macros.following]


def stored(it: Driving, ticket: int = 1) -> TicketRow:
    return it.desk.threads.load(ticket).ticket.row


async def test_two_keys_put_a_favourite_into_the_reply(tmp_path: Path) -> None:
    async with desk_of_macros(tmp_path) as it:
        # as fast as a terminal sends them, and what is typed at once stands behind it
        await it.press("m", "1", *"Bye")
        await it.until(lambda: text_of(it).endswith("Bye"))
        assert text_of(it) == "Hi Lena, your money is on its way.Bye"
        await it.sees("macro: Refund on its way", "adds the tag refund, closes it")
        assert stored(it).status is Status.OPEN


async def test_the_picker_finds_shows_and_inserts(tmp_path: Path) -> None:
    async with desk_of_macros(tmp_path, size=(180, 50)) as it:
        await it.press("m")
        await it.sees("macro for #1", "Refund on its way", "Hi Lena, your money", "closes it")
        await it.press(*"ordr")
        await it.sees("⟦order.last.name⟧", "no service is connected")
        assert "Refund on its way" not in it.text()
        await it.press("enter")
        await it.until(lambda: "⟦order.last.name⟧" in text_of(it))
        # the hole is marked: typing writes over it
        await it.press(*"#1001")
        assert text_of(it) == "Your order #1001 is packed."


async def test_what_was_written_stays_and_the_cursor_says_where(tmp_path: Path) -> None:
    async with desk_of_macros(tmp_path) as it:
        it.desk.drafts.save(1, DraftKind.REPLY, "one\ntwo")
        await it.press("m", "1")
        await it.until(lambda: "two" in text_of(it))
        assert text_of(it) == "one\ntwo\n\nHi Lena, your money is on its way."
        await it.press("up", "up", "up", "up", "home", "ctrl+r")
        await it.until(lambda: isinstance(it.app.screen, MacroPicker))
        await it.press(*"order", "enter")
        await it.until(lambda: "packed" in text_of(it))
        assert text_of(it).startswith("Your order ⟦order.last.name⟧ is packed.one\ntwo")


async def test_a_slash_at_the_start_of_a_line_asks(tmp_path: Path) -> None:
    async with desk_of_macros(tmp_path) as it:
        await it.press("r")
        await it.until(lambda: it.inbox.panes.context == "composer")
        await it.press(*"Hello", "enter", "/")
        await it.until(lambda: isinstance(it.app.screen, MacroPicker))
        await it.press(*"refu")
        await it.until(lambda: it.app.screen.query_one(Input).value == "refu")
        await it.press("enter")
        await it.until(lambda: "money" in text_of(it))
        assert text_of(it) == "Hello\nHi Lena, your money is on its way."
        await it.press("enter", "/")
        await it.until(lambda: isinstance(it.app.screen, MacroPicker))
        await it.press("escape")
        await it.until(lambda: not isinstance(it.app.screen, MacroPicker))
        await it.press(*"x")  # one who wants a slash gets one
        assert text_of(it).endswith("\n/x")


async def test_sending_does_what_follows_and_z_takes_back_all_of_it(tmp_path: Path) -> None:
    async with desk_of_macros(tmp_path) as it:
        await it.press("m", "1")
        await it.until(lambda: following(it))
        await it.press("ctrl+o")
        await it.until(lambda: isinstance(it.app.screen, ReviewDialog))
        await it.press("y")
        await it.until(lambda: stored(it).status is Status.CLOSED)
        assert stored(it).tags == ("refund",)
        await it.until(lambda: it.inbox.tickets.cursor_row is None)  # it has left the list
        await it.pilot.pause(0.3)
        await it.press("z")
        await it.until(lambda: stored(it).status is Status.OPEN)
        await it.until(lambda: following(it))
        assert stored(it).tags == ()
        assert text_of(it) == "Hi Lena, your money is on its way."


async def test_what_follows_survives_and_can_be_dropped(tmp_path: Path) -> None:
    async with desk_of_macros(tmp_path) as it:
        await it.press("m", "1")
        await it.until(lambda: following(it))
        await it.press("escape")
        await it.until(lambda: it.inbox.panes.context == "thread")
        it.inbox.panes.thread.writing.macros.sent()  # type: ignore[union-attr]
        await it.press("r")
        await it.until(lambda: following(it) == ["Refund on its way"])
        await it.press("ctrl+n")
        await it.until(lambda: not following(it))
        assert "macro:" not in it.text()
        assert text_of(it) == "Hi Lena, your money is on its way."
        draft = it.desk.drafts.load(1, DraftKind.REPLY)
        assert draft is not None
        assert draft.macros == ()


async def test_a_hole_does_not_leave(tmp_path: Path) -> None:
    async with desk_of_macros(tmp_path) as it:
        await it.press("r")
        await it.until(lambda: it.inbox.panes.context == "composer")
        await it.press(*"Hi {{ nobody }}", "home", "ctrl+o")
        await it.sees("still has nobody to be filled in")
        assert not isinstance(it.app.screen, ReviewDialog)
        await it.press(*"you")
        assert text_of(it) == "Hi you"


async def test_variables_complete_to_their_values(tmp_path: Path) -> None:
    async with desk_of_macros(tmp_path) as it:
        await it.press("r")
        await it.until(lambda: it.inbox.panes.context == "composer")
        await it.press(*"X and so on", "home", *"Hi {{cust")
        await it.sees("customer.first_name")
        await it.press(*"omer.fi")
        await it.press("tab")
        assert text_of(it) == "Hi LenaX and so on"


async def test_running_leaves_the_draft_alone_and_m_does_it_again(tmp_path: Path) -> None:
    async with desk_of_macros(tmp_path, tickets=2) as it:
        first = it.inbox.tickets.cursor_row
        assert first is not None
        it.desk.drafts.save(first.id, DraftKind.REPLY, "half written")
        await it.press("m")
        await it.sees("your money")
        await it.press("exclamation_mark")
        await it.until(lambda: stored(it, first.id).tags == ("refund",))
        draft = it.desk.drafts.load(first.id, DraftKind.REPLY)
        assert draft is not None
        assert (draft.text, draft.files) == ("half written", ())
        other = 1 if first.id == 2 else 2
        await it.until(
            lambda: it.inbox.tickets.cursor_row and it.inbox.tickets.cursor_row.id == other
        )
        await it.press("M")
        await it.until(lambda: stored(it, other).tags == ("refund",))
        await it.press("z")
        await it.until(lambda: stored(it, other).tags == ())


async def test_what_is_run_from_a_draft_is_run_on_its_ticket_alone(tmp_path: Path) -> None:
    async with desk_of_macros(tmp_path, tickets=3) as it:
        row = it.inbox.tickets.cursor_row
        assert row is not None
        others = [each for each in it.inbox.tickets.window.rows if each.id != row.id]
        it.inbox.tickets.mark(lambda marks: marks.add(others))
        await it.press("r")
        await it.until(lambda: it.inbox.panes.context == "composer")
        await it.press("ctrl+r")
        await it.until(lambda: isinstance(it.app.screen, MacroPicker))
        await it.press(*"just", "enter")
        await it.until(lambda: not isinstance(it.app.screen, MacroPicker))
        await it.until(lambda: any(stored(it, each).tags for each in (1, 2, 3)))
        assert stored(it, row.id).tags == ("vip",)
        assert not any(stored(it, each.id).tags for each in others)


async def test_marked_tickets_get_it_all(tmp_path: Path) -> None:
    async with desk_of_macros(tmp_path, tickets=3) as it:
        await it.press("asterisk", "a", "m")
        await it.sees("macro for 3 tickets")
        await it.press("2")
        await it.until(lambda: all(stored(it, each).tags == ("vip",) for each in (1, 2, 3)))
        await it.press("z")
        await it.until(lambda: all(stored(it, each).tags == () for each in (1, 2, 3)))


async def test_favourites_are_put_on_the_first_free_key(tmp_path: Path) -> None:
    async with desk_of_macros(tmp_path) as it:
        await it.press("m", *"order")
        await it.sees("⟦order.last.name⟧")
        await it.press("asterisk")
        await it.until(lambda: it.desk.macros.favourites().get("3"))
        assert it.desk.macros.favourites()["3"].name == "Order status"
        await it.press("asterisk")
        await it.until(lambda: "3" not in it.desk.macros.favourites())


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_another_language_is_one_key_away(tmp_path: Path, size: tuple[int, int]) -> None:
    async with desk_of_macros(tmp_path, size=size) as it:
        await it.press("m", *"refund")
        await it.sees("your money")
        await it.press("ctrl+l")
        await it.sees("pieniądze")
        await it.press("enter")
        await it.until(lambda: text_of(it) == "Cześć Lena, pieniądze są w drodze.")


async def test_a_desk_without_macros_says_what_helps(tmp_path: Path) -> None:
    desk = make_desk(tmp_path, clock=FakeClock())
    add_message(desk.store, add_ticket(desk.store, assignee="anna"))
    async with driving(desk) as it:
        await it.until(lambda: it.inbox.tickets.cursor_row)
        await it.press("M")
        await it.sees("no macro was used yet")
        await it.press("m")
        await it.sees("no macros yet")
        await it.press("enter", "exclamation_mark", "escape")
        await it.until(lambda: not isinstance(it.app.screen, MacroPicker))


async def test_the_key_that_opens_the_picker_closes_it(tmp_path: Path) -> None:
    async with desk_of_macros(tmp_path) as it:
        # Order status has an m nowhere at the start of a word, so the letter is the key's
        await it.press("m")
        await it.sees("your money")
        await it.press("m")
        await it.until(lambda: not isinstance(it.app.screen, MacroPicker))
        await it.press("r")
        await it.until(lambda: it.inbox.panes.context == "composer")
        await it.press("ctrl+r")
        await it.sees("your money")
        await it.press("ctrl+r")
        await it.until(lambda: not isinstance(it.app.screen, MacroPicker))


def add_hostile(desk: Desk) -> None:
    """Add a customer whose name is an attack, and a macro that greets them at length."""
    text = add_ticket(
        desk.store, channel="sms", name="[red]Eve[/red]\x1b[31m {{ agent.name }}",
        email="eve@example.net", assignee="anna", at=START + timedelta(hours=1),
    )  # fmt: skip
    add_message(desk.store, text)
    source = f'name = "[bold]Long[/bold]"\n[body]\nsms = "{{{{ customer.name }}}} {"ż" * 80}"'
    Macros(desk.store, SYSTEM, now=desk.clock).save(source)


async def test_a_text_message_says_its_size_and_hostile_words_stay_words(tmp_path: Path) -> None:
    async with desk_of_macros(tmp_path, size=(80, 24), also=add_hostile) as it:
        await it.press("m", *"long")
        await it.sees("[bold]Long[/bold]", "[red]Eve[/red]", "{{ agent.name }}")
        assert "\x1b" not in it.text()
        await it.press("ctrl+d")
        await it.sees("2 text messages")


async def test_a_macro_that_cannot_run_says_so_before(tmp_path: Path) -> None:
    async with desk_of_macros(tmp_path) as it:
        await it.press("m", *"order")
        await it.sees("⟦order.last.name⟧")
        await it.press("exclamation_mark")
        await it.sees("it cannot run: nothing is known for order.last.name")
        assert isinstance(it.app.screen, MacroPicker)


async def test_the_palette_knows_macros_by_name(tmp_path: Path) -> None:
    async with desk_of_macros(tmp_path) as it:
        await it.until(lambda: it.inbox.macros and it.inbox.macros.rows)
        await it.press("ctrl+p", *"just tags")
        await it.sees("Macro: Just tags")
        await it.press("enter")
        await it.until(lambda: stored(it).tags == ("vip",))

"""What an inbox says that nothing has arrived at yet."""

from __future__ import annotations

from pathlib import Path

from tests.support.addressed import addressed_desk
from tests.support.driving import driving
from tests.support.store import make_desk

WELCOME, CLEAR = "No mailbox is connected yet", "Your inbox is clear"


async def test_a_desk_without_a_mailbox_says_so_in_every_list_however_often_it_is_read(
    tmp_path: Path,
) -> None:
    async with driving(make_desk(tmp_path)) as it:
        await it.sees(WELCOME)
        for key, name in (("2", "Unassigned"), ("3", "All tickets"), ("1", "My inbox")):
            await it.press(key)
            await it.sees(f"{name}   ")
            await it.sees(WELCOME)
            assert CLEAR not in it.text()


async def test_a_mailbox_that_is_connected_meanwhile_ends_the_welcome(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    async with driving(desk) as it:
        await it.sees(WELCOME)
        with desk.store.write() as connection:
            connection.execute(
                "INSERT INTO channel_account (id, name, channel, address, created_at)"
                " VALUES (1, 'shop', 'email', 'desk@shop.example', 0)"
            )
        await it.press("2")
        await it.sees("Every ticket has somebody.")


async def test_a_desk_with_a_mailbox_and_no_ticket_is_clear(tmp_path: Path) -> None:
    async with driving(addressed_desk(tmp_path)) as it:
        await it.sees(CLEAR)

"""What leads to a change of an order, and what comes of it: commands, macros, lines of a reply."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from helpdesk_tui.domain.commerce.actions import ActionKind
from helpdesk_tui.domain.commerce.commands import Command
from helpdesk_tui.screens.commerce.changing import ChangeDialog
from helpdesk_tui.screens.commerce.commanding import command, command_all
from helpdesk_tui.screens.commerce.drafting import put_line
from helpdesk_tui.screens.commerce.picking import TargetPicker
from tests.support.shopping import (
    ORDER,
    shopping,
)


async def test_without_a_name_it_is_asked_which(tmp_path: Path) -> None:
    async with shopping(tmp_path) as shop:
        shop.contexts.all_orders.append(replace(ORDER, id="502", name="#1043"))
        command(shop.app.inbox, Command(ActionKind.ORDER_CANCEL))
        await shop.until(lambda: isinstance(shop.app.screen, TargetPicker))
        await shop.press(*"1042", "enter")
        await shop.until(lambda: isinstance(shop.app.screen, ChangeDialog))
        await shop.press("escape")
        command(shop.app.inbox, Command(ActionKind.ORDER_EDIT, "#7"))
        said = "this customer has no order #7"
        await shop.until(lambda: any(said in one.message for one in shop.app._notifications))


async def test_commands_of_a_macro_open_one_after_the_other(tmp_path: Path) -> None:
    async with shopping(tmp_path) as shop:
        wanted = (Command(ActionKind.ORDER_EDIT, "1042"), Command(ActionKind.SUBSCRIPTION_SKIP))
        command_all(shop.app.inbox, 1, wanted)
        await shop.sees("edit order #1042")
        assert shop.actions.asked == []
        await shop.press("escape")
        await shop.sees("skip a delivery of Coffee 1 kg")


async def test_commands_are_typed_behind_a_colon(tmp_path: Path) -> None:
    async with shopping(tmp_path) as shop:
        await shop.press("colon")
        await shop.until(lambda: shop.app.screen is not shop.app.inbox)
        await shop.press(*"order", "space", *"cancel", "space", *"1042")
        await shop.sees("order cancel 1042  with reason")
        await shop.press("enter")
        await shop.sees("cancel order #1042")


async def test_a_line_goes_behind_what_is_written_and_behind_a_draft_that_was_kept(
    tmp_path: Path,
) -> None:
    async with shopping(tmp_path) as shop:
        inbox = shop.app.inbox
        await shop.press("r")
        pane = inbox.panes.thread
        assert pane is not None
        await shop.until(lambda: pane.is_writing and not pane.writing.is_restoring)
        await shop.press("H", "i")
        put_line(inbox, 1, "First.")
        assert pane.writing.composer.text == "Hi\n\nFirst."
        await shop.press("escape")
        await shop.until(lambda: not pane.is_writing and not pane.keeper.is_dirty)
        put_line(inbox, 1, "Second.")
        await shop.until(lambda: pane.writing.composer.text == "Hi\n\nFirst.\n\nSecond.")

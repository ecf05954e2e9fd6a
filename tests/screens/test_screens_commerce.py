"""Orders and subscriptions are changed by keyboard: shown before a yes, followed to the end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from helpdesk_tui.domain.commerce.actions import ActionKind, ActionState, Mode, Phase
from helpdesk_tui.domain.commerce.changing import Person
from helpdesk_tui.domain.commerce.commands import Command
from helpdesk_tui.domain.errors import NotAllowed, RemoteError
from helpdesk_tui.screens.commerce.changing import ChangeDialog, Stage
from helpdesk_tui.screens.commerce.commanding import command
from helpdesk_tui.screens.commerce.details import DetailsDialog
from helpdesk_tui.screens.commerce.following import FollowDialog
from helpdesk_tui.screens.commerce.opening import (
    open_action,
    open_order,
)
from tests.support.shopping import (
    ORDER,
    SENT,
    shopping,
)


async def test_an_order_is_edited_with_the_price_in_sight_and_told_in_the_reply(
    tmp_path: Path,
) -> None:
    async with shopping(tmp_path) as shop:
        await shop.begin(ActionKind.ORDER_EDIT, "#1042")
        await shop.press("minus", "j", "0")
        await shop.sees("€163.40 → €71.90")
        await shop.press("enter")
        await shop.sees("Trail shoes")
        assert shop.stage is Stage.CONFIRM
        assert "Anna Kowalska" in shop.text
        assert "removed" in shop.text
        # pressed twice it is one change
        await shop.press("y", "y")
        await shop.sees("waits for its turn")
        shop.actions.move(ActionState.RUNNING, Phase.ASKED)
        await shop.sees("● asked for at the shop")
        shop.actions.move(ActionState.DONE, result={})
        await shop.sees("I have changed your order #1042: the new total is €71.90.")
        (asked,) = shop.actions.asked
        assert asked.arguments["items"] == {"11": 1, "12": 0}
        assert asked.arguments["notify"] is True
        assert (asked.expected["new_total"], asked.ticket_id) == ("71.90", 1)
        assert asked.key == shop.actions.seen[0].key != ""
        await shop.press("r")
        pane = shop.app.inbox.panes.thread
        assert pane is not None
        await shop.until(lambda: "new total" in pane.writing.composer.text)
        assert not [one for one in pane.thread.messages if "new total" in one.text]  # type: ignore[union-attr]


async def test_a_price_of_other_quantities_is_never_shown_as_this_one(tmp_path: Path) -> None:
    async with shopping(tmp_path) as shop:
        await shop.begin(ActionKind.ORDER_EDIT, "1042")
        shop.actions.is_holding = True
        await shop.press("minus")
        await shop.sees("working out the price")
        assert "→ €" not in shop.text
        await shop.until(lambda: len(shop.actions.seen) == 1)
        await shop.press("minus")
        await shop.until(lambda: len(shop.actions.seen) == 2)
        shop.actions.release()
        await shop.sees("€163.40 → €34.40")
        assert "working out" not in shop.text
        # back at what there is, there is nothing to work out
        await shop.press("2")
        await shop.until(lambda: "→ €" not in shop.text)
        await shop.press("enter")
        await shop.sees("nothing")
        assert shop.stage is Stage.FORM
        assert shop.actions.asked == []


async def test_an_order_is_cancelled_only_when_its_name_is_typed(tmp_path: Path) -> None:
    async with shopping(tmp_path) as shop:
        await shop.begin(ActionKind.ORDER_CANCEL, "#1042")
        await shop.press("space", "j", "right", "enter")
        await shop.sees("cannot be taken back")
        await shop.sees("no money goes back")
        await shop.press("y", "enter")
        await shop.sees("type #1042 for a yes")
        assert shop.actions.asked == []
        await shop.press("backspace", *"1042", "enter")
        await shop.until(lambda: shop.actions.asked)
        (asked,) = shop.actions.asked
        assert dict(asked.arguments) == {
            "reason": "inventory", "restock": True, "refund": "none", "notify": True, "note": "",
        }  # fmt: skip
        shop.actions.move(ActionState.DONE, result={})
        await shop.sees("I have cancelled your order #1042.")
        assert "refunding" not in shop.text


async def test_what_changed_meanwhile_is_shown_and_gone_on_from(tmp_path: Path) -> None:
    async with shopping(tmp_path) as shop:
        first = await shop.begin(ActionKind.ORDER_EDIT, "#1042")
        await shop.press("j", "minus", "enter")
        await shop.until(lambda: shop.stage is Stage.CONFIRM)
        await shop.press("y")
        await shop.until(lambda: shop.actions.asked)
        now = {"items": {"11": 1, "12": 3, "13": 1}, "total": "98.90"}
        shop.actions.move(ActionState.FAILED, code="action.stale", result={"now": now})
        await shop.sees("It has changed since you looked")
        assert "Trail shoes (size 39, blue)" in shop.text
        await shop.press("enter")
        await shop.until(
            lambda: isinstance(shop.app.screen, ChangeDialog) and shop.app.screen is not first
        )
        await shop.press("enter")
        await shop.until(lambda: shop.stage is Stage.CONFIRM)
        asked = shop.actions.seen[-1]
        assert asked.arguments["items"] == {"12": 2}
        assert asked.key != shop.actions.asked[0].key


async def test_what_nobody_can_tell_of_is_decided_by_a_second_press_only(tmp_path: Path) -> None:
    async with shopping(tmp_path) as shop:
        await shop.begin(ActionKind.SUBSCRIPTION_CANCEL, "coffee")
        await shop.press(*"moving", "enter")
        await shop.until(lambda: shop.stage is Stage.CONFIRM)
        await shop.press("y")
        await shop.until(lambda: shop.actions.asked)
        shop.actions.move(ActionState.UNKNOWN, Phase.ASKED)
        await shop.sees("never sent again by itself")
        await shop.press("c", "d", "n")
        await shop.sees("n again says for good")
        await shop.until(lambda: shop.actions.checks == 1)
        assert shop.actions.decided == []
        await shop.press("n")
        await shop.sees("not done, nothing was changed")
        assert shop.actions.decided == [False]


@pytest.mark.parametrize(
    ("kind", "name", "words"),
    [
        (ActionKind.ORDER_EDIT, "#0987", "everything of this order has left"),
        (ActionKind.SUBSCRIPTION_SKIP, "tea", "not active"),
        (ActionKind.ORDER_EDIT, "#1042", "NOT FOR YOU"),
    ],
)
async def test_what_cannot_be_done_is_said_beside_its_object(
    tmp_path: Path, kind: ActionKind, name: str, words: str
) -> None:
    async with shopping(tmp_path) as shop:
        shop.actions.gate_error = NotAllowed("NOT FOR YOU")
        command(shop.app.inbox, Command(kind, name))
        await shop.until(lambda: isinstance(shop.app.screen, DetailsDialog))
        await shop.sees(words)


async def test_why_the_shop_refuses_is_said_in_the_form(tmp_path: Path) -> None:
    async with shopping(tmp_path) as shop:
        shop.actions.refusal = NotAllowed("order.no-editing", reason="it is archived")
        await shop.begin(ActionKind.ORDER_EDIT, "#1042")
        await shop.press("minus", "enter")
        await shop.sees("it is archived")
        await shop.until(lambda: shop.stage is Stage.FORM)
        assert shop.text.count("it is archived") == 1


async def test_a_dry_run_says_so_before_and_after(tmp_path: Path) -> None:
    async with shopping(tmp_path) as shop:
        shop.actions.the_mode = Mode.DRY_RUN
        await shop.begin(ActionKind.SUBSCRIPTION_ADDRESS, "coffee")
        await shop.press("enter")
        await shop.sees("dry run: everything is checked")
        await shop.press("y")
        await shop.until(lambda: shop.actions.asked)
        shop.actions.move(ActionState.DONE, is_dry_run=True)
        await shop.sees("nothing was changed")
        assert "A line for the reply" not in shop.text


async def test_an_order_leads_to_its_changes_and_a_change_can_be_left_and_found_again(
    tmp_path: Path,
) -> None:
    async with shopping(tmp_path) as shop:
        inbox = shop.app.inbox
        assert inbox.desk is not None
        person = Person(1, "Anna Kowalska", 1)
        open_order(inbox, inbox.desk, person, 1, ORDER.id)
        await shop.sees("Please leave it with the neighbour.")
        await shop.press("e")
        await shop.until(lambda: isinstance(shop.app.screen, ChangeDialog))
        await shop.press("plus", "enter")
        await shop.until(lambda: shop.stage is Stage.CONFIRM)
        await shop.press("y")
        await shop.until(lambda: shop.actions.asked)
        await shop.until(lambda: shop.stage is Stage.FOLLOW)
        await shop.press("escape")
        await shop.until(lambda: shop.app.screen is inbox)
        await shop.sees("#1042: the change goes on")
        open_action(inbox, inbox.desk, person, 1)
        await shop.until(lambda: isinstance(shop.app.screen, FollowDialog))
        shop.actions.move(ActionState.DONE, result={})
        await shop.sees("✓ done")


async def test_the_tracking_number_of_an_order_is_copied(tmp_path: Path) -> None:
    async with shopping(tmp_path) as shop:
        inbox = shop.app.inbox
        assert inbox.desk is not None
        open_order(inbox, inbox.desk, Person(1, "Anna Kowalska", 1), 1, SENT.id)
        await shop.sees("y copy tracking")
        await shop.press("y")
        assert shop.app.clipboard == SENT.parcels[0].number


async def test_going_back_from_the_yes_finds_the_line_that_was_left(tmp_path: Path) -> None:
    async with shopping(tmp_path) as shop:
        await shop.begin(ActionKind.ORDER_EDIT, "#1042")
        await shop.press("j", "minus", "enter")
        await shop.until(lambda: shop.stage is Stage.CONFIRM)
        await shop.press("escape", "minus", "enter")
        await shop.until(lambda: shop.stage is Stage.CONFIRM)
        assert shop.actions.seen[-1].arguments["items"] == {"12": 1}


@pytest.mark.parametrize("fulfilment", ["fulfilled", ""])
async def test_cancelling_what_has_left_is_not_offered_and_said_when_asked_for(
    tmp_path: Path, fulfilment: str
) -> None:
    async with shopping(tmp_path) as shop:
        inbox = shop.app.inbox
        assert inbox.desk is not None
        shop.contexts.all_orders = [ORDER, replace(SENT, fulfilment=fulfilment)]
        open_order(inbox, inbox.desk, Person(1, "Anna Kowalska", 1), 1, SENT.id)
        await shop.sees("esc closes")
        assert "c cancel" not in shop.text
        await shop.press("c")
        await shop.sees("it cannot be cancelled any more")
        assert "esc closes" in shop.text


async def test_what_a_source_refuses_names_the_source_and_the_command(tmp_path: Path) -> None:
    async with shopping(tmp_path) as shop:
        shop.actions.refusal = RemoteError("source.credentials", text="no")
        await shop.begin(ActionKind.ORDER_EDIT, "#1042")
        await shop.press("minus", "enter")
        await shop.sees("source secret shop")
        assert shop.text.count("the key is refused") == 1

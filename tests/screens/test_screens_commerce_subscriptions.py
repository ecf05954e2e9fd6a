"""Subscriptions are changed by keyboard: what else is in the box is named before a yes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from helpdesk_tui.domain.commerce.actions import ActionKind
from helpdesk_tui.domain.commerce.changing import Person
from helpdesk_tui.screens.commerce.changing import Stage
from helpdesk_tui.screens.commerce.opening import (
    open_subscription,
)
from tests.support.shopping import (
    CHARGE,
    COFFEE,
    shopping,
)


async def test_a_skip_names_what_else_is_in_the_box(tmp_path: Path) -> None:
    async with shopping(tmp_path) as shop:
        await shop.begin(ActionKind.SUBSCRIPTION_SKIP)
        await shop.sees("this one only")
        await shop.press("enter")
        await shop.sees("it leaves as planned")
        assert "2 × Paper filters" in shop.text
        await shop.press("escape", "space", "enter")
        await shop.sees("Everything in this box is left out")
        await shop.press("y")
        await shop.until(lambda: shop.actions.asked)
        assert shop.actions.asked[0].arguments["items"] == ["71", "72"]


@pytest.mark.parametrize(
    ("kind", "keys", "expected"),
    [
        (ActionKind.SUBSCRIPTION_DATE, [*"+7"], {"date": "2026-12-09"}),
        (ActionKind.SUBSCRIPTION_DATE, [*"2026-12-24"], {"date": "2026-12-24"}),
        (ActionKind.SUBSCRIPTION_CHANGE, ["plus", "j", "2"],
         {"quantity": 2, "every": 2, "unit": "month"}),
        (ActionKind.SUBSCRIPTION_ADDRESS, [], {"address": "a2"}),
    ],
)  # fmt: skip
async def test_a_subscription_is_changed(
    tmp_path: Path, kind: ActionKind, keys: list[str], expected: dict[str, object]
) -> None:
    async with shopping(tmp_path) as shop:
        await shop.begin(kind, "coffee")
        await shop.press(*keys, "enter")
        await shop.until(lambda: shop.stage is Stage.CONFIRM)
        await shop.press("y")
        await shop.until(lambda: shop.actions.asked)
        assert dict(shop.actions.asked[0].arguments) == expected


async def test_a_skipped_delivery_comes_back_and_an_ended_one_goes_on(tmp_path: Path) -> None:
    async with shopping(tmp_path) as shop:
        skipped = replace(COFFEE, skipped=CHARGE)
        shop.contexts.all_subscriptions = [skipped, shop.contexts.all_subscriptions[1]]
        await shop.begin(ActionKind.SUBSCRIPTION_UNSKIP)
        await shop.until(lambda: shop.stage is Stage.CONFIRM)
        await shop.press("escape")
        await shop.until(lambda: shop.app.screen is shop.app.inbox)
        await shop.begin(ActionKind.SUBSCRIPTION_ACTIVATE)
        await shop.until(lambda: shop.stage is Stage.CONFIRM)
        await shop.press("y")
        await shop.until(lambda: shop.actions.asked)
        assert shop.actions.asked[0].target == "73"


async def test_all_keys_of_a_subscription_can_be_read_on_few_columns(tmp_path: Path) -> None:
    async with shopping(tmp_path) as shop:
        inbox = shop.app.inbox
        assert inbox.desk is not None
        shop.contexts.all_subscriptions = [replace(COFFEE, skipped=CHARGE)]
        open_subscription(inbox, inbox.desk, Person(1, "Anna Kowalska", 1), 1, COFFEE.id)
        await shop.sees("next delivery")
        for width in (120, 84, 80):
            await shop.pilot.resize_terminal(width, 24)
            for words in ("s skip", "u take skip back", "d date", "e change", "a address",
                          "c cancel", "esc closes"):  # fmt: skip
                await shop.sees(words)

"""Changes that are no longer wanted, or whose clock is wrong, by the time they would begin."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk_tui.domain.commerce.actions import ActionKind, ActionState
from tests.support.acting import ASKED, CHECKED, CLAIMED, MADE, POINTS, ActingDesk, lost

DONE, FAILED = ActionState.DONE, ActionState.FAILED


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[ActingDesk]:
    made = ActingDesk(tmp_path)
    yield made
    made.close()


def _off(desk: ActingDesk) -> None:
    desk.set("shop-actions", "off")


def _dry(desk: ActingDesk) -> None:
    desk.set("shop-actions", "dry-run")


def _source_off(desk: ActingDesk) -> None:
    desk.execute("UPDATE source SET enabled = 0")


def _role(desk: ActingDesk) -> None:
    desk.set("shop-actions-role", "owner")


def _gone(desk: ActingDesk) -> None:
    desk.execute("UPDATE agent SET active = 0 WHERE id = ?", desk.anna)


def _late(desk: ActingDesk) -> None:
    desk.clock.advance(minutes=11)


_MEANWHILE = [
    (_off, "action.off"), (_dry, "action.now-dry-run"), (_source_off, "action.source-off"),
    (_role, "action.role"), (_gone, "action.not-a-person"), (_late, "action.late"),
]  # fmt: skip


@pytest.mark.parametrize(("happens", "code"), _MEANWHILE)
@pytest.mark.parametrize("when", ["before it begins", CLAIMED, CHECKED])
def test_what_is_forbidden_until_the_last_moment_is_not_asked_for(
    desk: ActingDesk, happens: Callable[[ActingDesk], None], code: str, when: str
) -> None:
    action = desk.ask()
    if when in POINTS:
        desk.source.at[when] = lambda: happens(desk)
    else:
        happens(desk)
    desk.work()
    ended = desk.load(action)
    assert (ended.state, ended.code) == (FAILED, code)
    assert desk.shop.made == []


def test_an_agent_decides_also_where_the_source_is_off_by_now(desk: ActingDesk) -> None:
    action = desk.ask()
    desk.source.at[MADE] = lost()
    desk.work()
    _source_off(desk)
    assert desk.actions().decide(action.id, was_done=True).state is DONE


# the clock


@pytest.mark.parametrize("jump", [timedelta(days=-3), timedelta(hours=-2), timedelta(minutes=-5)])
def test_a_clock_that_is_set_back_delays_no_look_for_long(
    desk: ActingDesk, jump: timedelta
) -> None:
    action = desk.ask()
    desk.source.at[MADE] = lost()
    desk.work()
    desk.clock.now += jump
    end = desk.clock.now + timedelta(hours=1, minutes=1)
    while desk.clock.now < end:
        desk.clock.advance(seconds=30)
        desk.work()
    assert desk.load(action).state is DONE
    assert desk.shop.made == [action.request.key]


def test_a_clock_that_leaps_ahead_makes_nothing_late_happen(desk: ActingDesk) -> None:
    action = desk.ask()
    desk.clock.advance(days=400)
    desk.work()
    assert (desk.load(action).state, desk.shop.made) == (FAILED, [])


def test_other_orders_do_not_wait_for_one_that_nobody_can_tell_of(desk: ActingDesk) -> None:
    desk.ask("1")
    desk.source.at[ASKED] = lost()
    desk.work()
    others = [desk.ask(str(number), kind=ActionKind.ORDER_EDIT) for number in range(2, 6)]
    desk.work()
    assert [desk.load(each).state for each in others] == [DONE] * 4

"""Changes that cost money are made once, whatever happens to the worker, the line or the clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from helpdesk_tui.db.live import LiveStore
from helpdesk_tui.domain.commerce.actions import ActionState, Phase
from helpdesk_tui.domain.commerce.wants import REFRESH
from helpdesk_tui.domain.errors import StoreError
from helpdesk_tui.domain.times import to_us
from helpdesk_tui.sync.channels.errors import AuthFailed, Gone, Rejected, Retry
from helpdesk_tui.sync.commerce.acting import BELIEVED_AFTER, LOOK_AFTER, POLLED_FOR
from tests.support.acting import ASKED, CHECKED, CLAIMED, MADE, POINTS, ActingDesk, Killed, lost

DONE, FAILED, UNKNOWN = ActionState.DONE, ActionState.FAILED, ActionState.UNKNOWN
QUEUED, RUNNING = ActionState.QUEUED, ActionState.RUNNING


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[ActingDesk]:
    made = ActingDesk(tmp_path)
    yield made
    made.close()


def _settle(desk: ActingDesk, most: int = 20) -> None:
    """Let time pass and workers come and go until nothing is left to be done."""
    for number in range(most):
        desk.clock.advance(minutes=2)
        desk.work(f"worker {number}")


# the plain way


def test_a_change_is_made_and_told(desk: ActingDesk) -> None:
    action = desk.ask()
    desk.work()
    ended = desk.load(action)
    assert (ended.state, ended.result["amount"]) == (DONE, "5.00")
    assert ended.finished_at == desk.clock.now
    assert desk.shop.made == [action.request.key]
    assert desk.logged() == ["action.asked", "action.done"]


def test_what_is_shown_of_the_customer_is_fetched_anew(desk: ActingDesk) -> None:
    desk.ask()
    desk.work()
    live = LiveStore(desk.store.paths.live)
    wanted = live.take_wanted(to_us(desk.clock.now))
    live.close()
    assert [(each[0], each[1]) for each in wanted] == [(desk.profile, REFRESH)]


def test_a_dry_run_does_all_but_the_change(desk: ActingDesk) -> None:
    desk.set("shop-actions", "dry-run")
    action = desk.ask()
    desk.work()
    ended = desk.load(action)
    assert (ended.state, ended.is_dry_run, ended.phase) == (DONE, True, Phase.CHECKED)
    assert desk.shop.made == []
    assert desk.logged() == ["action.asked", "action.done"]


def test_a_dry_run_refuses_what_is_no_longer_so(desk: ActingDesk) -> None:
    desk.set("shop-actions", "dry-run")
    action = desk.ask()
    desk.shop.versions["1042"] += 1
    desk.work()
    assert desk.load(action).code == "action.stale"


def test_what_is_no_longer_so_is_refused_with_what_is_so_now(desk: ActingDesk) -> None:
    action = desk.ask()
    desk.shop.versions["1042"] += 1
    desk.work()
    ended = desk.load(action)
    assert (ended.state, ended.code) == (FAILED, "action.stale")
    assert ended.result["now"] == desk.shop.now("1042")
    assert desk.logged() == ["action.asked", "action.refused"]


# a worker that is killed


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_worker_neither_loses_a_change_nor_makes_it_twice(
    desk: ActingDesk, point: str
) -> None:
    action = desk.ask()
    desk.source.at[point] = Killed()
    with pytest.raises(Killed):
        desk.work("first")
    _settle(desk)
    ended = desk.load(action)
    was_made = point != ASKED
    assert desk.shop.made == [action.request.key] * was_made
    assert (ended.state, ended.code) == ((DONE, "") if was_made else (FAILED, "action.not-made"))


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("again", POINTS)
def test_a_worker_killed_again_and_again_does_no_more_harm(
    desk: ActingDesk, point: str, again: str
) -> None:
    action = desk.ask()
    for number, where in enumerate((point, again)):
        desk.source.at = {where: Killed()}
        with suppress(Killed):
            desk.work(f"killed {number}")
        desk.clock.advance(seconds=6)
    desk.source.at = {}
    _settle(desk)
    assert len(desk.shop.made) <= 1
    ended = desk.load(action)
    assert ended.is_over
    assert (ended.state is DONE) == (desk.shop.made == [action.request.key])


@pytest.mark.parametrize("point", [ASKED, MADE])
def test_what_may_have_been_made_is_shown_as_unknown_at_once(desk: ActingDesk, point: str) -> None:
    action = desk.ask()
    desk.source.at[point] = Killed()
    with pytest.raises(Killed):
        desk.work("first")
    desk.work("second")
    assert desk.load(action).state is UNKNOWN
    assert desk.logged() == ["action.asked", "action.unknown"]


@pytest.mark.parametrize("hours", [0.01, 2, 48])
def test_what_a_dead_worker_left_is_looked_up_soon_however_late_it_is(
    desk: ActingDesk, hours: float
) -> None:
    action = desk.ask()
    desk.source.at[MADE] = Killed()
    with suppress(Killed):
        desk.work()
    desk.clock.advance(hours=hours)
    desk.work("another")
    assert desk.load(action).state is UNKNOWN
    desk.clock.advance(seconds=5)
    desk.work("another")
    assert desk.load(action).state is DONE


def test_a_job_of_the_shop_is_followed_by_the_next_worker(desk: ActingDesk) -> None:
    desk.source.is_slow = True
    action = desk.ask()
    desk.shop.jobs[action.request.key] = 3
    desk.work("first")
    assert (desk.load(action).state, desk.load(action).phase) == (RUNNING, Phase.ACCEPTED)
    for number in range(8):
        desk.clock.advance(seconds=15)
        desk.work(f"worker {number}")
    assert desk.load(action).state is DONE
    assert desk.shop.made == [action.request.key]
    assert desk.logged() == ["action.asked", "action.done"]


def test_a_job_that_never_ends_becomes_a_question(desk: ActingDesk) -> None:
    desk.source.is_slow = True
    action = desk.ask()
    desk.shop.jobs[action.request.key] = 10**6
    desk.work()
    end = desk.clock.now + POLLED_FOR + timedelta(minutes=2)
    while desk.clock.now < end:
        desk.clock.advance(seconds=29)
        desk.work()
    ended = desk.load(action)
    assert (ended.state, ended.code) == (UNKNOWN, "action.slow")
    assert desk.logged() == ["action.asked", "action.unknown"]


# two workers


@pytest.mark.parametrize("point", [CLAIMED, CHECKED])
def test_a_worker_that_was_taken_for_dead_asks_for_nothing(desk: ActingDesk, point: str) -> None:
    action = desk.ask()

    def another_works() -> None:
        desk.work("second")
        desk.clock.advance(seconds=6)
        desk.work("second")

    desk.source.at[point] = another_works
    desk.work("first")
    assert desk.shop.made == [action.request.key]
    assert desk.load(action).state is DONE
    assert desk.logged() == ["action.asked", "action.done"]


def test_the_true_answer_wins_over_who_had_given_up(desk: ActingDesk) -> None:
    action = desk.ask()
    desk.source.at[MADE] = lambda: desk.work("second")
    desk.work("first")
    assert desk.load(action).state is DONE
    assert desk.logged() == ["action.asked", "action.unknown", "action.done"]


# answers that are lost


def test_a_lost_answer_is_looked_up_and_never_asked_for_again(desk: ActingDesk) -> None:
    action = desk.ask()
    desk.source.at[MADE] = lost()
    desk.work()
    assert desk.load(action).state is UNKNOWN
    desk.clock.advance(seconds=5)
    desk.work()
    assert desk.load(action).state is DONE
    assert desk.shop.made == [action.request.key]
    assert desk.logged() == ["action.asked", "action.unknown", "action.done"]


def test_not_made_is_believed_only_when_nothing_can_be_on_its_way(desk: ActingDesk) -> None:
    action = desk.ask()
    desk.source.at[ASKED] = lost()
    desk.work()
    for after in LOOK_AFTER[:2]:
        desk.clock.now = (desk.load(action).asked_at or desk.clock.now) + after
        desk.work()
        seen = desk.load(action)
        assert (seen.state, seen.code) == (UNKNOWN, "action.not-seen")
    # it was on its way all the time
    desk.shop.make(action.request)
    desk.clock.advance(minutes=2)
    desk.work()
    assert desk.load(action).state is DONE


def test_not_made_may_be_asked_for_anew(desk: ActingDesk) -> None:
    action = desk.ask()
    desk.source.at[ASKED] = lost()
    desk.work()
    desk.clock.advance(seconds=BELIEVED_AFTER.total_seconds())
    desk.work()
    ended = desk.load(action)
    assert (ended.state, ended.code) == (FAILED, "action.not-made")
    anew = desk.ask()
    desk.work()
    assert desk.load(anew).state is DONE
    assert desk.shop.made == [anew.request.key]


@pytest.mark.parametrize(
    "error", [lost(), Retry("provider.unreachable"), AuthFailed("source.credentials")]
)
def test_what_cannot_be_looked_up_stays_unknown(desk: ActingDesk, error: BaseException) -> None:
    action = desk.ask()
    desk.source.at[ASKED] = lost()
    desk.work()
    desk.source.looks = [error] * 100
    _settle(desk, 30)
    assert desk.load(action).state is UNKNOWN
    assert desk.logged() == ["action.asked", "action.unknown"]


def test_after_a_day_nobody_looks_and_an_agent_decides(desk: ActingDesk) -> None:
    action = desk.ask()
    desk.source.at[ASKED] = lost()
    desk.work()
    desk.source.looks = [lost() for _ in range(100)]
    for _ in range(30):
        desk.clock.advance(hours=1)
        desk.work()
    seen = desk.load(action)
    assert (seen.state, seen.next_try_at) == (UNKNOWN, None)
    assert 20 < 100 - len(desk.source.looks) < 30
    assert desk.actions().decide(action.id, was_done=True).state is DONE


def test_an_agent_who_decides_while_it_is_looked_up_has_decided(desk: ActingDesk) -> None:
    action = desk.ask()
    desk.source.at[MADE] = lost()
    desk.work()
    desk.clock.advance(seconds=5)
    found = desk.source.look_up

    def decided_meanwhile(*args: object) -> object:
        desk.actions(desk.bert).decide(action.id, was_done=False)
        return found(*args)  # type: ignore[arg-type]

    desk.source.look_up = decided_meanwhile  # type: ignore[method-assign, assignment]
    desk.work()
    assert (desk.load(action).state, desk.load(action).code) == (FAILED, "action.not-made")
    assert desk.logged()[-1] == "action.decided"


# trouble before and after it was asked for


def test_trouble_of_the_line_before_it_was_asked_for_is_tried_again(desk: ActingDesk) -> None:
    action = desk.ask()
    desk.source.at[CLAIMED] = Retry("provider.unreachable")
    desk.work()
    assert (desk.load(action).state, desk.load(action).code) == (QUEUED, "provider.unreachable")
    desk.clock.advance(seconds=5)
    desk.work()
    assert desk.load(action).state is DONE
    assert desk.logged() == ["action.asked", "action.done"]


@pytest.mark.parametrize("error", [Retry("provider.busy"), Retry("provider.slow"), lost()])
def test_trouble_of_the_line_after_it_was_made_is_no_reason_to_ask_again(
    desk: ActingDesk, error: BaseException
) -> None:
    action = desk.ask()
    desk.source.at[MADE] = error
    desk.work()
    assert desk.load(action).state is UNKNOWN
    _settle(desk)
    assert desk.load(action).state is DONE
    assert desk.shop.made == [action.request.key]


@pytest.mark.parametrize("error", [Rejected("order.not-editable"), Gone("provider.gone")])
@pytest.mark.parametrize("point", [CLAIMED, ASKED])
def test_what_the_shop_refuses_has_failed(
    desk: ActingDesk, error: BaseException, point: str
) -> None:
    action = desk.ask()
    desk.source.at[point] = error
    desk.work()
    assert desk.load(action).state is FAILED
    _settle(desk)
    assert desk.shop.made == []
    assert desk.logged() == ["action.asked", "action.refused"]


def test_what_cannot_be_tried_again_in_time_fails_now(desk: ActingDesk) -> None:
    action = desk.ask()
    desk.source.at[CLAIMED] = Retry("provider.busy", after=3_600.0)
    desk.work()
    assert (desk.load(action).state, desk.load(action).code) == (FAILED, "provider.busy")


def test_our_own_store_failing_after_the_change_does_not_make_it_twice(desk: ActingDesk) -> None:
    action = desk.ask()
    desk.source.at[MADE] = StoreError("store.full", path="/")
    with pytest.raises(StoreError):
        desk.work()
    _settle(desk)
    assert desk.load(action).state is DONE
    assert desk.shop.made == [action.request.key]


@pytest.mark.parametrize("point", POINTS)
def test_a_change_on_which_the_program_stumbles_holds_up_no_other(
    desk: ActingDesk, point: str
) -> None:
    desk.ask("1")
    other = desk.ask("2")
    desk.source.at[point] = KeyError("nonsense")
    with pytest.raises(KeyError):
        desk.work()
    desk.work()
    assert desk.load(other).state is DONE


def test_a_look_up_on_which_the_program_stumbles_holds_up_no_other(desk: ActingDesk) -> None:
    desk.ask("1")
    desk.source.at[MADE] = lost()
    desk.work()
    other = desk.ask("2")
    desk.source.looks = [KeyError("nonsense")]
    desk.clock.advance(seconds=5)
    with pytest.raises(KeyError):
        desk.work()
    desk.work()
    assert desk.load(other).state is DONE


def test_results_that_are_no_json_do_not_lose_that_it_was_made(desk: ActingDesk) -> None:
    action = desk.ask()
    found = desk.source.act

    def told(*args: object) -> object:
        outcome = found(*args)  # type: ignore[arg-type]
        return type(outcome)({"amount": Decimal("5.00")})

    desk.source.act = told  # type: ignore[method-assign, assignment]
    desk.work()
    assert desk.load(action).result == {"amount": "5.00"}

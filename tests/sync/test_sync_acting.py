"""Changes are carried out once, whatever happens between a yes and its answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.db.live import LiveStore
from helpdesk_tui.domain.accounts import JobState
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.commerce.actions import (
    ActionKind,
    ActionRequest,
    ActionState,
    Mode,
    Phase,
)
from helpdesk_tui.domain.times import to_us
from helpdesk_tui.services.commerce.sources import Sources
from helpdesk_tui.services.jobs import SYNC_NOW, Jobs
from helpdesk_tui.sync.channels.errors import AuthFailed, Rejected, Retry, Uncertain
from helpdesk_tui.sync.commerce.acting import Acting
from helpdesk_tui.sync.commerce.action_loop import ActionLoop
from helpdesk_tui.sync.commerce.opened import OpenedSource
from helpdesk_tui.sync.providers.source import Outcome, Stale
from tests.support.scripted_shop import World
from tests.support.shops.scripted import Killed, Scripted
from tests.support.waiting import PATIENCE, until

ASKED = (Phase.CHECKED, Phase.ASKED)
LOST = Uncertain("provider.uncertain", reason="cut")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.store.close()


def test_change_is_made_noted_and_looked_at_anew(world: World) -> None:
    action = world.ask()
    world.round()
    after = world.now(action)
    assert (after.state, dict(after.result)) == (ActionState.DONE, {"total": "10.00"})
    assert world.log() == ["action.asked", "action.done"]
    live = LiveStore(world.store.paths.live)
    assert [row[0] for row in live.take_wanted(to_us(world.clock()))] == [world.profile]
    live.close()
    world.round()
    assert world.shop.made == ["k1"]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Stale({"total": "25.00"}), "action.stale"),
        (Rejected("source.refused", text="no"), "source.refused"),
        (AuthFailed("source.credentials"), "source.credentials"),
    ],
)
def test_refused_change_says_why_and_is_not_tried_again(
    world: World, error: Exception, code: str
) -> None:
    world.shop.script = [world.shop.raising(error)]
    action = world.ask()
    world.round()
    world.clock.advance(hours=2)
    world.round()
    after = world.now(action)
    assert (after.state, after.code) == (ActionState.FAILED, code)
    assert world.shop.asked == ["k1"]
    assert world.log() == ["action.asked", "action.refused"]


def test_stale_change_keeps_what_is_so_now(world: World) -> None:
    world.shop.script = [world.shop.raising(Stale({"total": "25.00"}))]
    action = world.ask()
    world.round()
    assert world.now(action).result == {"now": {"total": "25.00"}}


@pytest.mark.parametrize("phases", [(), (Phase.CHECKED,), (*ASKED, Phase.CHECKED)])
@pytest.mark.parametrize("error", [Retry("provider.busy", after=20.0), LOST])
def test_what_was_not_asked_for_is_begun_again(
    world: World, phases: tuple[Phase, ...], error: Exception
) -> None:
    world.shop.script = [world.shop.raising(error, *phases)]
    action = world.ask()
    wait = world.round()
    assert wait is not None
    assert wait >= 5
    assert world.now(action).state is ActionState.QUEUED
    world.clock.advance(seconds=wait)
    world.round()
    assert world.now(action).state is ActionState.DONE
    assert world.shop.made == ["k1"]


@pytest.mark.parametrize("error", [LOST, Retry("provider.slow"), Retry("provider.busy", after=1)])
def test_lost_answer_is_looked_up_and_never_asked_for_again(world: World, error: Exception) -> None:
    world.shop.script = [world.shop.raising(error, *ASKED, is_made=True)]
    action = world.ask()
    wait = world.round()
    assert world.now(action).state is ActionState.UNKNOWN
    assert wait == 5
    world.clock.advance(seconds=5)
    world.round()
    assert world.now(action).state is ActionState.DONE
    assert world.shop.asked == ["k1"]
    assert world.log() == ["action.asked", "action.unknown", "action.done"]


def test_not_made_is_believed_only_once_nothing_can_be_under_way(world: World) -> None:
    world.shop.script = [world.shop.raising(LOST, *ASKED)]
    action = world.ask()
    seen = []
    for _ in range(4):
        wait = world.round()
        seen.append((world.now(action).state, world.now(action).code))
        if wait is not None:
            world.clock.advance(seconds=wait)
    unknown = (ActionState.UNKNOWN, "action.not-seen")
    assert seen == [
        (ActionState.UNKNOWN, "provider.uncertain"),
        unknown,
        unknown,
        (ActionState.FAILED, "action.not-made"),
    ]
    assert world.log() == ["action.asked", "action.unknown", "action.refused"]


def test_change_that_arrived_late_is_seen_all_the_same(world: World) -> None:
    world.shop.script = [world.shop.raising(LOST, *ASKED)]
    action = world.ask()
    world.round()
    world.clock.advance(seconds=5)
    world.round()
    world.shop.made.append("k1")
    world.clock.advance(seconds=25)
    world.round()
    assert world.now(action).state is ActionState.DONE


def test_looks_come_seldomer_and_end_after_a_day(world: World) -> None:
    def nobody_knows() -> Outcome | None:
        raise Uncertain("action.third-state")

    world.shop.script = [world.shop.raising(LOST, *ASKED)]
    world.shop.answers = [nobody_knows] * 100
    action = world.ask()
    waits = []
    while (wait := world.round()) is not None:
        waits.append(wait)
        world.clock.advance(seconds=wait)
    assert waits[:6] == [5, 25, 90, 480, 3600, 3600]
    assert timedelta(hours=24) <= timedelta(seconds=sum(waits)) < timedelta(hours=26)
    after = world.now(action)
    assert (after.state, after.code) == (ActionState.UNKNOWN, "action.third-state")


def test_agent_decides_what_nobody_can_tell(world: World) -> None:
    world.shop.script = [world.shop.raising(LOST, *ASKED)]
    action = world.ask()
    world.round()
    world.actions.decide(action.id, was_done=True)
    world.clock.advance(seconds=5)
    world.round()
    assert world.now(action).state is ActionState.DONE
    assert not world.shop.looked


@pytest.mark.parametrize("phases", [(), (Phase.CHECKED,)])
def test_killed_before_it_was_asked_begins_again(world: World, phases: tuple[Phase, ...]) -> None:
    world.shop.script = [world.shop.raising(Killed(), *phases)]
    action = world.ask()
    with pytest.raises(Killed):
        world.round()
    assert world.now(action).state is ActionState.RUNNING
    wait = world.round()
    world.clock.advance(seconds=wait or 0)
    world.round()
    assert world.now(action).state is ActionState.DONE
    assert world.shop.made == ["k1"]


@pytest.mark.parametrize("is_made", [True, False])
def test_killed_after_it_was_asked_is_looked_up(world: World, *, is_made: bool) -> None:
    world.shop.script = [world.shop.raising(Killed(), *ASKED, is_made=is_made)]
    action = world.ask()
    with pytest.raises(Killed):
        world.round()
    for _ in range(4):
        wait = world.round()
        world.clock.advance(seconds=wait or 0)
    expected = ActionState.DONE if is_made else ActionState.FAILED
    assert world.now(action).state is expected
    assert world.shop.asked == ["k1"]
    assert world.shop.made == (["k1"] if is_made else [])


def test_killed_once_it_was_accepted_is_followed(world: World) -> None:
    world.shop.script = [
        world.shop.raising(Killed(), *ASKED, Phase.ACCEPTED, is_made=True),
    ]
    action = world.ask()
    with pytest.raises(Killed):
        world.round()
    world.round()
    assert world.now(action).state is ActionState.DONE
    assert world.shop.asked == ["k1"]


def test_accepted_change_is_followed_to_its_end(world: World) -> None:
    world.shop.script = [world.shop.accepting]
    world.shop.answers = [lambda: Outcome({}, is_finished=False)] * 3
    action = world.ask()
    waits = []
    while (wait := world.round()) is not None:
        after = world.now(action)
        assert (after.state, after.phase) == (ActionState.RUNNING, Phase.ACCEPTED)
        assert after.progress["job"] == "j1"
        waits.append(wait)
        world.clock.advance(seconds=wait)
    assert world.now(action).state is ActionState.DONE
    assert len(waits) == 4
    assert waits == sorted(waits)


def test_accepted_change_that_never_ends_is_left_to_an_agent(world: World) -> None:
    def nobody_knows() -> Outcome | None:
        raise Retry("provider.slow")

    world.shop.script = [world.shop.accepting]
    world.shop.answers = [nobody_knows] * 200
    action = world.ask()
    while (wait := world.round()) is not None and wait < 600:
        world.clock.advance(seconds=wait)
    assert world.now(action).state is ActionState.UNKNOWN
    assert world.clock() - action.created_at <= timedelta(minutes=11)


def test_trouble_after_a_yes_is_no_refusal(world: World) -> None:
    error = Rejected("source.refused", text="cannot be read")
    world.shop.script = [world.shop.raising(error, *ASKED, Phase.ACCEPTED, is_made=True)]
    action = world.ask()
    world.round()
    assert world.now(action).state is ActionState.UNKNOWN


def test_dry_run_does_all_but_the_change(world: World) -> None:
    world.set_mode(Mode.DRY_RUN)
    action = world.ask()
    world.round()
    after = world.now(action)
    assert (after.state, after.is_dry_run) == (ActionState.DONE, True)
    assert world.shop.asked == ["k1"]
    assert not world.shop.made


@pytest.mark.parametrize("mode", [Mode.OFF, Mode.DRY_RUN])
def test_what_was_forbidden_meanwhile_is_not_carried_out(world: World, mode: Mode) -> None:
    action = world.ask()
    world.set_mode(mode)
    world.round()
    assert world.now(action).state is ActionState.FAILED
    assert not world.shop.asked


def test_what_is_forbidden_in_the_last_moment_is_not_asked_for(world: World) -> None:
    def play(request: ActionRequest, progress: Any) -> Outcome:
        progress(Phase.CHECKED, {})
        world.set_mode(Mode.OFF)
        progress(Phase.ASKED, {})
        raise AssertionError("it was asked for")

    world.shop.script = [play]
    action = world.ask()
    world.round()
    after = world.now(action)
    assert (after.state, after.code) == (ActionState.FAILED, "action.off")


def test_what_nobody_began_in_time_is_not_done_late(world: World) -> None:
    action = world.ask()
    world.clock.advance(minutes=11)
    world.round()
    after = world.now(action)
    assert (after.state, after.code) == (ActionState.FAILED, "action.late")
    assert not world.shop.asked


def test_source_that_was_switched_off_is_not_asked(world: World) -> None:
    action = world.ask()
    Sources(world.store, SYSTEM).set_enabled("shop", enabled=False)
    world.round()
    after = world.now(action)
    assert (after.state, after.code) == (ActionState.FAILED, "action.source-off")


def test_secret_that_cannot_be_had_fails_before_anything_is_asked(world: World) -> None:
    def no_secret(_: object) -> str:
        raise Rejected("secret.missing", name="source-shop")

    opened = OpenedSource(world.store, world.source.id, no_secret, world.shop.connect)
    worker = Acting(world.store, "w", world.source.id, opened, now=world.clock)
    action = world.ask()
    worker.round()
    worker.finish()
    assert (world.now(action).state, world.now(action).code) == (
        ActionState.FAILED,
        "secret.missing",
    )


def test_slow_source_keeps_others_from_nothing(world: World, tmp_path: Path) -> None:
    other = Sources(world.store, SYSTEM).add("sandbox", "other", {"file": str(tmp_path / "b")})
    stuck, slow, quick = threading.Event(), Scripted(), Scripted()

    def hang(request: ActionRequest, progress: Any) -> Outcome:
        stuck.wait(PATIENCE)
        return slow.well(request, progress)

    slow.script = [hang]
    shops = {world.source.id: slow, other.id: quick}
    loop = ActionLoop(
        world.store, "w", lambda _: "", now=world.clock,
        connect=lambda connected, secret, paces: shops[connected.id],  # type: ignore[arg-type,return-value]
    )  # fmt: skip
    world.ask()
    second = world.actions.ask(
        ActionRequest(
            ActionKind.ORDER_EDIT, other.id, "o9", "#9", {"items": {}}, {"total": "1"}, "k9",
            world.profile,
        )
    )  # fmt: skip
    loop.start()
    until(lambda: world.now(second).state is ActionState.DONE)
    stuck.set()
    until(lambda: bool(slow.made))
    loop.stop()
    assert loop.join(PATIENCE)


def test_single_round_carries_out_what_is_due(world: World) -> None:
    action = world.ask()
    loop = ActionLoop(
        world.store, "once", lambda _: "", now=world.clock, connect=world.shop.connect
    )
    loop.once()
    assert world.now(action).state is ActionState.DONE


def test_preview_does_not_wait_behind_a_long_round(world: World) -> None:
    jobs = Jobs(world.store, world.anna, now=world.clock)
    jobs.ask(SYNC_NOW)
    job = world.actions.preview(world.request())
    world.previewing().once()
    done = jobs.load(job)
    assert done.state is JobState.DONE
    assert world.actions.previewed(done).request == world.request()


def test_preview_that_cannot_be_says_why(world: World) -> None:
    def refuse(request: ActionRequest) -> Any:
        raise Rejected("order.is-sent")

    world.shop.previews = [refuse]
    jobs = Jobs(world.store, world.anna, now=world.clock)
    job = world.actions.preview(world.request())
    world.previewing().once()
    done = jobs.load(job)
    assert (done.state, done.result["code"]) == (JobState.FAILED, "order.is-sent")

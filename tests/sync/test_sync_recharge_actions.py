"""Changing subscriptions at the simulated Recharge: each change once, whatever becomes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from helpdesk_tui.domain.commerce.actions import ActionKind, ActionRequest, Phase
from helpdesk_tui.sync.channels.errors import AuthFailed, Rejected, Retry, Uncertain
from helpdesk_tui.sync.providers.recharge import client
from helpdesk_tui.sync.providers.recharge.source import RechargeSource
from helpdesk_tui.sync.providers.source import Stale
from tests.support.providers.faults import Fault
from tests.support.shops.recharge import Recharge
from tests.support.shops.recharge_rig import RechargeRig, recharge_rig

SKIP, UNSKIP = ActionKind.SUBSCRIPTION_SKIP, ActionKind.SUBSCRIPTION_UNSKIP
CHANGE, DATE = ActionKind.SUBSCRIPTION_CHANGE, ActionKind.SUBSCRIPTION_DATE
ADDRESS, CANCEL = ActionKind.SUBSCRIPTION_ADDRESS, ActionKind.SUBSCRIPTION_CANCEL
ACTIVATE = ActionKind.SUBSCRIPTION_ACTIVATE
REASON = {"reason": "too much tea", "comments": "will be back", "notify": True}


class Steps:
    """How far a change has come, as it was told."""

    def __init__(self) -> None:
        self.phases: list[Phase] = []

    def __call__(self, phase: Phase, progress: Mapping[str, Any]) -> None:
        self.phases.append(phase)


class DryRun(Exception):
    """Stops a change before it is asked for."""


@pytest.fixture(scope="module")
def served() -> Iterator[RechargeRig]:
    with recharge_rig() as made:
        yield made


@pytest.fixture
def rig(served: RechargeRig) -> RechargeRig:
    return served.clean()


@pytest.fixture
def mia(rig: RechargeRig) -> int:
    return rig.sim.add_customer("mia.chen@mail.example")


@pytest.fixture
def tea(rig: RechargeRig, mia: int) -> int:
    return rig.sim.subscribe(mia, "Tea", quantity=2, in_days=9, every=30)


def asked(kind: ActionKind, target: int, **arguments: Any) -> ActionRequest:
    return ActionRequest(kind, 1, str(target), "Tea", arguments, key="k1")


def previewed(source: RechargeSource, kind: ActionKind, target: int, **given: Any) -> ActionRequest:
    return source.preview(asked(kind, target, **given)).request


def day(sim: Recharge, days: int) -> str:
    return (sim.today + timedelta(days=days)).isoformat()


def one_of_each(rig: RechargeRig, mia: int, kind: ActionKind) -> tuple[int, dict[str, Any]]:
    """Return a subscription that a kind of change fits, and what to ask for."""
    tea = rig.sim.subscribe(mia, "Tea", quantity=2, in_days=9)
    if kind is UNSKIP:
        rig.sim.skip(rig.sim.charge_of(tea), [tea])
        rig.sim.changed.clear()
    if kind is ACTIVATE:
        rig.sim.move(tea, None)
        rig.sim.subscriptions[tea]["status"] = "cancelled"
    given: dict[ActionKind, dict[str, Any]] = {
        CHANGE: {"quantity": 3},
        DATE: {"date": day(rig.sim, 20)},
        ADDRESS: {"address": str(rig.sim.add_address(mia, city="York"))},
        CANCEL: REASON,
    }
    return tea, given.get(kind, {})


EACH = [SKIP, UNSKIP, CHANGE, DATE, ADDRESS, CANCEL, ACTIVATE]


@pytest.mark.parametrize("kind", EACH)
def test_change_is_made_once_after_it_was_announced(
    rig: RechargeRig, mia: int, kind: ActionKind
) -> None:
    target, given = one_of_each(rig, mia, kind)
    source, steps = rig.joined(), Steps()
    outcome = source.act(previewed(source, kind, target, **given), steps)
    assert outcome.is_finished
    assert steps.phases == [Phase.CHECKED, Phase.ASKED]
    assert len(rig.sim.changed) == 1


@pytest.mark.parametrize("kind", EACH)
@pytest.mark.parametrize("fault", [Fault.BROKEN_AFTER, Fault.CUT_AFTER])
def test_change_whose_answer_was_lost_is_found(
    rig: RechargeRig, mia: int, kind: ActionKind, fault: Fault
) -> None:
    target, given = one_of_each(rig, mia, kind)
    source = rig.joined()
    request = previewed(source, kind, target, **given)
    rig.shops.faults.next("recharge.*", fault, skip=_before(kind))
    with pytest.raises(Uncertain):
        source.act(request, Steps())
    assert len(rig.sim.changed) == 1
    assert source.look_up(request, {}) is not None
    assert len(rig.sim.changed) == 1


def test_change_that_is_never_answered_is_found(
    rig: RechargeRig, tea: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "PATIENCE", 0.3)
    source = rig.joined()
    request = previewed(source, CHANGE, tea, quantity=5)
    rig.shops.faults.next("recharge.update", Fault.SILENT_AFTER)
    with pytest.raises(Uncertain):
        source.act(request, Steps())
    found = source.look_up(request, {})
    assert found is not None
    assert found.result["quantity"] == 5


@pytest.mark.parametrize("kind", EACH)
def test_change_that_never_arrived_is_known_not_to_be_made(
    rig: RechargeRig, mia: int, kind: ActionKind
) -> None:
    target, given = one_of_each(rig, mia, kind)
    source = rig.joined()
    request = previewed(source, kind, target, **given)
    rig.shops.faults.next("recharge.*", Fault.CUT, skip=_before(kind))
    with pytest.raises(Uncertain):
        source.act(request, Steps())
    assert source.look_up(request, {}) is None
    assert not rig.sim.changed


def _before(kind: ActionKind) -> int:
    """Return how many requests come before the one that changes something."""
    return 2 if kind in (SKIP, UNSKIP, DATE, ADDRESS) else 1


@pytest.mark.parametrize("kind", EACH)
def test_dry_run_stops_before_the_request_leaves(
    rig: RechargeRig, mia: int, kind: ActionKind
) -> None:
    target, given = one_of_each(rig, mia, kind)
    source = rig.joined()

    def stop(phase: Phase, progress: Mapping[str, Any]) -> None:
        if phase is Phase.ASKED:
            raise DryRun

    with pytest.raises(DryRun):
        source.act(previewed(source, kind, target, **given), stop)
    assert {one.method for one in rig.shops.watch.asked} == {"GET"}


def test_skip_names_what_else_leaves_and_skips_one_alone(
    rig: RechargeRig, mia: int, tea: int
) -> None:
    filters = rig.sim.subscribe(mia, "Filters", in_days=9)
    source = rig.joined()
    preview = source.preview(asked(SKIP, tea))
    assert preview.beside == ("1 × Filters",)
    assert preview.changes == (("next-date", day(rig.sim, 9), day(rig.sim, 39)),)
    assert [(one.name, one.amount) for one in preview.amounts] == [("not-charged", "18.00")]
    assert preview.request.expected["items"] == sorted([str(tea), str(filters)])
    source.act(preview.request, Steps())
    assert rig.sim.charge_of(tea)["scheduled_at"] == day(rig.sim, 39)
    assert rig.sim.charge_of(filters)["scheduled_at"] == day(rig.sim, 9)


def test_skip_of_several_things_of_a_box_takes_them_all(
    rig: RechargeRig, mia: int, tea: int
) -> None:
    filters = rig.sim.subscribe(mia, "Filters", in_days=9)
    cups = rig.sim.subscribe(mia, "Cups", in_days=9)
    source = rig.joined()
    preview = source.preview(asked(SKIP, tea, items=[str(tea), str(cups)]))
    assert preview.beside == ("1 × Filters",)
    source.act(preview.request, Steps())
    assert rig.sim.charge_of(cups)["scheduled_at"] == day(rig.sim, 39)
    assert rig.sim.charge_of(filters)["scheduled_at"] == day(rig.sim, 9)


def test_skip_can_be_taken_back(rig: RechargeRig, mia: int, tea: int) -> None:
    rig.sim.subscribe(mia, "Filters", in_days=9)
    source = rig.joined()
    source.act(previewed(source, SKIP, tea), Steps())
    source.act(previewed(source, UNSKIP, tea), Steps())
    assert rig.sim.charge_of(tea)["scheduled_at"] == day(rig.sim, 9)
    assert len(rig.sim.charge_of(tea)["line_items"]) == 2


def test_skip_is_refused_where_somebody_put_more_into_the_box(
    rig: RechargeRig, mia: int, tea: int
) -> None:
    source = rig.joined()
    request = previewed(source, SKIP, tea)
    cups = rig.sim.subscribe(mia, "Cups", in_days=9)
    with pytest.raises(Stale) as stale:
        source.act(request, Steps())
    assert stale.value.now["items"] == sorted([str(tea), str(cups)])
    assert not rig.sim.changed


@pytest.mark.parametrize("kind", [CHANGE, DATE, ADDRESS, CANCEL])
def test_what_somebody_cancelled_meanwhile_is_stale(
    rig: RechargeRig, mia: int, kind: ActionKind
) -> None:
    target, given = one_of_each(rig, mia, kind)
    source, steps = rig.joined(), Steps()
    request = previewed(source, kind, target, **given)
    rig.sim.move(target, None)
    rig.sim.subscriptions[target]["status"] = "cancelled"
    with pytest.raises(Stale) as stale:
        source.act(request, steps)
    assert stale.value.now["status"] == "cancelled"
    assert not steps.phases
    assert not rig.sim.changed


def test_what_nobody_has_seen_is_not_changed(rig: RechargeRig, tea: int) -> None:
    with pytest.raises(Stale):
        rig.joined().act(asked(CHANGE, tea, quantity=5), Steps())
    assert not rig.sim.changed


def test_interval_is_sent_whole_and_quantity_only_if_it_differs(rig: RechargeRig, tea: int) -> None:
    source = rig.joined()
    preview = source.preview(asked(CHANGE, tea, quantity=2, every=6, unit="week"))
    assert preview.changes == (("interval", "30 day", "6 week"),)
    assert [code for code, _values in preview.warnings] == ["subscription.moves-dates"]
    source.act(preview.request, Steps())
    (sent,) = rig.shops.watch.of("recharge.update")
    assert b"quantity" not in sent.body
    assert rig.sim.subscriptions[tea]["order_interval_unit"] == "week"


def test_more_of_it_shows_what_it_will_cost(rig: RechargeRig, tea: int) -> None:
    preview = rig.joined().preview(asked(CHANGE, tea, quantity=3))
    amounts = [(one.name, one.amount, one.currency) for one in preview.amounts]
    assert amounts == [
        ("total-before", "18.00", "GBP"),
        ("total-after", "27.00", "GBP"),
        ("difference", "9.00", "GBP"),
    ]


def test_swap_keeps_what_the_shop_says_of_the_other_variant(rig: RechargeRig, tea: int) -> None:
    source = rig.joined()
    source.act(previewed(source, CHANGE, tea, variant="777"), Steps())
    assert rig.sim.subscriptions[tea]["external_variant_id"] == {"ecommerce": "777"}


def test_cancel_gives_the_reason_and_tells_the_customer_unless_switched_off(
    rig: RechargeRig, mia: int, tea: int
) -> None:
    other = rig.sim.subscribe(mia, "Cups")
    source = rig.joined()
    source.act(previewed(source, CANCEL, tea, **REASON), Steps())
    source.act(previewed(source, CANCEL, other, **{**REASON, "notify": False}), Steps())
    assert rig.sim.emails == [("cancelled", tea)]
    assert rig.sim.subscriptions[tea]["cancellation_reason_comments"] == "will be back"


@pytest.mark.parametrize(
    ("kind", "given", "code"),
    [
        (CANCEL, {"reason": "  "}, "subscription.no-reason"),
        (CANCEL, {"reason": "x", "comments": "y" * 1025}, "subscription.long-comments"),
        (CHANGE, {}, "action.nothing"),
        (CHANGE, {"quantity": 2}, "action.nothing"),
        (CHANGE, {"quantity": 0}, "subscription.bad-quantity"),
        (CHANGE, {"quantity": True}, "subscription.bad-quantity"),
        (CHANGE, {"every": 3, "unit": "year"}, "subscription.bad-interval"),
        (DATE, {"date": "2020-01-01"}, "subscription.bad-date"),
        (DATE, {"date": "soon"}, "subscription.bad-date"),
        (ADDRESS, {"address": "424242"}, "subscription.bad-address"),
        (ACTIVATE, {}, "subscription.not-cancelled"),
        (UNSKIP, {}, "subscription.not-skipped"),
        (SKIP, {"items": ["99999"]}, "provider.gone"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_asked(
    rig: RechargeRig, tea: int, kind: ActionKind, given: dict[str, Any], code: str
) -> None:
    with pytest.raises(Exception) as refused:  # noqa: PT011 - of several kinds, told apart by code
        rig.joined().preview(asked(kind, tea, **given))
    assert getattr(refused.value, "code", "") == code
    assert {one.method for one in rig.shops.watch.asked} == {"GET"}


def test_what_must_not_be_skipped_is_not(rig: RechargeRig, mia: int, tea: int) -> None:
    fixed = rig.sim.subscribe(mia, "Box", in_days=9, is_skippable=False)
    for request in (asked(SKIP, fixed), asked(SKIP, tea, items=[str(tea), str(fixed)])):
        with pytest.raises(Rejected) as refused:
            rig.joined().preview(request)
        assert refused.value.code == "subscription.not-skippable"


def test_refusal_says_why_field_by_field(rig: RechargeRig, tea: int) -> None:
    source = rig.joined()
    request = previewed(source, DATE, tea, date=day(rig.sim, 2))
    rig.sim.today += timedelta(days=3)
    with pytest.raises(Rejected) as refused:
        source.act(request, Steps())
    assert refused.value.code == "source.refused"
    assert refused.value.values["text"] == "date: must be in the future"


def test_other_change_under_way_is_waited_for(rig: RechargeRig, tea: int) -> None:
    source = rig.joined()
    request = previewed(source, CHANGE, tea, quantity=4)
    rig.sim.conflicts[tea] = 1
    with pytest.raises(Retry) as busy:
        source.act(request, Steps())
    assert (busy.value.code, busy.value.after) == ("provider.conflict", 3.0)
    assert not rig.sim.changed
    source.act(request, Steps())
    assert rig.sim.subscriptions[tea]["quantity"] == 4


@pytest.mark.parametrize(
    ("kind", "scope"), [(SKIP, "write_orders"), (CHANGE, "write_subscriptions")]
)
def test_missing_right_to_change_is_named(
    rig: RechargeRig, mia: int, kind: ActionKind, scope: str
) -> None:
    target, given = one_of_each(rig, mia, kind)
    source = rig.joined()
    request = previewed(source, kind, target, **given)
    rig.sim.scopes.remove(scope)
    with pytest.raises(Rejected) as refused:
        source.act(request, Steps())
    assert (refused.value.code, refused.value.values) == ("source.scope", {"scope": scope})


def test_token_that_was_taken_back_changes_nothing(rig: RechargeRig, tea: int) -> None:
    source = rig.joined()
    request = previewed(source, CHANGE, tea, quantity=4)
    rig.sim.token = "another"
    with pytest.raises(AuthFailed):
        source.act(request, Steps())
    assert not rig.sim.changed


def test_third_state_is_left_to_an_agent(rig: RechargeRig, tea: int) -> None:
    source = rig.joined()
    request = previewed(source, CHANGE, tea, quantity=4)
    rig.sim.subscriptions[tea]["quantity"] = 7
    with pytest.raises(Uncertain) as unknown:
        source.look_up(request, {})
    assert unknown.value.code == "action.third-state"


def test_box_that_has_left_was_not_skipped(rig: RechargeRig, tea: int) -> None:
    source = rig.joined()
    request = previewed(source, SKIP, tea)
    rig.sim.charge_of(tea)["status"] = "success"
    assert source.look_up(request, {}) is None


def test_look_up_of_what_is_gone_stays_unknown(rig: RechargeRig, tea: int) -> None:
    source = rig.joined()
    request = previewed(source, CHANGE, tea, quantity=4)
    with pytest.raises(Uncertain) as unknown:
        source.look_up(replace(request, target="424242"), {})
    assert unknown.value.code == "action.target-gone"

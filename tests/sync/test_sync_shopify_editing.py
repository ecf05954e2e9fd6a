"""Editing orders at Shopify: once, as it was seen, and looked up where in doubt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from helpdesk_tui.domain.commerce.actions import Phase
from helpdesk_tui.sync.channels.errors import Rejected, Retry, Uncertain
from helpdesk_tui.sync.providers.shopify import client
from helpdesk_tui.sync.providers.source import Stale
from tests.support.providers.faults import Fault
from tests.support.shops.shopify_rig import ShopifyRig, Steps, amounts, ordered, shopify_rig

_THROTTLED = {"errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}]}


@pytest.fixture(scope="module")
def served() -> Iterator[ShopifyRig]:
    with shopify_rig() as rig:
        yield rig


@pytest.fixture
def rig(served: ShopifyRig) -> ShopifyRig:
    return served.clean()


def test_edit_is_worked_out_and_changes_nothing_before_a_yes(rig):
    order = ordered(rig)
    preview = rig.joined().preview(rig.edit(order, {0: 1, 1: 1}))
    assert amounts(preview) == {
        "total-before": Decimal("51.65"),
        "total-after": Decimal("29.65"),
        "difference": Decimal("-22.00"),
        "owed": Decimal("22.00"),
    }
    assert preview.changes == (("Tea", "3", "1"),)
    assert ("order.owed-by-hand", {}) in preview.warnings
    assert preview.notifies
    assert rig.sim.commits == []
    assert order.lines[0].current == 3


def test_dearer_edit_says_what_is_to_be_paid(rig):
    order = ordered(rig)
    preview = rig.joined().preview(rig.edit(order, {0: 4}))
    assert amounts(preview)["to-pay"] == Decimal("11.00")


def test_edit_is_made_once_and_the_customer_told(rig):
    order = ordered(rig)
    source, steps = rig.joined(), Steps()
    request = source.preview(rig.edit(order, {0: 1, 1: 0}, restock=True, notify=True)).request
    outcome = source.act(request, steps)
    assert outcome.is_finished
    assert steps.phases == [Phase.CHECKED, Phase.ASKED]
    assert "session" in steps.told
    assert [one.current for one in order.lines] == [1, 0]
    assert order.is_edited
    assert rig.sim.restocked == {"Tea": 2, "Cup": 1}
    assert rig.sim.notified == [(order.name, "edited")]
    assert Decimal(outcome.result["total"]) == order.total == Decimal("15.90")
    assert Decimal(outcome.result["difference"]) == Decimal("-35.75")
    assert outcome.result["currency"] == "EUR"
    with pytest.raises(Stale):
        source.act(request, Steps())
    assert len(rig.sim.commits) == 1


def test_nobody_is_told_and_nothing_restocked_unless_asked_for(rig):
    order = ordered(rig)
    source = rig.joined()
    source.act(source.preview(rig.edit(order, {0: 1}, notify=False)).request, Steps())
    assert (rig.sim.restocked, rig.sim.notified) == ({}, [])


def test_order_of_many_lines_is_edited_at_its_last(rig):
    ada = rig.sim.has("Ada", "ada@example.com")
    lines = [(f"Tea {number}", "1.00", 2) for number in range(120)]
    order = rig.sim.ordered(ada, *lines)
    source = rig.joined()
    request = source.preview(rig.edit(order, {119: 0})).request
    assert len(request.expected["items"]) == 120
    source.act(request, Steps())
    assert order.lines[119].current == 0


@pytest.mark.parametrize("what", ["quantity", "note", "refund", "cancelled"])
def test_edit_of_an_order_that_changed_meanwhile_shows_what_is_so_now(rig, what):
    order = ordered(rig)
    source, steps = rig.joined(), Steps()
    request = source.preview(rig.edit(order, {0: 1})).request
    if what == "quantity":
        order.lines[1].current = 0
    elif what == "refund":
        order.refunded = Decimal("5.00")
    elif what == "cancelled":
        order.cancelled = datetime.now(UTC)
    rig.sim.touch(order)
    with pytest.raises(Stale) as caught:
        source.act(request, steps)
    assert set(caught.value.now) == set(request.expected)
    assert caught.value.now["updated_at"] != request.expected["updated_at"]
    assert steps.phases == []
    assert rig.sim.commits == []


def test_edit_that_would_come_to_another_total_is_stale(rig):
    order = ordered(rig)
    source, steps = rig.joined(), Steps()
    request = source.preview(rig.edit(order, {0: 1})).request
    seen = replace(request, expected={**request.expected, "new_total": "1.00"})
    with pytest.raises(Stale) as caught:
        source.act(seen, steps)
    assert caught.value.now["new_total"] == request.expected["new_total"]
    assert steps.phases == []


def test_edit_without_anything_seen_is_stale(rig):
    order = ordered(rig)
    with pytest.raises(Stale):
        rig.joined().act(rig.edit(order, {0: 1}), Steps())


@pytest.mark.parametrize(
    ("change", "counts", "code"),
    [
        (lambda order: setattr(order, "closed", datetime.now(UTC)), {0: 1}, "order.no-editing"),
        (
            lambda order: setattr(order, "cancelled", datetime.now(UTC)),
            {0: 1},
            "order.is-cancelled",
        ),
        (lambda order: setattr(order.lines[0], "fulfilled", 2), {0: 1}, "order.item-sent"),
        (lambda order: None, {0: 3}, "action.nothing"),
        (lambda order: None, {0: -1}, "order.bad-quantity"),
        (lambda order: None, {0: True}, "order.bad-quantity"),
    ],
)
def test_edit_that_cannot_be_made_says_why(rig, change, counts, code):
    order = ordered(rig)
    change(order)
    with pytest.raises(Rejected) as caught:
        rig.joined().preview(rig.edit(order, counts))
    assert caught.value.code == code


def test_edit_without_its_right_names_it(rig):
    order = ordered(rig)
    rig.sim.scopes.discard("write_order_edits")
    with pytest.raises(Rejected) as caught:
        rig.joined().preview(rig.edit(order, {0: 1}))
    assert (caught.value.code, caught.value.values) == (
        "source.scope",
        {"scope": "write_order_edits"},
    )


def test_order_that_is_out_of_sight_says_so(rig):
    order = ordered(rig)
    del rig.sim.orders[order.number]
    with pytest.raises(Rejected, match=r"order\.out-of-reach"):
        rig.joined().preview(rig.edit(order, {0: 1}))


def test_twins_among_the_lines_are_told_apart(rig):
    ada = rig.sim.has("Ada", "ada@example.com")
    order = rig.sim.ordered(ada, ("Tea", "10.00", 2), ("Tea", "10.00", 2))
    source = rig.joined()
    source.act(source.preview(rig.edit(order, {1: 0})).request, Steps())
    assert [one.current for one in order.lines] == [2, 0]


def test_line_is_known_by_its_number_however_little_a_session_tells_of_it(rig):
    order = ordered(rig)
    for line in order.lines:
        line.sku = f"T-{line.number}"
    rig.sim.sessions_tell_skus = False
    source = rig.joined()
    source.act(source.preview(rig.edit(order, {0: 0})).request, Steps())
    assert order.lines[0].current == 0


def test_refused_commit_changes_nothing_and_says_why(rig):
    order = ordered(rig)
    source = rig.joined()
    request = source.preview(rig.edit(order, {0: 1})).request
    told = {"order": None, "userErrors": [{"field": None, "message": "No, not today."}]}
    rig.sim.planned["EditCommit"] = [{"data": {"orderEditCommit": told}}]
    with pytest.raises(Rejected) as caught:
        source.act(request, Steps())
    assert (caught.value.code, caught.value.values) == ("order.refused", {"text": "No, not today."})
    assert source.look_up(request, {}) is None


@pytest.mark.parametrize("fault", [Fault.BROKEN_AFTER, Fault.CUT_AFTER, Fault.SILENT_AFTER])
def test_lost_answer_of_an_edit_is_found_and_never_repeated(rig, fault, monkeypatch):
    monkeypatch.setattr(client, "_SECONDS", 0.5)
    order = ordered(rig)
    source, steps = rig.joined(), Steps()
    request = source.preview(rig.edit(order, {0: 1})).request
    rig.shops.faults.next("EditCommit", fault)
    with pytest.raises(Uncertain):
        source.act(request, steps)
    assert steps.phases[-1] is Phase.ASKED
    found = source.look_up(request, steps.told)
    assert found is not None
    assert Decimal(found.result["total"]) == Decimal("29.65")
    assert len(rig.sim.commits) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"errors": [{"message": "oops", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}]},
        {"errors": [{"message": "Timeout", "path": ["orderEditCommit"]}], "data": None},
        {"data": {"orderEditCommit": None}},
        {"data": None},
    ],
)
def test_ok_with_errors_leaves_an_edit_in_doubt(rig, body):
    order = ordered(rig)
    source = rig.joined()
    request = source.preview(rig.edit(order, {0: 1})).request
    rig.sim.planned["EditCommit"] = [body]
    with pytest.raises(Uncertain):
        source.act(request, Steps())
    assert source.look_up(request, {}) is None


def test_commit_that_was_broken_before_is_not_made(rig):
    order = ordered(rig)
    source = rig.joined()
    request = source.preview(rig.edit(order, {0: 1})).request
    rig.shops.faults.next("EditCommit", Fault.BROKEN)
    with pytest.raises(Uncertain):
        source.act(request, Steps())
    assert source.look_up(request, {}) is None
    assert rig.sim.commits == []


def test_throttled_commit_is_made_once_all_the_same(rig):
    order = ordered(rig)
    source = rig.joined()
    request = source.preview(rig.edit(order, {0: 1})).request
    rig.sim.planned["EditCommit"] = [_THROTTLED]
    source.act(request, Steps())
    assert len(rig.sim.commits) == 1


def test_commit_that_stays_throttled_was_not_asked(rig):
    order = ordered(rig)
    source, steps = rig.joined(), Steps()
    request = source.preview(rig.edit(order, {0: 1})).request
    rig.sim.planned["EditCommit"] = [_THROTTLED] * 9
    with pytest.raises(Retry):
        source.act(request, steps)
    assert steps.phases == [Phase.CHECKED, Phase.ASKED, Phase.CHECKED]


@pytest.mark.parametrize("what", ["another", "cancelled", "gone"])
def test_order_that_went_another_way_leaves_nobody_sure(rig, what):
    order = ordered(rig)
    source = rig.joined()
    request = source.preview(rig.edit(order, {0: 1})).request
    if what == "another":
        order.lines[0].current = 2
    elif what == "cancelled":
        order.cancelled = datetime.now(UTC)
    else:
        del rig.sim.orders[order.number]
    rig.sim.touch(order)
    with pytest.raises(Uncertain):
        source.look_up(request, {})


def test_dry_run_stops_before_anything_is_asked(rig):
    order = ordered(rig)
    source = rig.joined()
    request = source.preview(rig.edit(order, {0: 1})).request

    class Stop(Exception):
        pass

    def progress(phase, values):
        if phase is Phase.ASKED:
            raise Stop

    with pytest.raises(Stop):
        source.act(request, progress)
    assert rig.sim.commits == []

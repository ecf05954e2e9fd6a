"""Changes that cost money: who may ask, that each is asked once, and what an agent decides."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import helpdesk_tui
from helpdesk_tui.domain.actor import SYSTEM, Actor, ActorKind
from helpdesk_tui.domain.commerce.actions import Action, ActionKind, ActionState, Mode
from helpdesk_tui.domain.errors import Conflict, HelpdeskError, NotAllowed, UsageError
from helpdesk_tui.services.commerce.actions import ActionFilter, ShopActions
from tests.support.acting import ActingDesk, lost


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[ActingDesk]:
    made = ActingDesk(tmp_path)
    yield made
    made.close()


def _code(error: pytest.ExceptionInfo[HelpdeskError]) -> str:
    return error.value.code


def _unknown(desk: ActingDesk) -> Action:
    action = desk.ask()
    desk.source.at["asked"] = lost()
    desk.work()
    assert desk.load(action).state is ActionState.UNKNOWN
    return action


def test_what_is_asked_for_stands_in_the_ledger_and_in_the_log(desk: ActingDesk) -> None:
    action = desk.ask()
    assert (action.state, action.agent) == (ActionState.QUEUED, "anna")
    assert action.request.agent_id == desk.anna
    assert desk.logged() == ["action.asked"]


def test_pressing_twice_is_one_change(desk: ActingDesk) -> None:
    request = desk.request()
    first = desk.actions().ask(request)
    assert desk.actions().ask(request) == first
    assert desk.logged() == ["action.asked"]


@pytest.mark.parametrize("other", [{"target": "1043"}, {"arguments": {"reason": "fraud"}}])
def test_a_key_belongs_to_one_change(desk: ActingDesk, other: dict[str, Any]) -> None:
    request = desk.request()
    desk.actions().ask(request)
    with pytest.raises(Conflict) as error:
        desk.actions().ask(replace(request, **other))
    assert _code(error) == "action.key-taken"


def test_a_key_belongs_to_one_agent(desk: ActingDesk) -> None:
    request = desk.request()
    desk.actions().ask(request)
    with pytest.raises(Conflict):
        desk.actions(desk.bert).ask(request)


def test_nobody_asks_in_the_name_of_another(desk: ActingDesk) -> None:
    action = desk.actions(desk.bert).ask(desk.request(agent_id=desk.anna))
    assert (action.request.agent_id, action.agent) == (desk.bert, "bert")


@pytest.mark.parametrize("missing", [{"key": ""}, {"expected": {}}])
def test_what_nobody_has_seen_is_not_asked_for(desk: ActingDesk, missing: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as error:
        desk.actions().ask(replace(desk.request(), **missing))
    assert _code(error) == "action.unseen"


def test_of_two_who_want_different_things_of_one_order_the_first_is_served(
    desk: ActingDesk,
) -> None:
    desk.ask(kind=ActionKind.ORDER_CANCEL)
    edit = desk.request(kind=ActionKind.ORDER_EDIT)
    with pytest.raises(Conflict) as error:
        desk.actions(desk.bert).ask(edit)
    assert _code(error) == "action.under-way"
    assert error.value.values["agent"] == "anna"
    assert desk.actions(desk.bert).ask(desk.request("1043")).state is ActionState.QUEUED


def test_many_who_ask_at_the_same_moment_make_one_change(desk: ActingDesk) -> None:
    requests = [desk.request(kind=kind) for kind in list(ActionKind)[:2] * 4]
    start = threading.Barrier(len(requests))
    asked: list[Action] = []
    refused: list[str] = []

    def ask(agent: int, number: int) -> None:
        start.wait()
        try:
            asked.append(desk.actions(agent).ask(requests[number]))
        except Conflict as error:
            refused.append(error.code)

    threads = [
        threading.Thread(target=ask, args=((desk.anna, desk.bert)[number % 2], number))
        for number in range(len(requests))
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(asked) == 1
    assert refused == ["action.under-way"] * (len(requests) - 1)
    desk.work()
    assert desk.shop.made == [asked[0].request.key]


def test_what_the_second_one_saw_is_refused_once_the_first_is_done(desk: ActingDesk) -> None:
    seen = desk.request(kind=ActionKind.ORDER_EDIT)
    first = desk.ask()
    desk.work()
    second = desk.actions(desk.bert).ask(seen)
    desk.work()
    ended = desk.load(second)
    assert (ended.state, ended.code) == (ActionState.FAILED, "action.stale")
    assert ended.result["now"] == desk.shop.now("1042")
    assert desk.shop.made == [first.request.key]


def test_nothing_else_is_asked_of_an_order_while_nobody_can_tell(desk: ActingDesk) -> None:
    action = _unknown(desk)
    with pytest.raises(Conflict) as error:
        desk.ask()
    assert _code(error) == "action.undecided"
    desk.actions().decide(action.id, was_done=False)
    assert desk.ask().state is ActionState.QUEUED


@pytest.mark.parametrize(
    ("was_done", "state", "code"),
    [(True, ActionState.DONE, ""), (False, ActionState.FAILED, "action.not-made")],
)
def test_an_agent_decides_what_nobody_can_tell(
    desk: ActingDesk, was_done: bool, state: ActionState, code: str
) -> None:
    action = _unknown(desk)
    decided = desk.actions(desk.bert).decide(action.id, was_done=was_done)
    assert (decided.state, decided.code) == (state, code)
    assert decided.result["decided"] is was_done
    assert desk.logged()[-1] == "action.decided"
    with pytest.raises(Conflict) as error:
        desk.actions().decide(action.id, was_done=not was_done)
    assert _code(error) == "action.not-unknown"


def test_what_is_not_unknown_is_not_decided(desk: ActingDesk) -> None:
    action = desk.ask()
    with pytest.raises(Conflict):
        desk.actions().decide(action.id, was_done=True)


def test_what_is_unknown_is_looked_up_when_an_agent_wants_it(desk: ActingDesk) -> None:
    action = _unknown(desk)
    desk.shop.made.append(action.request.key)
    desk.work()
    assert desk.load(action).state is ActionState.UNKNOWN
    desk.actions().check(action.id)
    desk.work()
    assert desk.load(action).state is ActionState.DONE


def _actor(desk: ActingDesk, role: str) -> ShopActions:
    desk.execute("UPDATE agent SET role = ? WHERE id = ?", role, desk.anna)
    return desk.actions()


@pytest.mark.parametrize(
    ("needed", "role", "may"),
    [
        ("support", "support", True),
        ("manager", "support", False),
        ("manager", "manager", True),
        ("admin", "manager", False),
        ("admin", "owner", True),
        ("nonsense", "admin", False),
    ],
)
def test_the_role_is_the_one_of_the_store(
    desk: ActingDesk, needed: str, role: str, may: bool
) -> None:
    desk.set("shop-actions-role", needed)
    actions = _actor(desk, role)
    if may:
        actions.ask(desk.request())
        return
    for ask in (actions.ask, actions.preview):
        with pytest.raises(NotAllowed) as error:
            ask(desk.request())
        assert _code(error) == "action.role"


def test_whoever_may_not_ask_may_not_decide(desk: ActingDesk) -> None:
    action = _unknown(desk)
    desk.set("shop-actions-role", "owner")
    with pytest.raises(NotAllowed):
        desk.actions().decide(action.id, was_done=True)


@pytest.mark.parametrize("actor", [SYSTEM, Actor(ActorKind.CUSTOMER), Actor(ActorKind.AGENT)])
def test_only_people_ask(desk: ActingDesk, actor: Actor) -> None:
    with pytest.raises(NotAllowed) as error:
        ShopActions(desk.store, actor, now=desk.clock).ask(desk.request())
    assert _code(error) == "action.not-a-person"


def test_who_has_left_does_not_ask(desk: ActingDesk) -> None:
    desk.execute("UPDATE agent SET active = 0 WHERE id = ?", desk.anna)
    with pytest.raises(NotAllowed):
        desk.ask()


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE source SET enabled = 0", "action.source-off"),
        ("UPDATE source SET kind = 'klaviyo'", "action.not-possible"),
    ],
)
def test_the_source_has_to_be_there_for_it(desk: ActingDesk, statement: str, code: str) -> None:
    desk.execute(statement)
    with pytest.raises(NotAllowed) as error:
        desk.ask()
    assert _code(error) == code


@pytest.mark.parametrize("value", ["off", "nonsense"])
def test_a_desk_that_changes_nothing_asks_for_nothing(desk: ActingDesk, value: str) -> None:
    desk.set("shop-actions", value)
    assert desk.actions().mode() is Mode.OFF
    with pytest.raises(NotAllowed) as error:
        desk.ask()
    assert _code(error) == "action.off"


def test_what_was_asked_for_as_a_dry_run_stays_one(desk: ActingDesk) -> None:
    desk.set("shop-actions", "dry-run")
    action = desk.ask()
    desk.set("shop-actions", "on")
    desk.work()
    ended = desk.load(action)
    assert (ended.is_dry_run, ended.state, desk.shop.made) == (True, ActionState.DONE, [])


def test_the_log_holds_amounts_and_no_texts(desk: ActingDesk) -> None:
    desk.ask(arguments={"reason": "customer", "note": "she called us names"})
    with desk.store.read() as connection:
        before, after = connection.execute(
            "SELECT before, after FROM activity WHERE kind = 'action.asked'"
        ).fetchone()
    assert '"total":"20.00 EUR"' in after
    assert '"refund":"20.00 EUR"' in after
    assert "names" not in before + after


@pytest.mark.parametrize("closed", ["closed", "snoozed"])
def test_trouble_with_a_change_opens_its_ticket(desk: ActingDesk, closed: str) -> None:
    action = desk.ask()
    desk.execute("UPDATE ticket SET status = ?", closed)
    desk.source.at["asked"] = lost()
    desk.work()
    assert desk.load(action).state is ActionState.UNKNOWN
    with desk.store.read() as connection:
        assert connection.execute("SELECT status FROM ticket").fetchone() == ("open",)


def test_a_change_that_was_made_leaves_a_closed_ticket_closed(desk: ActingDesk) -> None:
    desk.ask()
    desk.execute("UPDATE ticket SET status = 'closed'")
    desk.work()
    with desk.store.read() as connection:
        assert connection.execute("SELECT status FROM ticket").fetchone() == ("closed",)


def test_changes_are_listed_by_state_and_page(desk: ActingDesk) -> None:
    done = desk.ask("1")
    desk.work()
    waiting = [desk.ask(str(number)) for number in (2, 3)]
    listed = desk.actions().list(ActionFilter(states=(ActionState.QUEUED,)))
    assert [one.id for one in listed] == [waiting[1].id, waiting[0].id]
    assert [one.id for one in desk.actions().list(ActionFilter(before=waiting[0].id))] == [done.id]
    assert desk.actions().counts() == {"queued": 2}


_MAY_ASK = ("screens/commerce/",)
_MAY_KNOW = (
    *_MAY_ASK,
    "cli/actions.py",
    "cli/doctor",
    "screens/beside/sources.py",
    "services/desk.py",
    "services/commerce/actions.py",
)


@pytest.mark.parametrize(
    ("words", "allowed"),
    [("shop_actions.ask", _MAY_ASK), ("shop_actions", _MAY_KNOW), ("ShopActions(", _MAY_KNOW),
     ("add_action(", ("db/commerce/actions.py", "services/commerce/actions.py"))],
)  # fmt: skip
def test_only_a_dialog_asks_and_never_a_macro_or_a_rule(
    words: str, allowed: tuple[str, ...]
) -> None:
    package = Path(helpdesk_tui.__file__).parent
    reached = [
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if words in path.read_text(encoding="utf-8")
    ]
    assert reached
    assert [name for name in reached if not name.startswith(allowed)] == []


def test_what_is_another_customers_is_not_changed_in_the_name_of_this_one(
    desk: ActingDesk,
) -> None:
    """A link that is taken back while a dialog is open leaves the order with its owner."""
    request = desk.request()
    with desk.store.write() as connection:
        other = connection.execute(
            "INSERT INTO profile (name, email, phone, location, timezone, created_at, updated_at,"
            " version) VALUES ('Eve', '', '', '', '', 0, 0, 1)"
        ).lastrowid
        kept = (
            "INSERT INTO order_snapshot (source_id, external_id, profile_id, name, placed_at,"
            " body, seen_at) VALUES (?, ?, ?, '1042', 0, '{}', 0)"
        )
        connection.execute(kept, (request.source_id, request.target, request.profile_id))
    with pytest.raises(NotAllowed) as error:
        desk.actions().ask(replace(request, profile_id=other))
    assert _code(error) == "action.not-theirs"
    assert desk.actions().ask(request).state is ActionState.QUEUED

"""Requests for changes: what is seen goes along, what speaks against it is said beforehand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from helpdesk_tui.domain.commerce.actions import (
    Action,
    ActionKind,
    ActionRequest,
    ActionState,
    AmountLine,
    Phase,
)
from helpdesk_tui.domain.commerce.changing import (
    Difference,
    Person,
    check_order,
    check_subscription,
    differences,
    least_of,
    order_now,
    order_request,
    other_places,
    parsed_date,
    subscription_now,
    subscription_request,
    why_locked,
)
from helpdesk_tui.domain.commerce.commands import (
    COMMANDS,
    Command,
    asked_by,
    commands_for,
    commands_of,
    read_command,
)
from helpdesk_tui.domain.commerce.facts import (
    NextCharge,
    Order,
    OrderItem,
    PlaceOption,
    Subscription,
)
from helpdesk_tui.domain.commerce.reply_lines import TEXTS, reply_line
from helpdesk_tui.domain.errors import NotAllowed, UsageError
from helpdesk_tui.domain.macros.macro import Actions

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
PERSON = Person(7, "Anna", 3, 1)
ITEM = OrderItem("a", "Shoes", 3, Decimal("10"), unfulfilled=2)
ORDER = Order("1", "#1", NOW, updated_at=NOW, currency="EUR", total=Decimal("30"), items=(ITEM,))
SUB = Subscription(
    "s", "Tea", "active", charge=NextCharge("c", date(2026, 12, 2)), address="p",
    places=(PlaceOption("p", "here"), PlaceOption("q", "there")), next_date=date(2026, 12, 2),
)  # fmt: skip


def test_a_request_carries_what_was_seen_and_who_asks():
    edit = order_request(ActionKind.ORDER_EDIT, PERSON, 5, ORDER, {"items": {"a": 1}}, "k")
    assert (edit.target, edit.name, edit.key) == ("1", "#1", "k")
    assert (edit.profile_id, edit.ticket_id, edit.agent_id) == (7, 3, 1)
    assert edit.expected == {
        "updated_at": NOW.isoformat(), "total": "30", "currency": "EUR", "items": {"a": 3},
    }  # fmt: skip
    cancel = order_request(ActionKind.ORDER_CANCEL, PERSON, 5, ORDER, {}, "k")
    assert "fulfilment" in cancel.expected
    skip = subscription_request(ActionKind.SUBSCRIPTION_SKIP, PERSON, 5, SUB, {}, "k")
    assert skip.expected == {"charge": "c", "date": "2026-12-02", "items": []}


@pytest.mark.parametrize(
    ("changes", "code", "least"),
    [
        ({}, "", 1),
        ({"quantity": 0, "unfulfilled": 0}, "item.removed", 0),
        ({"unfulfilled": 0}, "item.sent", 3),
        ({"is_editable": False}, "item.not-editable", 1),
    ],
)
def test_a_line_says_why_it_is_locked(changes: dict[str, Any], code: str, least: int):
    item = replace(ITEM, **changes)
    assert (why_locked(item), least_of(item)) == (code, least)


@pytest.mark.parametrize(
    ("kind", "changes", "code"),
    [
        (ActionKind.ORDER_EDIT, {}, ""),
        (ActionKind.ORDER_EDIT, {"cancelled_at": NOW}, "order.is-cancelled"),
        (ActionKind.ORDER_CANCEL, {"cancelled_at": NOW}, "order.is-cancelled"),
        (ActionKind.ORDER_EDIT, {"not_editable": ("too old",)}, "order.no-editing"),
        (ActionKind.ORDER_CANCEL, {"not_editable": ("too old",)}, ""),
        (ActionKind.ORDER_EDIT, {"items": (replace(ITEM, unfulfilled=0),)}, "order.is-sent"),
    ],
)
def test_an_order_says_what_speaks_against_a_change(
    kind: ActionKind, changes: dict[str, Any], code: str
):
    found = ""
    try:
        check_order(kind, replace(ORDER, **changes))
    except NotAllowed as error:
        found = error.code
    assert found == code


@pytest.mark.parametrize(
    ("kind", "changes", "code"),
    [
        (ActionKind.SUBSCRIPTION_SKIP, {}, ""),
        (ActionKind.SUBSCRIPTION_SKIP, {"charge": None}, "subscription.no-charge"),
        (ActionKind.SUBSCRIPTION_SKIP, {"is_skippable": False}, "subscription.not-skippable"),
        (ActionKind.SUBSCRIPTION_DATE, {"status": "cancelled"}, "subscription.not-active"),
        (ActionKind.SUBSCRIPTION_UNSKIP, {}, "subscription.not-skipped"),
        (ActionKind.SUBSCRIPTION_ADDRESS, {"places": ()}, "subscription.one-address"),
        (ActionKind.SUBSCRIPTION_ADDRESS, {}, ""),
        (ActionKind.SUBSCRIPTION_ACTIVATE, {}, "subscription.not-cancelled"),
        (ActionKind.SUBSCRIPTION_ACTIVATE, {"status": "cancelled"}, ""),
    ],
)
def test_a_subscription_says_what_speaks_against_a_change(
    kind: ActionKind, changes: dict[str, Any], code: str
):
    found = ""
    try:
        check_subscription(kind, replace(SUB, **changes))
    except NotAllowed as error:
        found = error.code
    assert found == code
    assert [one.id for one in other_places(SUB)] == ["q"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2026-12-01", date(2026, 12, 1)), (" +7 ", date(2026, 12, 9)),
        ("2026-11-21", None), ("2026-11-20", None), ("2036-01-01", None), ("soon", None),
        ("+", None), ("+99999999999", None), ("", None),
    ],
)  # fmt: skip
def test_a_day_is_read_or_refused(typed: str, expected: date | None):
    if expected is not None:
        assert parsed_date(typed, NOW.date(), SUB.next_date) == expected
    else:
        with pytest.raises(UsageError, match=r"subscription\.bad-date"):
            parsed_date(typed, NOW.date(), SUB.next_date)


def test_differences_name_pieces_and_leave_marks_of_change_out():
    expected = {"updated_at": "1", "total": "30.00", "items": {"a": 3, "b": 1}, "status": "active"}
    now = {"updated_at": "2", "total": "30", "items": {"a": 2, "b": 1}, "status": "cancelled"}
    assert differences(expected, now) == (
        Difference("a", "3", "2"), Difference("status", "active", "cancelled"),
    )  # fmt: skip
    assert differences(expected, expected) == ()
    assert differences({"items": ["a"]}, {"items": ["b", "a"]}) == (
        Difference("items", "a", "a, b"),
    )


def test_differences_of_amounts_and_days_read_as_they_are_typed():
    now = {"total": Decimal("12.50"), "date": date(2026, 12, 2), "fulfilment": None}
    assert differences({"total": "30.00", "date": "2026-12-01", "fulfilment": "x"}, now) == (
        Difference("total", "30.00", "12.50"),
        Difference("date", "2026-12-01", "2026-12-02"),
        Difference("fulfilment", "x", ""),
    )
    assert differences({"date": "2026-12-02"}, {"date": date(2026, 12, 2)}) == ()


def test_what_is_so_now_takes_the_place_of_what_was():
    now = order_now(ORDER, {"items": {"a": 1, "zz": 9}, "total": "10", "fulfilment": "fulfilled"})
    assert (now.items[0].quantity, now.items[0].unfulfilled) == (1, 0)
    assert (now.total, now.fulfilment) == (Decimal("10"), "fulfilled")
    assert order_now(ORDER, {"items": {"a": True}, "total": "much"}) == ORDER
    changed = subscription_now(SUB, {"quantity": 4, "next_date": "2027-01-01", "address": "q"})
    assert (changed.quantity, changed.next_date, changed.address) == (4, date(2027, 1, 1), "q")
    assert subscription_now(SUB, {"next_date": "never"}) == SUB


def test_commands_are_read_whole_or_completed():
    assert read_command("Order  CANCEL #1042 ") == Command(ActionKind.ORDER_CANCEL, "#1042")
    assert read_command("sub skip Coffee 1 kg") == Command(
        ActionKind.SUBSCRIPTION_SKIP, "Coffee 1 kg"
    )
    assert read_command("order refund 1") is None
    assert [name for name, _ in commands_for("or")] == ["order edit", "order cancel"]
    assert commands_for("") == commands_for("label") == ()
    assert commands_for("order edit 7") == (("order edit 7", Command(ActionKind.ORDER_EDIT, "7")),)
    assert set(COMMANDS.values()) == set(ActionKind)


def test_macros_ask_for_changes_by_the_same_names():
    actions = Actions(order=("cancel #1042", "refund"), sub=("skip Tea",))
    assert asked_by(actions) == ("order cancel #1042", "order refund", "sub skip Tea")
    assert commands_of(actions) == (
        Command(ActionKind.ORDER_CANCEL, "#1042"), Command(ActionKind.SUBSCRIPTION_SKIP, "Tea"),
    )  # fmt: skip


def made(kind: ActionKind, **changes: Any) -> Action:
    """Return a change that was made."""
    arguments, expected = changes.pop("arguments", {}), changes.pop("expected", {})
    name = "#1042" if kind in (ActionKind.ORDER_EDIT, ActionKind.ORDER_CANCEL) else "Tea"
    request = ActionRequest(kind, 1, "1", name, arguments, expected)
    result = changes.pop("result", {})
    return Action(1, request, ActionState.DONE, Phase.ACCEPTED, {}, result, "", {}, NOW)


AMOUNTS = (AmountLine("total-after", "1250.5", "EUR"), AmountLine("refund", "25", "EUR"))


@pytest.mark.parametrize(
    ("action", "language", "amounts", "line"),
    [
        (made(ActionKind.ORDER_EDIT), "en", AMOUNTS,
         "I have changed your order #1042: the new total is €1,250.50."),
        (made(ActionKind.ORDER_EDIT), "pl", AMOUNTS,
         "Zamówienie #1042 zostało zmienione, nowa kwota to 1250,50 €."),
        (made(ActionKind.ORDER_EDIT), "de", (), "I have changed your order #1042."),
        (made(ActionKind.ORDER_EDIT, result={"to-pay": "3", "currency": "EUR"}), "en", (),
         "I have changed your order #1042. €3.00 is still to be paid."),
        (made(ActionKind.ORDER_CANCEL), "sv", AMOUNTS,
         "Jag har avbrutit din beställning #1042. Vi betalar tillbaka 25,00 € på samma sätt som du"
         " betalade."),
        (made(ActionKind.ORDER_CANCEL), "pt_BR", AMOUNTS,
         "Cancelei o seu pedido #1042. Vamos reembolsar € 25,00 pela mesma forma de pagamento."),
        (made(ActionKind.SUBSCRIPTION_SKIP, expected={"date": "2026-12-02"},
              result={"date": "2027-01-02", "next_date": "2027-01-02"}), "pl", (),
         "Dostawa z dnia 2 grudnia (Tea) została pominięta."),
        (made(ActionKind.SUBSCRIPTION_SKIP), "en", (), "I have skipped your next delivery of Tea."),
        (made(ActionKind.SUBSCRIPTION_DATE, arguments={"date": "2026-12-09"}), "pt", (),
         "A sua próxima entrega de Tea agora será no dia 9 de dezembro."),
        (made(ActionKind.SUBSCRIPTION_CHANGE,
              arguments={"quantity": 2, "every": 1, "unit": "month"}), "sv", (),
         "Jag har ändrat din prenumeration på Tea: 2 st. per leverans, varje månad."),
        (made(ActionKind.SUBSCRIPTION_CHANGE, arguments={"every": 6, "unit": "week"}), "en", (),
         "I have changed your subscription to Tea: every 6 weeks."),
    ],
)  # fmt: skip
def test_a_line_for_the_reply_says_what_was_made(
    action: Action, language: str, amounts: tuple[AmountLine, ...], line: str
):
    assert reply_line(action, language, amounts) == line


def test_no_refund_is_promised_where_none_is_made():
    line = reply_line(made(ActionKind.ORDER_CANCEL), "en", AMOUNTS, refunds=False)
    assert line == "I have cancelled your order #1042."


def test_every_language_has_every_line():
    for texts in TEXTS.values():
        assert texts.keys() == TEXTS["en"].keys()
    for kind in ActionKind:
        assert {reply_line(made(kind), language) for language in TEXTS}.__len__() == len(TEXTS)

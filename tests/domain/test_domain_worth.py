"""What a customer is worth over several sources: amounts add up in one currency only."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from helpdesk_tui.domain.commerce.facts import Order, Section, Value
from helpdesk_tui.domain.commerce.plain import as_plain
from helpdesk_tui.domain.commerce.worth import Worth, together, worth_of
from helpdesk_tui.domain.money import Money, decimal_of, to_micros

D = Decimal


def test_accounts_at_one_source_are_summed() -> None:
    one = Value("EUR", spent=D(10), orders=1, churn=D("0.5"), average_order=D(10))
    other = Value(spent=D(5), predicted=D(3), orders=2, churn=D("0.2"), next_order=date(2026, 1, 2))
    found = together([other, one])
    assert found == Value(
        "EUR", spent=D(15), predicted=D(3), orders=3, churn=D("0.2"), next_order=date(2026, 1, 2)
    )


def test_other_currencies_are_left_out_of_a_sum() -> None:
    euros = Value("EUR", spent=D(10), orders=1)
    assert together([Value("EUR", spent=D(3), churn=D("0.3")), Value("EUR")]).churn == D("0.3")
    assert together([euros, Value("USD", spent=D(90))]) == euros


@pytest.mark.parametrize(
    ("predicting", "shops", "expected"),
    [
        ((), (), Worth()),
        ((Value(total=D(90), churn=D("0.1"), orders=7),), (Value("EUR", spent=D(9), orders=2),),
         Worth(D(90), D("0.1"), 2)),
        ((Value(orders=7, spent=D(8)),), (), Worth(D(8), None, 7)),
        ((), (Value("EUR", spent=D(9), orders=2), Value("EUR", spent=D(1), orders=1),
              Value("USD", spent=D(70), orders=1)), Worth(D(10), None, 4)),
        ((), (Value("EUR", orders=1), Value("EUR", spent=D(4))), Worth(D(4), None, 1)),
    ],
)  # fmt: skip
def test_worth_is_what_is_predicted_else_what_was_spent(
    predicting: tuple[Value, ...], shops: tuple[Value, ...], expected: Worth
) -> None:
    assert worth_of(predicting, shops) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12.50", D("12.50")), (3, D(3)), (D("0.1"), D("0.1")), (" 4 ", D(4)), (0.25, D("0.25")),
        ("1e12", None), ("nan", None), ("inf", None), ("12,50", None), ("9" * 41, None),
        (True, None), (None, None), ([], None),
    ],
)  # fmt: skip
def test_amounts_are_read_exactly_or_not_at_all(text: object, expected: Decimal | None) -> None:
    assert decimal_of(text) == expected


@pytest.mark.parametrize(
    ("text", "micros"),
    [("0", 0), ("0.000001", 1), ("-19.99", -19_990_000), ("123456789.5", 123_456_789_500_000)],
)
def test_amounts_are_kept_in_millionths(text: str, micros: int) -> None:
    assert to_micros(D(text)) == micros


def test_facts_are_plain_json_for_scripts() -> None:
    order = Order(
        "1", "#1", datetime(2026, 11, 20, 10, tzinfo=UTC), total=D("1E+2"), currency="EUR"
    )
    plain = as_plain(order)
    assert (plain["created_at"], plain["total"]) == ("2026-11-20T10:00:00Z", "100")
    assert (plain["items"], plain["updated_at"], plain["is_editable"]) == ([], None, False)
    assert as_plain({Section.ORDERS: date(2026, 1, 2)}) == {"orders": "2026-01-02"}
    assert order.amount == Money(D(100), "EUR")
    assert Order("1", "#1", order.created_at).amount is None

"""The text of a macro: what is read, what is wrong where, and what comes out."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_tui.domain.macros.formats import format_money, language_of
from helpdesk_tui.domain.macros.names import ROOTS, Kind, names
from helpdesk_tui.domain.macros.render import (
    ITEMS,
    LEFT_OPEN,
    NO_VALUE,
    NOT_CONNECTED,
    Context,
    find_holes,
    open_holes,
    render,
)
from helpdesk_tui.domain.macros.text import LONGEST, read
from helpdesk_tui.domain.money import Money

MOMENT = datetime(2026, 11, 5, 22, 30, tzinfo=UTC)
NEWEST = {
    "name": "#1002",
    "total": Money(Decimal("12.5"), "EUR"),
    "items": ("Mug", "Hat"),
    "created_at": date(2026, 11, 5),
}
OLDER = {"name": "#1001", "total": Money(Decimal("1234.5"), "EUR")}
VALUES: dict[str, Any] = {
    "customer": {"name": "lena  doe", "first_name": "Lena", "last_name": "", "ticket_count": 3},
    "ticket": {"id": "42", "tags": ("a", "b"), "created_at": MOMENT, "subject": "x\r\ny"},
    "agent": {"first_name": "Anna"},
    "message": {"text": "one\ntwo"},
    "order": {ITEMS: (NEWEST, OLDER), "last": NEWEST, "first": OLDER, "count": 2, **NEWEST},
    "subscription": {"quantity": Decimal("2.5")},
}


def filled(text: str, language: str = "en", **more: Any) -> str:
    """Return a text filled in."""
    template = read(text)
    assert not template.problems, template.problems
    return render(template, Context({**VALUES, **more}, language)).text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("plain { text } }}", "plain { text } }}"),
        ("{{ customer.first_name }}!", "Lena!"),
        ("{{customer.first_name}}{{ticket.id}}", "Lena42"),
        ('{{ customer.last_name | default: "there" }}', "there"),
        ('{{ customer.first_name | default: "there" }}', "Lena"),
        ("{{ customer.last_name | default: 'it''s' }}".replace("''", r"\'"), "it's"),
        ('{{ customer.last_name | default: "a \\"b\\" \\\\" }}', 'a "b" \\'),
        ("{{ customer.last_name | default: 5 }}", "5"),
        ('{{ customer.last_name | upper | default: "x" }}', "x"),
        ("{{ customer.name | title }}", "Lena  Doe"),
        ("{{ customer.name | first | upper }}", "LENA"),
        ('{{ "  {{ braces }} " | trim }}', "{{ braces }}"),
        ("{{ order.last.name }} {{ order[1].name }} {{ order.name }}", "#1002 #1001 #1002"),
        ("{{ order[ 0 ].items[1] }}", "Hat"),
        ("{{ order.last.items }}", "Mug, Hat"),
        ('{{ order.last.items | join: " + " }}', "Mug + Hat"),
        ("{{ order.last.items | join }}", "Mug, Hat"),
        ("{{ order.last.items | first }}", "Mug"),
        ("{{ order[1].total | money }}", "€1,234.50"),
        ("{{ order.last.total }}", "€12.50"),
        ('{{ order.last.total | money: "USD" }}', "$12.50"),
        ('{{ customer.ticket_count | money: "PLN" }}', "PLN 3.00"),
        ("{{ customer.ticket_count }} {{ subscription.quantity }}", "3 2.5"),
        ("{{ ticket.created_at }}", "5 Nov 2026"),
        ('{{ ticket.created_at | date: "dddd D MMMM YY, HH:mm [o\'clock]" }}',
         "Thursday 5 November 26, 22:30 o'clock"),
        ('{{ order.last.created_at | date: "DD.MM.YYYY H:mm" }}', "05.11.2026 0:00"),
        ("{{ ticket.subject }}", "x y"),
        ("{{ message.text }}", "one\ntwo"),
    ],
)  # fmt: skip
def test_variables_are_filled_in(text: str, wanted: str) -> None:
    assert filled(text) == wanted


@pytest.mark.parametrize(
    ("language", "day", "month", "total", "zloty"),
    [
        ("en", "5 Nov 2026", "November", "€1,234.50", "PLN 1,234.50"),
        ("pl", "5 lis 2026", "listopad", "1234,50 €", "1234,50 zł"),
        ("sv", "5 nov. 2026", "november", "1 234,50 €", "1 234,50 PLN"),
        ("pt_BR", "5 de nov. de 2026", "novembro", "€ 1.234,50", "PLN 1.234,50"),
        ("pt-BR", "5 de nov. de 2026", "novembro", "€ 1.234,50", "PLN 1.234,50"),
        ("xx", "5 Nov 2026", "November", "€1,234.50", "PLN 1,234.50"),
    ],
)
def test_dates_and_amounts_are_written_as_the_language_does(
    language: str, day: str, month: str, total: str, zloty: str
) -> None:
    assert filled("{{ ticket.created_at }}", language) == day
    assert filled('{{ ticket.created_at | date: "MMMM" }}', language) == month
    spoken = language_of(language)
    assert format_money(Money(Decimal("1234.5"), "EUR"), spoken) == total
    assert format_money(Money(Decimal("1234.5"), "PLN"), spoken) == zloty


@pytest.mark.parametrize(
    ("amount", "currency", "wanted"),
    [
        ("-3.005", "EUR", "-€3.01"),
        ("-0.001", "EUR", "€0.00"),
        ("1000", "JPY", "¥1,000"),
        ("1.125", "KWD", "KWD 1.125"),
        ("1490.5", "HUF", "HUF 1,490.50"),
        ("5", "", "5.00"),
        ("NaN", "EUR", None),
        ("1e40", "EUR", None),
        ("9e20", "EUR", "€900,000,000,000,000,000,000.00"),
        ("1e25", "EUR", None),
        ("sNaN", "EUR", None),
    ],
)
def test_odd_amounts(amount: str, currency: str, wanted: str | None) -> None:
    assert format_money(Money(Decimal(amount), currency), language_of("en")) == wanted


def test_polish_months_change_behind_a_day() -> None:
    assert filled('{{ ticket.created_at | date: "D MMMM" }}', "pl") == "5 listopada"


def test_a_moment_is_shown_in_the_zone_it_is_read_in() -> None:
    template = read('{{ ticket.created_at | date: "D HH:mm" }}')
    context = Context(VALUES, zone=ZoneInfo("Europe/Stockholm"))
    assert render(template, context).text == "5 23:30"


@pytest.mark.parametrize(
    ("text", "code", "start"),
    [
        ("hi {{ customer.nam }}", "macro.unknown-name", 6),
        ("{{ custom }}", "macro.unknown-name", 3),
        ("{{ customer }}", "macro.name-is-group", 3),
        ("{{ order[0] }}", "macro.name-is-group", 3),
        ("{{ customer[0] }}", "macro.unknown-name", 3),
        ("{{ order[1000].name }}", "macro.unknown-name", 3),
        ("{{ order.items[1000] }}", "macro.unknown-name", 3),
        ("{{ customer.name.__class__ }}", "macro.unknown-name", 3),
        ("{{ customer.__class__ }}", "macro.unknown-name", 3),
        ("{{ customer.name[0] }}", "macro.unknown-name", 3),
        ("a {{ customer.name", "macro.unclosed", 2),
        ("{{ customer. }}", "macro.unexpected", 12),
        ("{{ }}", "macro.unexpected", 3),
        ("{{ customer.name + 1 }}", "macro.unexpected", 17),
        ("{{ customer.name | }}", "macro.unexpected", 19),
        ("{{ customer.name | default: }}", "macro.unexpected", 28),
        ("{{ customer.name | default }}", "macro.argument-missing", 19),
        ("{{ customer.name | upper: 'x' }}", "macro.argument-unwanted", 19),
        ("{{ customer.name | shout }}", "macro.unknown-filter", 19),
        ("{{ customer.name | date }}", "macro.filter-misfit", 19),
        ("{{ order.items | upper }}", "macro.filter-misfit", 17),
        ("{{ ticket.created_at | date: 'QQ' }}", "macro.date-format", 23),
        ("{{ order.total | money: 'euro' }}", "macro.currency", 17),
        ("{% if a %}b{% endif %}", "macro.logic", 0),
        ("{{ customer.name" + " | trim" * 11 + " }}", "macro.too-many-filters", 89),
        ("x" * (LONGEST + 1), "macro.too-long", LONGEST),
    ],
)
def test_what_is_wrong_is_named_with_its_place(text: str, code: str, start: int) -> None:
    problem = read(text).problems[0]
    assert (problem.code, problem.start) == (code, start)


def test_all_that_is_wrong_is_named_and_the_rest_is_read() -> None:
    template = read("{{ a }} {{ agent.name }} {% b %} {{ c }")
    assert [each.code for each in template.problems] == [
        "macro.unknown-name", "macro.logic", "macro.unclosed",
    ]  # fmt: skip
    assert [each.name for each in template.variables] == ["agent.name"]


def test_a_missing_value_is_a_hole_with_its_place_and_reason() -> None:
    template = read("Hi {{ customer.last_name }}, {{ link.shop }} ⟦size⟧ {{ agent.email | upper }}")
    found = render(template, Context(VALUES))
    assert found.text == "Hi ⟦customer.last_name⟧, ⟦link.shop⟧ ⟦size⟧ ⟦agent.email⟧"
    assert [(found.text[hole.start : hole.end], hole.reason) for hole in found.holes] == [
        ("⟦customer.last_name⟧", NO_VALUE),
        ("⟦link.shop⟧", NOT_CONNECTED),
        ("⟦size⟧", LEFT_OPEN),
        ("⟦agent.email⟧", NO_VALUE),
    ]
    assert [hole.name for hole in find_holes(found.text)] == [hole.name for hole in found.holes]


def test_what_a_text_quotes_is_not_looked_at() -> None:
    text = "⟦a⟧\n> ⟦b⟧\nx > ⟦c⟧"
    assert [hole.name for hole in open_holes(text)] == ["a", "c"]
    assert open_holes("> ⟦b⟧") == ()


def test_a_connected_shop_without_orders_says_so() -> None:
    context = Context({}, connected=frozenset({"order"}))
    assert render(read("{{ order.last.name }}"), context).holes[0].reason == NO_VALUE


@pytest.mark.parametrize(
    "value",
    [
        "", "  ", None, (), ("", None), 10**40, Decimal("NaN"), Decimal("1e50"), Decimal("1e-50"),
        Money(Decimal("Infinity"), "EUR"), {"a": "b"},
    ],
)  # fmt: skip
def test_what_cannot_be_shown_is_a_hole(value: Any) -> None:
    found = render(read("{{ customer.name }}"), Context({"customer": {"name": value}}))
    assert [hole.name for hole in found.holes] == ["customer.name"]


@pytest.mark.parametrize(
    ("text", "value", "wanted"),
    [
        ("{{ order.total | money }}", "12.5", "12.50"),
        ("{{ order.total | money }}", "about 12", "about 12"),
        ("{{ order.total | money: 'EUR' }}", Decimal("1e-400"), "€0.00"),
        ("{{ order.total | money }}", 10**60, None),
        ("{{ order.total | money }}", MOMENT, "5 Nov 2026"),
        ("{{ order.items | first }}", (), None),
        ("{{ order.items | join }}", "Mug", "Mug"),
        ("{{ order.created_at | date: 'D' }}", "yesterday", "yesterday"),
        ("{{ order.name | upper }}", 5, "5"),
        ("{{ order.items[4] }}", ("a",), None),
        ("{{ order.items[0] }}", "abc", None),
        ("{{ order.items }}", (("nested",), "a\nb"), "a b"),
    ],
)
def test_values_of_another_kind_than_expected_do_no_harm(
    text: str, value: Any, wanted: str | None
) -> None:
    fields = dict.fromkeys(("total", "items", "created_at", "name"), value)
    found = render(read(text), Context({"order": fields}))
    assert (None if found.holes else found.text) == wanted


def test_the_html_part_shows_exactly_the_text() -> None:
    values = {"customer": {"name": '<b onclick="x">&'}}
    found = render(read("Hi {{ customer.name }}\n<i>"), Context(values))
    assert found.html == "Hi &lt;b onclick=&quot;x&quot;&gt;&amp;<br>\n&lt;i&gt;"


def test_every_name_there_is_can_be_used() -> None:
    for name, kind in names():
        assert not read(f"{{{{ {name} }}}}").problems, name
        assert kind in Kind
    assert "order.last.total" in dict(names())
    assert set(ROOTS) == {
        "customer", "ticket", "agent", "team", "store", "organization", "support", "order",
        "subscription", "message", "hours", "link",
    }  # fmt: skip


HOSTILE = st.text(
    alphabet=st.one_of(st.sampled_from('{}[]|%#:"\\⟦⟧. \n\x1b\u202ecustomernam'), st.characters())
)


@given(HOSTILE)
def test_no_text_breaks_reading_or_filling_in(text: str) -> None:
    template = read(text)
    render(template, Context(VALUES))
    assert all(0 <= each.start <= each.end <= len(text) + 2 for each in template.problems)


@given(HOSTILE)
def test_what_customers_write_is_never_filled_in_again(text: str) -> None:
    secret = "not for customers"
    values = {"customer": {"name": f"x{text}{{{{ agent.email }}}}"}, "agent": {"email": secret}}
    found = render(read("<{{ customer.name }}>"), Context(values)).text
    assert secret not in found
    assert found.endswith("{{ agent.email }}>")
    assert "\x1b" not in found
    assert "\u202e" not in found
    assert not find_holes(found)


@given(st.text(alphabet="{}|:\"' customer.name[0]defaultupper", max_size=60))
def test_what_was_read_is_what_is_filled_in(text: str) -> None:
    template = read(text)
    if not template.problems:
        spans = [(each.start, each.end) for each in template.variables]
        assert "".join(part for part in template.parts if isinstance(part, str)) == _without(
            text, spans
        )


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in reversed(spans):
        text = text[:start] + text[end:]
    return text

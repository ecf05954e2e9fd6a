"""What macros are filled in with: the values of a ticket, a customer, an agent, a shop."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from helpdesk_tui.db.macros import load_facts
from helpdesk_tui.db.settings import DESK, save_setting
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.commerce.facts import Facts, Order, OrderItem, Subscription, Tracking
from helpdesk_tui.domain.commerce.identities import Match, MatchedBy
from helpdesk_tui.domain.macros.render import NO_VALUE, NOT_CONNECTED
from helpdesk_tui.services.commerce.sources import Sources
from helpdesk_tui.services.commerce.storing import ContextStore
from helpdesk_tui.services.desk import Desk
from tests.support.macro_desk import macro_desk
from tests.support.store import FakeClock, add_message, add_ticket


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = macro_desk(tmp_path, FakeClock())
    yield opened
    opened.close()


@pytest.fixture
def ticket(desk: Desk) -> int:
    number = add_ticket(desk.store, tags=("new",), waiting_since=None)
    add_message(desk.store, number)
    return number


ORDERS = (
    Order("1", "#1042", datetime(2026, 5, 2, tzinfo=UTC), currency="EUR", total=Decimal("89.5"),
          fulfilment="partially_fulfilled", url="https://shop.example/o/1042",
          items=(OrderItem("a", "Shoes", 2, variant="blue"), OrderItem("b", "Sold out", 0)),
          parcels=(Tracking("DHL", "00340", "https://dhl.example/00340"),
                   Tracking("UPS", "1Z", "https://ups.example/1Z", "canceled"),
                   Tracking(status="label_printed"))),
    Order("2", "#1001", datetime(2026, 4, 2, tzinfo=UTC), currency="EUR", total=Decimal(10)),
)  # fmt: skip
TEA = Subscription("7", "Tea", "active", next_date=date(2026, 6, 20), every=1, unit="month",
                   price=Decimal(9), currency="EUR")  # fmt: skip


def test_orders_and_subscriptions_of_the_customer_are_filled_in(desk: Desk, ticket: int) -> None:
    wanted = (
        "{{ order.last.name }}|{{ order[1].total | money }}|{{ order.items }}|{{ order.status }}|"
        "{{ order.last.tracking_url }}|{{ subscription.next_date | date: 'D MMM' }}|"
        "{{ order.count }}|{{ link.order_status }}|{{ link.shop }}"
    )
    row = desk.macros.save(f'name = "a"\n[body]\nemail = """{wanted}"""')
    before = desk.macros.preview(row.id, ticket)
    assert {hole.reason for hole in before.holes} == {NOT_CONNECTED}
    source = Sources(desk.store, SYSTEM, now=desk.clock).add("sandbox", "shop", {"file": "/x"})
    with desk.store.read() as connection:
        facts_of = load_facts(connection, ticket)
    assert facts_of is not None
    facts = Facts(orders=ORDERS, subscriptions=(TEA,))
    match = Match("c1", MatchedBy.EMAIL, "anna@example.com")
    ContextStore(desk.store, now=desk.clock).store(
        source, facts_of.profile_id, match, facts, asked=()
    )
    preview = desk.macros.preview(row.id, ticket)
    assert preview.text == (
        "#1042|€10.00|2 × Shoes (blue)|partially fulfilled|https://dhl.example/00340|20 Jun|2|"
        "https://shop.example/o/1042|⟦link.shop⟧"
    )
    assert [hole.reason for hole in preview.holes] == [NO_VALUE]


def test_what_customers_write_is_not_filled_in(desk: Desk) -> None:
    evil = "{{ agent.email }} ⟦x⟧ \x1b[31m"
    number = add_ticket(desk.store, name=evil, email="evil@example.net", subject=evil)
    add_message(desk.store, number, sender="evil@example.net", text=evil)
    row = desk.macros.save(
        'name = "a"\n[body]\nemail = "{{ customer.name }}|{{ ticket.subject }}|{{ message.text }}"',
    )
    preview = desk.macros.preview(row.id, number)
    assert not preview.holes
    assert preview.text.count("{{ agent.email }}") == 3
    assert "anna@" not in preview.text
    assert "\x1b" not in preview.text


def test_a_text_message_says_its_size(desk: Desk) -> None:
    number = add_ticket(desk.store, channel="sms", email="", customer_address="+48600100200")
    row = desk.macros.save(
        'name = "a"\n[body]\nemail = "long"\nsms = "Zażółć {{ customer.phone }}"'
    )
    plan = desk.macros.preview(row.id, number).plan
    assert plan.text.text == "Zażółć +48600100200"
    assert plan.segments is not None
    assert (plan.segments.encoding, plan.segments.segments) == ("UCS-2", 1)


def test_every_name_of_a_ticket_has_a_value(desk: Desk, ticket: int) -> None:
    desk.triage.assign([ticket], desk.actor.agent_id)
    source = 'name = "a"\n[body]\nemail = """' + " ".join(
        f"{{{{ {name} }}}}"
        for name in (
            "ticket.status", "ticket.priority", "ticket.channel", "ticket.recipient",
            "ticket.assignee.first_name", "ticket.created_at", "ticket.tags", "customer.email",
            "customer.last_name", "customer.ticket_count", "agent.email", "support.name",
            "store.email", "message.author", "message.sent_at",
        )
    ) + '"""'  # fmt: skip
    row = desk.macros.save(source)
    assert desk.macros.preview(row.id, ticket).text == (
        "open normal Email support@shop.example Anna 21 Nov 2026 new lena@example.net Doe 1"
        " anna@shop.example Acme support@shop.example Lena Doe 21 Nov 2026"
    )


def test_the_next_opening_is_known_where_office_hours_are(desk: Desk, ticket: int) -> None:
    assert desk.macros.values(ticket)["hours.next"] == ""
    with desk.store.write() as connection:
        save_setting(connection, "office-hours", DESK, '"mon-fri 9:00-17:00"')
        save_setting(connection, "office-zone", DESK, '"UTC"')
    assert desk.macros.values(ticket)["hours.next"] == "on Monday 9:00"

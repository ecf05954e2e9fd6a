"""What macros are filled in with: the values of a ticket, a customer, an agent, a shop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.db.macros import MacroFacts
from helpdesk_tui.db.settings import DESK, save_setting
from helpdesk_tui.domain.macros.render import NOT_CONNECTED
from helpdesk_tui.services.desk import Desk
from helpdesk_tui.services.macros.macros import Macros
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


class Shop:
    """A connected shop that knows of one order."""

    roots = frozenset({"order", "ticket"})

    def values(self, _connection: object, ticket: MacroFacts) -> Mapping[str, Mapping[str, Any]]:
        last = {"name": f"#{1000 + ticket.ticket_id}"}
        return {"order": {"last": last, **last}, "ticket": {"subject": "not from here"}}


def test_a_connected_shop_fills_in_orders_and_nothing_else(desk: Desk, ticket: int) -> None:
    shop = Macros(desk.store, desk.actor, now=desk.clock, providers=(Shop(),))
    source = (
        'name = "a"\n[body]\nemail = "{{ order.last.name }} {{ ticket.subject }} {{ link.shop }}"'
    )
    row = shop.save(source)
    preview = shop.preview(row.id, ticket)
    assert preview.text == f"#{1000 + ticket} Where is my parcel? ⟦link.shop⟧"
    assert [hole.reason for hole in preview.holes] == [NOT_CONNECTED]


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

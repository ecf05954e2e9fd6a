"""The sidebar of the sample desk is full at once, without a worker."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from helpdesk_tui.cli.demo_command import fill
from helpdesk_tui.domain.commerce.context import CustomerContext
from helpdesk_tui.domain.commerce.facts import Section, SectionState
from helpdesk_tui.domain.tickets import View, ViewFilter
from helpdesk_tui.services.desk import Desk, open_desk
from helpdesk_tui.sync.providers.registry import connect
from tests.support.store import START


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Fill one sample store for all tests here, which only read it."""
    folder = tmp_path_factory.mktemp("demo") / "store"
    fill(folder, now=START)
    with closing(open_desk(folder, agent="anna", read_only=True, clock=lambda: START)) as opened:
        yield opened


def profile_of(desk: Desk, query: str) -> int:
    """Return whose ticket a query finds first."""
    first = desk.inbox.page(ViewFilter(View.ALL, query=query), limit=1).rows[0]
    return desk.threads.load(first.id).ticket.customer_id


def states_of(context: CustomerContext) -> set[SectionState]:
    return {word.state for words in context.words.values() for word in words}


def test_whoever_wrote_is_known_with_everything(desk: Desk) -> None:
    context = desk.customer_context.load(profile_of(desk, "from:anna.k"))
    assert [one.kind for one in context.sources] == ["sandbox"]
    assert set(context.words) == set(Section)
    assert states_of(context) == {SectionState.KNOWN}
    assert "#1042" in [order.name for _source, order in context.orders]
    assert [one.charge is not None for _source, one in context.subscriptions] == [True, True]
    assert context.event_count > 10
    assert context.segments
    ((_source, value),) = context.values
    assert value.churn is not None


def test_number_that_wrote_is_known_and_named(desk: Desk) -> None:
    context = desk.customer_context.load(profile_of(desk, "channel:sms #1043"))
    assert [profile.name for _source, profile in context.profiles] == ["Katarzyna Lis"]


def test_stranger_is_nobody_and_a_typed_address_a_claim(desk: Desk) -> None:
    stranger = desk.customer_context.load(profile_of(desk, "from:the.real.otto"))
    assert states_of(stranger) == {SectionState.NOBODY}
    claimed = desk.customer_context.load(profile_of(desk, "from:sjoerd.van"))
    assert [one.value for one in claimed.claims] == ["sjoerd.van.t.hoff@mail.example"]
    assert not claimed.orders


def test_shop_can_be_asked_again_and_changed(desk: Desk) -> None:
    (connected,) = desk.sources.all()
    assert connected.told["currency"] == "EUR"
    source = connect(connected, "")
    assert [check.ok for check in source.test()] == [True]
    source.close()

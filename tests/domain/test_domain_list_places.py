"""Places of rows agree with the places that the store walks by."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk_tui.domain.list_places import place_of
from helpdesk_tui.domain.query.order import order_of
from helpdesk_tui.domain.tickets import Sort, View, ViewFilter
from tests.support.store import START, add_ticket, make_desk


@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.OLDEST, Sort.WAITING, Sort.PRIORITY])
def test_a_list_goes_on_after_any_of_its_rows(tmp_path, sort):
    desk = make_desk(tmp_path)
    for number in range(24):
        add_ticket(
            desk.store,
            at=START - timedelta(minutes=number * 7 % 24),
            waiting_since=START - timedelta(hours=number * 5 % 24) if number % 3 else None,
            priority=("low", "normal", "high", "urgent")[number % 4],
        )
    where = ViewFilter(View.ALL, sort=sort)
    whole = [row.id for row in desk.inbox.page(where, limit=50).rows]
    assert len(whole) == 24
    pieces, key = [], None
    while page := desk.inbox.page(where, after=key, limit=5).rows:
        pieces += [row.id for row in page]
        key = place_of(page[-1], sort)
    assert pieces == whole
    desk.close()


@pytest.mark.parametrize(
    ("query", "sort"),
    [
        ("refund", Sort.OLDEST),
        ("refund sort:waiting", Sort.WAITING),
        ("sort:priority is:open", Sort.PRIORITY),
        ("sort:", Sort.OLDEST),
        ('"sort:waiting"', Sort.OLDEST),
    ],
)
def test_a_query_can_ask_for_its_order(query, sort):
    assert order_of(query, Sort.OLDEST, START) is sort

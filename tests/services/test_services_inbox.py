"""The inbox as screens and commands use it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk_tui.domain.tickets import Priority, Sort, SortKey, Status, View, ViewFilter
from tests.support.store import (
    START,
    add_agent,
    add_message,
    add_ticket,
    make_desk,
)

ALL = ViewFilter(View.ALL)
MINE = ViewFilter(View.MINE)


@pytest.fixture
def desk(tmp_path):
    desk = make_desk(tmp_path)
    yield desk
    desk.close()


def _tickets(desk, count, **fields):
    return [
        add_ticket(desk.store, at=START + timedelta(minutes=number), **fields)
        for number in range(count)
    ]


def _ids(page):
    return [row.id for row in page.rows]


def test_an_empty_desk_has_empty_views(desk):
    page = desk.inbox.page(ALL)
    assert (page.rows, page.first, page.last, page.has_more) == ((), None, None, False)
    assert desk.inbox.last_page(ALL).rows == ()
    assert desk.inbox.seek(ALL, 0.5).rows == ()
    assert desk.inbox.height(ALL) == 0
    assert desk.inbox.next_unread(ALL, SortKey(2**60, 0)) is None
    assert all(count.total(None) == 0 for count in desk.inbox.counts().values())


def test_a_row_shows_what_the_list_needs(desk):
    ticket = add_ticket(
        desk.store,
        assignee="marek",
        tags=["vip", "returns"],
        status="snoozed",
        priority="high",
        subject="Label",
        waiting_since=START,
        snoozed_until=START + timedelta(days=1),
    )
    add_message(desk.store, ticket, text="Hello\nthere", files=[("a.pdf", b"x")])
    row = desk.inbox.page(ALL).rows[0]
    assert (row.id, row.subject, row.channel) == (ticket, "Label", "email")
    assert (row.status, row.priority) == (Status.SNOOZED, Priority.HIGH)
    assert (row.assignee, row.tags) == ("marek", ("returns", "vip"))
    assert (row.waiting_since, row.snoozed_until) == (START, START + timedelta(days=1))
    assert (row.unread, row.spam, row.has_media, row.has_draft) == (True, False, True, False)
    assert (row.message_count, row.preview, row.last_message_at) == (1, "Hello there", START)


def test_a_customer_without_a_name_is_shown_by_address(desk):
    add_ticket(desk.store, name="", email="who@example.net")
    assert desk.inbox.page(ALL).rows[0].customer_name == "who@example.net"


def test_only_drafts_of_the_acting_agent_mark_a_row(desk):
    mine, theirs = _tickets(desk, 2)
    other = add_agent(desk.store, "marek")
    with desk.store.write() as connection:
        connection.executemany(
            "INSERT INTO draft (ticket_id, agent_id, kind, text, updated_at)"
            " VALUES (?, ?, 'reply', 'hi', 0)",
            [(mine, desk.actor.agent_id), (theirs, other)],
        )
    assert {row.id: row.has_draft for row in desk.inbox.page(ALL).rows} == {
        mine: True,
        theirs: False,
    }


def test_counts_follow_every_change_of_a_ticket(desk):
    first, second, third = _tickets(desk, 3)
    with desk.store.write() as connection:
        connection.execute(
            "UPDATE ticket SET assignee_id = ? WHERE id = ?", (desk.actor.agent_id, first)
        )
        connection.execute("UPDATE ticket SET spam = 1 WHERE id = ?", (second,))
        connection.execute("UPDATE ticket SET status = 'closed' WHERE id = ?", (third,))
    counts = desk.inbox.counts()
    assert (counts[View.MINE].total(None), counts[View.MINE].unread) == (1, 1)
    assert (counts[View.UNASSIGNED].total(Status.OPEN), counts[View.SPAM].unread) == (0, 1)
    assert counts[View.ALL].by_status == {Status.OPEN: 1, Status.SNOOZED: 0, Status.CLOSED: 1}
    assert counts[View.ALL].unread == 1, "closed tickets raise no badge"
    for view in View:
        for status in (None, *Status):
            where = ViewFilter(view, status)
            assert desk.inbox.height(where) == len(desk.inbox.page(where).rows)


def test_paging_forth_and_back_meets_the_same_rows(desk):
    ids = _tickets(desk, 12)[::-1]
    first = desk.inbox.page(ALL, limit=5)
    second = desk.inbox.page(ALL, after=first.last, limit=5)
    third = desk.inbox.page(ALL, after=second.last, limit=5)
    assert _ids(first) + _ids(second) + _ids(third) == ids
    assert (first.has_more, second.has_more, third.has_more) == (True, True, False)
    assert _ids(desk.inbox.page(ALL, before=second.first, limit=5)) == _ids(first)
    assert not desk.inbox.page(ALL, before=second.first, limit=5).has_more
    assert _ids(desk.inbox.page(ALL, before=third.first, limit=3)) == ids[7:10]
    assert _ids(desk.inbox.last_page(ALL, 4)) == ids[-4:]
    assert desk.inbox.last_page(ALL, 4).has_more


def test_the_oldest_first_order_is_the_reverse(desk):
    ids = _tickets(desk, 4)
    assert _ids(desk.inbox.page(ViewFilter(View.ALL, sort=Sort.OLDEST))) == ids


@pytest.mark.parametrize(("fraction", "start"), [(-1, 0), (0, 0), (0.5, 50), (1, 90), (2, 90)])
def test_a_drag_lands_near_its_place(desk, fraction, start):
    ids = _tickets(desk, 100)[::-1]
    found = _ids(desk.inbox.seek(ALL, fraction, limit=10))
    assert len(found) == 10
    assert abs(ids.index(found[0]) - start) <= 1


def test_rows_that_left_the_view_are_none(desk):
    stays, leaves = _tickets(desk, 2, assignee="anna")
    with desk.store.write() as connection:
        connection.execute("UPDATE ticket SET assignee_id = NULL WHERE id = ?", (leaves,))
    found = desk.inbox.rows([stays, leaves, 999], MINE)
    assert found[stays].id == stays
    assert (found[leaves], found[999]) == (None, None)
    assert desk.inbox.rows([], MINE) == {}


def test_my_inbox_is_that_of_the_acting_agent_or_of_the_one_named(desk):
    marek = add_agent(desk.store, "marek")
    mine = add_ticket(desk.store, assignee="anna")
    theirs = add_ticket(desk.store, assignee="marek")
    assert _ids(desk.inbox.page(MINE)) == [mine]
    assert _ids(desk.inbox.page(ViewFilter(View.MINE, agent_id=marek))) == [theirs]
    assert desk.inbox.height(ViewFilter(View.MINE, agent_id=marek)) == 1


def test_the_next_unread_is_found_far_down_in_any_view(desk):
    ids = _tickets(desk, 30, assignee="anna", unread=0)
    with desk.store.write() as connection:
        connection.execute("UPDATE ticket SET unread = 1 WHERE id = ?", (ids[3],))
    top = desk.inbox.page(MINE, limit=1).last
    for where in (
        MINE,
        ALL,
        ViewFilter(View.ALL, Status.OPEN),
        ViewFilter(View.ALL, query="is:open "),
    ):
        assert desk.inbox.next_unread(where, top).id == ids[3]
    assert desk.inbox.next_unread(ViewFilter(View.SPAM), top) is None

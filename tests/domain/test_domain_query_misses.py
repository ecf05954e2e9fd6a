"""What an empty search tells, and the searches an agent made before."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from helpdesk_tui.domain.query.history import remembered, with_search
from helpdesk_tui.domain.query.misses import Beyond, alone, wider_than
from helpdesk_tui.domain.query.parsing import parse_query
from helpdesk_tui.domain.tickets import Sort, Status, View, ViewFilter

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("query", "status", "expected"),
    [
        ("zipper", None, [(Beyond.SPAM, "zipper is:spam")]),
        ("is:open zipper", None,
         [(Beyond.STATUS, "zipper"), (Beyond.SPAM, "is:open zipper is:spam")]),
        ("zipper is:closed,snoozed x", None,
         [(Beyond.STATUS, "zipper x"), (Beyond.SPAM, "zipper is:closed,snoozed x is:spam")]),
        ("is:open", None, [(Beyond.SPAM, "is:open is:spam")]),
        ("-is:open zipper", None, [(Beyond.SPAM, "-is:open zipper is:spam")]),
        ("is:unread zipper", None, [(Beyond.SPAM, "is:unread zipper is:spam")]),
        ("zipper", Status.CLOSED, [(Beyond.STATUS, "zipper"), (Beyond.SPAM, "zipper is:spam")]),
        ("zipper is:spam", None, []),
        ("(is:spam OR tag:vip)", None, []),
    ],
)  # fmt: skip
def test_where_else_could_be_looked(query, status, expected):
    where = ViewFilter(View.ALL, status, query=query, saved_id=7)
    found = wider_than(where, parse_query(query, now=NOW))
    assert [(wider.beyond, wider.where.query) for wider in found] == expected
    assert all((wider.where.status, wider.where.saved_id) == (None, 0) for wider in found)


def test_other_views_are_not_left():
    where = ViewFilter(View.SPAM, query="zipper")
    assert wider_than(where, parse_query("zipper", now=NOW)) == ()


def test_a_part_is_a_query_of_its_own():
    query = parse_query("zipper -parcel sort:oldest limit:5", now=NOW)
    assert (query.sort, query.limit) == (Sort.OLDEST, 5)
    part = alone(query, query.root.parts[1])
    assert part.root.parts == (query.root.parts[1],)
    assert (part.sort, part.limit) == (None, None)


@pytest.mark.parametrize(
    ("stored", "expected"),
    [(None, ()), ("x", ()), (["a", 5, " ", "b"], ("a", "b")), (["q"] * 99, ("q",) * 50)],
)
def test_whatever_is_stored_gives_searches(stored, expected):
    assert remembered(stored) == expected


def test_a_search_moves_to_the_front():
    assert with_search(("a", "b"), " b ") == ("b", "a")
    assert with_search(("a",), "  ") == ("a",)
    assert with_search(("a",), "x" * 501) == ("a",)
    assert len(with_search(tuple(map(str, range(50))), "new")) == 50

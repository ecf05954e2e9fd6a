"""Searching: hits come in pages, both ways, also when the time is up."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from helpdesk_tui.db.reads import guard, search, search_sql, search_walks
from helpdesk_tui.domain.tickets import Sort, SortKey, View, ViewFilter
from helpdesk_tui.domain.times import to_us
from tests.support.store import START, FakeClock, add_message, add_ticket, make_desk

CLOCK = START + timedelta(days=1)


@pytest.fixture
def desk(tmp_path):
    desk = make_desk(tmp_path, clock=FakeClock(CLOCK))
    yield desk
    desk.close()


def _find(desk, query, view=View.ALL, **fields):
    return [row.id for row in desk.inbox.page(ViewFilter(view, query=query, **fields)).rows]


@pytest.fixture
def crowd(desk):
    """Sixty tickets of one to four messages that came in mixed order."""
    chance = random.Random(7)
    tickets = [add_ticket(desk.store, assignee=("anna", None)[n % 2], unread=n % 3 == 0,
                          tags=["rare"] if n % 20 == 0 else []) for n in range(60)]  # fmt: skip
    order = [ticket for ticket in tickets for _ in range(chance.randint(1, 4))]
    chance.shuffle(order)
    newest: dict[int, int] = {}
    for number, ticket in enumerate(order):
        word = "common" if chance.random() < 0.8 else "other"
        message = add_message(desk.store, ticket, text=word, at=START + timedelta(seconds=number))
        if word == "common":
            newest[ticket] = message
    return sorted(newest, key=newest.__getitem__, reverse=True)


@pytest.mark.parametrize("way", ["few", "many", "hit by hit", "rare tickets"])
@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.OLDEST])
def test_hits_are_paged_by_the_newest_match_both_ways(desk, crowd, sort, way, monkeypatch):
    # a count gives up in the end on a busy machine, which is not what this is about
    monkeypatch.setattr(search, "_COUNT_BUDGET", 30.0)
    if way != "few":
        monkeypatch.setattr(search, "_RARE_HITS", 0)
        monkeypatch.setattr(search, "FIRST_CHUNK", 3)
        monkeypatch.setattr(search_walks, "FIRST_CHUNK", 3)
        monkeypatch.setattr(search_walks, "_SLICE", 2)
    if way in ("many", "hit by hit"):
        monkeypatch.setattr(search, "_RARE_TICKETS", -1)
        monkeypatch.setattr(search, "_PLAIN_TICKETS", -1)
    if way == "hit by hit":
        monkeypatch.setattr(search_sql, "_SPARSE", 0)
    where = ViewFilter(View.ALL, query="common", sort=sort)
    expected = crowd if sort is Sort.NEWEST else crowd[::-1]
    walked, pages, key = [], [], None
    while True:
        page = desk.inbox.page(where, after=key, limit=7)
        pages.append(page)
        walked += [row.id for row in page.rows]
        key = page.last
        if not page.has_more:
            break
    assert walked == expected
    back = desk.inbox.page(where, before=pages[3].first, limit=7)
    assert back.rows == pages[2].rows
    end = desk.inbox.last_page(where, limit=9)
    assert [row.id for row in end.rows] == expected[-9:]
    assert desk.inbox.height(where) == len(expected)
    middle = desk.inbox.seek(where, 0.5, limit=5)
    assert 0.2 < expected.index(middle.rows[0].id) / len(expected) < 0.8


@pytest.mark.parametrize("way", ["few", "many"])
def test_a_rare_condition_on_a_common_word(desk, crowd, way, monkeypatch):
    monkeypatch.setattr(search, "_RARE_HITS", 5)
    if way == "many":
        monkeypatch.setattr(search, "_RARE_TICKETS", -1)
        monkeypatch.setattr(search, "_PLAIN_TICKETS", -1)
    rare = set(_find(desk, "tag:rare"))
    assert _find(desk, "common tag:rare") == [ticket for ticket in crowd if ticket in rare]


def test_paging_goes_on_from_a_row_s_own_key(desk, crowd):
    where = ViewFilter(View.ALL, query="common")
    row = desk.inbox.page(where, limit=10).rows[-1]
    key = SortKey(to_us(row.last_message_at), row.id)
    assert [found.id for found in desk.inbox.page(where, after=key, limit=5).rows] == crowd[10:15]
    gone = SortKey(to_us(row.last_message_at), 10**6)
    assert [found.id for found in desk.inbox.page(where, after=gone, limit=5).rows] == crowd[:5]


def test_the_next_unread_hit(desk, crowd):
    where = ViewFilter(View.ALL, query="common")
    page = desk.inbox.page(where, limit=50)
    unread = [row.id for row in page.rows if row.unread]
    start = desk.inbox.page(where, limit=page.rows.index(
        next(row for row in page.rows if row.id == unread[0])) + 1).last  # fmt: skip
    assert desk.inbox.next_unread(where, start).id == unread[1]


@pytest.mark.parametrize("query", ["common", "-tag:nothing-of", "is:unread"])
@pytest.mark.parametrize("backwards", [False, True])
def test_when_the_time_is_up_the_answer_is_partial_and_goes_on(
    desk, crowd, query, backwards, monkeypatch
):
    add_ticket(desk.store, tags=["nothing-of"], spam=1)
    where = ViewFilter(View.ALL, query=query)
    whole = [row.id for row in desk.inbox.page(where, limit=100).rows]
    monkeypatch.setattr(search, "_RARE_HITS", 0)
    monkeypatch.setattr(search, "_RARE_TICKETS", -1)
    monkeypatch.setattr(search, "_PLAIN_TICKETS", -1)
    monkeypatch.setattr(search, "FIRST_CHUNK", 4)
    monkeypatch.setattr(search_walks, "FIRST_CHUNK", 4)
    monkeypatch.setattr(search_walks, "_SLICE", 2)
    monkeypatch.setattr(search_walks, "monotonic", iter(range(10_000)).__next__)
    walked: list[int] = []
    page = desk.inbox.last_page(where, 100) if backwards else desk.inbox.page(where, limit=100)
    assert page.partial
    assert page.has_more
    for _ in range(300):
        ids = [row.id for row in page.rows]
        walked = ids + walked if backwards else walked + ids
        if not page.has_more:
            break
        key = {"before": page.first} if backwards else {"after": page.last}
        page = desk.inbox.page(where, limit=100, **key)
    assert walked == whole


@pytest.mark.parametrize("query", ["common ", "common sort:waiting ", "common sort:created "])
@pytest.mark.parametrize("steps", [1, 40])
def test_words_that_take_too_long_are_not_taken_for_absent(desk, crowd, query, steps, monkeypatch):
    where = ViewFilter(View.ALL, query=query)
    whole = [row.id for row in desk.inbox.page(where, limit=100).rows]
    monkeypatch.setattr(guard, "_STEPS", steps)
    monkeypatch.setattr(guard, "monotonic", iter(range(10_000)).__next__)
    page = desk.inbox.page(where, limit=100)
    walked = [row.id for row in page.rows]
    for _ in range(10):
        if not page.has_more:
            break
        page = desk.inbox.page(where, limit=100, after=page.last)
        walked += [row.id for row in page.rows]
    assert walked == whole
    end = desk.inbox.last_page(where, 100)
    before = desk.inbox.page(where, before=end.first, limit=100) if end.has_more else end
    assert [row.id for row in (*before.rows, *end.rows)][-len(whole) :] == whole

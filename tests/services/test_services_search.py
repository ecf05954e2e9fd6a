"""Searching: what is found, in which order, and that nothing typed breaks it."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from helpdesk_tui.db.reads import guard, search, search_sql
from helpdesk_tui.domain.query import QueryError
from helpdesk_tui.domain.tickets import Sort, SortKey, Status, View, ViewFilter
from helpdesk_tui.domain.times import to_us
from helpdesk_tui.services.desk import open_desk
from tests.support.store import START, FakeClock, add_agent, add_message, add_ticket, make_desk

CLOCK = START + timedelta(days=1)


@pytest.fixture
def desk(tmp_path):
    desk = make_desk(tmp_path, clock=FakeClock(CLOCK))
    yield desk
    desk.close()


def _find(desk, query, view=View.ALL, **fields):
    return [row.id for row in desk.inbox.page(ViewFilter(view, query=query, **fields)).rows]


def _ticket(desk, text="Hello", minutes=0, message=None, **fields):
    at = START + timedelta(minutes=minutes)
    ticket = add_ticket(desk.store, at=at, **fields)
    add_message(desk.store, ticket, at=at, text=text, **(message or {}))
    return ticket


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Where is my refund?", "refund"),
        ("Where is my refund?", "REFUND where"),
        ("Where is my refund?", "ref"),
        ("Where is my refund?", '"my refund"'),
        ("Where is my refund?", '"is my ref'),
        ("Rückerstattung bitte", "ruckerstattung"),
        ("Rueckerstattung bitte", "rueck"),
        ("Straße 5", "strasse"),
        ("Zażółć gęślą w Łodzi", "lodzi gesla"),
        ("o'brien@example.net schrieb", "o'brien@example.net"),
        ("我想退款，谢谢", "退款"),
        ("日本語テスト", "テスト"),
        ("order #1042", "#1042"),
        ("call +48 600 100 200", '"600 100"'),
        ("say AND or NOT NEAR", "AND NOT NEAR"),
        ('quote "x" end', 'quote "x"'),
        ("see https://x.example/a?b=c", "https://x.example/a"),
        ("10:42 Uhr", "10:42"),
        ("Re: hi", "Re: hi"),
        ("half*done", "half*"),
    ],
)
def test_words_are_found(desk, text, query):
    _ticket(desk, "something else entirely")
    wanted = _ticket(desk, text)
    assert _find(desk, query) == [wanted]


@pytest.mark.parametrize(
    "query", ['"refund my"', "refundx", "refund -where", "und", "refund ", "subject:refund"]
)
def test_what_does_not_match_is_not_found(desk, query):
    _ticket(desk, "Where is my refunded money?")
    assert _find(desk, query) == []


def test_words_stand_in_one_message_and_excluded_ones_in_none(desk):
    both = _ticket(desk, "alpha beta")
    split = _ticket(desk, "alpha")
    add_message(desk.store, split, text="beta")
    assert _find(desk, "alpha beta") == [both]
    assert _find(desk, "alpha -beta") == []
    assert sorted(_find(desk, "-gamma")) == [both, split]
    assert _find(desk, "-beta") == []


FIELDS = [
    ("is:open", "open"),
    ("is:closed", "closed"),
    ("status:snoozed", "snoozed"),
    ("is:open,snoozed -is:snoozed", "open"),
    ("is:spam", "spam"),
    ("in:spam", "spam"),
    ("is:mine ", "mine"),
    ("assignee:me", "mine"),
    ("assignee:@anna", "mine"),
    ("assignee:ann", "mine"),
    ("assignee:marek -is:closed", "snoozed"),
    ("is:unassigned channel:sms", "sms"),
    ("assignee:none,me channel:sms", "sms"),
    ("channel:sms,whatsapp", "sms"),
    ("tag:vip", "tagged"),
    ("tag:vi", "tagged"),
    ("label:VIP ", "tagged"),
    ("-tag:vip channel:sms", "sms"),
    ("from:marie", "person"),
    ("from:marie@example.org", "person"),
    ("to:sales@", "to"),
    ("to:copied@example.org", "to"),
    ("subject:invoice", "subject"),
    ('subject:"wrong invoice"', "subject"),
    ("customer:Marie", "person"),
    ("requester:marie@example.org ", "person"),
    ("customer:MARIE@example.org", "person"),
    ("file:label", "file"),
    ("file:*.pdf", "file"),
    ("file:label*.pdf", "file"),
    ("file:lab*.pdf ", "file"),
    ("file:*bel*", "file"),
    ("file:lab*.pd", "file"),
    ("-file:*.txt file:*", "file"),
    ("has:attachment", "file"),
    ("created:<40h created:>35h", "old"),
    ("created:2026-11-20", "old"),
    ("updated:..2026-11-20", "old"),
    ("before:2026-11-21", "old"),
    ("older:25h", "old"),
    ("is:waiting", "waiting"),
    ("-is:unread", "read"),
    ("is:read", "read"),
    ("is:draft", "draft"),
    ("is:automatic", "automatic"),
]


@pytest.fixture
def zoo(desk):
    """One ticket for each thing that can be asked for."""
    marek = add_agent(desk.store, "marek")
    zoo = {
        "closed": _ticket(desk, status="closed", assignee="marek"),
        "snoozed": _ticket(desk, status="snoozed", assignee="marek"),
        "spam": _ticket(desk, spam=1),
        "mine": _ticket(desk, assignee="anna"),
        "sms": _ticket(desk, channel="sms"),
        "tagged": _ticket(desk, tags=["vip"]),
        "person": _ticket(
            desk,
            name="Marie Curie",
            email="marie@example.org",
            message={"author_name": "Marie Curie", "sender": "marie@example.org"},
        ),
        "to": _ticket(
            desk, recipient="sales@shop.example", message={"copies": ["copied@example.org"]}
        ),
        "subject": _ticket(desk, message={"subject": "Wrong invoice"}),
        "file": _ticket(desk, message={"files": [("Label 2.pdf", b"x")]}),
        "old": _ticket(desk, minutes=-60 * 12),
        "waiting": _ticket(desk, waiting_since=START),
        "read": _ticket(desk, unread=0),
        "automatic": _ticket(desk, automatic=1),
        "draft": _ticket(desk),
        "open": _ticket(desk, subject="plain", text="plain"),
    }
    with desk.store.write() as connection:
        for agent, name in ((desk.actor.agent_id, "draft"), (marek, "open")):
            connection.execute(
                "INSERT INTO draft (ticket_id, agent_id, kind, text, updated_at)"
                " VALUES (?, ?, 'reply', 'hi', 0)",
                (zoo[name], agent),
            )
    return zoo


@pytest.mark.parametrize("way", ["few", "many"])
@pytest.mark.parametrize(("query", "name"), FIELDS)
def test_fields_find_the_right_tickets_whichever_way_is_taken(
    desk, zoo, query, name, way, monkeypatch
):
    if way == "many":
        monkeypatch.setattr(search, "_RARE_HITS", 0)
        monkeypatch.setattr(search, "_RARE_TICKETS", -1)
        monkeypatch.setattr(search, "_PLAIN_TICKETS", -1)
    found = _find(desk, query)
    assert zoo[name] in found
    if name != "open":
        assert found == [zoo[name]]
    assert desk.inbox.height(ViewFilter(View.ALL, query=query)) == len(found)


def test_a_search_stays_within_its_view(desk):
    mine = _ticket(desk, "parcel", assignee="anna")
    closed = _ticket(desk, "parcel", status="closed", minutes=1)
    spam = _ticket(desk, "parcel", spam=1)
    merged = _ticket(desk, "parcel", merged_into=mine)
    assert _find(desk, "parcel", View.MINE) == [mine]
    assert _find(desk, "parcel", View.UNASSIGNED) == [closed]
    assert _find(desk, "parcel", View.SPAM) == [spam]
    assert _find(desk, "parcel", status=Status.CLOSED) == [closed]
    assert merged not in _find(desk, "parcel")
    assert _find(desk, "is:open parcel", View.MINE, status=Status.CLOSED) == []


@pytest.mark.parametrize(
    ("query", "code", "position", "known"),
    [
        ("hello foo:bar", "query.unknown-operator", 6, "assignee"),
        ("is:opne", "query.unknown-value-like", 0, "open"),
        ("tag:nope", "query.unknown-tag", 0, "vip"),
        ("tag:vipp", "query.unknown-tag-like", 0, "vip"),
        ("x (tag:a OR team:nope)", "query.unknown-tag", 3, "vip"),
        ("team:zzz", "query.unknown-team", 0, "none"),
        ("by:ana", "query.unknown-agent-like", 0, "anna"),
        ("phone:abc", "query.unclear-phone", 0, None),
        ("is:open ( ... OR tag:vip)", "query.no-words", 10, None),
        ("hello assignee:nobody", "query.unknown-agent", 6, "anna"),
        ("a OR ", "query.unfinished", 2, None),
        ("-- ...", "query.no-words", 0, None),
    ],
)
def test_a_mistake_is_an_error_with_its_place(desk, query, code, position, known):
    _ticket(desk, tags=["vip"])
    for call in (
        lambda where: desk.inbox.page(where),
        lambda where: desk.inbox.height(where),
        lambda where: desk.inbox.rows([1], where),
        lambda where: desk.inbox.next_unread(where, SortKey(1, 1)),
    ):
        with pytest.raises(QueryError) as caught:
            call(ViewFilter(View.ALL, query=query))
        assert (caught.value.code, caught.value.values["position"]) == (code, position)
        assert caught.value.values["text"] == query
        assert known is None or known in tuple(caught.value.values["known"])  # type: ignore[arg-type]


def test_the_system_has_no_tickets_of_its_own(desk):
    _ticket(desk)
    system = open_desk(desk.store.paths.root)
    assert _find(system, "is:mine") == []
    with pytest.raises(QueryError, match=r"query\.unknown-agent"):
        _find(system, "assignee:me")
    system.close()


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
    if way != "few":
        monkeypatch.setattr(search, "_RARE_HITS", 0)
        monkeypatch.setattr(search, "_FIRST_CHUNK", 3)
        monkeypatch.setattr(search, "_SLICE", 2)
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
    monkeypatch.setattr(search, "_FIRST_CHUNK", 4)
    monkeypatch.setattr(search, "_SLICE", 2)
    monkeypatch.setattr(search, "monotonic", iter(range(10_000)).__next__)
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


def test_rows_of_a_search_follow_its_conditions(desk):
    stays, leaves = _ticket(desk, "parcel"), _ticket(desk, "parcel")
    where = ViewFilter(View.ALL, query="parcel is:open")
    with desk.store.write() as connection:
        connection.execute("UPDATE ticket SET status = 'closed' WHERE id = ?", (leaves,))
    found = desk.inbox.rows([stays, leaves], where)
    assert (found[stays].id, found[leaves]) == (stays, None)


PIECES = st.sampled_from(
    ['"', "*", "-", "(", ")", "NEAR", "NOT", "OR", "AND", ":", "^", "{", "}", "+", "is:", "tag:",
     "a", "refund", "created:", "<", ">=", "2d", "2026-11-21", "..", "file:", "customer:", "to:",
     "from:", ",", "%", "_", "\\", "'", ";", "\0", "é", "退", "\ud800", "\u202e", " ",
     "channel:sms", "@"]
)  # fmt: skip


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.one_of(st.lists(PIECES, max_size=12).map("".join), st.text(max_size=60)))
@example('"' * 99)
@example("a " * 39)
@example("a " * 500)
@example("x" * 5000)
@example("NEAR(a b, 5)")
@example("'; DROP TABLE ticket; --")
@example("tag:\ud800")
@example("\ud800")
def test_whatever_is_typed_never_breaks(desk, typed):
    where = ViewFilter(View.ALL, query=typed)
    position: object = 0
    try:
        desk.inbox.page(where)
        desk.inbox.height(where)
    except QueryError as error:
        position = error.values["position"]
    assert position in range(len(typed) + 1)

"""Searching: what is found, in which order, and that nothing typed breaks it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from helpdesk_tui.db.reads import search
from helpdesk_tui.domain.query.parsing import QueryError
from helpdesk_tui.domain.tickets import SortKey, Status, View, ViewFilter
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

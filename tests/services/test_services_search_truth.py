"""Whatever is asked, what is found is what a plain reading of every ticket finds."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from helpdesk_tui.db.reads import guard, search, search_sql, search_walks
from helpdesk_tui.domain.query.parsing import MAX_TERMS
from helpdesk_tui.domain.tickets import Priority, Sort, View, ViewFilter
from tests.support.query_reader import NOW, STATES, Reader
from tests.support.store import (
    START,
    FakeClock,
    add_activity,
    add_agent,
    add_message,
    add_ticket,
    make_desk,
)

WORDS = ("tent", "pole", "tents", "refund", "zelt", "łódź", "退款")
CHANNELS = ("email", "sms", "webchat")
TAGS = ("vip", "refund", "late")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = make_desk(tmp_path_factory.mktemp("truth"), clock=FakeClock(NOW))
    chance = random.Random(11)
    add_agent(desk.store, "marek")
    for number in range(36):
        _make(desk.store, chance, number)
    yield desk
    desk.close()


def _make(store, chance, number):
    at = START + timedelta(hours=12 * number)
    channel = chance.choice(CHANNELS)
    status = chance.choice(STATES)
    ticket = add_ticket(
        store, at=at, channel=channel, status=status, name=chance.choice(["Lena Doe", "Ola Łoś"]),
        email=f"c{number % 7}@example.net", tags=chance.sample(TAGS, chance.choice([0, 1, 2])),
        assignee=chance.choice([None, "anna", "marek"]), spam=int(chance.random() < 0.15),
        unread=chance.randint(0, 1), priority=chance.choice(list(Priority)).value,
        waiting_since=at if chance.random() < 0.4 else None,
        merged_into=1 if number > 5 and chance.random() < 0.1 else None,
        closed_at=at + timedelta(hours=3) if status == "closed" else None,
        snoozed_until=NOW + timedelta(days=number % 5) if status == "snoozed" else None,
        recipient=chance.choice(["sales@shop.example", "help@shop.example"]),
    )  # fmt: skip
    for step in range(chance.randint(1, 3)):
        direction = chance.choice(["inbound", "inbound", "outbound", "note"])
        add_message(
            store, ticket, at=at + timedelta(minutes=step), direction=direction,
            text=" ".join(chance.sample(WORDS, 2)), subject=chance.choice(WORDS),
            agent_id=None if direction == "inbound" else chance.randint(1, 2),
            files=[("tent 1.pdf", b"x" * 2000)] if chance.random() < 0.2 else (),
            copies=["boss@example.net"] if chance.random() < 0.2 else [],
        )  # fmt: skip
    if chance.random() < 0.2:
        add_activity(store, ticket, "ticket.reopened")


@pytest.fixture(scope="module")
def reader(desk):
    return Reader(desk)


TERMS = st.sampled_from([
    "tent", "pole", "ten*", "tents", '"tent pole"', "lodz", "łódź", "退款", "subject:refund",
    "subject:tent,pole", "from:lena", "file:tent", "file:~^tent", "subject:~t.nt$",
    "is:open", "is:snoozed,closed", "is:spam", "is:merged", "is:mine", "is:unassigned",
    "is:unread", "is:read", "is:waiting", "is:reopened", "is:vip", "assignee:me",
    "assignee:none,marek", "by:anna", "by:marek,me", "tag:vip", "tag:late,refund", "channel:sms",
    "channel:email,webchat", "priority:high", "priority:>=high", "priority:<normal",
    "customer:ola", "customer:los", "inbox:sales", "cc:boss@", "has:attachment", "has:note",
    "messages:>1", "messages:2..3", "reopens:0", "larger:1k", "created:<20d", "created:>20d",
    "updated:<15d", "updated:10d..5d", "closed:<25d", "snoozed:<3d", "waiting:>20d",
    "heard:<18d", "answered:>10d",
])  # fmt: skip
TEXTS = st.sampled_from(["tent", "pole", "refund", "zelt", "退款"])


def _grown(inner):
    one = st.one_of(TERMS, inner)
    joined = st.lists(one, min_size=1, max_size=3)
    placed = st.tuples(
        st.sampled_from(["in:notes", "in:messages", "in:subject", "in:notes,subject", "in:files"]),
        TEXTS, st.lists(one, max_size=2),
    ).map(lambda it: [it[0], it[1], *it[2]])  # fmt: skip
    side = st.one_of(joined, joined, placed).map(" ".join)
    sides = st.lists(side, min_size=1, max_size=3).map(" OR ".join)
    return st.tuples(st.sampled_from(["", "", "-"]), sides).map(lambda it: f"{it[0]}({it[1]})")


SIGNED = st.tuples(st.sampled_from(["", "", "", "-"]), TERMS).map("".join)
QUERIES = st.one_of(
    st.lists(st.one_of(SIGNED, st.recursive(SIGNED, _grown, max_leaves=6)), min_size=1, max_size=4)
    .map(" ".join),
    st.lists(st.recursive(SIGNED, _grown, max_leaves=4), min_size=2, max_size=3).map(" OR ".join),
)  # fmt: skip


@pytest.mark.parametrize("way", ["few", "many", "hit by hit"])
@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(query=QUERIES)
@example(query="tent OR tag:vip")
@example(query="is:spam OR is:open tag:late")
@example(query="is:merged is:spam")
@example(query="is:unassigned (is:spam OR tag:vip)")
@example(query="-(tent pole) in:notes refund")
def test_what_is_found_is_what_is_true(desk, reader, monkeypatch, way, query):
    assume(query.count(" ") < MAX_TERMS - 1)
    with monkeypatch.context() as patch:
        patch.setattr(
            search_walks, "monotonic", lambda: 0.0
        )  # a busy machine has all the time it needs
        patch.setattr(guard, "monotonic", lambda: 0.0)
        if way == "hit by hit":
            patch.setattr(search_sql, "_SPARSE", 0)
        if way != "few":
            patch.setattr(search, "_RARE_HITS", 0)
            patch.setattr(search, "_RARE_TICKETS", -1)
            patch.setattr(search, "_PLAIN_TICKETS", -1)
            patch.setattr(search, "FIRST_CHUNK", 7)
            patch.setattr(search_walks, "FIRST_CHUNK", 7)
        text = f"{query} "
        expected = reader.ask(text, NOW)
        where = ViewFilter(View.ALL, query=text)
        page = desk.inbox.page(where, limit=100)
        found = [row.id for row in page.rows]
        assert not page.partial
        assert sorted(found) == sorted(expected)
        ids = [ticket["id"] for ticket in reader.tickets]
        kept = {number for number, row in desk.inbox.rows(ids, where).items() if row}
        assert kept == expected


def _place(sort):
    def newest(ticket):
        return (ticket["last_message_at"], ticket["id"])

    levels = [priority.value for priority in Priority]
    return {
        Sort.NEWEST: newest,
        Sort.OLDEST: lambda ticket: tuple(-part for part in newest(ticket)),
        Sort.CREATED: lambda ticket: (ticket["created_at"], ticket["id"]),
        Sort.PRIORITY: lambda ticket: (levels.index(ticket["priority"]), *newest(ticket)),
        Sort.WAITING: lambda ticket: (
            (1, -ticket["waiting_since"], ticket["id"])
            if ticket["waiting_since"] is not None else (0, *newest(ticket))
        ),
    }[sort]  # fmt: skip


@pytest.mark.parametrize("way", ["few", "many"])
@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize(
    "query", ["", "is:open ", "is:open,spam ", "tag:vip OR is:closed ", "channel:email,sms "]
)
@pytest.mark.parametrize("view", [View.ALL, View.MINE, View.UNASSIGNED, View.SPAM])
def test_every_order_pages_both_ways(desk, reader, monkeypatch, view, query, sort, way):
    if way == "many":
        monkeypatch.setattr(search, "_RARE_TICKETS", -1)
        monkeypatch.setattr(search, "_PLAIN_TICKETS", -1)
        monkeypatch.setattr(search, "FIRST_CHUNK", 3)
        monkeypatch.setattr(search_walks, "FIRST_CHUNK", 3)
    expected = reader.ask(query, NOW)
    if view is View.SPAM:  # the view itself says that spam is meant
        expected = reader.ask(f"is:spam ({query})" if query else "is:spam ", NOW)
    mine = {View.MINE: desk.actor.agent_id, View.UNASSIGNED: None}
    tickets = [
        ticket for ticket in reader.tickets
        if ticket["id"] in expected
        and (view not in mine or (ticket["assignee_id"] == mine[view] and not ticket["spam"]))
    ]  # fmt: skip
    tickets.sort(key=_place(sort), reverse=True)
    order = [ticket["id"] for ticket in tickets]
    where = ViewFilter(view, query=query, sort=sort)
    walked: list[int] = []
    key, more = None, True
    while more:
        page = desk.inbox.page(where, after=key, limit=6)
        walked += [row.id for row in page.rows]
        key, more = page.last, page.has_more
    assert walked == order
    back = desk.inbox.last_page(where, limit=4)
    assert [row.id for row in back.rows] == order[-4:]
    if back.rows:
        before = desk.inbox.page(where, before=back.first, limit=5)
        assert [row.id for row in before.rows] == order[:-4][-5:]


def test_a_query_says_its_own_order_and_length(desk, reader):
    where = ViewFilter(View.ALL, query="sort:created limit:8")
    tickets = [t for t in reader.tickets if not t["spam"] and t["merged_into"] is None]
    tickets.sort(key=_place(Sort.CREATED), reverse=True)
    order = [ticket["id"] for ticket in tickets][:8]
    first = desk.inbox.page(where, limit=5)
    assert ([row.id for row in first.rows], first.has_more) == (order[:5], True)
    rest = desk.inbox.page(where, after=first.last, limit=5)
    assert ([row.id for row in rest.rows], rest.has_more) == (order[5:], False)
    assert [row.id for row in desk.inbox.last_page(where, 3).rows] == order[-3:]
    assert desk.inbox.height(where) == 8

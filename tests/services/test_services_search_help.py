"""Completion from the store, and hits in context."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk_tui.db.reads import completion
from helpdesk_tui.domain.query.cursor import ProposalKind
from helpdesk_tui.domain.tickets import Status, View, ViewFilter
from helpdesk_tui.domain.times import to_us
from tests.support.store import (
    START,
    FakeClock,
    add_agent,
    add_message,
    add_ticket,
    make_desk,
)  # fmt: skip


@pytest.fixture
def desk(tmp_path):
    desk = make_desk(tmp_path, clock=FakeClock(START + timedelta(days=1)))
    marek = add_agent(desk.store, "marek")
    for number in range(4):
        add_ticket(
            desk.store, assignee="anna" if number else None, tags=["vip", "late"][: 1 + number % 2],
            email=f"c{number % 2}@example.net", channel="sms" if number == 3 else "email",
            priority="high" if number == 1 else "normal",
        )  # fmt: skip
    at = to_us(START)
    with desk.store.write() as link:
        link.execute("INSERT INTO team (id, name, created_at) VALUES (1, 'returns', 0)")
        link.execute("UPDATE ticket SET team_id = 1 WHERE id = 2")
        for agent, name in ((0, "VIP waiting"), (desk.actor.agent_id, "Mine"), (marek, "His")):
            link.execute(
                "INSERT INTO view (agent_id, name, query, created_at, updated_at)"
                " VALUES (?, ?, 'tag:vip is:waiting', ?, ?)", (agent, name, at, at),
            )  # fmt: skip
        link.execute(
            "INSERT INTO channel_account (name, channel, address, created_at)"
            " VALUES ('shop mail', 'email', 'help@shop.example', 0)"
        )
    yield desk
    desk.close()


def _offered(desk, text, cursor=None):
    found = desk.inbox.searches.complete(text, len(text) if cursor is None else cursor)
    return [(one.text, one.count) for one in found.proposals]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tag:", [("vip", 4), ("late", 2)]),
        ("x -tag:L", [("late", 2)]),
        ("tag:vip,la", [("late", 2)]),
        ("team:r", [("returns", 1)]),
        ("assignee:", [("me", 3), ("none", 1), ("anna", 3), ("marek", 0)]),
        ("assignee:@m", [("marek", 0)]),
        ("by:m", [("me", None), ("marek", None)]),
        ("channel:s", [("sms", 1)]),
        ("priority:h", [("high", 1)]),
        ("is:un", [("unread", 4), ("unassigned", 1)]),
        ("is:over", [("overdue", None)]),
        ("customer:c1", [("c1@example.net", 2)]),
        ("from:", []),
        ("inbox:", [("help@shop.example", None), ('"shop mail"', None)]),
        ("sort:w", [("waiting", None)]),
        ("subject:x", []),
        ('"quoted', []),
        ("foo:", []),
    ],
)
def test_values_come_from_the_store_with_counts(desk, text, expected):
    assert _offered(desk, text) == expected


def test_operators_and_views_are_offered_at_the_start(desk):
    found = desk.inbox.searches.complete("vi", 2)
    assert [(one.kind, one.label) for one in found.proposals] == [
        (ProposalKind.OPERATOR, "via:"), (ProposalKind.VIEW, "VIP waiting"),
    ]  # fmt: skip
    assert found.apply("vi", found.proposals[1])[0].strip() == "tag:vip is:waiting"
    assert [one.label for one in desk.inbox.searches.complete("x vi", 4).proposals] == ["via:"]
    labels = [one.label for one in desk.inbox.searches.complete("", 0).proposals]
    assert {"is:", "Mine", "VIP waiting"} <= set(labels)
    assert "His" not in labels


def test_counts_end_where_counting_would_take_long(desk, monkeypatch):
    monkeypatch.setattr(completion, "COUNTED", 2)
    monkeypatch.setattr("helpdesk_tui.services.searches.COUNTED", 2)
    proposal = desk.inbox.searches.complete("tag:v", 5).proposals[0]
    assert (proposal.count, proposal.is_more) == (2, True)


@pytest.mark.parametrize(
    ("query", "place", "text", "marked"),
    [
        ("zelt ", "body", "Mein Zelt ist kaputt", ["Zelt"]),
        ("zel", "body", "Mein Zelt ist kaputt", ["Zelt"]),
        ("subject:parcel ", "subject", "Where is my parcel?", ["parcel"]),
        ("file:label ", "files", "label 2.pdf", ["label"]),
        ("from:lena ", "people", "Lena Doe lena@example.net", ["Lena", "lena"]),
        ("tag:vip OR kaputt ", "body", "Mein Zelt ist kaputt", ["kaputt"]),
        ("退款 OR subject:nothing ", "body", "我想退款", ["退款"]),
    ],
)
def test_a_hit_is_shown_where_it_stands(desk, query, place, text, marked):
    body = text if place == "body" else "something else"
    add_message(desk.store, 1, text=body, files=[("label 2.pdf", b"x")])
    add_message(desk.store, 1, text="a note about nothing", direction="note", subject="")
    hit = desk.inbox.searches.hits([1, 2], ViewFilter(View.ALL, query=query))[1]
    assert (hit.place, hit.snippet.text, hit.is_note) == (place, text, False)
    assert [hit.snippet.text[start:end] for start, end in hit.snippet.ranges] == marked


def test_without_words_there_is_nothing_to_show(desk):
    assert desk.inbox.searches.hits([1], ViewFilter(View.ALL, query="is:open ")) == {}


@pytest.mark.parametrize(
    ("query", "status", "parts", "wider"),
    [
        ("nowhere zelt", None, ["nowhere"], None),
        ("nowhere tag:vip", None, ["nowhere"], None),
        ("zelt tag:late", None, [], None),
        ("watches", None, ["watches"], ("watches is:spam", 1)),
        ("zelt is:closed", None, ["is"], ("zelt", 1)),
        ("zelt", Status.CLOSED, ["zelt"], ("zelt", 1)),
        ("zelt sort:oldest tag:nosuchtag", None, ["tag"], None),
    ],
)
def test_an_empty_search_knows_what_finds_nothing_and_what_would(desk, query, status, parts, wider):
    add_message(desk.store, 1, text="Mein Zelt ist kaputt")
    spam = add_ticket(desk.store, subject="watches", spam=1)
    add_message(desk.store, spam, text="cheap watches")
    missed = desk.inbox.searches.missed(ViewFilter(View.ALL, status, query=query))
    named = [part.field or part.values[0] for part in missed.parts]
    assert named == parts
    found = missed.wider and (missed.wider.where.query, missed.wider.count)
    assert found == wider

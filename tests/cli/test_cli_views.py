"""Saved views from scripts."""

from __future__ import annotations

import json

import pytest

from helpdesk_tui.db.store import Store
from tests.support.shell import Shell
from tests.support.store import add_agent, add_message, add_ticket


@pytest.fixture
def store(desk: Shell, tmp_path):
    store = Store(tmp_path / "store")
    add_agent(store, "sam", role="support")
    for text, status in (("refund me", "open"), ("refund done", "closed"), ("hello", "open")):
        ticket = add_ticket(store, subject=text, status=status, unread=1)
        add_message(store, ticket, text=text)
    yield store
    store.close()


def _json(desk: Shell, *arguments: str):
    place = arguments.index("--") if "--" in arguments else len(arguments)
    asked = (*arguments[:place], "--json", *arguments[place:])
    return json.loads(desk("--agent", "anna", *asked))


def test_a_view_is_saved_listed_used_and_deleted(desk, store):
    saved = _json(desk, "view", "save", "Refunds", "refund", "--pin", "5")
    assert saved == {
        "id": "1", "name": "Refunds", "query": "refund", "status": "open", "sort": "newest",
        "pin": "5", "shared": False, "built_in": False, "unread": 1, "unread_is_exact": True,
    }  # fmt: skip
    views = _json(desk, "view", "list")["views"]
    assert [view["name"] for view in views] == [
        "My inbox", "Unassigned", "All tickets", "Spam", "Refunds",
    ]  # fmt: skip
    assert views[-1] == saved
    page = _json(desk, "ticket", "list", "--view", "refunds")
    assert [ticket["subject"] for ticket in page["tickets"]] == ["refund me"]
    assert _json(desk, "view", "delete", "Refunds")["id"] == "1"
    assert len(_json(desk, "view", "list")["views"]) == 4


def test_people_read_a_table(desk, store):
    desk("--agent", "anna", "view", "save", "VIP", "refund", "--status", "any", "--sort", "waiting")
    out = desk("--agent", "anna", "view", "list")
    assert out.splitlines()[0].split() == [
        "key", "name", "unread", "whose", "status", "order", "query",
    ]  # fmt: skip
    assert "longest waiting first" in out
    assert out.splitlines()[-1].split()[:3] == ["VIP", "2", "yours"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("save", "A", "colour:red"), 2, "colour"),
        (("save", "Refunds", "x"), 2, "already"),
        (("save", "A", "x", "--pin", "0"), 2, "no key"),
        (("save", "Spam", "x"), 2, "every desk"),
        (("delete", "nowhere"), 4, "Refunds"),
        (("delete", "Refunds", "--shared"), 4, "no view"),
        (("rename", "Refunds", ""), 2, "no name"),
    ],
)
def test_what_goes_wrong_is_said_in_one_line(desk, store, arguments, code, said):
    desk("--agent", "anna", "view", "save", "Refunds", "refund")
    desk("--agent", "anna", "view", *arguments, code=code)
    assert said in desk.err
    assert len(desk.err.splitlines()) == 1


def test_shared_views_are_for_managers(desk, store):
    desk("--agent", "sam", "view", "save", "Team", "refund", "--shared", code=3)
    desk("--agent", "anna", "view", "save", "Team", "refund", "--shared")
    assert "Team" in desk("--agent", "sam", "view", "list")
    desk("--agent", "sam", "view", "delete", "Team", code=3)
    desk("--agent", "anna", "view", "delete", "Team")


def test_views_are_replaced_renamed_pinned_and_moved(desk, store):
    for name in ("One", "Two"):
        desk("--agent", "anna", "view", "save", name, "refund", "--pin", "6")
    desk("--agent", "anna", "view", "save", "One", "hello", "--replace")
    desk("--agent", "anna", "view", "rename", "Two", "Deux")
    desk("--agent", "anna", "view", "move", "Deux", "first")
    views = _json(desk, "view", "list")["views"][4:]
    assert [(view["name"], view["query"], view["pin"]) for view in views] == [
        ("Deux", "refund", "6"), ("One", "hello", None),
    ]  # fmt: skip
    desk("--agent", "anna", "view", "pin", "Deux", "none")
    assert _json(desk, "view", "list")["views"][4]["pin"] is None


@pytest.mark.parametrize(
    ("view", "query", "subjects"),
    [
        ("All tickets", "", {"refund me", "refund done", "hello"}),
        ("all", "hello", {"hello"}),
        ("unassigned", "", {"refund me", "hello"}),
        ("mine", "", set()),
        ("either", "is:unread", {"refund me", "hello"}),
        ("either", "-refund", {"hello"}),
    ],
)
def test_a_list_of_a_view_can_be_narrowed(desk, store, view, query, subjects):
    desk("--agent", "anna", "view", "save", "either", "refund OR hello")
    page = _json(desk, "ticket", "list", "--view", view, "--", query)
    assert {ticket["subject"] for ticket in page["tickets"]} == subjects

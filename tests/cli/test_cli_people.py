"""Teams, watching, blocking, linking and snoozing from scripts."""

from __future__ import annotations

import pytest

from helpdesk_tui.db.store import Store
from tests.support.shell import Shell
from tests.support.store import add_message, add_ticket


class Tickets:
    """Two tickets of two customers in the store of a shell."""

    def __init__(self, shell: Shell) -> None:
        store = Store(shell.store)
        try:
            self.one = str(add_ticket(store, email="lena@example.net"))
            self.two = str(add_ticket(store, name="Max", email="max@noise.example"))
            for each in (self.one, self.two):
                add_message(store, int(each), text="Hello")
        finally:
            store.close()


@pytest.fixture
def tickets(desk: Shell) -> Tickets:
    return Tickets(desk)


def shown(desk: Shell, ticket: str) -> dict[str, object]:
    found = desk.json("ticket", "show", ticket)
    assert isinstance(found, dict)
    return found


def test_a_team_is_made_gets_a_ticket_and_goes(desk: Shell, tickets: Tickets) -> None:
    assert "no teams" in desk("team", "list")
    desk("agent", "add", "ben")
    team = desk.json("team", "add", "returns")
    assert team == {"id": "1", "name": "returns"}
    assert desk("team", "add", "second", "-q") == "2\n"
    assert "a team returns already" in desk.fails("team", "add", "returns", code=2)
    options = ("--agent", "anna")
    found = desk.json("team", "member", "add", "returns", "anna", "ben", *options)
    assert found == {"team": "returns", "joined": ["anna", "ben"], "members": ["anna", "ben"]}
    found = desk.json("team", "member", "remove", "returns", "ben", *options)
    assert (found["left"], found["members"]) == (["ben"], ["anna"])
    assert "anna" in desk("team", "member", "add", "returns", "anna", *options)
    assert desk.json("team", "list")["teams"][0] == {
        "id": "1", "name": "returns", "members": ["anna"]}  # fmt: skip
    assert desk("team", "list", "-q") == "1\n2\n"
    desk("ticket", "assign", tickets.one, "--team", "returns", *options)
    assert shown(desk, tickets.one)["team"] == "returns"
    assert "still has 1" in desk.fails("team", "remove", "returns", *options, code=3)
    desk("ticket", "assign", tickets.one, "none", *options)
    assert shown(desk, tickets.one)["team"] is None
    assert desk.json("team", "remove", "returns", *options) == {"removed": "returns"}
    assert "second" in desk("team", "remove", "second", *options)
    desk("ticket", "assign", tickets.one, "--team", "nobody", *options, code=4)
    assert "nobody" in desk.err


def test_members_leave_and_the_list_shows_who_is_left(desk: Shell) -> None:
    desk("team", "add", "returns")
    desk("team", "member", "add", "returns", "anna")
    assert "anna" in desk("team", "list")
    assert "nobody" in desk("team", "member", "remove", "returns", "anna")


def test_an_agent_is_away_and_comes_back(desk: Shell) -> None:
    assert "away" in desk("agent", "away")
    assert desk.json("agent", "list")["agents"][0]["available"] is False
    assert "away" in desk("agent", "list")
    assert desk.json("agent", "available", "anna")["available"] is True
    assert "away" not in desk("agent", "list")


def test_priorities_read_states_and_undo(desk: Shell, tickets: Tickets) -> None:
    change = desk.json("ticket", "priority", "urgent", tickets.one, tickets.two)
    assert shown(desk, tickets.two)["priority"] == "urgent"
    desk("ticket", "undo", change["change"])
    assert shown(desk, tickets.two)["priority"] == "normal"
    assert "0123" in desk.fails("ticket", "undo", "0123", code=4)
    desk("ticket", "read", tickets.one)
    assert shown(desk, tickets.one)["unread"] is False
    desk("ticket", "unread", tickets.one)
    assert shown(desk, tickets.one)["unread"] is True


@pytest.mark.parametrize(
    ("when", "until"),
    [("za 2 godziny", True), ("om två veckor!", True), ("until they reply", False)],
)
def test_a_snooze_is_understood_in_any_language(
    desk: Shell, tickets: Tickets, when: str, until: bool
) -> None:
    desk("ticket", "snooze", tickets.one, when)
    found = shown(desk, tickets.one)
    assert found["status"] == "snoozed"
    assert (found["snoozed_until"] is not None) is until


def test_a_snooze_that_nothing_ends_is_refused(desk: Shell, tickets: Tickets) -> None:
    arguments = ("ticket", "snooze", tickets.one, "--until", "reply", "--keep")
    assert "never end" in desk.fails(*arguments, code=2)


def test_watching_is_told_once(desk: Shell, tickets: Tickets) -> None:
    assert desk("ticket", "watch", tickets.one, "-q") == f"{tickets.one}\n"
    assert "already" in desk.fails("ticket", "watch", tickets.one, code=0)
    assert "is:watched" not in desk("search", "is:watched")
    assert desk("search", "is:watched", "-q") == f"{tickets.one}\n"
    desk("ticket", "unwatch", tickets.one)
    assert "not watched" in desk.fails("ticket", "unwatch", tickets.one, code=0)


def test_senders_are_blocked_listed_and_let_through(desk: Shell, tickets: Tickets) -> None:
    assert "nobody" in desk("block", "list")
    desk("ticket", "block", tickets.two)
    found = desk.json("block", "list")["blocks"][0]
    assert (found["kind"], found["value"], found["agent"]) == ("email", "max@noise.example", "anna")
    assert "max@noise.example" in desk("block", "list")
    assert desk("block", "list", "-q") == f"{found['id']}\n"
    desk("ticket", "unblock", tickets.two)
    desk("ticket", "block", tickets.two)
    assert "seen again" in desk("block", "remove", "Max@Noise.example")
    assert "not blocked" in desk.fails("block", "remove", "max@noise.example", code=4)
    desk("ticket", "block", tickets.two)
    assert desk.json("block", "remove", "max@noise.example") == {"removed": "max@noise.example"}


def test_customers_are_linked_and_unlinked(desk: Shell, tickets: Tickets) -> None:
    one, two = (shown(desk, each)["customer"] for each in (tickets.one, tickets.two))
    assert isinstance(one, dict)
    assert isinstance(two, dict)
    assert "now part of" in desk("profile", "link", two["id"], one["id"])
    assert shown(desk, tickets.two)["customer"] == one
    assert "unlink" in desk.fails("profile", "link", two["id"], one["id"], code=3)
    assert "alone again" in desk("profile", "unlink", two["id"])
    assert shown(desk, tickets.two)["customer"] == two
    assert desk.json("profile", "link", two["id"], one["id"])["changed"] == [tickets.two]


def test_a_note_mentions_a_colleague(desk: Shell, tickets: Tickets) -> None:
    desk("agent", "add", "ben")
    desk("ticket", "note", tickets.one, "--text", "@ben please", "--agent", "anna")
    assert desk("search", "is:mentioned", "-q", "--agent", "ben") == f"{tickets.one}\n"

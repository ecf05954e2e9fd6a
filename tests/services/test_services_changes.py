"""The change feed sees every commit once, wherever it is made."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from helpdesk_tui.services.changes import ChangeFeed
from tests.support.store import add_activity, add_message, add_ticket, make_desk


@pytest.fixture
def desk(tmp_path):
    desk = make_desk(tmp_path)
    yield desk
    desk.close()


def test_nothing_happened_is_none(desk):
    add_activity(desk.store, None, "channel.state")
    feed = desk.changes
    assert feed.poll() is None
    assert feed.poll() is None


def test_commits_of_this_process_are_seen_once(desk):
    feed = desk.changes
    ticket = add_ticket(desk.store)
    message = add_message(desk.store, ticket)
    last = add_activity(desk.store, ticket, "message.received", message_id=message)
    changes = feed.poll()
    assert (changes.tickets, changes.messages) == ({ticket}, {message})
    assert (changes.arrived, changes.kinds) == ({ticket}, {"message.received"})
    assert (changes.counts_changed, changes.last_id) == (True, last)
    assert feed.poll() is None


def test_commits_of_another_process_are_seen(desk):
    feed = desk.changes
    ticket = add_ticket(desk.store)
    feed.poll()
    code = (
        "import sqlite3, sys\n"
        "link = sqlite3.connect(sys.argv[1], timeout=10)\n"
        'link.execute("INSERT INTO activity (ticket_id, kind, actor_kind, at)'
        " VALUES (1, 'ticket.closed', 'system', 0)\")\n"
        "link.commit()\nlink.close()\n"
    )
    subprocess.run([sys.executable, "-c", code, str(desk.store.paths.database)], check=True)
    changes = feed.poll()
    assert changes.tickets == {ticket}
    assert changes.arrived == frozenset()


def test_a_commit_without_activity_is_no_change(desk):
    feed = desk.changes
    add_ticket(desk.store)
    assert feed.poll() is None


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("ticket.closed", True),
        ("ticket.read", True),
        ("message.sent", False),
        ("note.added", False),
    ],
)
def test_quiet_activity_leaves_the_counts_alone(desk, kind, expected):
    feed = desk.changes
    add_activity(desk.store, add_ticket(desk.store), kind)
    assert feed.poll().counts_changed is expected


def test_it_may_be_asked_from_any_thread(desk):
    feed = desk.changes
    ticket = add_ticket(desk.store)
    add_activity(desk.store, ticket, "ticket.closed")
    found = []

    def ask():
        found.append(feed.poll())

    for _ in range(3):
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
    assert [changes is not None for changes in found] == [True, False, False]


def test_after_a_long_pause_the_rest_follows(desk, monkeypatch):
    monkeypatch.setattr("helpdesk_tui.services.changes._BATCH", 10)
    feed = ChangeFeed(desk.store)
    tickets = [add_ticket(desk.store) for _ in range(25)]
    for ticket in tickets:
        add_activity(desk.store, ticket, "ticket.closed")
    seen: set[int] = set()
    while (changes := feed.poll()) is not None:
        assert len(changes.tickets) <= 10
        seen |= changes.tickets
    assert seen == set(tickets)

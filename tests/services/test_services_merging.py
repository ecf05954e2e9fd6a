from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk_tui.db.known import Known
from helpdesk_tui.db.own import load_desk
from helpdesk_tui.domain.actor import Actor, ActorKind
from helpdesk_tui.domain.errors import NotAllowed, NotFound
from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.services.drafts import Drafts
from helpdesk_tui.services.inbox import Inbox
from helpdesk_tui.services.merging import Merging
from helpdesk_tui.services.threads import Threads
from helpdesk_tui.services.triage import Triage
from tests.support.mails import make_mail
from tests.support.store import (
    START,
    FakeClock,
    add_agent,
    add_message,
    add_profile,
    add_ticket,
    make_store,
)

HOUR = timedelta(hours=1)


@pytest.fixture
def store(tmp_path):
    store = make_store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def clock():
    return FakeClock(START + 5 * HOUR)


@pytest.fixture
def anna(store):
    return Actor(ActorKind.AGENT, add_agent(store, "anna"), "anna")


@pytest.fixture
def merging(store, anna, clock):
    return Merging(store, anna, now=clock)


@pytest.fixture
def triage(store, anna, clock):
    return Triage(store, anna, now=clock)


@pytest.fixture
def lena(store):
    return add_profile(store, "Lena Doe", "lena@example.net")


def ticket(store, profile, *texts, at=START, **fields):
    number = add_ticket(store, profile_id=profile, **fields)
    for index, text in enumerate(texts):
        add_message(store, number, text=text, received_at=at + index * timedelta(minutes=1))
    return number


def facts(store, number, *columns):
    with store.read() as connection:
        return connection.execute(
            f"SELECT {', '.join(columns)} FROM ticket WHERE id = ?", (number,)
        ).fetchone()


def texts(store, number):
    with store.read() as connection:
        found = connection.execute(
            "SELECT text FROM message WHERE ticket_id = ? ORDER BY received_at, id", (number,)
        )
        return [row[0] for row in found]


def everything(store):
    """All that merging could disturb, except moments of change and versions."""
    with store.read() as connection:
        return [
            connection.execute(query).fetchall()
            for query in (
                "SELECT id, ticket_id, original_ticket_id, text FROM message ORDER BY id",
                "SELECT id, status, unread, tags, assignee_id, waiting_since, closed_at,"
                " merged_into, message_count, has_media, preview, last_message_at FROM ticket"
                " ORDER BY id",
                "SELECT ticket_id, address FROM participant ORDER BY 1, 2",
                "SELECT * FROM ticket_tally WHERE total != 0 ORDER BY 1, 2, 3",
            )
        ]


def test_a_merged_ticket_brings_its_messages_and_leaves_the_lists(store, merging, lena):
    old = ticket(store, lena, "first", "second")
    new = ticket(store, lena, "third", at=START + HOUR)

    change = merging.merge([old], new)

    assert change.changed == (old,)
    assert texts(store, new) == ["first", "second", "third"]
    assert facts(store, new, "message_count", "preview") == (3, "third")
    assert facts(store, old, "merged_into") == (new,)
    with store.read() as connection:
        origins = connection.execute("SELECT DISTINCT original_ticket_id FROM message ORDER BY 1")
        assert [row[0] for row in origins] == [old, new]


def test_what_was_merged_can_be_taken_out_exactly(store, merging, lena):
    old = ticket(store, lena, "first", tags=("refund",), unread=True)
    new = ticket(store, lena, "second", at=START + HOUR, unread=False)
    before = everything(store)
    merging.merge([old], new)

    merging.unmerge(old)

    after = everything(store)
    assert after[0] == before[0]
    assert after[2] == before[2]
    assert facts(store, old, "merged_into", "message_count") == (None, 1)


def test_undo_of_a_merge_restores_both_tickets_wholly(store, merging, triage, lena):
    old = ticket(store, lena, "first", tags=("refund",), unread=True, assignee_id=1)
    new = ticket(
        store, lena, "second", at=START + HOUR, unread=False, status="closed", closed_at=START
    )
    before = everything(store)
    change = merging.merge([old], new)
    assert facts(store, new, "status", "tags", "unread") == ("open", "refund", 1)

    undone = triage.undo(change.change_id)

    assert everything(store) == before
    triage.undo(undone.change_id)
    assert texts(store, new) == ["first", "second"]
    assert facts(store, new, "status", "tags", "unread") == ("open", "refund", 1)


def test_many_tickets_become_one_and_come_apart_again(store, merging, triage, lena):
    parts = [ticket(store, lena, f"part {n}", at=START + n * HOUR) for n in range(5)]
    before = everything(store)

    change = merging.merge(parts[:4], parts[4])

    assert facts(store, parts[4], "message_count") == (5,)
    triage.undo(change.change_id)
    assert everything(store) == before


def test_a_chain_of_merges_comes_apart_in_any_order(store, merging, lena):
    one, two, three = (ticket(store, lena, name) for name in ("one", "two", "three"))
    merging.merge([one], two)
    merging.merge([two], three)
    assert texts(store, three) == ["one", "two", "three"]

    merging.unmerge(one)
    assert texts(store, one) == ["one"]
    assert texts(store, three) == ["two", "three"]
    merging.unmerge(two)
    assert (texts(store, two), texts(store, three)) == (["two"], ["three"])


def test_later_mail_to_a_merged_ticket_goes_where_it_stands_now(store, merging, lena):
    old = ticket(store, lena, "first")
    new = ticket(store, lena, "second")
    merging.merge([old], new)
    with store.read() as connection:
        desk = load_desk(connection)
        known = Known(connection)
        mail = make_mail("lena@example.net", subject=f"Re: help [#{old}]")
        known.load([mail], desk)
        assert known.standing(old) == new
        assert known.takes_part(new, "lena@example.net")


def test_who_took_part_in_a_merged_ticket_may_write_until_it_is_taken_out(store, merging, lena):
    old = ticket(store, lena, "first")
    new = ticket(store, lena, "second")
    with store.write() as connection:
        connection.execute(
            "INSERT INTO participant (ticket_id, address, role) VALUES (?, 'bo@x.example', 'cc')",
            (old,),
        )

    def may_write():
        with store.read() as connection:
            found = connection.execute(
                "SELECT 1 FROM participant WHERE ticket_id = ? AND address = 'bo@x.example'", (new,)
            )
            return found.fetchone() is not None

    merging.merge([old], new)
    assert may_write()
    merging.unmerge(old)
    assert not may_write()


def test_an_unsent_text_moves_along(store, merging, anna, clock, lena):
    old = ticket(store, lena, "first")
    new = ticket(store, lena, "second")
    drafts = Drafts(store, anna, now=clock)
    drafts.save(old, DraftKind.REPLY, "half a word")
    drafts.save(new, DraftKind.REPLY, "begun")

    merging.merge([old], new)

    moved = drafts.load(new, DraftKind.REPLY)
    assert moved is not None
    assert moved.text == "begun\n\nhalf a word"


@pytest.mark.parametrize(
    ("source", "target", "code"),
    [
        ({}, {"spam": True}, "merge.spam"),
        ({"channel": "sms"}, {}, "merge.other-channel"),
        ({}, {"channel": "webchat", "flags": "chat-ended"}, "ticket.chat-ended"),
        ({"channel": "webchat"}, {}, "merge.chat"),
    ],
)
def test_what_may_not_be_merged_is_skipped_with_a_reason(
    store, merging, lena, source, target, code
):
    one = ticket(store, lena, "one", **source)
    two = ticket(store, lena, "two", **target)
    assert merging.merge([one], two).skipped == ((one, code),)
    assert facts(store, one, "merged_into") == (None,)


def test_only_tickets_of_one_customer_are_merged(store, merging, lena):
    other = add_profile(store, "Bo", "bo@example.org")
    one, two = ticket(store, lena, "one"), ticket(store, other, "two")
    assert merging.merge([one, two, 99], two).skipped == (
        (one, "merge.other-customer"),
        (two, "merge.itself"),
        (99, "ticket.missing"),
    )


def test_a_reply_on_its_way_out_holds_a_merge_up(store, merging, lena):
    one, two = ticket(store, lena, "one"), ticket(store, lena, "two")
    add_message(store, one, direction="outbound", author_kind="agent", delivery="queued", text="x")
    assert merging.merge([one], two).skipped == ((one, "merge.sending"),)


def test_unknown_and_unmerged_tickets_are_errors(store, merging, lena):
    one = ticket(store, lena, "one")
    with pytest.raises(NotFound):
        merging.merge([one], 99)
    with pytest.raises(NotFound):
        merging.unmerge(99)
    with pytest.raises(NotAllowed):
        merging.unmerge(one)


def test_a_message_split_off_is_a_ticket_of_its_own(store, merging, triage, lena):
    old = ticket(store, lena, "shoes", "a hat", "the shoes again")
    before = everything(store)
    with store.read() as connection:
        second = connection.execute("SELECT id FROM message ORDER BY id LIMIT 1 OFFSET 1")
        message = second.fetchone()[0]

    split = merging.split(message)

    assert texts(store, split.ticket_id) == ["a hat"]
    assert texts(store, old) == ["shoes", "the shoes again"]
    assert facts(store, split.ticket_id, "status", "profile_id", "message_count") == (
        "open", lena, 1,
    )  # fmt: skip
    assert facts(store, split.ticket_id, "waiting_since")[0] is not None
    triage.undo(split.change.change_id)
    assert everything(store)[0] == before[0]
    assert facts(store, split.ticket_id, "merged_into") == (old,)


def test_a_split_can_take_all_that_follows(store, merging, lena):
    old = ticket(store, lena, "shoes", "a hat", "the hat again")
    with store.read() as connection:
        message = connection.execute("SELECT id FROM message ORDER BY id LIMIT 1 OFFSET 1")
        split = merging.split(message.fetchone()[0], following=True)
    assert texts(store, split.ticket_id) == ["a hat", "the hat again"]
    assert texts(store, old) == ["shoes"]


def test_what_would_leave_an_empty_ticket_is_not_split(store, merging, lena):
    old = ticket(store, lena, "only one")
    before = everything(store)
    with store.read() as connection:
        message = connection.execute("SELECT id FROM message").fetchone()[0]
    with pytest.raises(NotAllowed, match=r"split\.nothing-left"):
        merging.split(message)
    assert everything(store) == before
    assert texts(store, old) == ["only one"]


def test_one_ticket_per_person_is_never_split(store, merging, lena):
    ticket(store, lena, "a", "b", channel="sms")
    with store.read() as connection:
        message = connection.execute("SELECT max(id) FROM message").fetchone()[0]
    with pytest.raises(NotAllowed, match=r"split\.one-per-person"):
        merging.split(message)


def test_an_offer_is_gone_once_it_is_declined_or_taken(store, merging, lena):
    one, two = ticket(store, lena, "one"), ticket(store, lena, "two", offer="merge:1")
    merging.decline(two)
    assert facts(store, two, "offer") == ("",)
    three = ticket(store, lena, "three", offer=f"merge:{one}")
    merging.merge([three], one)
    assert Threads(store, Actor(ActorKind.SYSTEM)).detail(three).offered is None


def test_a_merged_snoozed_ticket_never_wakes(store, merging, triage, lena, clock):
    one = ticket(store, lena, "one")
    two = ticket(store, lena, "two")
    triage.snooze([one], clock() + HOUR)
    merging.merge([one], two)
    assert triage.next_wake() is None
    clock.advance(hours=2)
    assert triage.wake_due().skipped == ()


def test_merged_tickets_leave_the_counts_of_the_views(store, merging, anna, lena):
    one, two = ticket(store, lena, "one"), ticket(store, lena, "two")
    merging.merge([one], two)
    counts = Inbox(store, anna).counts()
    assert max(count.total(None) for count in counts.values()) == 1

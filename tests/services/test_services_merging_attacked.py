"""Merging where it is hard: at the same time, twice, in long chains, with replies and drafts."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from helpdesk_tui.db import activity
from helpdesk_tui.db.activity import Entry
from helpdesk_tui.domain.errors import NotAllowed, NotFound
from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.domain.tickets import View, ViewFilter
from helpdesk_tui.services.desk import Desk
from tests.support.store import START, FakeClock, add_message, add_ticket, make_desk
from tests.support.waiting import frugal

MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = make_desk(tmp_path, clock=FakeClock(START + timedelta(hours=9)))
    yield desk
    desk.close()


def ticket(desk: Desk, *texts: str, at: int = 0, **fields: object) -> int:
    """Add a ticket of Lena with messages, a minute apart from ``at`` minutes on."""
    number = add_ticket(desk.store, at=START + at * MINUTE, **fields)  # type: ignore[arg-type]
    for index, text in enumerate(texts):
        add_message(desk.store, number, text=text, at=START + (at + index) * MINUTE)
    return number


def values(desk: Desk, number: int, *columns: str) -> tuple[object, ...]:
    with desk.store.read() as connection:
        found = connection.execute(
            f"SELECT {', '.join(columns)} FROM ticket WHERE id = ?", (number,)
        )
        return tuple(found.fetchone())


def texts(desk: Desk, number: int) -> list[str]:
    return [each.text for each in desk.threads.load(number).messages]


def message_of(desk: Desk, number: int, place: int = -1) -> int:
    return desk.threads.load(number).messages[place].id


def is_sound(desk: Desk) -> None:
    """Check what must hold after any mix of merges: nothing lost, all counters right."""
    with desk.store.read() as connection:

        def one(query: str) -> int:
            return int(connection.execute(query).fetchone()[0])

        assert one(
            "SELECT count(*) FROM message JOIN ticket ON ticket.id = ticket_id"
            " WHERE merged_into IS NOT NULL"
        ) == 0  # fmt: skip
        assert one(
            "SELECT count(*) FROM ticket WHERE merged_into IS NULL AND message_count !="
            " (SELECT count(*) FROM message WHERE message.ticket_id = ticket.id"
            " AND direction != 'note')"
        ) == 0  # fmt: skip
        total = one("SELECT count(*) FROM ticket WHERE merged_into IS NULL AND spam = 0")
    assert desk.inbox.counts()[View.ALL].total(None) == total
    for number in range(1, 1 + len(_all(desk))):
        assert desk.merge_reads.standing(number) in _standing(desk)


def _all(desk: Desk) -> list[int]:
    with desk.store.read() as connection:
        return [row[0] for row in connection.execute("SELECT id FROM ticket")]


def _standing(desk: Desk) -> set[int]:
    with desk.store.read() as connection:
        return {r[0] for r in connection.execute("SELECT id FROM ticket WHERE merged_into IS NULL")}


def test_two_agents_who_merge_two_tickets_into_each_other_leave_one(desk: Desk) -> None:
    for _ in range(10):
        one, two = ticket(desk, "one"), ticket(desk, "two")
        with ThreadPoolExecutor(2) as pool:
            jobs = [
                pool.submit(desk.merging.merge, [source], target)
                for source, target in ((one, two), (two, one))
            ]
            changed = [each for job in jobs for each in job.result().changed]
        assert len(changed) == 1
        standing = desk.merge_reads.standing(one)
        assert standing == desk.merge_reads.standing(two)
        assert standing is not None
        assert sorted(texts(desk, standing)) == ["one", "two"]
    is_sound(desk)


def test_any_mix_of_merges_at_the_same_time_loses_nothing(desk: Desk) -> None:
    numbers = [ticket(desk, f"words {place}") for place in range(12)]

    def act(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(15):
            try:
                if chance.random() < 0.6:
                    change = desk.merging.merge(chance.sample(numbers, 2), chance.choice(numbers))
                    if chance.random() < 0.3:
                        desk.triage.undo(change.change_id)
                else:
                    desk.merging.unmerge(chance.choice(numbers))
            except (NotAllowed, NotFound):
                continue  # it was not merged, or the change is none

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(act, range(4)))

    is_sound(desk)
    found = [text for number in _standing(desk) for text in texts(desk, number)]
    assert sorted(found) == sorted(f"words {place}" for place in range(12))
    for number in numbers:
        if desk.threads.detail(number).merged_into is not None:
            desk.merging.unmerge(number)
    is_sound(desk)
    assert [texts(desk, number) for number in numbers] == [[f"words {n}"] for n in range(12)]


def test_a_part_merged_anew_is_not_taken_along_by_what_it_was_in_before(desk: Desk) -> None:
    one, two, three = ticket(desk, "one"), ticket(desk, "two"), ticket(desk, "three")
    desk.merging.merge([one], two)
    desk.merging.merge([two], three)
    desk.merging.unmerge(one)
    desk.merging.merge([one], three)
    desk.merging.unmerge(two)
    assert sorted(texts(desk, three)) == ["one", "three"]
    desk.merging.unmerge(one)
    assert [texts(desk, each) for each in (one, two, three)] == [["one"], ["two"], ["three"]]


def test_what_was_absorbed_by_a_former_part_of_it_keeps_its_own(desk: Desk) -> None:
    one, two, three = ticket(desk, "one"), ticket(desk, "two"), ticket(desk, "three")
    desk.merging.merge([one], two)
    desk.merging.merge([two], three)
    desk.merging.unmerge(one)
    desk.merging.merge([three], one)
    desk.merging.unmerge(two)
    assert sorted(texts(desk, one)) == ["one", "three"]
    assert texts(desk, two) == ["two"]


def test_split_off_messages_stay_with_the_split_ticket_through_merges(desk: Desk) -> None:
    old, other = ticket(desk, "shoes", "a hat", "gloves"), ticket(desk, "other")
    hat = desk.merging.split(message_of(desk, old, 1)).ticket_id
    gloves = desk.merging.split(message_of(desk, old, 1)).ticket_id
    desk.merging.merge([hat], gloves)
    desk.merging.merge([gloves, old], other)
    assert sorted(texts(desk, other)) == ["a hat", "gloves", "other", "shoes"]
    desk.merging.unmerge(old)
    assert texts(desk, old) == ["shoes"]
    desk.merging.unmerge(hat)
    assert texts(desk, hat) == ["a hat"]
    desk.merging.unmerge(gloves)
    assert (texts(desk, gloves), texts(desk, other)) == (["gloves"], ["other"])


def test_a_chain_of_a_hundred_merges_leads_to_its_end(desk: Desk) -> None:
    numbers = [ticket(desk, f"words {place}") for place in range(100)]
    for source, target in pairwise(numbers):
        desk.merging.merge([source], target)
    assert desk.merge_reads.standing(numbers[0]) == numbers[-1]
    assert len(texts(desk, numbers[-1])) == 50
    assert values(desk, numbers[-1], "message_count") == (100,)
    assert [row.id for row in desk.merge_reads.parts(numbers[-1])] == numbers[-2::-1]
    desk.merging.unmerge(numbers[0])
    assert texts(desk, numbers[0]) == ["words 0"]
    is_sound(desk)


def test_two_hundred_tickets_are_merged_in_one_go_and_taken_back(desk: Desk) -> None:
    numbers = [ticket(desk, "a", "b", at=place) for place in range(201)]
    # a second where nothing else runs
    with frugal():
        change = desk.merging.merge(numbers[1:], numbers[0])
        assert len(change.changed) == 200
        desk.triage.undo(change.change_id)
    is_sound(desk)


def test_undo_leaves_a_ticket_alone_that_was_put_elsewhere_since(desk: Desk) -> None:
    one, two, three = ticket(desk, "one"), ticket(desk, "two"), ticket(desk, "three")
    first = desk.merging.merge([one], two)
    desk.merging.unmerge(one)
    desk.merging.merge([one], three)
    undone = desk.triage.undo(first.change_id)
    assert undone.changed == ()
    assert undone.skipped == ((one, "undo.changed-since"),)
    assert sorted(texts(desk, three)) == ["one", "three"]


def test_undo_twice_takes_back_once(desk: Desk) -> None:
    one, two = ticket(desk, "one"), ticket(desk, "two")
    change = desk.merging.merge([one], two)
    assert desk.triage.undo(change.change_id).changed
    assert desk.triage.undo(change.change_id).changed == ()
    is_sound(desk)


def test_who_is_taken_out_takes_the_wait_along(desk: Desk) -> None:
    waits = ticket(desk, "still waiting", at=1, waiting_since=START + MINUTE)
    answered = ticket(desk, "thanks", at=2)
    desk.merging.merge([waits], answered)
    assert values(desk, answered, "waiting_since") != (None,)
    desk.merging.unmerge(waits)
    assert values(desk, answered, "waiting_since") != (None,)  # its own message is unanswered
    add_message(
        desk.store, answered, direction="outbound", text="here", at=START + 5 * MINUTE, agent_id=1
    )
    late = ticket(desk, "me too", at=6, waiting_since=START + 6 * MINUTE)
    with desk.store.write() as connection:
        connection.execute("UPDATE ticket SET waiting_since = NULL WHERE id = ?", (answered,))
    desk.merging.merge([late], answered)
    assert values(desk, answered, "waiting_since") != (None,)
    desk.merging.unmerge(late)
    assert values(desk, answered, "waiting_since") == (None,)
    assert values(desk, late, "waiting_since") != (None,)


def test_a_split_takes_the_wait_along_and_undo_brings_it_back(desk: Desk) -> None:
    number = ticket(desk, "the shoes")
    add_message(
        desk.store, number, direction="outbound", text="answered", at=START + MINUTE, agent_id=1
    )
    add_message(desk.store, number, text="a hat", at=START + 2 * MINUTE)
    with desk.store.write() as connection:
        connection.execute(
            "UPDATE ticket SET waiting_since = ?, offer = 'split:3'",
            (int((START + 2 * MINUTE).timestamp()) * 1_000_000,),
        )
    before = values(desk, number, "waiting_since", "offer")
    split = desk.merging.split(message_of(desk, number))
    assert values(desk, number, "waiting_since", "offer") == (None, "")
    assert values(desk, split.ticket_id, "waiting_since") == before[:1]
    desk.triage.undo(split.change.change_id)
    assert values(desk, number, "waiting_since", "offer") == before
    is_sound(desk)


def test_a_note_alone_makes_no_ticket(desk: Desk) -> None:
    number = ticket(desk, "the shoes", "a hat")
    desk.replies.note(number, "look at this")
    with pytest.raises(NotAllowed, match=r"split\.only-notes"):
        desk.merging.split(message_of(desk, number))
    assert len(_all(desk)) == 1


@pytest.mark.parametrize(
    ("flags", "code"), [("chat-ended", "ticket.chat-ended"), ("", "split.chat")]
)
def test_a_chat_is_not_split(desk: Desk, flags: str, code: str) -> None:
    number = ticket(desk, "hello", "anybody?", channel="webchat", flags=flags)
    with pytest.raises(NotAllowed, match=re.escape(code)):
        desk.merging.split(message_of(desk, number))
    assert len(_all(desk)) == 1


def test_an_offer_comes_back_with_undo_and_not_with_unmerge(desk: Desk) -> None:
    one = ticket(desk, "one")
    two = ticket(desk, "two", offer=f"merge:{one}")
    change = desk.merging.merge([two], one)
    assert desk.threads.detail(two).offered is None
    desk.triage.undo(change.change_id)
    assert desk.threads.detail(two).offered is not None
    desk.merging.merge([two], one)
    desk.merging.unmerge(two)
    assert desk.threads.detail(two).offered is None


def test_a_declined_offer_comes_back_with_undo(desk: Desk) -> None:
    one = ticket(desk, "one")
    two = ticket(desk, "two", offer=f"merge:{one}")
    change = desk.merging.decline(two)
    assert desk.threads.detail(two).offered is None
    assert desk.merging.decline(two).skipped == ((two, "ticket.no-offer"),)
    desk.triage.undo(change.change_id)
    assert desk.threads.detail(two).offered is not None


def test_found_words_lead_to_the_ticket_they_stand_in_now(desk: Desk) -> None:
    one, two = ticket(desk, "the zebra"), ticket(desk, "something")
    where = ViewFilter(View.ALL, query="zebra")
    desk.merging.merge([one], two)
    assert [row.id for row in desk.inbox.page(where).rows] == [two]
    desk.merging.unmerge(one)
    assert [row.id for row in desk.inbox.page(where).rows] == [one]


def test_unread_is_counted_once(desk: Desk) -> None:
    one, two = ticket(desk, "one", unread=1), ticket(desk, "two", unread=1)
    change = desk.merging.merge([one], two)
    assert desk.inbox.counts()[View.ALL].unread == 1
    desk.triage.mark_read([two])
    assert desk.inbox.counts()[View.ALL].unread == 0
    desk.triage.undo(change.change_id)
    assert desk.inbox.counts()[View.ALL].unread == 1


def test_a_reply_that_may_have_left_is_not_taken_back_after_a_merge(desk: Desk) -> None:
    one, two = ticket(desk, "one"), ticket(desk, "two")
    message = add_message(
        desk.store, one, direction="outbound", author_kind="agent", agent_id=1,
        delivery="failed", text="did it arrive?",
    )  # fmt: skip
    with desk.store.write() as connection:
        entry = Entry("message.failed", one, message)
        activity.record(connection, desk.actor, desk.clock(), [entry])
    desk.merging.merge([one], two)
    desk.replies.retry(message)
    with pytest.raises(NotAllowed, match=r"reply\.already-sent"):
        desk.replies.undo_send(message)


def test_a_text_written_while_the_ticket_was_merged_is_not_lost(desk: Desk) -> None:
    one, two = ticket(desk, "one"), ticket(desk, "two")
    desk.merging.merge([one], two)
    desk.drafts.save(one, DraftKind.REPLY, "half a word")
    assert desk.merging.bring_drafts([one, two])
    draft = desk.drafts.load(two, DraftKind.REPLY)
    assert draft is not None
    assert draft.text == "half a word"
    assert not desk.merging.bring_drafts([one, two])


def test_candidates_say_what_stands_against_them(desk: Desk) -> None:
    alike = ticket(desk, "alike", at=-500)
    phone = ticket(desk, "phone", at=3, channel="sms")
    gone = ticket(desk, "gone", at=2)
    desk.merging.merge([gone], alike)
    other = ticket(desk, "other", at=2, name="Bo", email="bo@example.org")
    number = ticket(desk, "this", offer=f"merge:{gone}")
    found = desk.merge_reads.candidates(number)
    assert [(each.row.id, each.refusal, each.is_offered) for each in found] == [
        (alike, "", True),
        (phone, "merge.other-channel", False),
    ]
    assert desk.merge_reads.candidate(number, 4711) is None
    named = desk.merge_reads.candidate(number, other)
    assert named is not None
    assert named.refusal == "merge.other-customer"
    itself = desk.merge_reads.candidate(number, number)
    assert itself is not None
    assert itself.refusal == "merge.itself"
    moved = desk.merge_reads.candidate(number, gone)
    assert moved is not None
    assert (moved.row.id, moved.is_offered) == (alike, True)

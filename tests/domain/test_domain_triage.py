from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from helpdesk_tui.domain import triage
from helpdesk_tui.domain.tickets import Priority, Status
from helpdesk_tui.domain.times import to_us
from helpdesk_tui.domain.triage import Snooze, TicketState

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
OPEN = TicketState(
    id=1, channel="email", status=Status.OPEN, spam=False, unread=True, assignee_id=None,
    waiting_since=NOW - timedelta(hours=1), closed_at=None, snoozed_until=None, snooze_zone="",
    snooze_keep=False, tags=("a",), merged_into=None, version=3,
)  # fmt: skip
CLOSED = replace(OPEN, status=Status.CLOSED, closed_at=NOW, waiting_since=None)
ASLEEP = replace(
    OPEN, status=Status.SNOOZED, snoozed_until=NOW, snooze_zone="Europe/Warsaw", snooze_keep=True
)
LATER = Snooze(NOW + timedelta(days=1), keep=True, zone="Europe/Warsaw")
ENDED_CHAT = replace(CLOSED, channel="webchat", flags=("chat-ended",))


def test_a_priority_is_set_and_taken_back() -> None:
    after = triage.set_priority(OPEN, Priority.HIGH)
    assert isinstance(after, TicketState)
    assert after.priority is Priority.HIGH
    assert triage.set_priority(after, Priority.HIGH) == "ticket.already-priority"
    old, new = triage.differences(OPEN, after)
    assert triage.restored(after, old, new) == (OPEN, ())


def test_closing_ends_waiting_and_sleep():
    after = triage.close(ASLEEP, NOW)
    assert after == replace(
        CLOSED, snoozed_until=None, snooze_zone="", snooze_keep=False, closed_at=NOW
    )


def test_a_team_takes_a_ticket_from_its_agent_and_an_agent_takes_it_within_the_team():
    queued = triage.assign_team(replace(OPEN, assignee_id=5), 2)
    assert queued == replace(OPEN, assignee_id=None, team_id=2)
    assert isinstance(queued, TicketState)
    taken = triage.assign(queued, 5)
    assert taken == replace(OPEN, assignee_id=5, team_id=2)
    assert isinstance(taken, TicketState)
    assert triage.assign(taken, None) == replace(OPEN, assignee_id=None, team_id=None)


def test_a_snooze_without_end_never_becomes_due():
    asleep = triage.snooze(OPEN, Snooze(None, zone="Europe/Warsaw"))
    assert isinstance(asleep, TicketState)
    assert (asleep.status, asleep.snoozed_until) == (Status.SNOOZED, None)
    assert triage.wake(asleep, NOW + timedelta(days=9999)) == "ticket.not-due"
    assert triage.reopen(asleep) == OPEN


def test_reopening_wakes_and_opens():
    assert triage.reopen(CLOSED) == replace(OPEN, waiting_since=None)
    assert triage.reopen(ASLEEP) == OPEN


def test_snoozing_keeps_who_waits():
    after = triage.snooze(OPEN, LATER)
    assert isinstance(after, TicketState)
    assert (after.status, after.snoozed_until, after.snooze_keep) == (
        Status.SNOOZED,
        LATER.until,
        True,
    )
    assert after.waiting_since == OPEN.waiting_since


def test_a_snooze_ends_at_its_time_and_not_before():
    assert triage.wake(ASLEEP, NOW) == replace(OPEN, flags=("woken",))
    assert triage.wake(ASLEEP, NOW - timedelta(seconds=1)) == "ticket.not-due"
    assert triage.wake(OPEN, NOW) == "ticket.not-due"


@pytest.mark.parametrize(
    ("result", "code"),
    [
        (triage.close(CLOSED, NOW), "ticket.already-closed"),
        (triage.reopen(OPEN), "ticket.already-open"),
        (triage.close(ENDED_CHAT, NOW), "ticket.chat-ended"),
        (triage.reopen(ENDED_CHAT), "ticket.chat-ended"),
        (triage.snooze(ENDED_CHAT, LATER), "ticket.chat-ended"),
        (
            triage.snooze(ASLEEP, Snooze(NOW, keep=True, zone="Europe/Warsaw")),
            "ticket.already-snoozed",
        ),
        (triage.assign(OPEN, None), "ticket.already-assigned"),
        (triage.assign_team(replace(OPEN, team_id=2), 2), "ticket.already-assigned"),
        (triage.tag(OPEN, ("a",)), "ticket.already-tagged"),
        (triage.untag(OPEN, ("b",)), "ticket.not-tagged"),
        (triage.mark(OPEN, unread=True), "ticket.already-unread"),
        (triage.mark(replace(OPEN, unread=False), unread=False), "ticket.already-read"),
        (triage.spam(replace(OPEN, spam=True)), "ticket.already-spam"),
        (triage.not_spam(OPEN), "ticket.not-spam"),
    ],
)
def test_what_changes_nothing_is_skipped_with_its_reason(result, code):
    assert result == code


@pytest.mark.parametrize(
    ("result", "fields"),
    [
        (triage.assign(OPEN, 7), {"assignee_id": 7}),
        (triage.tag(OPEN, ("c", "b")), {"tags": ("a", "b", "c")}),
        (triage.untag(OPEN, ("a",)), {"tags": ()}),
        (triage.mark(OPEN, unread=False), {"unread": False}),
        (triage.spam(OPEN), {"spam": True}),
    ],
)
def test_a_verb_moves_only_its_fields(result, fields):
    assert result == replace(OPEN, **fields)


def test_only_the_end_of_a_chat_is_final():
    closed = replace(CLOSED, channel="webchat")
    assert triage.reopen(closed) == replace(OPEN, channel="webchat", waiting_since=None)
    assert not triage.is_final(closed)
    assert triage.is_final(ENDED_CHAT)


def test_an_ended_chat_takes_back_what_leaves_it_closed():
    _, new = triage.differences(replace(ENDED_CHAT, tags=("b",)), ENDED_CHAT)
    assert not triage.is_beyond(ENDED_CHAT, new)
    _, new = triage.differences(OPEN, CLOSED)
    assert triage.is_beyond(ENDED_CHAT, new)
    assert not triage.is_beyond(CLOSED, new)


def test_what_is_no_spam_opens_but_an_ended_chat_stays_ended():
    assert triage.not_spam(replace(CLOSED, spam=True)) == replace(OPEN, waiting_since=None)
    assert triage.not_spam(replace(ENDED_CHAT, spam=True)) == ENDED_CHAT


@pytest.mark.parametrize("after", [CLOSED, ASLEEP, replace(OPEN, tags=("b",), unread=False)])
def test_a_change_is_taken_back_exactly(after):
    old, new = triage.differences(OPEN, after)
    assert triage.restored(after, old, new) == (OPEN, ())


def test_differences_hold_values_for_the_log():
    old, new = triage.differences(OPEN, CLOSED)
    assert old == {"status": "open", "closed_at": None, "waiting_since": to_us(NOW) - 3_600_000_000}
    assert new == {"status": "closed", "closed_at": to_us(NOW), "waiting_since": None}


def test_undo_leaves_fields_that_somebody_changed_since():
    old, new = triage.differences(OPEN, CLOSED)
    since = replace(CLOSED, status=Status.OPEN, closed_at=None)
    after, kept = triage.restored(since, old, new)
    assert kept == ("status", "closed_at")
    assert after == OPEN


SNOOZED = replace(
    OPEN, status=Status.SNOOZED, snoozed_until=NOW + timedelta(days=1), snooze_zone="UTC"
)


@pytest.mark.parametrize(
    ("before", "after", "since"),
    [
        pytest.param(
            SNOOZED, replace(CLOSED, waiting_since=None),
            replace(OPEN, waiting_since=None), id="closed-then-reopened",
        ),
        pytest.param(
            OPEN, SNOOZED, replace(SNOOZED, snoozed_until=NOW + timedelta(days=9)),
            id="snoozed-then-for-longer",
        ),
        pytest.param(
            replace(OPEN, waiting_since=None), replace(CLOSED, waiting_since=None),
            replace(CLOSED, closed_at=NOW + timedelta(days=1)), id="closed-then-closed-anew",
        ),
        pytest.param(
            replace(OPEN, profile_id=1, identity_id=1), replace(OPEN, profile_id=2, identity_id=2),
            replace(OPEN, profile_id=2, identity_id=3), id="customer-then-another-address",
        ),
    ],
)  # fmt: skip
def test_undo_takes_fields_that_say_one_thing_back_together_or_not_at_all(before, after, since):
    undone, kept = triage.restored(since, *triage.differences(before, after))
    assert replace(undone, waiting_since=since.waiting_since) == since
    assert kept


def test_undo_of_opening_leaves_a_ticket_open_once_its_customer_has_written():
    old, new = triage.differences(CLOSED, replace(CLOSED, status=Status.OPEN, closed_at=None))
    undone, kept = triage.restored(OPEN, old, new)
    assert (undone, kept) == (OPEN, ("status", "closed_at"))


def test_undo_leaves_no_keeping_of_a_snooze_that_is_gone():
    old, new = triage.differences(OPEN, SNOOZED)
    undone, _ = triage.restored(replace(SNOOZED, snooze_keep=True), old, new)
    assert undone == OPEN


def test_undo_of_tags_leaves_tags_that_others_added():
    old, new = triage.differences(OPEN, replace(OPEN, tags=("b",)))
    after, kept = triage.restored(replace(OPEN, tags=("b", "z")), old, new)
    assert (after.tags, kept) == (("a", "z"), ())


@pytest.mark.parametrize(
    "verb",
    [
        lambda woken: triage.close(woken, NOW),
        lambda woken: triage.snooze(woken, triage.Snooze(NOW + timedelta(days=1))),
        lambda woken: triage.mark(woken, unread=False),
    ],
)
def test_a_ticket_is_back_from_its_snooze_until_somebody_has_looked(verb) -> None:
    woken = triage.wake(replace(ASLEEP, flags=("auth-failed", "woken")), NOW)
    assert isinstance(woken, triage.TicketState)
    assert woken.flags == ("auth-failed", "woken")
    assert verb(woken).flags == ("auth-failed",)


def test_what_is_read_and_was_not_asleep_stays_as_it_is() -> None:
    assert triage.mark(replace(OPEN, unread=False), unread=False) == "ticket.already-read"

"""What a received message does to its ticket."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from helpdesk_tui.domain.reopening import (
    Arrival,
    ReceivingTicket,
    after_arrival,
    after_bounce,
    reopened_status,
)
from helpdesk_tui.domain.tickets import Status


def ticket(**fields: Any) -> ReceivingTicket:
    values: dict[str, Any] = {
        "id": 1, "profile_id": 1, "customer_name": "Lena", "customer_address": "lena@example.net",
        "status": Status.OPEN, "spam": False, "unread": False, "automatic": False,
        "snooze_keep": False, "snoozed_until": None, "closed_at": None, "created_at": 100,
        "last_message_at": 100, "waiting_since": None, "message_count": 1, "has_media": False,
        "preview": "old", "flags": (), **fields,
    }  # fmt: skip
    return ReceivingTicket(**values)


def arrival(**fields: Any) -> Arrival:
    return Arrival(**{"at": 200, "preview": "new", "has_media": False, **fields})


@pytest.mark.parametrize(
    ("status", "spam", "keep", "wanted"),
    [
        (Status.OPEN, False, False, Status.OPEN),
        (Status.CLOSED, False, False, Status.OPEN),
        (Status.SNOOZED, False, False, Status.OPEN),
        (Status.SNOOZED, False, True, Status.SNOOZED),
        (Status.CLOSED, True, False, Status.CLOSED),
    ],
)
def test_a_person_reopens_what_may_be_reopened(
    status: Status, spam: bool, keep: bool, wanted: Status
) -> None:
    assert reopened_status(status, spam=spam, snooze_keep=keep) is wanted
    after = after_arrival(ticket(status=status, spam=spam, snooze_keep=keep), arrival())
    assert after.status is wanted
    assert after.unread


def test_reopening_forgets_when_it_was_closed_or_would_wake() -> None:
    after = after_arrival(ticket(status=Status.SNOOZED, snoozed_until=900), arrival())
    assert (after.snoozed_until, after.closed_at) == (None, None)
    assert after_arrival(ticket(status=Status.CLOSED, closed_at=150), arrival()).closed_at is None


def test_the_wait_begins_with_the_first_unanswered_message() -> None:
    assert after_arrival(ticket(), arrival()).waiting_since == 200
    assert after_arrival(ticket(waiting_since=150), arrival()).waiting_since == 150
    assert after_arrival(ticket(), arrival(is_ours=True)).waiting_since is None


def test_automatic_mail_moves_nothing_but_the_count() -> None:
    before = ticket(status=Status.CLOSED, closed_at=150)
    after = after_arrival(before, arrival(automatic=True, has_media=True, flags=("auth-failed",)))
    assert (after.message_count, after.has_media, after.flags) == (2, True, ("auth-failed",))
    assert (after.status, after.unread, after.waiting_since) == (Status.CLOSED, False, None)
    assert (after.last_message_at, after.preview, after.closed_at) == (100, "old", 150)


def test_a_person_takes_the_mark_of_automatic_mail_away() -> None:
    assert not after_arrival(ticket(automatic=True), arrival()).automatic


def test_an_older_message_does_not_replace_the_preview() -> None:
    after = after_arrival(ticket(), arrival(at=50))
    assert (after.preview, after.last_message_at, after.created_at) == ("old", 100, 50)


def test_a_final_failure_brings_the_ticket_back() -> None:
    closed = ticket(status=Status.CLOSED, closed_at=150)
    final = after_bounce(closed, arrival(flags=("address-fails",)), is_final=True)
    assert (final.status, final.unread, final.last_message_at) == (Status.OPEN, True, 200)
    assert final.flags == ("address-fails",)
    late = after_bounce(closed, arrival(), is_final=False)
    assert (late.status, late.unread, late.message_count) == (Status.CLOSED, False, 2)


@pytest.mark.parametrize(
    ("status", "moves"),
    [(Status.OPEN, True), (Status.CLOSED, False), (Status.SNOOZED, False)],
)
def test_thanks_leave_a_ticket_that_is_not_open_as_it_is(status: Status, moves: bool) -> None:
    after = after_arrival(ticket(status=status), arrival(is_thanks=True, flags=("gratitude",)))
    assert after.status is status
    assert after.unread is moves
    assert (after.waiting_since is not None) is moves
    assert after.message_count == 2
    assert after.flags == ("gratitude",)


def test_an_offer_stays_until_another_takes_its_place() -> None:
    offered = after_arrival(ticket(), arrival(offer="split:9"))
    assert offered.offer == "split:9"
    assert after_arrival(offered, arrival()).offer == "split:9"


@pytest.mark.parametrize("status", Status)
def test_a_blocked_sender_moves_nothing_but_the_count(status: Status) -> None:
    before = ticket(status=status)
    after = after_arrival(before, arrival(is_blocked=True, has_media=True))
    assert after == replace(before, message_count=2, has_media=True)

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from helpdesk_tui.domain.merging import absorbed, refusal
from helpdesk_tui.domain.tickets import Status
from helpdesk_tui.domain.triage import TicketState

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ONE = TicketState(
    id=1, channel="email", status=Status.OPEN, spam=False, unread=False, assignee_id=None,
    waiting_since=None, closed_at=None, snoozed_until=None, snooze_zone="", snooze_keep=False,
    tags=(), merged_into=None, version=1,
)  # fmt: skip
TWO = replace(ONE, id=2)


@pytest.mark.parametrize(
    ("source", "target", "code"),
    [
        (ONE, TWO, ""),
        (ONE, ONE, "merge.itself"),
        (replace(ONE, merged_into=3), TWO, "ticket.merged"),
        (replace(ONE, spam=True), TWO, "merge.spam"),
        (replace(ONE, channel="whatsapp"), TWO, "merge.other-channel"),
        (ONE, replace(TWO, channel="sms"), "merge.other-channel"),
        (replace(ONE, channel="sms"), replace(TWO, channel="sms"), ""),
        (replace(ONE, channel="instagram"), TWO, ""),
        (ONE, replace(TWO, channel="webchat", flags=("chat-ended",)), "ticket.chat-ended"),
        (replace(ONE, channel="webchat", flags=("chat-ended",)), TWO, "ticket.chat-ended"),
        (ONE, replace(TWO, channel="webchat"), "merge.chat"),
        (replace(ONE, channel="webchat"), TWO, "merge.chat"),
        (replace(ONE, channel="webchat"), replace(TWO, channel="webchat"), "merge.chat"),
    ],
)
def test_which_tickets_become_one(source, target, code):
    assert refusal(source, target, same_customer=True, is_sending=False) == code


def test_other_customers_and_replies_on_their_way_hold_a_merge_up():
    assert refusal(ONE, TWO, same_customer=False, is_sending=False) == "merge.other-customer"
    assert refusal(ONE, TWO, same_customer=True, is_sending=True) == "merge.sending"


def test_the_livelier_status_the_tags_and_an_owner_win():
    closed = replace(TWO, status=Status.CLOSED, closed_at=NOON, tags=("vip",))
    asleep = replace(ONE, status=Status.SNOOZED, snoozed_until=NOON, assignee_id=7, unread=True,
                     tags=("refund", "vip"))  # fmt: skip
    found = absorbed(closed, asleep, waiting_since=NOON)
    assert found == replace(
        closed, status=Status.SNOOZED, closed_at=None, snoozed_until=NOON, assignee_id=7,
        unread=True, tags=("refund", "vip"), waiting_since=NOON,
    )  # fmt: skip
    assert absorbed(ONE, closed, waiting_since=None).status is Status.OPEN
    assert absorbed(replace(ONE, assignee_id=3), asleep, waiting_since=None).assignee_id == 3

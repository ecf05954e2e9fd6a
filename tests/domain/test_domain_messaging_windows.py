"""Until when a customer may be written to, to the second."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from helpdesk_tui.domain.channels import INSTAGRAM, SMS, WHATSAPP
from helpdesk_tui.domain.messaging.state import ConsentInfo, ConsentState, MessagingInfo
from helpdesk_tui.domain.messaging.windows import (
    lock_of,
    needs_human_tag,
    time_left,
    window_end,
)

HEARD = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
INFO = MessagingInfo(
    1, "line", is_enabled=True, provider="meta", address="+15557770001", ours="+15550001111",
    heard_at=HEARD, consent=ConsentInfo(ConsentState.GIVEN), templates=2,
)  # fmt: skip
HUMAN = replace(INFO, has_human_agent=True)
DAY, WEEK = timedelta(hours=24), timedelta(days=7)
SECOND = timedelta(seconds=1)


def code(info, spec, after, **more):
    lock = lock_of(info, spec, HEARD + after, **more)
    return "" if lock is None else lock.code


@pytest.mark.parametrize(
    ("info", "spec", "after", "is_person", "wanted"),
    [
        (INFO, WHATSAPP, DAY - SECOND, True, ""),
        (INFO, WHATSAPP, DAY, True, "reply.window-closed"),
        (INFO, INSTAGRAM, DAY, True, "reply.human-only"),
        (HUMAN, INSTAGRAM, DAY, True, ""),
        (HUMAN, INSTAGRAM, DAY, False, "reply.human-only"),
        (HUMAN, INSTAGRAM, DAY - SECOND, False, ""),
        (HUMAN, INSTAGRAM, WEEK - SECOND, True, ""),
        (HUMAN, INSTAGRAM, WEEK, True, "reply.window-closed"),
        (INFO, INSTAGRAM, WEEK, True, "reply.window-closed"),
        (INFO, SMS, timedelta(days=400), True, ""),
        (replace(INFO, heard_at=None), WHATSAPP, DAY, True, "reply.never-wrote"),
        (replace(INFO, is_enabled=False), SMS, DAY, True, "channel.off"),
    ],
)
def test_windows_shut_to_the_second(info, spec, after, is_person, wanted):
    assert code(info, spec, after, is_person=is_person) == wanted


@pytest.mark.parametrize(
    ("state", "spec", "wanted"),
    [
        (ConsentState.UNKNOWN, SMS, "reply.no-consent"),
        (ConsentState.WITHDRAWN, SMS, "reply.opted-out"),
        (ConsentState.UNKNOWN, WHATSAPP, ""),
        (ConsentState.WITHDRAWN, WHATSAPP, "reply.opted-out"),
        (ConsentState.WITHDRAWN, INSTAGRAM, ""),
    ],
)
def test_consent_locks_what_needs_it(state, spec, wanted):
    assert code(replace(INFO, consent=ConsentInfo(state)), spec, SECOND) == wanted


def test_a_shut_window_allows_templates_where_there_are_any_and_opting_out_does_not():
    lock = lock_of(INFO, WHATSAPP, HEARD + DAY)
    assert lock is not None
    assert lock.allows_template
    assert (lock.values["hours"], lock.values["templates"]) == (24, 2)
    gone = replace(INFO, consent=ConsentInfo(ConsentState.WITHDRAWN))
    for info, spec in ((gone, WHATSAPP), (HUMAN, INSTAGRAM)):
        other = lock_of(info, spec, HEARD + WEEK)
        assert other is not None
        assert not other.allows_template


def test_the_clock_tells_what_is_left():
    assert time_left(INFO, WHATSAPP, HEARD + timedelta(hours=23)) == timedelta(hours=1)
    assert time_left(INFO, WHATSAPP, HEARD + timedelta(days=3)) == timedelta()
    assert time_left(INFO, SMS, HEARD) is None
    assert window_end(HUMAN, INSTAGRAM) == HEARD + WEEK
    assert window_end(HUMAN, INSTAGRAM, is_person=False) == HEARD + DAY
    assert needs_human_tag(HUMAN, INSTAGRAM, HEARD + DAY)
    assert not needs_human_tag(HUMAN, INSTAGRAM, HEARD + DAY - SECOND)
    assert not needs_human_tag(INFO, WHATSAPP, HEARD + WEEK)

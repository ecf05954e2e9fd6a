"""What providers tell becomes tickets, by the reopening rule of each channel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.db.reads.messaging import load_messaging
from helpdesk_tui.domain.actor import Actor, ActorKind
from helpdesk_tui.domain.mail import Notice, NoticeKind
from helpdesk_tui.domain.messaging.received import Medium
from helpdesk_tui.domain.received import Summary
from helpdesk_tui.domain.tickets import Status
from helpdesk_tui.services.triage import Triage
from tests.support.messaging import LENA, MessagingBox
from tests.support.store import FakeClock, add_agent, make_store

ANNA = Actor(ActorKind.AGENT, 1, "anna")
CHANNELS = ("sms", "whatsapp", "instagram")


@pytest.fixture
def box(tmp_path: Path) -> Iterator[MessagingBox]:
    store = make_store(tmp_path)
    add_agent(store, "anna")
    yield MessagingBox(store, FakeClock())
    store.close()


@pytest.fixture
def triage(box: MessagingBox) -> Triage:
    return Triage(box.store, ANNA, now=box.clock)


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_first_message_makes_a_ticket(box: MessagingBox, channel: str) -> None:
    account = getattr(box, channel)
    news = box.said("Where is my parcel?", name="Lena Doe")
    assert box.hear(account, news) == Summary(seen=1, tickets=1)
    ticket = box.row("ticket")
    assert ticket["channel"] == channel
    assert ticket["status"] == "open"
    assert ticket["unread"] == 1
    assert ticket["subject"] == ticket["preview"] == "Where is my parcel?"
    assert ticket["customer_name"] == "Lena Doe"
    assert ticket["customer_address"] == LENA
    assert ticket["recipient"] == account.address
    assert ticket["waiting_since"] is not None
    assert ticket["message_count"] == 1


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("times", [1, 2])
def test_the_same_message_twice_is_stored_once(box: MessagingBox, channel: str, times: int) -> None:
    account = getattr(box, channel)
    news = box.said()
    box.hear(account, news, *[news] * (times - 1))
    assert box.hear(account, news) == Summary(seen=1, duplicates=1)
    assert len(box.rows("message")) == 1
    assert box.row("ticket")["message_count"] == 1


@pytest.mark.parametrize(
    ("channel", "joins"), [("sms", True), ("whatsapp", True), ("instagram", False)]
)
def test_a_message_to_a_closed_ticket(
    box: MessagingBox, triage: Triage, channel: str, joins: bool
) -> None:
    account = getattr(box, channel)
    first = box.told(account)
    triage.close([first])
    second = box.told(account, "hello again")
    assert (second == first) is joins
    assert [row["status"] for row in box.rows("ticket", id=second)] == ["open"]
    assert ("ticket.reopened" in box.events(first)) is joins


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_message_to_a_running_ticket_joins_it(box: MessagingBox, channel: str) -> None:
    account = getattr(box, channel)
    assert box.told(account) == box.told(account)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(("keep", "status"), [(False, "open"), (True, "snoozed")])
def test_a_snoozed_ticket_wakes_unless_it_was_to_sleep_on(
    box: MessagingBox, triage: Triage, channel: str, keep: bool, status: str
) -> None:
    account = getattr(box, channel)
    ticket = box.told(account)
    triage.snooze([ticket], box.clock.now + timedelta(days=1), keep=keep)
    assert box.told(account) == ticket
    assert box.row("ticket", id=ticket)["status"] == status


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
def test_a_ticket_marked_spam_is_still_that_ticket(
    box: MessagingBox, triage: Triage, channel: str
) -> None:
    account = getattr(box, channel)
    ticket = box.told(account)
    triage.spam([ticket])
    triage.close([ticket])
    assert box.told(account) == ticket
    row = box.row("ticket", id=ticket)
    assert (row["spam"], row["status"]) == (1, "closed")


def test_the_newest_ticket_that_is_not_closed_gets_a_direct_message(
    box: MessagingBox, triage: Triage
) -> None:
    first = box.told(box.instagram)
    triage.close([first])
    second = box.told(box.instagram)
    triage.reopen([first])
    assert box.told(box.instagram) == second
    triage.close([second])
    assert box.told(box.instagram) == first


def test_one_person_on_two_numbers_of_ours_has_two_tickets(box: MessagingBox) -> None:
    other = box.account("sms", "+46700000002", name="sms-2")
    tickets = {box.told(box.sms), box.told(other), box.told(box.whatsapp)}
    assert len(tickets) == 3
    assert len({row["profile_id"] for row in box.rows("ticket")}) == 1


def test_a_message_with_a_file_alone_is_shown_by_its_name(box: MessagingBox) -> None:
    news = replace(box.said(""), media=(Medium({"url": "/m/1"}, "image/jpeg"),))
    box.hear(box.sms, news)
    assert box.row("ticket")["preview"] == box.row("ticket")["subject"] == "image.jpg"
    assert box.row("attachment")["state"] == "pending"


def test_what_cannot_be_stored_harms_no_other(box: MessagingBox) -> None:
    poison = replace(box.said(), address="+4670\ud800")
    summary = box.hear(box.sms, box.said("before"), poison, box.said("after"))
    assert [row["text"] for row in box.rows("message")] == ["before", "after"]
    assert summary == Summary(seen=3, tickets=1, messages=1, failed=1)
    assert box.row("intake")["reason"] == "unreadable"
    assert box.hear(box.sms, poison) == Summary(seen=1, duplicates=1)


def test_the_cursor_moves_with_what_is_stored(box: MessagingBox) -> None:
    news = [box.said(str(number)) for number in range(120)]
    assert box.messaging.position(box.sms, "poll") == 0
    box.hear(box.sms, *news, folder="poll", position=7)
    assert box.messaging.position(box.sms, "poll") == 7
    box.hear(box.sms, folder="poll", position=9)
    assert box.messaging.position(box.sms, "poll") == 9
    box.hear(box.sms, folder="poll", position=8)
    assert box.messaging.position(box.sms, "poll") == 9
    assert box.row("ticket")["message_count"] == 120
    assert box.row("ticket")["status"] == Status.OPEN


@pytest.mark.parametrize(
    ("fields", "preview"),
    [
        ({"media": (Medium(source={"url": "x"}, content_type="image/png"),)}, "image.png"),
        ({"media": (Medium(source={"url": "x"}, name="label.pdf"),)}, "label.pdf"),
        ({"notices": (Notice(NoticeKind.LOCATION, (("name", "Shop"), ("address", "Main St 1"),
                                                   ("latitude", "52.2"))),)}, "Shop · Main St 1"),
        ({"notices": (Notice(NoticeKind.LOCATION, (("latitude", "52.2"), ("longitude", "21.0"),
                                                   ("name", ""))),)}, "52.2, 21.0"),
        ({"notices": (Notice(NoticeKind.CONTACT, (("name", "Bo"), ("phone", "+4860")),),)},
         "Bo · +4860"),
        ({"notices": (Notice(NoticeKind.STORY, (("what", "mention"), ("link", "https://x.y"))),)},
         "story"),
    ],
)  # fmt: skip
def test_a_message_without_text_is_told_apart_in_the_list(
    box: MessagingBox, fields: dict[str, Any], preview: str
) -> None:
    box.hear(box.whatsapp, box.said("", **fields))
    ticket = box.row("ticket")
    assert (ticket["subject"], ticket["preview"]) == (preview, preview)


@pytest.mark.parametrize("channel", ["whatsapp", "instagram"])
def test_a_providers_clock_that_is_ahead_keeps_no_window_open(
    box: MessagingBox, channel: str
) -> None:
    account = getattr(box, channel)
    ticket = box.told(account, at=box.clock.now + timedelta(hours=20))
    with box.store.read() as connection:
        info = load_messaging(connection, ticket)
    assert info is not None
    assert info.heard_at == box.clock.now

"""Whoever texts and may not be written to is told why, once a day, and never after a STOP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk_tui.domain.actor import Actor, ActorKind
from helpdesk_tui.domain.messaging.state import ConsentState
from helpdesk_tui.services.blocks import Blocks
from helpdesk_tui.services.messaging.consent import ConsentLog
from helpdesk_tui.services.people import People
from tests.support.messaging import LENA, MessagingBox
from tests.support.store import FakeClock, add_agent, make_store

OTHER = "+46709998877"


@pytest.fixture
def box(tmp_path: Path) -> Iterator[MessagingBox]:
    store = make_store(tmp_path)
    box = MessagingBox(store, FakeClock())
    box.set("sms-auto-reply", "never-consented")
    box.set("chat-name", "Acme")
    yield box
    store.close()


@pytest.fixture
def log(box: MessagingBox) -> ConsentLog:
    anna = Actor(ActorKind.AGENT, add_agent(box.store, "anna"), "anna")
    return ConsentLog(box.store, anna, now=box.clock)


def answers(box: MessagingBox) -> list[str]:
    return [row["text"] for row in box.rows("message", author_kind="auto")]


def test_a_stranger_is_told_how_to_reach_the_shop(box: MessagingBox) -> None:
    box.account("email", "support@shop.example")
    ticket = box.told(box.sms, "hello?", address="+12025550123")
    (text,) = answers(box)
    assert text == (
        "Acme: we cannot answer because you have not consented to SMS."
        " For help contact us at support@shop.example"
    )
    (message,) = box.rows("message", author_kind="auto")
    assert (message["delivery"], message["automatic"], message["ticket_id"]) == (
        "queued", 1, ticket,
    )  # fmt: skip
    row = box.row("ticket")
    assert (row["status"], row["unread"], row["preview"], row["message_count"]) == (
        "open", 1, "hello?", 2,
    )  # fmt: skip
    assert row["waiting_since"] is not None


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (LENA, "du inte har godkänt SMS. Svara START"),
        ("+48600100200", "nie mamy zgody na SMS. Odpisz START"),
        ("+5511987654321", "você não autorizou SMS. Responda START"),
        ("+12025550123", "not consented to SMS. Reply START"),
    ],
)
def test_it_speaks_the_language_of_the_number(box: MessagingBox, address: str, words: str) -> None:
    box.told(box.sms, address=address)
    assert words in answers(box)[0]


def test_a_text_of_the_desk_takes_the_place_of_the_preset(box: MessagingBox) -> None:
    box.set("sms-auto-reply-text", "Mail us.\n[sv] Mejla oss, {{ organization.prefix }}.")
    box.set("sms-prefix", "ACME")
    box.told(box.sms)
    box.told(box.sms, address="+48600100200")
    assert answers(box) == ["Mejla oss, ACME.", "Mail us."]


def test_once_a_day_whichever_number_they_write_from(box: MessagingBox, log: ConsentLog) -> None:
    first, second = box.told(box.sms), box.told(box.sms, address=OTHER)
    assert len(answers(box)) == 2
    for row in box.rows("message", author_kind="auto"):
        box.change("message", row["id"], delivery="sent")
    profiles = [row["profile_id"] for row in box.rows("ticket")]
    People(box.store, Actor(ActorKind.AGENT, 1, "anna"), now=box.clock).link(*reversed(profiles))
    box.clock.advance(hours=23)
    assert box.told(box.sms) == box.told(box.sms, address=OTHER) == first != second
    assert len(answers(box)) == 2
    box.clock.advance(hours=2)
    box.told(box.sms)
    box.told(box.sms, address=OTHER)
    assert len(answers(box)) == 3


@pytest.mark.parametrize(
    ("audience", "state", "is_answered"),
    [
        ("off", None, False),
        ("never-consented", None, True),
        ("never-consented", ConsentState.GIVEN, False),
        ("never-consented", ConsentState.WITHDRAWN, False),
        ("everybody", None, True),
        ("everybody", ConsentState.GIVEN, True),
        ("everybody", ConsentState.WITHDRAWN, False),
    ],
)
def test_who_is_answered(
    box: MessagingBox, log: ConsentLog, audience: str, state: ConsentState | None,
    is_answered: bool,
) -> None:  # fmt: skip
    box.set("sms-auto-reply", audience)
    if state is not None:
        log.record(LENA, state, "form 17")
    box.told(box.sms)
    assert bool(answers(box)) is is_answered


@pytest.mark.parametrize("word", ["STOP", "HJÄLP", "START"])
def test_a_keyword_is_answered_as_one(box: MessagingBox, word: str) -> None:
    box.hear(box.sms, box.said(word))
    assert answers(box) == []


@pytest.mark.parametrize("channel", ["whatsapp", "instagram"])
def test_only_text_messages_are_answered(box: MessagingBox, channel: str) -> None:
    box.told(getattr(box, channel))
    assert answers(box) == []


@pytest.mark.parametrize("sender", ["72345", "DHL"])
def test_machines_are_not_answered(box: MessagingBox, sender: str) -> None:
    box.told(box.sms, address=sender)
    assert answers(box) == []


def test_old_messages_and_blocked_senders_are_not_answered(
    box: MessagingBox, log: ConsentLog
) -> None:
    box.told(box.sms, at=box.clock.now - timedelta(hours=13))
    assert answers(box) == []
    ticket = box.told(box.sms, address=OTHER)
    assert len(answers(box)) == 1
    Blocks(box.store, Actor(ActorKind.AGENT, 1, "anna"), now=box.clock).block([ticket])
    box.clock.advance(days=2)
    box.told(box.sms, address=OTHER)
    assert len(answers(box)) == 1


def test_the_same_message_twice_is_answered_once(box: MessagingBox) -> None:
    news = box.said()
    box.hear(box.sms, news)
    box.hear(box.sms, news)
    assert len(answers(box)) == 1

"""Keywords make no ticket: consent is noted, the word stands where it belongs, and is answered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.domain.actor import Actor, ActorKind
from helpdesk_tui.domain.messaging.received import Medium, OptOut
from helpdesk_tui.domain.received import Summary
from helpdesk_tui.services.blocks import Blocks
from helpdesk_tui.services.triage import Triage
from tests.support.messaging import LENA, OURS, MessagingBox
from tests.support.store import FakeClock, add_agent, make_store

ANNA = Actor(ActorKind.AGENT, 1, "anna")


@pytest.fixture
def box(tmp_path: Path) -> Iterator[MessagingBox]:
    store = make_store(tmp_path)
    add_agent(store, "anna")
    yield MessagingBox(store, FakeClock())
    store.close()


def consent(box: MessagingBox) -> list[tuple[str, str, str, str]]:
    return [
        (row["state"], row["source"], row["detail"], row["ours"]) for row in box.rows("consent")
    ]


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
@pytest.mark.parametrize(
    ("text", "state", "word"),
    [
        ("STOP", "withdrawn", "stop"),
        (" stopp! ", "withdrawn", "stopp"),
        ("Zatrzymaj.", "withdrawn", "zatrzymaj"),
        ("SAIR", "withdrawn", "sair"),
        ("JOIN", "given", "join"),
        ("Dołącz", "given", "dolacz"),
        ("começar", "given", "comecar"),
    ],
)
def test_a_keyword_is_consent_and_no_ticket(
    box: MessagingBox, channel: str, text: str, state: str, word: str
) -> None:
    account = getattr(box, channel)
    assert box.hear(account, box.said(text)) == Summary(seen=1, rejected=1)
    assert box.rows("ticket") == []
    assert consent(box) == [(state, "keyword", word, OURS)]
    row = box.row("intake")
    assert (row["reason"], row["customer_address"], row["done_at"]) == ("keyword", LENA, None)
    assert json.loads(row["detail"])["text"] == text.strip()


@pytest.mark.parametrize(
    "text",
    ["please stop the parcel", "Stop it?? no, go on", "HELP me with order 1001", "yes", "Ja", "🙂"],
)
@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
def test_everything_else_is_a_message(box: MessagingBox, channel: str, text: str) -> None:
    box.told(getattr(box, channel), text)
    assert consent(box) == []
    assert len(box.rows("ticket")) == 1


def test_no_word_is_a_keyword_in_direct_messages(box: MessagingBox) -> None:
    box.told(box.instagram, "STOP")
    assert (consent(box), len(box.rows("ticket"))) == ([], 1)


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
def test_a_keyword_with_a_file_is_a_message(box: MessagingBox, channel: str) -> None:
    box.told(getattr(box, channel), "STOP", media=(Medium({"url": "/1"}, "image/png"),))
    assert consent(box) == []


def test_what_the_provider_has_made_of_a_file_with_a_keyword_is_noted_beside_the_message(
    box: MessagingBox,
) -> None:
    media = (Medium({"url": "/1"}, "image/png"),)
    box.told(box.sms, "STOP", media=media, opt_out=OptOut.STOP)
    assert consent(box) == [("withdrawn", "provider", "", OURS)]
    assert len(box.rows("ticket")) == 1


def test_a_keyword_stands_in_the_persons_ticket_and_moves_nothing(box: MessagingBox) -> None:
    ticket = box.told(box.whatsapp)
    triage = Triage(box.store, ANNA, now=box.clock)
    triage.mark_read([ticket])
    triage.close([ticket])
    before = box.row("ticket")
    box.hear(box.whatsapp, box.said("STOP"))
    after = box.row("ticket")
    moved = {name for name in after if after[name] != before[name]}
    assert moved <= {"version", "updated_at", "message_count"}
    assert box.events(ticket)[-2:] == ["keyword.stop", "message.queued"]
    row = box.row("intake")
    assert row["done_at"] is not None
    assert json.loads(row["detail"])["ticket"] == str(ticket)


def test_the_answer_to_a_keyword_stands_in_the_ticket_and_leaves_after_the_withdrawal(
    box: MessagingBox,
) -> None:
    box.set("chat-name", "Acme")
    ticket = box.told(box.whatsapp)
    box.hear(box.whatsapp, box.said("STOPP"))
    answer = box.row("message", direction="outbound")
    assert answer["ticket_id"] == ticket
    assert answer["text"].startswith("Acme: du får inga fler meddelanden")
    assert (answer["flags"], answer["automatic"], answer["delivery"]) == (
        "keyword-answer", 1, "queued",
    )  # fmt: skip
    assert box.rows("keyword_answer") == []


def test_who_has_no_ticket_is_answered_all_the_same(box: MessagingBox) -> None:
    box.set("help-answer", "Mail us.")
    box.hear(box.whatsapp, box.said("HJÄLP"))
    answer = box.row("keyword_answer")
    assert (answer["address"], answer["text"], answer["command"]) == (LENA, "Mail us.", "help")
    assert consent(box) == []


@pytest.mark.parametrize(
    ("text", "opt_out", "answers"),
    [
        ("STOP", OptOut.NONE, 0),
        ("CANCEL", OptOut.NONE, 0),
        ("STOPP", OptOut.NONE, 1),
        ("STOPP", OptOut.STOP, 0),
        ("INFO", OptOut.NONE, 0),
        ("HJÄLP", OptOut.NONE, 1),
    ],
)
def test_what_twilio_answers_is_not_answered_twice(
    box: MessagingBox, text: str, opt_out: OptOut, answers: int
) -> None:
    box.set("stop-answer", "bye")
    box.set("help-answer", "mail us")
    box.hear(box.sms, box.said(text, opt_out=opt_out))
    assert len(box.rows("keyword_answer")) == answers
    assert box.rows("ticket") == []


def test_yes_is_a_start_only_after_a_stop(box: MessagingBox) -> None:
    box.told(box.sms, "yes")
    box.hear(box.sms, box.said("STOP"))
    box.clock.advance(seconds=5)
    box.hear(box.sms, box.said("YES"))
    assert [row[0] for row in consent(box)] == ["withdrawn", "given"]


def test_a_word_of_the_desk_is_a_keyword(box: MessagingBox) -> None:
    box.set("stop-words", ["Dość tego"])
    box.hear(box.whatsapp, box.said("dosc TEGO!"))
    assert consent(box) == [("withdrawn", "keyword", "dosc tego", OURS)]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_last_word_holds_whichever_came_first(
    box: MessagingBox, order: tuple[int, int]
) -> None:
    words = [box.said("STOP"), replace(box.said("START"), at=box.clock.now + timedelta(minutes=1))]
    box.clock.advance(hours=1)
    for number in order:
        box.hear(box.whatsapp, words[number])
    ticket = box.told(box.whatsapp)
    from helpdesk_tui.db.reads.messaging import load_messaging

    with box.store.read() as connection:
        info = load_messaging(connection, ticket)
    assert info is not None
    assert info.consent.state == "given"


def test_two_machines_do_not_answer_each_other_for_ever(box: MessagingBox) -> None:
    box.set("help-answer", "mail us")
    for _ in range(9):
        box.hear(box.whatsapp, box.said("HELP"))
    assert len(box.rows("keyword_answer")) == 3


def test_a_blocked_sender_withdraws_and_hears_nothing(box: MessagingBox) -> None:
    ticket = box.told(box.whatsapp)
    Blocks(box.store, ANNA, now=box.clock).block([ticket])
    box.hear(box.whatsapp, box.said("STOP"))
    assert len(consent(box)) == 1
    assert box.rows("message", direction="outbound") == []


@pytest.mark.parametrize("again", [1, 3])
def test_the_same_keyword_twice_is_noted_once(box: MessagingBox, again: int) -> None:
    news: Any = box.said("STOP")
    for _ in range(again):
        box.hear(box.whatsapp, news)
    assert len(consent(box)) == 1
    assert len(box.rows("intake")) == 1

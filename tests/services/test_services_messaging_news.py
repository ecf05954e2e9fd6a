"""What providers say of messages: echoes, taken back, signs, read; twice, late or too early."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk_tui.db.reads.messaging import load_messaging
from helpdesk_tui.domain.actor import Actor, ActorKind
from helpdesk_tui.domain.mail import Notice, NoticeKind
from helpdesk_tui.domain.messages import Delivery
from helpdesk_tui.domain.messaging.received import (
    Gap,
    Medium,
    News,
    Reaction,
    ReadUpTo,
    StatusNews,
    Unsent,
)
from helpdesk_tui.domain.messaging.state import ConsentState
from helpdesk_tui.domain.received import Summary
from helpdesk_tui.domain.tickets import View, ViewFilter
from helpdesk_tui.services.blocks import Blocks
from helpdesk_tui.services.inbox import Inbox
from helpdesk_tui.services.people import People
from helpdesk_tui.services.threads import Threads
from helpdesk_tui.services.triage import Triage
from tests.support.messaging import LENA, MessagingBox
from tests.support.store import FakeClock, add_agent, make_store

OTHER = "+46709998877"
CHANNELS = ("sms", "whatsapp", "instagram")


@pytest.fixture
def anna(box: MessagingBox) -> Actor:
    return Actor(ActorKind.AGENT, add_agent(box.store, "anna"), "anna")


def notices(box: MessagingBox, number: int = 0) -> list[tuple[str, dict[str, str]]]:
    return [(kind, values) for kind, values in json.loads(box.rows("message")[number]["notices"])]


def found(box: MessagingBox, words: str) -> list[int]:
    inbox = Inbox(box.store, Actor(ActorKind.SYSTEM), now=box.clock)
    return [row.id for row in inbox.page(ViewFilter(View.ALL, query=words)).rows]


def queue(box: MessagingBox, ticket: int, **part: Any) -> int:
    """Put a reply of ours with one part on its way; return its message."""
    at = 1_000_000 * int(box.clock.now.timestamp())
    with box.store.write() as connection:
        account = connection.execute(
            "SELECT channel_account_id, channel FROM ticket WHERE id = ?", (ticket,)
        ).fetchone()
        message = connection.execute(
            "INSERT INTO message (ticket_id, original_ticket_id, channel, channel_account_id,"
            " direction, author_kind, text, recipients, sent_at, received_at, delivery)"
            " VALUES (?, ?, ?, ?, 'outbound', 'agent', 'on its way', ?, ?, ?, 'sending')"
            " RETURNING id",
            (ticket, ticket, account[1], account[0], json.dumps([LENA]), at, at),
        ).fetchone()[0]
        values = {
            "kind": "text", "text": "on its way", "state": "sending", "begun_at": at, **part,
        }  # fmt: skip
        names = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        connection.execute(
            f"INSERT INTO message_part (message_id, position, channel_account_id, {names})"
            f" VALUES (:message, 0, :account, {marks})",
            {"message": message, "account": account[0], **values},
        )
    return int(message)


@pytest.mark.parametrize("channel", CHANNELS)
def test_what_was_answered_elsewhere_is_shown_and_moves_nothing(
    box: MessagingBox, anna: Actor, channel: str
) -> None:
    account = getattr(box, channel)
    ticket = box.told(account)
    Triage(box.store, anna, now=box.clock).snooze([ticket], box.clock.now + timedelta(days=1))
    before = box.row("ticket")
    box.clock.advance(minutes=5)
    echo = box.answered("from the phone")
    assert box.hear(account, echo, echo) == Summary(seen=2, messages=1, duplicates=1)
    after = box.row("ticket")
    assert after["preview"] == "from the phone"
    assert after["message_count"] == 2
    kept = ("status", "unread", "waiting_since", "assignee_id", "snoozed_until")
    assert [after[name] for name in kept] == [before[name] for name in kept]
    said = box.rows("message")[1]
    assert (said["direction"], said["author_kind"], said["agent_id"]) == ("outbound", "agent", None)
    assert said["flags"] == "answered-outside"


def test_what_was_written_elsewhere_first_makes_no_ticket(box: MessagingBox) -> None:
    assert box.hear(box.instagram, box.answered("hi Lena")) == Summary(seen=1, rejected=1)
    assert box.rows("ticket") == []
    row = box.row("intake")
    assert (row["reason"], row["preview"], row["customer_address"]) == (
        "outside-first", "hi Lena", LENA,
    )  # fmt: skip


def test_the_echo_of_our_own_reply_is_that_reply(box: MessagingBox) -> None:
    ticket = box.told(box.instagram)
    queue(box, ticket, provider_id="mid.1")
    echo = box.answered("whatever they made of it", external_id="mid.1")
    assert box.hear(box.instagram, echo) == Summary(seen=1, duplicates=1)
    assert len(box.rows("message")) == 2


@pytest.mark.parametrize("state", ["sending", "unknown"])
def test_an_echo_that_overtakes_the_answer_to_our_request_gives_it_its_id(
    box: MessagingBox, state: str
) -> None:
    ticket = box.told(box.instagram)
    queue(box, ticket, state=state)
    box.hear(box.instagram, box.answered("on its way", external_id="mid.7"))
    assert box.row("message_part")["provider_id"] == "mid.7"
    assert len(box.rows("message")) == 2


def test_an_echo_that_says_something_else_is_no_reply_of_ours(box: MessagingBox) -> None:
    ticket = box.told(box.instagram)
    queue(box, ticket)
    box.hear(box.instagram, box.answered("something else"))
    assert box.row("message_part")["provider_id"] == ""
    assert len(box.rows("message")) == 3


@pytest.mark.parametrize("is_early", [True, False])
def test_a_message_taken_back_stays_as_a_mark(box: MessagingBox, is_early: bool) -> None:
    media = (Medium({"url": "/1"}, "image/jpeg", data=b"\xff\xd8\xff picture"),)
    news = box.said("my secret word", media=media)
    later = box.clock.now + timedelta(seconds=5)
    gone = Unsent(news.external_id, later)
    raw = {news.external_id: b'{"text": "my secret word"}'}
    if is_early:
        box.hear(box.instagram, gone)
    box.hear(box.instagram, news, raw=raw)
    if not is_early:
        assert found(box, "secret") != []
        box.hear(box.instagram, gone)
    box.hear(box.instagram, gone)
    message = box.row("message")
    assert (message["text"], message["flags"], message["raw_sha256"]) == ("", "unsent", "")
    assert notices(box) == [("unsent", {})]
    assert box.rows("attachment") == []
    assert box.rows("blob") == []
    assert found(box, "secret") == []
    ticket = box.row("ticket")
    assert (ticket["subject"], ticket["preview"], ticket["has_media"]) == ("", "", 0)
    assert box.events(ticket["id"], ["message.taken-back"]) == ["message.taken-back"]
    assert box.hear(box.instagram, news) == Summary(seen=1, duplicates=1)


def test_what_was_taken_back_is_gone_where_it_was_quoted(box: MessagingBox) -> None:
    first = box.said("my secret word")
    answer = box.said("see above", answers=first.external_id)
    box.hear(box.whatsapp, first, answer)
    number = str(box.rows("message")[0]["id"])
    assert notices(box, 1) == [("quoted", {"id": number, "author": LENA, "text": "my secret word"})]
    box.hear(box.whatsapp, Unsent(first.external_id, box.clock.now))
    assert notices(box, 1) == [("quoted", {"id": number, "author": LENA, "text": ""})]
    assert box.row("ticket")["preview"] == "see above"


def test_nothing_is_quoted_that_is_not_here(box: MessagingBox) -> None:
    box.hear(box.whatsapp, box.said("hm", answers="wamid.unknown"))
    assert notices(box) == []


@pytest.mark.parametrize("is_early", [True, False])
def test_a_sign_stands_at_its_message_until_another_takes_its_place(
    box: MessagingBox, is_early: bool
) -> None:
    news = box.said()
    at = box.clock.now
    box.clock.advance(minutes=1)
    heart = Reaction(news.external_id, at, LENA, "❤")
    both: list[News] = [heart, news] if is_early else [news, heart]
    for each in both:
        box.hear(box.instagram, each)
    thumb = Reaction(news.external_id, at + timedelta(seconds=9), LENA, "👍")
    ours = Reaction(news.external_id, at, LENA, "🙂", is_ours=True)
    box.hear(box.instagram, thumb, heart, ours, ours)
    shown = {values["by"]: values["emoji"] for kind, values in notices(box) if kind == "reaction"}
    assert shown == {"customer": "👍", "us": "🙂"}
    box.hear(box.instagram, replace(thumb, emoji="", at=at + timedelta(seconds=20)))
    assert [values["by"] for _, values in notices(box)] == ["us"]
    assert box.row("ticket")["message_count"] == 1


@pytest.mark.parametrize("names_it", [True, False])
def test_what_the_customer_has_read_is_read(box: MessagingBox, names_it: bool) -> None:
    ticket = box.told(box.instagram)
    message = queue(box, ticket, provider_id="mid.1", state="sent")
    box.change("message", message, delivery="sent")
    box.hear(box.instagram, box.answered("and from the phone"))
    box.clock.advance(minutes=1)
    later = queue(box, ticket, provider_id="mid.2", state="sent")
    box.change("message", later, delivery="sent", sent_at=box.clock.now + timedelta(hours=1))
    read = ReadUpTo(LENA, box.clock.now, "mid.1" if names_it else "")
    box.hear(box.instagram, read, read)
    ours = [row["delivery"] for row in box.rows("message", direction="outbound")]
    assert ours[:2] == ["read", "read"]


def test_a_status_moves_the_reply_it_is_about(box: MessagingBox) -> None:
    ticket = box.told(box.sms)
    message = queue(box, ticket, provider_id="SM1", state="sent")
    box.change("message", message, delivery="sent")
    box.hear(box.sms, StatusNews("SM1", Delivery.DELIVERED, box.clock.now))
    assert box.row("message", id=message)["delivery"] == "delivered"


def test_a_gap_is_said_once_in_the_thread(box: MessagingBox) -> None:
    gap = Gap(LENA, box.clock.now)
    box.hear(box.instagram, gap)
    ticket = box.told(box.instagram)
    box.hear(box.instagram, gap, gap)
    assert box.events(ticket, ["messaging.gap"]) == ["messaging.gap"]


def test_a_blocked_sender_stays_unseen(box: MessagingBox, anna: Actor) -> None:
    for channel in CHANNELS:
        account = getattr(box, channel)
        ticket = box.told(account, address=f"{LENA}{len(channel)}")
        Triage(box.store, anna, now=box.clock).mark_read([ticket])
        Triage(box.store, anna, now=box.clock).close([ticket])
        Blocks(box.store, anna, now=box.clock).block([ticket])
        assert box.told(account, "again", address=f"{LENA}{len(channel)}") == ticket
        row = box.row("ticket", id=ticket)
        assert (row["status"], row["unread"], row["message_count"]) == ("closed", 0, 2)


def test_a_person_with_another_number_goes_on_in_their_ticket(box: MessagingBox) -> None:
    ticket = box.told(box.whatsapp, name="Lena")
    assert box.told(box.whatsapp, "new phone", address=OTHER, former_address=LENA) == ticket
    row = box.row("ticket")
    assert row["customer_address"] == OTHER
    assert box.row("profile")["phone"] == OTHER
    stranger = box.told(box.whatsapp, "who is this?", address=LENA)
    assert stranger != ticket
    assert len(box.rows("profile")) == 2


def test_linked_people_have_one_ticket_on_each_number_of_ours(
    box: MessagingBox, anna: Actor
) -> None:
    people, triage = People(box.store, anna, now=box.clock), Triage(box.store, anna, now=box.clock)
    first, second = box.told(box.sms), box.told(box.sms, address=OTHER)
    elsewhere = box.told(box.whatsapp, address=OTHER)
    profiles = [box.row("ticket", id=each)["profile_id"] for each in (first, second)]
    change = people.link(profiles[1], profiles[0])
    assert box.row("ticket", id=second)["merged_into"] == first
    assert box.row("ticket", id=elsewhere)["merged_into"] is None
    assert box.told(box.sms, "from the second", address=OTHER) == first
    assert box.row("ticket", id=first)["customer_address"] == OTHER
    triage.undo(change.change_id)
    assert box.row("ticket", id=second)["merged_into"] is None
    assert box.row("ticket", id=first)["customer_address"] == LENA
    assert box.told(box.sms, "again", address=OTHER) == second
    assert box.told(box.sms, "and I") == first


def test_a_number_is_one_person_on_text_messages_and_whatsapp(box: MessagingBox) -> None:
    box.told(box.sms, name="")
    box.told(box.whatsapp, name="Lena")
    assert [row["name"] for row in box.rows("profile")] == ["Lena"]
    assert {row["kind"] for row in box.rows("identity")} == {"phone"}


def test_a_handle_belongs_to_whoever_has_it_now(box: MessagingBox) -> None:
    box.told(box.instagram, address="17841", handle="lena")
    box.told(box.instagram, address="17842", handle="max")
    box.told(box.instagram, address="17842", handle="lena")
    held = {row["value"]: row["profile_id"] for row in box.rows("identity")}
    assert held["lena"] == held["17842"] != held["17841"]
    assert "max" not in held


def test_a_customer_is_called_by_their_handle_as_soon_as_it_is_known(box: MessagingBox) -> None:
    box.told(box.instagram, address="17841")
    assert box.row("ticket")["customer_name"] == "17841"
    box.told(box.instagram, address="17841", handle="lena.k")
    assert box.row("ticket")["customer_name"] == "@lena.k"


def test_what_a_message_carries_beside_is_kept_clean(box: MessagingBox) -> None:
    story = Notice(NoticeKind.STORY, (("what", "reply"), ("link", "https://x.example/\x1b[2J")))
    box.hear(box.instagram, box.said("nice!\x1b[31m", notices=(story,)))
    ((kind, values),) = notices(box)
    assert kind == "story"
    assert "\x1b" not in values["link"] + box.row("message")["text"]


def test_a_message_in_a_thread_is_read_as_it_came(box: MessagingBox) -> None:
    news = box.said("hello")
    box.hear(box.sms, news, raw={news.external_id: b'{"body": "hello"}'})
    (message,) = Threads(box.store, Actor(ActorKind.SYSTEM)).load(box.row("ticket")["id"]).messages
    assert (message.text, message.external_id) == ("hello", news.external_id)
    assert Threads(box.store, Actor(ActorKind.SYSTEM)).raw(message.id) == b'{"body": "hello"}'


@settings(
    max_examples=40, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(data=st.data())
def test_order_and_repetition_of_news_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Whatever comes in whichever calls, as often as it likes, the same stands in the store."""
    outcomes = []
    news: list[News] = []
    for run in range(2):
        store = make_store(tmp_path_factory.mktemp("run"))
        box = MessagingBox(store, FakeClock())
        if not news:
            first = box.said("hello", at=box.clock.now)
            second = box.said("secret", at=box.clock.now + timedelta(seconds=1))
            news = [
                first, second,
                box.said("STOP", at=box.clock.now + timedelta(seconds=2)),
                box.said("START", at=box.clock.now + timedelta(seconds=3)),
                Unsent(second.external_id, box.clock.now + timedelta(seconds=4)),
                Reaction(first.external_id, box.clock.now + timedelta(seconds=5), LENA, "👍"),
            ]  # fmt: skip
        box.clock.advance(hours=1)
        order = news
        if run:
            order = data.draw(st.permutations(news + data.draw(st.lists(st.sampled_from(news)))))
        for each in order:
            box.hear(box.whatsapp, each)
        ticket = box.row("ticket")
        words = sorted((row["external_id"], row["text"], row["flags"], row["notices"])
                       for row in box.rows("message", direction="inbound"))  # fmt: skip
        said = sorted((row["state"], row["at"]) for row in box.rows("consent"))
        outcomes.append((words, said, ticket["status"], ticket["unread"], ticket["preview"]))
        store.close()
    assert outcomes[0] == outcomes[1]


def test_who_has_opted_out_stays_out_at_a_new_number(box: MessagingBox) -> None:
    ticket = box.told(box.whatsapp)
    box.clock.advance(seconds=1)
    box.hear(box.whatsapp, box.said("STOP"))
    heard = box.clock.now
    moved = box.told(box.whatsapp, "new number", address=OTHER, former_address=LENA)
    assert moved == ticket
    with box.store.read() as connection:
        info = load_messaging(connection, ticket)
    assert info is not None
    assert (info.address, info.consent.state) == (OTHER, ConsentState.WITHDRAWN)
    assert info.heard_at == heard, "the provider's word is none of the customer"
    box.clock.advance(seconds=1)
    box.hear(box.whatsapp, box.said("START", address=OTHER))
    with box.store.read() as connection:
        info = load_messaging(connection, ticket)
    assert info is not None
    assert info.consent.state is ConsentState.GIVEN

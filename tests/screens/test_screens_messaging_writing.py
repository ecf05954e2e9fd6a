"""Writing by SMS, WhatsApp and Instagram: enter sends, what is counted, what is locked and why."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual import events

from helpdesk_tui.db.messaging.consents import ConsentRow
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.messaging.state import ConsentState
from helpdesk_tui.screens.dialogs.review import ReviewDialog
from helpdesk_tui.services.desk import Desk
from helpdesk_tui.services.messaging.consent import ConsentLog
from tests.support.chatting import texts
from tests.support.driving import Driving, driving
from tests.support.store import START, FakeClock, add_message, add_ticket, make_desk
from tests.support.talks import THEIRS, add_talk, add_template, add_word


def desk_with(tmp_path: Path, channel: str, **fields: Any) -> tuple[Desk, int]:
    """Make a desk with one ticket, begun at the first moment of its clock."""
    desk = make_desk(tmp_path, clock=FakeClock())
    return desk, add_talk(desk.store, channel, assignee="anna", unread=1, **fields)


async def write(it: Driving, *title: str) -> Any:
    """Open the composer of the ticket under the cursor; return the pane."""
    await it.until(lambda: it.inbox.tickets.cursor_row is not None)
    await it.press("enter", "r")
    await it.sees(*title)
    pane = it.inbox.panes.thread
    assert pane is not None
    await it.until(lambda: not pane.writing.is_restoring and pane.writing.composer.editor.has_focus)
    return pane


async def test_enter_sends_an_sms_that_can_be_taken_back(tmp_path: Path) -> None:
    desk, ticket = desk_with(tmp_path, "sms")
    add_word(desk.store)
    async with driving(desk) as it:
        pane = await write(it, "reply to Maria Silva · SMS from +15550001111")
        await it.press(*"On its way", "enter")
        await it.until(lambda: texts(desk, ticket) == ["On its way"])
        assert pane.writing.composer.text == ""
        await it.sees("ctrl+u takes it back")
        await it.press("ctrl+u")
        await it.until(lambda: pane.writing.composer.text == "On its way")
        assert texts(desk, ticket) == []


async def test_segments_are_counted_while_typing(tmp_path: Path) -> None:
    desk, _ticket = desk_with(tmp_path, "sms")
    add_word(desk.store)
    async with driving(desk) as it:
        pane = await write(it, "SMS from")
        await it.press(*"Hello")
        await it.sees("GSM-7 · 155 left · 1 segment")
        await it.press("ł")
        await it.sees("UCS-2 “ł” · 64 left · 1 segment")
        pane.writing.composer.editor.insert("x" * 195)
        await it.sees("UCS-2 “ł” · 0 left · 3 segments")
        assert "waiting" not in str(pane.writing.composer.border_subtitle)
        await it.press("y")
        await it.sees("4 segments")
        pane.writing.composer.editor.insert("x" * 1_500)
        await it.sees("characters too many")


# the window --------------------------------------------------------------------------------------


async def test_the_window_is_told_and_shuts_without_any_key(tmp_path: Path) -> None:
    desk, ticket = desk_with(tmp_path, "whatsapp", heard_at=START - timedelta(hours=20, minutes=48))
    clock: Any = desk.clock
    async with driving(desk) as it:
        pane = await write(it, "WhatsApp from +15550002222")
        await it.sees("window 3 h 12 m")
        await it.press(*"On its w")
        clock.advance(hours=2, minutes=30)
        await it.sees("window 42 m")
        clock.advance(minutes=43)
        await it.sees("locked", "free replies for 24 hours", "send a template", "write a note")
        await it.press("enter")
        await it.sees("locked: window closed")
        await it.press("n")
        await it.sees("internal note")
        await it.press("ctrl+t")
        await it.until(lambda: pane.writing.composer.text == "On its w")
        assert texts(desk, ticket) == []


@pytest.mark.parametrize(
    ("hours", "granted", "words"),
    [
        (3, True, "window 21 h 0 m"),
        (30, True, "human agent 5 d 18 h"),
        (30, False, "which this account has not been granted"),
        (24 * 7 + 1, True, "that time is over"),
    ],
)
async def test_instagram_says_when_only_a_person_may_write(
    tmp_path: Path, hours: int, granted: bool, words: str
) -> None:
    desk, _ticket = desk_with(
        tmp_path, "instagram", heard_at=START - timedelta(hours=hours),
        account={"human_agent": granted},
    )  # fmt: skip
    async with driving(desk) as it:
        await write(it, "Instagram")
        await it.until(lambda: words in " ".join(it.text().split()) or words in unwrapped(it))


def unwrapped(it: Driving) -> str:
    """Return what stands within frames as one line of text."""
    lines = [line.rpartition("│ │ ")[2].rstrip(" │") for line in it.text().splitlines()]
    return " ".join(" ".join(lines).split())


async def test_bytes_are_counted_on_instagram(tmp_path: Path) -> None:
    desk, _ticket = desk_with(tmp_path, "instagram")
    async with driving(desk) as it:
        pane = await write(it, "Instagram")
        await it.press(*"aå")
        await it.sees("3 of 1,000 bytes")
        pane.writing.composer.editor.insert("å" * 600)
        await it.sees("1,203 bytes: 2 messages")


# locks -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "words"),
    [("", "no consent to SMS is known"), ("withdrawn", "has opted out of SMS")],
)
async def test_an_sms_without_consent_is_locked_with_the_reason(
    tmp_path: Path, state: str, words: str
) -> None:
    desk, ticket = desk_with(tmp_path, "sms")
    if state:
        add_word(desk.store, state=state)
    async with driving(desk) as it:
        pane = await write(it, "SMS · locked")
        await it.sees(words)
        offers = "record their consent" in it.text()
        assert offers is (state == "")
        await it.press(*"hello", "enter")
        await it.sees("locked:")
        await it.press("escape")
        assert pane.writing.composer.text == "hello"
        assert texts(desk, ticket) == []


async def test_a_channel_that_is_off_is_locked(tmp_path: Path) -> None:
    desk, _ticket = desk_with(tmp_path, "whatsapp", account={"enabled": False})
    async with driving(desk) as it:
        await write(it, "WhatsApp · locked")
        await it.sees("WhatsApp is switched off (whatsapp-main)")


async def test_the_other_ticket_of_the_customer_is_one_way_on(tmp_path: Path) -> None:
    desk, ticket = desk_with(tmp_path, "sms")
    profile = desk.threads.load(ticket).ticket.customer_id
    mail = add_ticket(desk.store, profile_id=profile, status="open", at=START - timedelta(days=1),
                      subject="Old mail")  # fmt: skip
    add_message(desk.store, mail, text="By mail")
    async with driving(desk) as it:
        pane = await write(it, "SMS · locked")
        await it.sees(f"Email #{mail}")
        await it.press("enter")
        await it.sees(f"answer by Email in #{mail}")
        await it.press("1")
        await it.until(lambda: pane.ticket_id == mail)


async def test_a_number_that_takes_nothing_is_told_with_another_way(tmp_path: Path) -> None:
    desk, ticket = desk_with(tmp_path, "sms")
    add_word(desk.store)
    add_message(
        desk.store, ticket, channel="sms", direction="outbound", delivery="failed",
        error_code="twilio.21635", text="It left today",
    )  # fmt: skip
    profile = desk.threads.load(ticket).ticket.customer_id
    mail = add_ticket(desk.store, profile_id=profile, status="open", at=START - timedelta(days=1),
                      subject="Old mail")  # fmt: skip
    add_message(desk.store, mail, text="By mail")
    async with driving(desk) as it:
        pane = await write(it, "reply to Maria Silva · SMS from +15550001111")
        await it.sees("▲ the last message did not arrive: this is a landline")
        await it.sees(f"open elsewhere: Email #{mail}")
        await it.press(*"Hello", "enter")
        await it.until(lambda: "Hello" in texts(desk, ticket))
        assert pane.writing.is_open


async def test_enter_makes_a_new_line_where_that_is_set(tmp_path: Path) -> None:
    desk, ticket = desk_with(tmp_path, "sms")
    add_word(desk.store)
    desk.settings.set("enter-sends-sms", "off")
    async with driving(desk) as it:
        pane = await write(it, "SMS from")
        await it.press(*"one", "enter", *"two")
        assert pane.writing.composer.text == "one\ntwo"
        await it.sees("ctrl+o review")
        await it.press("ctrl+o")
        await it.until(lambda: isinstance(it.app.screen, ReviewDialog))
        await it.press("y")
        await it.until(lambda: texts(desk, ticket) == ["one\ntwo"])


@pytest.mark.parametrize("is_asked", [False, True])
async def test_consent_from_elsewhere_opens_the_composer_with_its_keys(
    tmp_path: Path, is_asked: bool
) -> None:
    desk, ticket = desk_with(tmp_path, "sms")
    profile = desk.threads.load(ticket).ticket.customer_id
    with desk.store.write() as connection:
        connection.execute(
            "INSERT INTO identity (profile_id, kind, value) VALUES (?, 'phone', ?)",
            (profile, THEIRS["sms"]),
        )
    async with driving(desk) as it:
        await write(it, "SMS · locked")
        await it.sees("what can be done")
        if is_asked:
            await it.press("enter")
            await it.sees("locked: no consent")
        clock: Any = desk.clock
        clock.advance(minutes=1)
        word = ConsentRow("sms", THEIRS["sms"], ConsentState.GIVEN, "crm", desk.clock())
        ConsentLog(desk.store, SYSTEM, now=desk.clock).add([word])
        await it.sees("SMS from +15550001111")
        await it.until(lambda: "what can be done" not in it.text())
        assert "locked" not in it.text()
        await it.press(*"Thanks", "enter")
        await it.until(lambda: texts(desk, ticket) == ["Thanks"])


# what is allowed instead -------------------------------------------------------------------------


async def test_consent_is_recorded_with_its_source_and_opens_the_composer(tmp_path: Path) -> None:
    desk, ticket = desk_with(tmp_path, "sms")
    async with driving(desk) as it:
        pane = await write(it, "SMS · locked")
        await it.press("enter", "c")
        await it.sees("has agreed to hear from us by SMS")
        await it.press("enter")
        await it.sees("without its source it is worth nothing")
        await it.press(*"by phone today", "enter")
        await it.sees("recorded: they may be written to", "SMS from +15550001111")
        info = desk.threads.load(ticket).ticket.messaging
        assert info is not None
        consent = info.consent
        assert (consent.source, consent.detail, consent.agent) == (
            "agent",
            "by phone today",
            "anna",
        )
        await it.press(*"Thanks", "enter")
        await it.until(lambda: texts(desk, ticket) == ["Thanks"])
        assert pane.writing.composer.text == ""


async def test_a_template_is_filled_in_and_sent_while_the_draft_stays(tmp_path: Path) -> None:
    desk, ticket = desk_with(tmp_path, "whatsapp", heard_at=START - timedelta(hours=25))
    add_template(desk.store)
    add_template(desk.store, "feedback", "How was it?", language="pl")
    add_template(desk.store, "refused_one", "Buy!", status="rejected")
    async with driving(desk) as it:
        pane = await write(it, "WhatsApp · locked", "send a template")
        await it.press(*"my draft", "enter")
        await it.sees("2 approved")
        await it.press("t")
        await it.sees("feedback", "order_update")
        assert "refused_one" not in it.text()
        await it.press(*"order")
        await it.sees("Hello {{1}}, your order {{2}} is on its way.")
        await it.press("enter")
        await it.sees("value of {{1}}")
        await it.press(*"Maria", "enter", *"#1042")
        await it.sees("Hello Maria, your order #1042 is on its way.")
        await it.press("enter")
        await it.until(
            lambda: texts(desk, ticket) == ["Hello Maria, your order #1042 is on its way."]
        )
        assert pane.writing.composer.text == "my draft"


async def test_keys_right_behind_an_answer_do_no_harm(tmp_path: Path) -> None:
    desk, _ticket = desk_with(tmp_path, "sms")
    add_word(desk.store)
    async with driving(desk) as it:
        pane = await write(it, "SMS from")
        await it.press(*"hello", "ctrl+o")
        await it.sees("length")
        for key in "esc":
            it.app.post_message(events.Key(key, key))
        await it.until(lambda: it.app.screen is it.inbox)
        await it.press("x")
        await it.until(lambda: "hello" in pane.writing.composer.text)

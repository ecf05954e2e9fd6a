"""Chats in the terminal: who is there, an end that can be taken back, patience, what is beside."""

from __future__ import annotations

import time
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.services.desk import Desk
from tests.support.chats import chat_of, end_chat, say
from tests.support.chatting import (
    AWAY,
    HERE,
    TYPING,
    answer,
    change,
    chat_desk,
    enter,
    tell,
    texts,
    write,
)
from tests.support.driving import driving
from tests.support.store import START, add_activity, add_agent, add_message, add_ticket, row_of


@pytest.fixture
def chat(tmp_path: Path) -> tuple[Desk, int]:
    return chat_desk(tmp_path)


# who is there ------------------------------------------------------------------------------------


async def test_the_visitor_is_seen_in_the_row_and_over_the_thread(chat: tuple[Desk, int]) -> None:
    desk, ticket = chat
    async with driving(desk) as it:
        tell(desk, {ticket: HERE})
        await it.sees("Lena Doe ●")
        await enter(it)
        await it.sees("● here")
        tell(desk, {ticket: AWAY})
        await it.sees("○ away")
        change(desk.store, "chat", ticket, offline_since=START - timedelta(minutes=3))
        await it.sees("○ left 3m")
        assert "Lena Doe ●" not in it.text()


async def test_typing_is_told_below_the_thread_and_nothing_jumps(chat: tuple[Desk, int]) -> None:
    desk, ticket = chat
    async with driving(desk) as it:
        tell(desk, {ticket: HERE})
        await enter(it)
        await it.sees("● here")
        before = it.text().splitlines()
        tell(desk, {ticket: TYPING})
        await it.sees("Lena Doe is typing …", "✎ typing …")
        after = it.text().splitlines()
        changed = [place for place, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
        assert len(changed) == 2, "the row and the line below the thread, no other"
        tell(desk, {ticket: HERE})
        await it.until(lambda: it.text().splitlines() == before)


async def test_typing_is_on_the_screen_at_once(chat: tuple[Desk, int]) -> None:
    desk, ticket = chat
    async with driving(desk) as it:
        tell(desk, {ticket: HERE})
        await enter(it)
        await it.sees("● here")
        took = []
        for state in (TYPING, HERE) * 4:
            began = time.monotonic()
            tell(desk, {ticket: state})
            if state is TYPING:
                await it.until(lambda: "is typing" in it.text())
            else:
                await it.until(lambda: "is typing" not in it.text())
            took.append(time.monotonic() - began)
        # 300 ms are promised where nobody else computes
        assert min(took) < 0.3


async def test_what_the_visitor_writes_appears_at_the_end(chat: tuple[Desk, int]) -> None:
    desk, ticket = chat
    async with driving(desk) as it:
        await enter(it)
        say(desk.store, ticket, "Size 37, please")
        add_activity(desk.store, ticket, "message.received")
        await it.sees("Size 37, please")


async def test_who_reads_further_up_is_told_how_much_is_new(chat: tuple[Desk, int]) -> None:
    desk, ticket = chat
    for place in range(20):
        say(desk.store, ticket, f"line {place}\n\nof the chat")
    async with driving(desk) as it:
        await it.press("enter")
        await it.sees("line 19")
        await it.press("g", "g")
        await it.sees("line 0")
        pane = it.inbox.panes.thread
        assert pane is not None

        def read(text: str) -> bool:
            return text in str(pane.thread and pane.thread.messages)

        for text in ("first news", "second news"):
            say(desk.store, ticket, text)
            add_activity(desk.store, ticket, "message.received")
            await it.until(partial(read, text))
        await it.sees("↓ 2 new messages", "line 0")
        await it.press("G")
        await it.sees("second news")
        await it.until(lambda: "new message" not in it.text())


async def test_what_the_assistant_says_moves_nobody_and_is_marked(chat: tuple[Desk, int]) -> None:
    desk, ticket = chat
    for place in range(20):
        say(desk.store, ticket, f"line {place}\n\nof the chat")
    async with driving(desk) as it:
        await it.press("enter")
        await it.sees("line 19")
        await it.press("g", "g")
        await it.sees("line 0")
        answer(desk.store, ticket, "It is in stock", author_kind="ai", author_name="Robin")
        add_activity(desk.store, ticket, "message.queued")
        await it.sees("↓ 1 new message from Robin", "line 0")
        await it.press("G")
        await it.sees("✦ assistant")


@pytest.mark.parametrize(
    ("delivery", "words"),
    [("sent", "✓ sent"), ("delivered", "✓✓ delivered"), ("read", "✓✓ read")],
)
async def test_it_is_told_how_far_an_answer_has_come(
    chat: tuple[Desk, int], delivery: str, words: str
) -> None:
    desk, ticket = chat
    answer(desk.store, ticket, "It is", delivery=delivery)
    async with driving(desk) as it:
        await enter(it)
        await it.sees(words)


async def test_what_happened_stands_in_the_thread(chat: tuple[Desk, int]) -> None:
    desk, ticket = chat
    add_activity(desk.store, ticket, "chat.left", actor_kind="customer")
    add_activity(desk.store, ticket, "chat.asked-for-person", actor_kind="customer")
    end_chat(desk.store, ticket)
    after: dict[str, Any] = {"status": "closed", "by": "visitor", "unanswered": True}
    add_activity(desk.store, ticket, "chat.ended", actor_kind="customer", after=after)
    async with driving(desk) as it:
        await it.press("g", "c")
        await it.sees("Lena Doe")
        await it.press("enter")
        await it.sees("the visitor left", "the visitor asked for a person",
                      "the visitor ended the chat · nobody had answered")  # fmt: skip


# the end -----------------------------------------------------------------------------------------


async def test_closing_counts_down_and_z_takes_it_back(chat: tuple[Desk, int]) -> None:
    desk, ticket = chat
    clock: Any = desk.clock
    async with driving(desk) as it:
        await it.press("g", "a")
        await it.sees("Lena Doe")
        await enter(it)
        await it.press("e")
        await it.sees(f"#{ticket} closes in 10 s · z takes it back", "closing in 10 s")
        clock.advance(seconds=3)
        await it.sees(f"#{ticket} closes in 7 s · z takes it back")
        await it.until(lambda: "closing in 7 s" in it.text())
        assert chat_of(desk.store, ticket)["closing_at"] is not None
        await it.press("z")
        await it.until(lambda: chat_of(desk.store, ticket)["closing_at"] is None)
        await it.until(lambda: "closing in" not in it.text())
        assert row_of(desk.store, "ticket", ticket)["status"] == "open"


async def test_nothing_is_written_to_a_chat_that_is_being_closed(chat: tuple[Desk, int]) -> None:
    desk, ticket = chat
    async with driving(desk) as it:
        await it.press("g", "a")
        await it.sees("Lena Doe")
        await enter(it)
        await it.press("e")
        await it.sees("closing in 10 s")
        await it.press("r", *"One more", "enter")
        await it.sees("closing in 10 s · esc, then z takes it back · nothing was sent")
        assert texts(desk, ticket) == []


# patience ----------------------------------------------------------------------------------------


async def test_one_key_asks_for_patience_and_starts_the_timer_anew(
    chat: tuple[Desk, int],
) -> None:
    desk, ticket = chat
    clock: Any = desk.clock
    clock.advance(minutes=4)
    async with driving(desk) as it:
        await it.sees("▲4:10")
        await it.press("semicolon")
        await it.sees("is asked for patience", "↻0:00")
        assert len(texts(desk, ticket)) == 1
        row = row_of(desk.store, "ticket", ticket)
        assert row["waiting_since"] is not None


async def test_patience_is_for_chats(tmp_path: Path) -> None:
    desk, _ticket = chat_desk(tmp_path)
    mail = add_ticket(desk.store, assignee="anna", status="open", at=START + timedelta(minutes=1))
    async with driving(desk) as it:
        await it.until(lambda: it.inbox.tickets.cursor_id == mail)
        await it.press("semicolon")
        await it.sees("nobody sits and waits")


@pytest.mark.parametrize(("key", "held"), [("semicolon", 1), ("escape", 0)])
async def test_snoozing_asks_first_while_the_visitor_is_there(
    chat: tuple[Desk, int], key: str, held: int
) -> None:
    desk, ticket = chat
    async with driving(desk) as it:
        tell(desk, {ticket: HERE})
        await it.sees("Lena Doe ●")
        await it.press("b")
        await it.sees("the visitor of this chat is there", "ask for patience instead")
        await it.press(key)
        await it.until(lambda: it.app.screen is it.inbox)
        await it.until(lambda: len(texts(desk, ticket)) == held)
        assert row_of(desk.store, "ticket", ticket)["status"] == "open"


async def test_snoozing_goes_on_all_the_same_or_without_a_question(
    chat: tuple[Desk, int],
) -> None:
    desk, ticket = chat
    async with driving(desk) as it:
        tell(desk, {ticket: HERE})
        await it.sees("Lena Doe ●")
        await it.press("b", "b")
        await it.sees("tomorrow")
        await it.press("escape")
        tell(desk, {ticket: AWAY})
        await it.until(lambda: "Lena Doe ●" not in it.text())
        await it.press("b")
        await it.sees("tomorrow")


# beside it ---------------------------------------------------------------------------------------


async def test_what_else_is_open_is_one_key_away_and_back(chat: tuple[Desk, int]) -> None:
    desk, ticket = chat
    profile = row_of(desk.store, "ticket", ticket)["profile_id"]
    sms = add_ticket(desk.store, channel="sms", profile_id=profile, name="Lena Doe",
                     subject="Is it shipped?", assignee="anna", status="open",
                     at=START - timedelta(hours=1))  # fmt: skip
    add_message(desk.store, sms, channel="sms", text="Is it shipped?", at=START)
    async with driving(desk, size=(180, 50)) as it:
        await it.until(lambda: it.inbox.tickets.cursor_row is not None)
        it.inbox.tickets.select(ticket)
        await it.sees(f"also open: ▯ SMS #{sms}", "ALSO OPEN")
        await it.press("g", "b")
        await it.until(lambda: it.inbox.panes.thread is not None
                       and it.inbox.panes.thread.ticket_id == sms)  # fmt: skip
        await it.sees(f"also open: ◗ Webchat #{ticket}")
        await it.press("g", "b")
        await it.sees("the chat began on")


async def test_a_chat_of_the_assistant_says_so_and_is_found_by_one_key(
    chat: tuple[Desk, int],
) -> None:
    desk, ticket = chat
    change(desk.store, "chat", ticket, responder="answering")
    change(desk.store, "ticket", ticket, status="closed", flags="with-responder",
           waiting_since=None)  # fmt: skip
    async with driving(desk) as it:
        await it.until(lambda: "Lena Doe" not in it.text())
        await it.press("g", "A")
        await it.sees("Lena Doe", "✦ assistant")
        await it.press("enter")
        await it.sees("the assistant is answering · r takes over")


async def test_colleagues_see_who_writes_in_a_chat(chat: tuple[Desk, int]) -> None:
    desk, _ticket = chat
    add_agent(desk.store, "marek")
    async with driving(desk) as it:
        await write(it)
        await it.press(*"Hm")
        seen = desk.presence
        await it.until(lambda: [one.state.value for one in seen.team()] == ["typing"])

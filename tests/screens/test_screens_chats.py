"""Chats in the terminal: who is there, what leaves at enter, an end that can be taken back."""

from __future__ import annotations

import time
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.domain.channels import WEBCHAT
from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.services.desk import Desk
from tests.support.chats import chat_of, end_chat, say
from tests.support.chatting import AWAY, HERE, TYPING, answer, change, chat_desk, tell
from tests.support.driving import Driving, driving
from tests.support.store import START, add_activity, add_agent, add_message, add_ticket, row_of


@pytest.fixture
def chat(tmp_path: Path) -> tuple[Desk, int]:
    return chat_desk(tmp_path)


def texts(desk: Desk, ticket: int) -> list[str]:
    """Return what we said in a chat, in its order."""
    thread = desk.threads.load(ticket)
    return [one.text for one in thread.messages if one.direction == "outbound"]


def line_with(it: Driving, text: str) -> str:
    return next((line for line in it.text().splitlines() if text in line), "")


async def enter(it: Driving) -> None:
    """Go into the chat under the cursor."""
    await it.press("enter")
    await it.sees("Is the blue one back in stock?", "the chat began on shop.example/shoes/blue")


async def write(it: Driving) -> None:
    """Open the composer of the chat."""
    await enter(it)
    await it.press("r")
    await it.sees("chat with Lena Doe")
    pane = it.inbox.panes.thread
    assert pane is not None
    await it.until(lambda: not pane.writing.is_restoring and pane.writing.composer.editor.has_focus)


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


async def test_typing_is_on_the_screen_within_300_ms(chat: tuple[Desk, int]) -> None:
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
        assert sorted(took)[len(took) // 2] < 0.3


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


# writing -----------------------------------------------------------------------------------------


async def test_no_notice_lies_on_what_is_written(chat: tuple[Desk, int]) -> None:
    desk, _ticket = chat
    async with driving(desk) as it:
        it.app.notify("Chat as a customer", timeout=60)
        await it.sees("Chat as a customer")
        await write(it)
        await it.until(lambda: "Chat as a customer" not in it.text())


async def test_enter_sends_and_the_composer_stays_for_the_next_text(
    chat: tuple[Desk, int],
) -> None:
    desk, ticket = chat
    async with driving(desk) as it:
        await write(it)
        await it.press(*"Hello", "enter", *"it is", "ctrl+j", *"back", "enter", *"more")
        await it.until(lambda: texts(desk, ticket) == ["Hello", "it is\nback"])
        pane = it.inbox.panes.thread
        assert pane is not None
        assert pane.writing.composer.text == "more"
        assert pane.writing.composer.editor.has_focus
        await it.press("enter")
        await it.until(lambda: texts(desk, ticket)[2:] == ["more"])
        await it.until(lambda: not pane.keeper.is_dirty)
        assert pane.writing.composer.text == ""
        await it.sees("Hello", "it is", "more", "enter sends", "F1")
    assert desk.drafts.load(ticket, DraftKind.REPLY) is None


async def test_a_reply_that_left_gives_the_ticket_back(chat: tuple[Desk, int]) -> None:
    """Whoever answers gets the ticket; what was said stays said."""
    desk, ticket = chat
    with desk.store.write() as connection:
        connection.execute("UPDATE ticket SET assignee_id = NULL WHERE id = ?", (ticket,))
    async with driving(desk) as it:
        await it.press("3")
        await write(it)
        await it.press(*"Hi", "enter")
        await it.until(lambda: texts(desk, ticket)[-1] == "Hi")
        with desk.store.write() as connection:
            connection.execute("UPDATE message SET delivery = 'sent' WHERE delivery = 'queued'")
        await it.press("escape", "escape", "z")
        await it.sees("Take it back?", "assignee anna")
        await it.press("y")
        await it.until(lambda: desk.threads.load(ticket).ticket.row.assignee is None)
        assert texts(desk, ticket)[-1] == "Hi"


async def test_what_is_being_typed_while_a_text_leaves_is_a_draft(chat: tuple[Desk, int]) -> None:
    desk, ticket = chat
    async with driving(desk) as it:
        await write(it)
        await it.press(*"Hello", "enter", *"next")
        await it.until(lambda: texts(desk, ticket) == ["Hello"])
        await it.press("escape")
        await it.until(lambda: (found := desk.drafts.load(ticket, DraftKind.REPLY)) is not None
                       and found.text == "next")  # fmt: skip


async def test_a_text_that_is_refused_comes_back_with_the_reason(
    chat: tuple[Desk, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, ticket = chat
    async with driving(desk) as it:
        await write(it)
        end_chat(desk.store, ticket)  # nobody was told of it yet
        await it.press(*"Too late", "enter")
        await it.sees("this chat has ended")
        pane = it.inbox.panes.thread
        assert pane is not None
        await it.until(lambda: pane.writing.composer.text == "Too late")
        assert texts(desk, ticket) == []


async def test_a_text_and_its_enter_may_come_before_the_composer(chat: tuple[Desk, int]) -> None:
    desk, ticket = chat
    async with driving(desk) as it:
        await it.until(lambda: it.inbox.tickets.cursor_row is not None)
        await it.pilot.press("r", *"Hello there", "enter")
        await it.until(lambda: texts(desk, ticket) == ["Hello there"])


async def test_no_more_files_than_a_message_carries(chat: tuple[Desk, int], tmp_path: Path) -> None:
    desk, ticket = chat
    for place in range(WEBCHAT.files_limit):
        desk.drafts.attach(ticket, DraftKind.REPLY, f"{place}.png", b"x")
    one_more = tmp_path / "one_more.png"
    one_more.write_bytes(b"x")
    async with driving(desk) as it:
        await write(it)
        await it.sees("0.png", "4.png")
        await it.press("ctrl+f")
        await it.until(lambda: it.app.screen is not it.inbox)
        await it.press(*str(one_more), "enter")
        await it.sees("6 files: Webchat takes 5 in one message")
        await it.press("enter")
        await it.until(lambda: len(texts(desk, ticket)) == 1)
        (sent,) = [one for one in desk.threads.load(ticket).messages if one.attachments]
        assert len(sent.attachments) == WEBCHAT.files_limit


async def test_enter_on_nothing_sends_nothing(chat: tuple[Desk, int]) -> None:
    desk, ticket = chat
    async with driving(desk) as it:
        await write(it)
        await it.press("enter", "space", "enter")
        await it.pilot.pause(0.2)
        assert texts(desk, ticket) == []


async def test_in_a_note_and_in_a_mail_enter_is_a_new_line(tmp_path: Path) -> None:
    desk, ticket = chat_desk(tmp_path)
    mail = add_ticket(desk.store, assignee="anna", status="open", at=START + timedelta(minutes=1))
    add_message(desk.store, mail)
    async with driving(desk) as it:
        await it.until(lambda: it.inbox.tickets.cursor_id == mail)
        pane = it.inbox.panes.thread
        assert pane is not None
        for key, wanted in (("r", mail), ("i", ticket)):
            await it.until(lambda: it.inbox.panes.current == "list")
            it.inbox.tickets.select(wanted)
            await it.press(key)
            await it.until(lambda: pane.is_writing and pane.writing.composer.editor.has_focus)
            await it.press(*"one", "enter", *"two")
            await it.until(lambda: pane.writing.composer.text == "one\ntwo")
            await it.press("escape", "q")
    assert texts(desk, mail) == texts(desk, ticket) == []


async def test_the_frame_says_how_much_fits_near_the_end(chat: tuple[Desk, int]) -> None:
    desk, ticket = chat
    async with driving(desk) as it:
        await write(it)
        pane = it.inbox.panes.thread
        assert pane is not None
        editor = pane.writing.composer.editor
        editor.insert("x" * (WEBCHAT.text_limit - 100))
        await it.sees("100 left")
        editor.insert("x" * 101)
        await it.press("enter")
        await it.sees("1 character too many for one message")
        assert texts(desk, ticket) == []


async def test_the_frame_says_whether_the_visitor_is_there(chat: tuple[Desk, int]) -> None:
    desk, ticket = chat
    async with driving(desk) as it:
        tell(desk, {ticket: HERE})
        await write(it)
        await it.sees("chat with Lena Doe · here")
        tell(desk, {ticket: AWAY})
        await it.sees("chat with Lena Doe · away")


async def test_an_ended_chat_is_locked_with_the_reason(chat: tuple[Desk, int]) -> None:
    desk, ticket = chat
    async with driving(desk) as it:
        await write(it)
        await it.press(*"Wait")
        end_chat(desk.store, ticket)
        add_activity(desk.store, ticket, "chat.ended", after={"by": "visitor"})
        await it.sees("the visitor ended the chat · only they can begin a new one")
        await it.press("enter")
        await it.sees("nothing was sent")
        assert texts(desk, ticket) == []


async def test_only_a_reply_is_shown_to_the_visitor_as_typing(chat: tuple[Desk, int]) -> None:
    desk, ticket = chat
    async with driving(desk) as it:
        await write(it)
        pane = it.inbox.panes.thread
        assert pane is not None
        await it.press(*"Hm")
        await it.until(lambda: pane.writing.is_typing)
        await it.press("ctrl+t", *"a note")
        await it.until(lambda: pane.writing.composer.kind is DraftKind.NOTE)
        assert not pane.writing.is_typing
        await it.press("ctrl+t", "enter")
        await it.until(lambda: texts(desk, ticket) == ["Hm"])
        assert not pane.writing.is_typing


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

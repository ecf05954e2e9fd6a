"""Writing in a chat: what leaves at enter, what stays, what the visitor sees of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk_tui.domain.channels import WEBCHAT
from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.services.desk import Desk
from tests.support.chats import end_chat
from tests.support.chatting import (
    AWAY,
    HERE,
    chat_desk,
    tell,
    texts,
    write,
)
from tests.support.driving import driving
from tests.support.store import START, add_activity, add_message, add_ticket


@pytest.fixture
def chat(tmp_path: Path) -> tuple[Desk, int]:
    return chat_desk(tmp_path)


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
        await it.until(lambda: texts(desk, ticket)[-1:] == ["Hi"])
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
        await it.paste(str(one_more))
        await it.press("enter")
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
        await it.sees("the visitor ended the chat · visitors begin new ones")
        await it.press("enter")
        await it.sees("· nothing")
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

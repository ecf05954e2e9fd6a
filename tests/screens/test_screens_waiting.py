"""Scheduled replies, the outbox, the drafts, and what comes back while it is written."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from textual.widgets import Input

from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.domain.received import Source
from helpdesk_tui.screens.beside.drafts import DraftsScreen
from helpdesk_tui.screens.beside.outbox import OutboxScreen
from helpdesk_tui.screens.dialogs.review import ReviewDialog
from helpdesk_tui.screens.dialogs.schedule import ScheduleDialog
from helpdesk_tui.services.inbound import Inbound
from helpdesk_tui.services.outbox import Outbox
from tests.screens.test_screens_answering import answering, composer, review, write
from tests.support.driven import Driven
from tests.support.mails import make_mail, receive
from tests.support.store import START, add_message

REPLY = DraftKind.REPLY


async def schedule(it: Driven, when: str = "in 2 days") -> None:
    """Choose a moment in the dialog."""
    await it.until(lambda: isinstance(it.app.screen, ScheduleDialog))
    it.app.screen.query_one(Input).value = when
    await it.pilot.pause()
    await it.press("enter")


async def list_outbox(it: Driven) -> None:
    await it.press("g", "o")
    await it.until(lambda: isinstance(it.app.screen, OutboxScreen) and it.app.screen.list.rows)
    await it.pilot.pause()


async def test_a_reply_is_scheduled_moved_and_taken_back(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        desk, ticket = it.inbox.desk, it.ids[0]
        await write(it, "Good morning")
        await review(it)
        await it.press("s")
        await schedule(it)
        await it.until(lambda: not composer(it).is_open)
        (row,) = desk.replies.outbox()
        assert row.due_at is not None
        assert row.due_at > desk.clock() + timedelta(days=1)
        await it.until(lambda: "changes it" in it.text())
        assert "takes it back" in it.text()
        await list_outbox(it)
        assert "takes it back into the draft" in it.text()
        await it.press("s")
        await schedule(it, "in 5 days")
        later = desk.clock() + timedelta(days=4)
        await it.until(lambda: (desk.replies.outbox()[0].due_at or START) > later)
        await it.press("z")
        await it.until(lambda: composer(it).is_open and composer(it).text == "Good morning")
        assert desk.replies.outbox() == ()
        assert [one.direction for one in desk.threads.load(ticket).messages] == ["inbound"]


async def test_the_moment_of_a_reply_is_meant_in_the_zone_of_the_desk(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        desk = it.inbox.desk
        desk.zone = "Asia/Tokyo"
        await write(it, "Good morning")
        await review(it)
        await it.press("s")
        await it.until(lambda: "Asia/Tokyo" in it.text())
        await schedule(it, "2027-03-01 9:00")
        await it.until(lambda: not composer(it).is_open)
        (row,) = desk.replies.outbox()
        assert row.due_at == datetime(2027, 3, 1, 9, tzinfo=ZoneInfo("Asia/Tokyo"))


async def test_the_outbox_says_what_is_wrong_and_tries_again(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        desk = it.inbox.desk
        message = desk.replies.reply(it.ids[0], "Hello", undo=False).message_id
        worker = Outbox(it.store, now=desk.clock)
        worker.claim_due("w")
        worker.failed(message, "w", "smtp.550", "no such user")
        await list_outbox(it)
        assert "no such user" in it.text()
        assert "1 in trouble" in it.text()
        await it.press("s")
        assert "only a scheduled reply" in it.text()
        await it.press("T")
        await it.until(lambda: "waiting to leave" in it.text())
        await it.press("z")
        await it.until(lambda: any("taken back" in one.message for one in it.app._notifications))
        worker.claim_due("w")
        worker.unknown(message, "w")
        await it.until(lambda: "may have been sent" in it.text())
        await it.press("Y")
        await it.until(lambda: "Everything has left." in it.text())
        await it.press("a")
        await it.until(lambda: "everybody's" in it.text())
        await it.press("q")
        await it.until(lambda: it.app.screen is it.inbox)


async def test_send_and_next_goes_on(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        first = it.inbox.tickets.cursor_row.id
        await write(it, "Done")
        await review(it)
        await it.press("n")
        await it.until(lambda: it.inbox.tickets.cursor_row.id != first)
        assert it.inbox.desk.replies.outbox()[0].ticket_id == first


async def test_drafts_are_gone_on_with_thrown_away_and_brought_back(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        desk, (first, second) = it.inbox.desk, it.ids[:2]
        desk.drafts.save(first, REPLY, "half a reply")
        desk.drafts.attach(first, REPLY, "label.pdf", b"%PDF")
        desk.drafts.save(second, DraftKind.NOTE, "ask Marek")
        await it.press("g", "d")
        await it.until(lambda: isinstance(it.app.screen, DraftsScreen) and it.app.screen.list.rows)
        await it.until(lambda: "ask Marek" in it.text() and "half a reply" in it.text())
        assert "2 drafts" in it.text()
        assert "1 file" in it.text()
        screen = it.app.screen
        assert isinstance(screen, DraftsScreen)
        await it.press("j" if screen.list.current[0].ticket_id == second else "k")  # type: ignore[index]
        await it.press("x")
        await it.until(lambda: desk.drafts.load(first, REPLY) is None)
        await it.until(lambda: "half a reply" not in it.text())
        await it.press("z")
        await it.until(lambda: "half a reply" in it.text())
        draft = desk.drafts.load(first, REPLY)
        assert [file.filename for file in draft.files] == ["label.pdf"]
        screen.list.select(screen.row_key(screen.list.rows[0]))
        await it.pilot.pause()
        chosen = screen.list.current[0]  # type: ignore[index]
        await it.press("enter")
        await it.until(lambda: composer(it).is_open and composer(it).text == chosen.text)


async def test_the_customer_writing_first_brings_the_reply_below_what_is_typed(
    tmp_path: Path,
) -> None:
    async with answering(tmp_path) as it:
        desk, ticket = it.inbox.desk, it.ids[0]
        add_message(it.store, ticket, external_id="b@x.example", sender="c0@example.net")
        desk.replies.reply(ticket, "See you on Monday", at=desk.clock() + timedelta(days=2))
        await write(it, "Half a sen")
        await it.until(lambda: desk.drafts.load(ticket, REPLY) is not None)
        mail = make_mail("c0@example.net", references="b@x.example", text="Forget it!")
        source = Source(account_id=1, folder="INBOX", validity=7)
        Inbound(it.store, SYSTEM, now=desk.clock).ingest([receive(mail, uid=1)], source=source)
        it.inbox.panes.thread.refresh_ticket()
        await it.until(lambda: "See you on Monday" in composer(it).text)
        assert composer(it).text == "Half a sen\n\n* * *\n\nSee you on Monday"
        said = ("went back to its draft", "came back to this draft")
        await it.until(lambda: any(words in it.text() for words in said))
        await it.press(*"tence")
        assert composer(it).text.startswith("Half a sentence\n")
        await it.until(lambda: desk.drafts.load(ticket, REPLY).text == composer(it).text)


async def test_the_review_asks_when_the_customer_wrote_meanwhile(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        desk, ticket = it.inbox.desk, it.ids[0]
        await write(it, "Mine")
        await review(it)
        add_message(it.store, ticket, sender="c0@example.net", text="one more thing")
        await it.press("y")
        await it.until(
            lambda: isinstance(it.app.screen, ReviewDialog) and "one more thing" in it.text()
        )
        assert "has moved on" in it.text()
        assert desk.replies.outbox() == ()
        await it.press("y")
        await it.until(lambda: len(desk.replies.outbox()) == 1)


async def test_the_moment_of_a_scheduled_reply_is_changed_in_its_thread(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        desk, ticket = it.inbox.desk, it.ids[0]
        await it.press("enter", "g", "w")
        await it.until(lambda: "no reply of this ticket is scheduled" in it.text())
        desk.replies.reply(ticket, "See you", at=desk.clock() + timedelta(days=2))
        it.inbox.panes.thread.refresh_ticket()
        thread = it.inbox.panes.thread
        await it.until(lambda: thread.thread is not None and len(thread.thread.messages) == 2)
        await it.press("g", "w")
        await schedule(it, "in 5 days")
        wanted = desk.clock() + timedelta(days=4)
        await it.until(lambda: desk.replies.outbox()[0].due_at > wanted)


async def test_a_message_far_back_is_read_and_selected(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        ticket = it.ids[1]
        note = add_message(it.store, ticket, direction="note", text="the old note")
        for number in range(60):
            add_message(it.store, ticket, text=f"later {number}")
        it.inbox.panes.will_select(ticket, note)
        it.inbox.go_to(ticket)
        pane = it.inbox.panes.thread
        await it.until(lambda: pane.view.selected is not None and pane.view.selected.id == note)
        await it.until(lambda: "the old note" in it.text())

"""A ticket opened, answered and watched, on a real desk."""

from __future__ import annotations

import time
from contextlib import asynccontextmanager
from datetime import timedelta
from threading import Event

from textual.app import App
from textual.pilot import Pilot

from helpdesk_tui.domain.messages import Delivery, DraftKind
from helpdesk_tui.domain.tickets import Status
from helpdesk_tui.screens.dialogs.review import ReviewDialog
from helpdesk_tui.screens.dialogs.snooze import SnoozeDialog
from helpdesk_tui.screens.thread.pane import ThreadPane
from helpdesk_tui.widgets.composer import Composer
from helpdesk_tui.widgets.theme import DARK, textual_theme
from tests.support.store import (
    START,
    FakeClock,
    add_agent,
    add_message,
    add_ticket,
    make_desk,
    make_store,
)
from tests.support.thread_values import HOSTILE, is_harmless
from tests.support.waiting import AT_ONCE, PATIENCE, until_so


class Desktop(App[None]):
    """Only a thread pane."""

    def __init__(self, desk, clock):
        super().__init__()
        self.register_theme(textual_theme(DARK))
        self.theme = DARK.name
        self.desk, self.clock = desk, clock
        self.seen = []

    pilot: Pilot[None]

    def get_theme_variable_defaults(self):
        return textual_theme(DARK).variables

    def compose(self):
        yield ThreadPane(lambda: self.desk, now=self.clock)

    @property
    def pane(self):
        return self.query_one(ThreadPane)

    def on_thread_pane_entered(self, message):
        self.seen.append(("entered", message.ticket_id))

    def on_thread_pane_ticket_changed(self, message):
        self.seen.append(("changed", message.ticket_id))

    async def until(self, condition):
        await until_so(self.pilot, condition)

    async def shown(self, ticket):
        await self.until(lambda: self.pane.thread and self.pane.thread.ticket.row.id == ticket)
        await self.pilot.pause()

    def lines(self):
        view = self.pane.view
        return [
            "".join(segment.text for segment in view.render_line(y))
            for y in range(view.size.height)
        ]


@asynccontextmanager
async def desktop(tmp_path, size=(90, 30)):
    clock = FakeClock()
    desk = make_desk(tmp_path, clock=clock)
    store = make_store(tmp_path)
    app = Desktop(desk, clock)
    async with app.run_test(size=size) as app.pilot:
        yield app, store
    desk.close()
    store.close()


def ticket_with_mail(store, **fields):
    ticket = add_ticket(store, unread=1, **fields)
    add_message(store, ticket, text="Hello, where is it?")
    return ticket


async def test_a_preview_leaves_a_ticket_unread_and_entering_reads_it(tmp_path):
    async with desktop(tmp_path) as (app, store):
        ticket = ticket_with_mail(store)
        app.pane.open(ticket, preview=True)
        await app.shown(ticket)
        assert any("Hello, where is it?" in line for line in app.lines())
        assert app.desk.threads.detail(ticket).row.unread
        app.pane.open(ticket, preview=False)
        await app.until(lambda: ("changed", ticket) in app.seen)
        assert ("entered", ticket) in app.seen
        assert not app.desk.threads.detail(ticket).row.unread


async def test_a_slow_load_never_replaces_a_later_one(tmp_path, monkeypatch):
    async with desktop(tmp_path) as (app, store):
        slow, fast = ticket_with_mail(store), ticket_with_mail(store)
        threads, go_on = app.desk.threads, Event()
        load = threads.load

        def loading(ticket_id, limit=50):
            thread = load(ticket_id, limit)
            if ticket_id == slow:
                go_on.wait(PATIENCE)
            return thread

        monkeypatch.setattr(threads, "load", loading)
        app.pane.open(slow, preview=True)
        await app.pilot.pause(0.05)
        app.pane.open(fast, preview=True)
        await app.shown(fast)
        go_on.set()
        await app.pilot.pause(0.2)
        assert app.pane.thread.ticket.row.id == fast


async def test_new_mail_appears_and_is_announced_without_moving_the_reader(tmp_path):
    async with desktop(tmp_path) as (app, store):
        ticket = add_ticket(store)
        for number in range(20):
            add_message(store, ticket, text=f"mail {number}\n\n\nend")
        app.pane.open(ticket)
        await app.shown(ticket)
        app.pane.view.scroll_to(y=5, animate=False, immediate=True)
        await app.pilot.pause()
        before = app.lines()
        add_message(store, ticket, text="the newest", author_name="Lena")
        app.pane.refresh_ticket()
        await app.until(lambda: len(app.pane.thread.messages) == 21)
        await app.pilot.pause()
        assert app.lines()[:10] == before[:10]
        news = app.pane.live.foot.said
        assert "1 new message from Lena" in news


async def test_typing_is_soon_in_the_store(tmp_path):
    async with desktop(tmp_path) as (app, store):
        ticket = ticket_with_mail(store)
        app.pane.open(ticket)
        await app.shown(ticket)
        app.pane.reply()
        await app.pilot.pause()
        await app.pilot.press(*"Dear Lena")
        typed = time.monotonic()
        await app.until(
            lambda: (
                (draft := app.desk.drafts.load(ticket, DraftKind.REPLY)) is not None
                and draft.text == "Dear Lena"
            )
        )
        assert time.monotonic() - typed < AT_ONCE


async def test_a_draft_comes_back_and_reply_and_note_have_one_each(tmp_path):
    async with desktop(tmp_path) as (app, store):
        ticket = ticket_with_mail(store)
        app.desk.drafts.save(ticket, DraftKind.REPLY, "half a reply")
        app.pane.open(ticket)
        await app.shown(ticket)
        app.pane.reply()
        composer = app.pane.query_one(Composer)
        await app.until(lambda: composer.text == "half a reply")
        await app.pilot.press("ctrl+t")
        await app.until(lambda: composer.kind is DraftKind.NOTE and composer.text == "")
        assert composer.has_class("-note")
        assert "never sent" in composer.border_title
        await app.pilot.press(*"for us")
        await app.pilot.press("escape")
        assert not app.pane.is_writing
        await app.until(lambda: app.desk.drafts.load(ticket, DraftKind.NOTE) is not None)
        assert app.desk.drafts.load(ticket, DraftKind.REPLY).text == "half a reply"


async def test_leaving_the_program_writes_what_was_typed_a_moment_ago(tmp_path):
    async with desktop(tmp_path) as (app, store):
        ticket = ticket_with_mail(store)
        app.pane.open(ticket)
        await app.shown(ticket)
        app.pane.reply()
        await app.pilot.press("x")
        app.pane.keeper.flush()
        assert app.desk.drafts.load(ticket, DraftKind.REPLY).text == "x"


async def test_typing_before_the_draft_is_read_never_overwrites_it(tmp_path, monkeypatch):
    async with desktop(tmp_path) as (app, store):
        ticket = ticket_with_mail(store)
        app.desk.drafts.save(ticket, DraftKind.REPLY, "long work ")
        drafts, go_on = app.desk.drafts, Event()
        load = drafts.load

        def slowly(ticket_id, kind):
            draft = load(ticket_id, kind)
            go_on.wait(PATIENCE)
            return draft

        monkeypatch.setattr(drafts, "load", slowly)
        app.pane.open(ticket)
        await app.shown(ticket)
        app.pane.reply()
        await app.pilot.press(*"more")
        await app.pilot.pause(0.6)
        assert load(ticket, DraftKind.REPLY).text == "long work "
        go_on.set()
        await app.until(lambda: app.pane.query_one(Composer).text == "long work more")
        await app.until(lambda: load(ticket, DraftKind.REPLY).text == "long work more")


async def test_another_ticket_closes_the_composer_and_keeps_its_draft(tmp_path):
    async with desktop(tmp_path) as (app, store):
        one, two = ticket_with_mail(store), ticket_with_mail(store)
        app.pane.open(one)
        await app.shown(one)
        app.pane.reply()
        await app.pilot.press(*"kept")
        app.pane.open(two)
        await app.shown(two)
        assert not app.pane.is_writing
        await app.until(lambda: app.desk.drafts.load(one, DraftKind.REPLY) is not None)
        assert app.desk.drafts.load(two, DraftKind.REPLY) is None


async def test_pasted_control_characters_never_get_into_the_text(tmp_path):
    async with desktop(tmp_path) as (app, store):
        ticket = ticket_with_mail(store)
        app.pane.open(ticket)
        await app.shown(ticket)
        app.pane.reply()
        await app.pilot.pause()
        composer = app.pane.query_one(Composer)
        composer.editor.insert(HOSTILE)
        assert is_harmless(composer.text.replace("\n", ""))
        assert composer.text.endswith(" end")


async def test_a_note_is_added_at_once_and_goes_nowhere(tmp_path):
    async with desktop(tmp_path) as (app, store):
        ticket = ticket_with_mail(store)
        app.pane.open(ticket)
        await app.shown(ticket)
        app.pane.note()
        await app.pilot.press(*"look here")
        await app.pilot.press("ctrl+o")
        await app.until(lambda: any(one.text == "look here" for one in app.pane.thread.messages))
        note = app.pane.thread.messages[-1]
        assert note.direction.value == "note"
        assert not app.pane.is_writing
        assert app.desk.drafts.load(ticket, DraftKind.NOTE) is None


async def test_what_cannot_be_sent_says_why_and_keeps_the_text(tmp_path):
    async with desktop(tmp_path) as (app, store):
        ticket = ticket_with_mail(store)
        app.pane.open(ticket)
        await app.shown(ticket)
        app.pane.reply()
        await app.pilot.pause()
        await app.pilot.press("ctrl+o")
        news = app.pane.query_one("#composer-news")
        await app.until(lambda: "nothing is written" in str(news.render()))
        await app.pilot.press(*"answer")
        await app.pilot.press("ctrl+o")
        # no mailbox is connected in this store
        await app.until(lambda: "mailbox" in str(news.render()))
        assert not isinstance(app.screen, ReviewDialog)
        assert app.pane.query_one(Composer).text == "answer"
        assert app.pane.is_writing
        assert all(one.delivery is Delivery.RECEIVED for one in app.pane.thread.messages)


def connect_mailbox(store):
    with store.write() as connection:
        connection.execute(
            "INSERT INTO channel_account (id, name, channel, address, created_at)"
            " VALUES (1, 'shop', 'email', 'support@shop.example', 0)"
        )
        connection.execute(
            "INSERT INTO support_address (address, name, channel_account_id)"
            " VALUES ('support@shop.example', 'Shop', 1)"
        )


async def review_a_reply(app, ticket, text):
    app.pane.open(ticket)
    await app.shown(ticket)
    app.pane.reply()
    await app.pilot.press(*text)
    await app.pilot.press("ctrl+o")
    await app.until(lambda: isinstance(app.screen, ReviewDialog))
    await app.pilot.pause()


def reviewed(app):
    body = app.screen.query_one("#review-body")
    return "\n".join(
        "".join(segment.text for segment in body.render_line(y)).rstrip()
        for y in range(body.size.height)
    )


async def test_a_reply_is_reviewed_queued_counted_down_and_taken_back(tmp_path):
    async with desktop(tmp_path) as (app, store):
        connect_mailbox(store)
        ticket = ticket_with_mail(store)
        await review_a_reply(app, ticket, "On its way")
        review = reviewed(app)
        assert "lena@example.net" in review
        assert "support@shop.example" in review
        assert "On its way" in review
        await app.pilot.press("y")
        await app.until(lambda: app.pane.thread.messages[-1].delivery is Delivery.QUEUED)
        await app.pilot.pause()
        assert not app.pane.is_writing
        assert any("leaves in 10 s · z takes it back" in line for line in app.lines())
        assert app.desk.drafts.load(ticket, DraftKind.REPLY) is None
        assert app.pane.deliveries.take_back()
        composer = app.pane.query_one(Composer)
        await app.until(lambda: composer.text == "On its way")
        await app.until(lambda: len(app.pane.thread.messages) == 1)
        assert not app.pane.deliveries.take_back()


async def test_send_and_close_closes_and_send_and_snooze_asks_until_when(tmp_path):
    async with desktop(tmp_path) as (app, store):
        connect_mailbox(store)
        closing, sleeping = ticket_with_mail(store), ticket_with_mail(store)
        await review_a_reply(app, closing, "Bye")
        await app.pilot.press("c")
        await app.until(lambda: app.pane.thread.ticket.row.status is Status.CLOSED)
        await review_a_reply(app, sleeping, "Later")
        await app.pilot.press("b")
        await app.until(lambda: isinstance(app.screen, SnoozeDialog))
        await app.pilot.press(*"3d", "!", "enter")
        await app.until(lambda: app.pane.thread.ticket.row.status is Status.SNOOZED)
        assert app.pane.thread.ticket.row.snoozed_until - START == timedelta(days=3)
        assert app.pane.thread.ticket.snooze_keep


async def test_a_colleagues_reply_is_shown_before_sending_and_the_text_is_kept(tmp_path):
    async with desktop(tmp_path) as (app, store):
        connect_mailbox(store)
        ticket = ticket_with_mail(store)
        marek = add_agent(store, "marek")
        await review_a_reply(app, ticket, "Mine")
        ours = {"direction": "outbound", "author_name": "Marek", "agent_id": marek}
        add_message(store, ticket, text="I did it already", **ours)
        await app.pilot.press("y")
        await app.until(lambda: not app.pane.writing.off.is_under_way)
        await app.until(
            lambda: isinstance(app.screen, ReviewDialog) and "Marek answered" in reviewed(app)
        )
        assert "I did it already" in reviewed(app)
        await app.pilot.press("e")
        await app.pilot.pause()
        assert app.pane.query_one(Composer).text == "Mine"
        assert len(app.desk.threads.load(ticket).messages) == 2


async def test_another_reply_address_is_used_only_after_a_visible_choice(tmp_path):
    async with desktop(tmp_path) as (app, store):
        connect_mailbox(store)
        ticket = add_ticket(store)
        add_message(store, ticket, reply_to="other@example.org", flags="reply-to-differs")
        await review_a_reply(app, ticket, "Hi")
        assert reviewed(app).startswith("to      lena@example.net")
        assert "other@example.org is asked for by Reply-To  t takes it" in reviewed(app)
        await app.pilot.press("t")
        assert reviewed(app).startswith("to      other@example.org")
        await app.pilot.press("y")
        await app.until(lambda: len(app.pane.thread.messages) == 2)
        assert app.pane.thread.messages[-1].to == ("other@example.org",)

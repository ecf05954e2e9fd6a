"""Keys that come faster than the screen answers: as one burst, as over a slow line."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest
from textual import events
from textual.command import CommandList

from helpdesk_tui.domain.errors import StoreError
from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.domain.tickets import Status
from helpdesk_tui.screens.dialogs.review import ReviewDialog
from helpdesk_tui.screens.palette import Palette
from tests.screens.test_screens_answering import answering, composer, review, write
from tests.support.driven import Driven
from tests.support.waiting import PATIENCE


def burst(it: Driven, text: str, *keys: str) -> None:
    """Hand over keys at once, the text first."""
    for char in text:
        it.app.post_message(events.Key("space" if char == " " else char, char))
    for key in keys:
        it.app.post_message(events.Key(key, None))


def draft(it: Driven, kind: DraftKind = DraftKind.REPLY) -> str:
    found = it.inbox.desk.drafts.load(it.ids[0], kind)
    return found.text if found is not None else ""


def newest(it: Driven) -> str:
    return str(it.inbox.desk.threads.load(it.ids[0]).messages[-1].text)


def hold_drafts(it: Driven) -> Event:
    """Let drafts be read by the program once the event is set."""
    drafts, go_on = it.inbox.desk.drafts, Event()
    real = drafts.load

    def slowly(*args: object) -> object:
        go_on.wait(PATIENCE)
        return real(*args)

    drafts.load = slowly
    return go_on


@pytest.mark.parametrize("enters", [False, True], ids=["list", "thread"])
async def test_a_reply_typed_at_once_with_its_key_is_all_text(
    tmp_path: Path, *, enters: bool
) -> None:
    async with answering(tmp_path) as it:
        if enters:
            await it.press("enter")
            await it.until(lambda: it.inbox.panes.thread.thread is not None)
        burst(it, "rHello there, eee!")
        await it.until(lambda: composer(it).is_open and "!" in composer(it).text)
        assert composer(it).text == "Hello there, eee!"
        assert it.inbox.desk.threads.load(it.ids[0]).ticket.row.status is Status.OPEN


async def test_the_last_letter_before_escape_is_kept(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        await write(it, "")
        burst(it, "Hello!", "escape")
        burst(it, "J")
        await it.until(lambda: not composer(it).is_open)
        await it.until(lambda: draft(it) == "Hello!")
        await it.until(lambda: it.tickets.cursor_id == it.ids[1])


async def test_what_follows_the_change_of_kind_is_of_the_other_kind(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        await write(it, "")
        burst(it, "Hello!", "ctrl+t")
        burst(it, "inside")
        await it.until(lambda: draft(it, DraftKind.NOTE) == "inside")
        await it.until(lambda: draft(it) == "Hello!")


async def test_a_note_sent_with_its_last_letter_leaves_no_draft(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        await write(it, "", key="i")
        burst(it, "Hello!", "ctrl+o")
        await it.until(lambda: not composer(it).is_open)
        assert newest(it) == "Hello!"
        await it.pilot.pause(0.6)
        assert draft(it, DraftKind.NOTE) == ""


async def test_what_is_put_away_before_its_draft_was_read_stands_above_it(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        it.inbox.desk.drafts.save(it.ids[0], DraftKind.REPLY, "old text")
        go_on = hold_drafts(it)
        await write(it, "new")
        await it.press("escape")
        go_on.set()
        await it.until(lambda: draft(it).startswith("new"))
        assert draft(it).endswith("old text")


async def test_sending_waits_for_the_draft_that_is_being_read(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        it.inbox.desk.drafts.save(it.ids[0], DraftKind.NOTE, "old text ")
        go_on = hold_drafts(it)
        await write(it, "new", key="i")
        await it.press("ctrl+o")
        go_on.set()
        await it.until(lambda: not composer(it).is_open)
        assert newest(it).strip() == "old text new"


async def test_the_review_shows_what_was_typed_while_it_was_made(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        preview, begun, go_on = it.inbox.desk.replies.preview, Event(), Event()

        def slowly(*args: object, **options: object) -> object:
            begun.set()
            go_on.wait(PATIENCE)
            return preview(*args, **options)

        it.inbox.desk.replies.preview = slowly
        await write(it, "Hello")
        burst(it, "", "ctrl+o")
        await it.until(begun.is_set)
        burst(it, " more")
        await it.until(lambda: composer(it).text == "Hello more")
        go_on.set()
        await it.until(lambda: isinstance(it.app.screen, ReviewDialog))
        await it.until(lambda: "Hello more" in it.text())
        await it.press("y")
        await it.until(lambda: newest(it) == "Hello more")


def send_slowly(it: Driven, go_on: Event, *, fails: bool = False) -> None:
    real = it.inbox.desk.replies.reply

    def slowly(*args: object, **options: object) -> object:
        go_on.wait(PATIENCE)
        if fails:
            raise StoreError("store.busy", path="/x")
        return real(*args, **options)

    it.inbox.desk.replies.reply = slowly


async def test_z_before_a_reply_is_in_the_store_takes_that_reply_back(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        go_on = Event()
        await it.press("!")
        await it.until(lambda: "is spam" in it.text())
        await it.press("k")
        ticket = it.tickets.cursor_id
        send_slowly(it, go_on)
        await write(it, "Bye")
        await review(it)
        await it.press("c")
        await it.until(lambda: it.inbox.panes.thread.writing.off.is_under_way)
        await it.press("z")
        go_on.set()
        # what leaves closes the composer; taking it back opens it anew
        await it.until(lambda: not it.inbox.panes.thread.writing.off.is_under_way)
        await it.until(lambda: composer(it).is_open and composer(it).text == "Bye")
        await it.pilot.pause(0.4)
        assert composer(it).is_open
        assert composer(it).text == "Bye"
        assert it.inbox.panes.thread.ticket_id == ticket
        assert it.inbox.desk.threads.load(it.ids[0]).ticket.row.spam


async def test_z_at_once_after_sending_and_closing_keeps_its_composer(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        await write(it, "Bye")
        await review(it)
        await it.press("c")
        await it.until(lambda: it.tickets.window.index_of(it.ids[0]) is None)
        await it.press("z")
        await it.until(lambda: composer(it).is_open and composer(it).text == "Bye")
        await it.pilot.pause(0.4)
        assert composer(it).is_open
        assert it.inbox.panes.thread.ticket_id == it.ids[0]


async def test_z_between_the_row_that_goes_and_the_next_ticket_keeps_its_composer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with answering(tmp_path) as it:
        await write(it, "Bye")
        await review(it)
        panes = it.inbox.panes
        with monkeypatch.context() as held:
            # the list has gone on to the next ticket, which is not shown yet
            held.setattr(panes, "show_cursor", lambda: None)
            await it.press("c")
            await it.until(lambda: it.tickets.cursor_id == it.ids[1])
            assert panes.thread.ticket_id == it.ids[0]
            await it.press("z")
        panes.show_cursor()
        await it.until(lambda: composer(it).is_open and composer(it).text == "Bye")
        assert panes.thread.ticket_id == it.ids[0]
        assert it.tickets.cursor_id == it.ids[0]


@pytest.mark.parametrize("fails", [False, True], ids=["succeeds", "fails"])
async def test_a_second_reply_begun_while_the_first_leaves_is_not_lost(
    tmp_path: Path, *, fails: bool
) -> None:
    async with answering(tmp_path) as it:
        go_on = Event()
        send_slowly(it, go_on, fails=fails)
        await write(it, "first")
        await review(it)
        await it.press("y")
        await it.until(lambda: it.inbox.panes.thread.writing.off.is_under_way)
        burst(it, "rsecond")
        await it.pilot.pause(0.2)
        go_on.set()
        await it.until(lambda: composer(it).is_open and "second" in composer(it).text)
        assert composer(it).text == ("firstsecond" if fails else "second")
        if not fails:
            assert newest(it) == "first"


async def test_what_was_typed_for_a_composer_that_never_opened_is_its_draft(
    tmp_path: Path,
) -> None:
    async with answering(tmp_path) as it:
        it.inbox.desk.drafts.save(it.ids[0], DraftKind.REPLY, "old")
        real, go_on = it.inbox.desk.threads.load, Event()

        def slowly(*args: object) -> object:
            go_on.wait(PATIENCE)
            return real(*args)

        it.inbox.panes.thread.clear()
        it.inbox.desk.threads.load = slowly
        burst(it, "rHello", "escape")
        await it.until(lambda: draft(it).startswith("Hello"))
        assert draft(it).endswith("old")
        go_on.set()


async def test_z_takes_a_note_back_into_its_draft_and_redo_says_where_it_is(
    tmp_path: Path,
) -> None:
    async with answering(tmp_path) as it:
        await write(it, "for us", key="i")
        await it.press("ctrl+o")
        await it.until(lambda: "z takes it back" in it.text())
        await it.press("z")
        await it.until(lambda: composer(it).is_open and composer(it).text == "for us")
        assert composer(it).kind is DraftKind.NOTE
        assert newest(it) == "text 0"
        await it.press("escape")
        await it.until(lambda: not composer(it).is_open)
        await it.press("Z")
        await it.until(lambda: "is a draft again" in it.text())


async def test_redo_of_a_reply_that_was_taken_back_says_that_it_is_a_draft(
    tmp_path: Path,
) -> None:
    async with answering(tmp_path) as it:
        await write(it, "Bye")
        await review(it)
        await it.press("y")
        await it.until(lambda: not composer(it).is_open and newest(it) == "Bye")
        await it.press("z")
        await it.until(lambda: composer(it).is_open and composer(it).text == "Bye")
        await it.press("escape")
        await it.until(lambda: not composer(it).is_open)
        await it.press("Z")
        await it.until(lambda: "is a draft again" in it.text())


@pytest.mark.parametrize("enters", [False, True], ids=["list", "thread"])
async def test_what_is_typed_at_once_with_the_colon_is_for_the_palette(
    tmp_path: Path, *, enters: bool
) -> None:
    async with answering(tmp_path) as it:
        if enters:
            await it.press("enter")
            await it.until(lambda: it.inbox.panes.thread.thread is not None)
        before = it.inbox.desk.threads.load(it.ids[0]).ticket.row.status
        burst(it, ":theme: light", "enter")
        await it.until(lambda: it.app.theme == "helpdesk-light")
        assert it.inbox.desk.threads.load(it.ids[0]).ticket.row.status is before
        assert not composer(it).is_open


async def test_enter_behind_words_for_the_palette_waits_for_what_they_find(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        await it.press("ctrl+p")
        await it.until(lambda: isinstance(it.app.screen, Palette))
        await it.until(lambda: it.app.screen.query_one(CommandList).option_count > 1)
        burst(it, "theme: light", "enter")
        await it.until(lambda: it.app.theme == "helpdesk-light")

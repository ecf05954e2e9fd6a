"""Answering from the list: to all, taken back, with files, and the message as it came."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path
from threading import Event

import pytest
from textual.widgets import Input

from helpdesk_tui.domain.errors import StoreError
from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.domain.tickets import Status
from helpdesk_tui.screens.dialogs.attach import AttachDialog
from helpdesk_tui.screens.dialogs.review import ReviewDialog
from helpdesk_tui.screens.dialogs.source import SourceDialog
from helpdesk_tui.screens.menu import Menu
from helpdesk_tui.widgets.composer import Composer
from tests.support.driven import Driven, driven
from tests.support.store import add_message, make_store
from tests.support.waiting import PATIENCE


@asynccontextmanager
async def answering(tmp_path: Path, size: tuple[int, int] = (120, 36)) -> AsyncIterator[Driven]:
    """Run the program on a desk that can send."""
    async with driven(tmp_path, size=size) as it:
        store = make_store(tmp_path)
        with store.write() as connection:
            connection.execute(
                "INSERT INTO channel_account (id, name, channel, address, created_at)"
                " VALUES (1, 'shop', 'email', 'support@shop.example', 0)"
            )
            connection.execute(
                "INSERT INTO support_address (address, name, channel_account_id)"
                " VALUES ('support@shop.example', 'Shop', 1)"
            )
        it.store = store
        yield it
        store.close()


def composer(it: Driven) -> Composer:
    return it.inbox.panes.thread.query_one(Composer)  # type: ignore[no-any-return]


def is_completed(line: Input) -> bool:
    return line.value.endswith((".pdf", ".txt"))


async def write(it: Driven, text: str, key: str = "r") -> None:
    await it.press(key)
    await it.until(lambda: composer(it).is_open)
    await it.press(*text)


async def review(it: Driven) -> None:
    await it.press("ctrl+o")
    await it.until(lambda: isinstance(it.app.screen, ReviewDialog))
    await it.pilot.pause()


async def test_send_and_close_is_taken_back_by_z_whatever_is_shown_by_then(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        await write(it, "Bye")
        await review(it)
        await it.press("c")
        await it.until(lambda: it.tickets.window.index_of(it.ids[0]) is None)
        assert "z takes it back" in it.text()
        await it.press("q")
        assert it.inbox.panes.current == "list"
        await it.press("z")
        await it.until(lambda: it.tickets.cursor_id == it.ids[0])
        assert it.tickets.cursor_row.status is Status.OPEN
        await it.until(lambda: composer(it).is_open and composer(it).text == "Bye")
        assert len(it.inbox.desk.threads.load(it.ids[0]).messages) == 1


async def test_a_reply_taken_back_in_its_thread_is_not_taken_back_twice(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        await it.press("!")
        await it.until(lambda: "is spam" in it.text())
        await it.press("z")
        await it.until(lambda: "undone" in it.text())
        await write(it, "Hello")
        await review(it)
        await it.press("y")
        await it.until(lambda: "takes it back" in it.text() and not composer(it).is_open)
        await it.until(lambda: len(it.inbox.panes.thread.thread.messages) == 2)
        await it.press("z")
        await it.until(lambda: composer(it).is_open and composer(it).text == "Hello")
        await it.press("escape")
        await it.press("z")
        await it.pilot.pause(0.2)
        assert "no message" not in it.text()


async def test_reply_all_copies_to_the_others_but_never_to_us(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        add_message(
            it.store, it.ids[0], sender="c0@example.net", text="all of you",
            recipients=["support@shop.example", "boss@example.net"], copies=["Eve@example.net"],
        )  # fmt: skip
        await write(it, "To all", key="R")
        await it.until(lambda: "+ 2 cc" in str(composer(it).border_title))
        await review(it)
        assert "boss@example.net, eve@example.net" in it.text()
        await it.press("y")
        await it.until(lambda: len(it.inbox.desk.threads.load(it.ids[0]).messages) == 3)
        sent = it.inbox.desk.threads.load(it.ids[0]).messages[-1]
        assert sent.to == ("c0@example.net",)
        assert sent.cc == ("boss@example.net", "eve@example.net")


async def test_reply_all_to_one_person_says_so(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        await it.press("R")
        await it.until(lambda: "nobody else was on this mail" in it.text())


async def test_a_file_is_attached_by_its_path_and_taken_off_again(tmp_path: Path) -> None:
    (tmp_path / "label one.pdf").write_bytes(b"%PDF-1")
    (tmp_path / "other.txt").write_bytes(b"text")
    async with answering(tmp_path) as it:
        await write(it, "see")
        for start in ("label", "oth"):
            await it.press("ctrl+f")
            await it.until(lambda: isinstance(it.app.screen, AttachDialog))
            line = it.app.screen.query_one(Input)
            line.value = f"{tmp_path}/{start}"
            await it.press("tab")
            await it.until(partial(is_completed, line))
            await it.press("enter")
            await it.until(lambda: not isinstance(it.app.screen, AttachDialog))
        await it.until(lambda: "other.txt" in it.text())
        assert "label one.pdf" in it.text()
        assert "ctrl+n detach" in it.text()
        await it.press("ctrl+n")
        await it.until(lambda: isinstance(it.app.screen, Menu))
        await it.press("1")
        await it.until(lambda: "label one.pdf" not in it.text())
        await it.press("ctrl+n")
        await it.until(lambda: "other.txt" not in it.text())
        draft = it.inbox.desk.drafts.load(it.ids[0], DraftKind.REPLY)
        assert not draft.files
        await it.press("ctrl+n")
        await it.until(lambda: "no file is attached" in it.text())


async def test_a_path_without_a_file_is_named_where_it_is_typed(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        await write(it, "x")
        await it.press("ctrl+f")
        await it.until(lambda: isinstance(it.app.screen, AttachDialog))
        it.app.screen.query_one(Input).value = str(tmp_path / "nothing here")
        await it.press("tab")
        await it.until(lambda: "nothing begins like this" in it.text())
        await it.press("enter")
        await it.until(lambda: "no file with this path" in it.text())


async def test_files_of_one_ticket_never_show_up_in_another(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        it.inbox.desk.drafts.attach(it.ids[0], DraftKind.REPLY, "secret.pdf", b"data")
        await it.press("r")
        await it.until(lambda: "secret.pdf" in it.text())
        await it.press("escape")
        await it.press("J")
        await it.until(lambda: it.inbox.panes.thread.ticket_id == it.ids[1])
        await it.until(lambda: it.inbox.panes.thread.thread is not None)
        await write(it, "hello")
        await review(it)
        assert "secret.pdf" not in it.text()


async def test_the_source_shows_escapes_as_text_and_scrolls(tmp_path: Path) -> None:
    raw = b"Subject: \x1b]52;c;aGk=\x07\r\n\r\n" + b"\r\n".join(b"line %d" % n for n in range(99))
    async with answering(tmp_path) as it:
        digest = sha256(raw).hexdigest()
        with it.store.write() as connection:
            connection.execute(
                "INSERT INTO blob (sha256, size, codec, data) VALUES (?, ?, 'plain', ?)",
                (digest, len(raw), raw),
            )
            connection.execute(
                "UPDATE message SET raw_sha256 = ? WHERE ticket_id = ?", (digest, it.ids[0])
            )
        await it.press("enter")
        await it.until(lambda: it.inbox.panes.thread.thread is not None)
        await it.press("g", "h")
        await it.until(lambda: isinstance(it.app.screen, SourceDialog))
        await it.until(lambda: "Subject: ^[]52;c;aGk=^G" in it.text())
        assert "line 98" not in it.text()
        assert re.search(r"message of [^\d·]+ · ", it.text()), "its number says nothing to anybody"
        await it.press("G")
        await it.until(lambda: "line 98" in it.text())
        await it.press("q")
        assert not isinstance(it.app.screen, SourceDialog)


async def test_a_source_that_was_not_kept_is_said(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        await it.press("enter")
        await it.until(lambda: it.inbox.panes.thread.thread is not None)
        await it.press("g", "h")
        await it.until(lambda: "source" in it.text().lower())
        assert not isinstance(it.app.screen, SourceDialog)


async def test_the_composer_grows_with_its_text_and_leaves_the_thread_room(tmp_path: Path) -> None:
    async with answering(tmp_path, size=(120, 40)) as it:
        await write(it, "one")
        await it.pilot.pause()
        assert composer(it).editor.size.height == 5
        for _ in range(60):
            composer(it).editor.insert("more\n")
        await it.pilot.pause()
        pane = it.inbox.panes.thread
        assert composer(it).editor.size.height >= 12
        assert composer(it).outer_size.height <= pane.size.height * 0.47


async def test_on_a_low_terminal_the_composer_starts_with_three_lines(tmp_path: Path) -> None:
    async with answering(tmp_path, size=(80, 24)) as it:
        await write(it, "one")
        await it.pilot.pause()
        assert composer(it).editor.size.height == 3
        assert it.inbox.panes.thread.view.size.height >= 10


async def test_files_of_an_entered_thread_tell_their_keys(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        add_message(it.store, it.ids[0], text="see", files=[("box.jpg", b"x" * 100)])
        add_message(it.store, it.ids[0], text="thanks")
        it.inbox.panes.thread.refresh_ticket()
        await it.until(lambda: "box.jpg" in it.text())
        assert "o open · S save" not in it.text()
        await it.press("enter")
        await it.until(lambda: "o open · S save" in it.text())


async def on_whatsapp(it: Driven) -> None:
    with it.store.write() as connection:
        connection.execute("UPDATE ticket SET channel = 'whatsapp' WHERE id = ?", (it.ids[1],))
    await it.press("j")
    await it.until(lambda: it.inbox.panes.thread.ticket_id == it.ids[1])


async def test_a_channel_that_cannot_answer_says_so_before_anything_is_typed(
    tmp_path: Path,
) -> None:
    async with answering(tmp_path) as it:
        await on_whatsapp(it)
        await write(it, "Hello")
        await it.until(lambda: "no WhatsApp account is connected" in it.text())
        await it.until(lambda: "WhatsApp · locked" in it.text())
        await it.press("ctrl+o")
        await it.until(lambda: isinstance(it.app.screen, Menu))
        await it.until(lambda: it.inbox.desk.drafts.load(it.ids[1], DraftKind.REPLY) is not None)
        await it.press("escape")
        await it.press("z")
        assert composer(it).text == "Helloz"


async def test_a_note_may_be_written_where_no_reply_can_leave(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        await on_whatsapp(it)
        await write(it, "")
        await it.press("ctrl+t")
        await it.until(lambda: "add note" in it.text())
        assert "review and send" not in it.text()
        await it.press(*"hm", "ctrl+o")
        await it.until(lambda: not composer(it).is_open)
        assert it.inbox.desk.threads.load(it.ids[1]).messages[-1].text == "hm"


@pytest.mark.parametrize(("key", "word"), [("r", "review and send"), ("i", "add note")])
async def test_the_footer_names_what_the_composer_will_do(
    tmp_path: Path, key: str, word: str
) -> None:
    async with answering(tmp_path) as it:
        await write(it, "", key=key)
        await it.until(lambda: f"ctrl+o {word}" in it.text())


async def test_ctrl_j_is_a_new_line_where_the_letters_stand(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        await write(it, "a")
        await it.press("ctrl+j", "b", "ctrl+j", "ctrl+j", "c")
        assert composer(it).text == "a\nb\n\nc"


@pytest.mark.parametrize("fails", [True, False], ids=["fails", "succeeds"])
async def test_a_slow_sending_leaves_the_draft_of_another_ticket_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, fails: bool
) -> None:
    async with answering(tmp_path) as it:
        desk, pane, go_on = it.inbox.desk, it.inbox.panes.thread, Event()
        real = desk.replies.reply

        def slowly(*args: object, **options: object) -> object:
            go_on.wait(PATIENCE)
            if fails:
                raise StoreError("store.busy", path="/x")
            return real(*args, **options)

        monkeypatch.setattr(desk.replies, "reply", slowly)
        await write(it, "first")
        await review(it)
        await it.press("y")
        await it.until(lambda: pane.writing.off.is_under_way)
        pane.open(it.ids[1])
        await it.until(lambda: pane.thread is not None and pane.thread.ticket.row.id == it.ids[1])
        pane.reply()
        await it.until(lambda: composer(it).is_open and not pane.writing.is_restoring)
        await it.press(*"second")
        go_on.set()
        await it.until(lambda: not pane.writing.off.is_under_way)
        assert composer(it).is_open
        assert composer(it).text == "second"
        await it.until(lambda: not pane.writing._keeper.is_dirty)
        await it.until(lambda: desk.drafts.load(it.ids[1], DraftKind.REPLY) is not None)
        assert desk.drafts.load(it.ids[1], DraftKind.REPLY).text == "second"
        if fails:
            await it.until(lambda: desk.drafts.load(it.ids[0], DraftKind.REPLY) is not None)
            assert desk.drafts.load(it.ids[0], DraftKind.REPLY).text == "first"
        else:
            assert desk.threads.load(it.ids[0]).messages[-1].text == "first"


async def test_a_sending_that_breaks_unforeseen_gives_the_text_back_to_edit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with answering(tmp_path) as it:

        def broken(*_: object, **__: object) -> object:
            raise RuntimeError("nobody foresaw this")

        monkeypatch.setattr(it.inbox.desk.replies, "reply", broken)
        await write(it, "Hello")
        await review(it)
        await it.press("y")
        await it.until(lambda: "nothing was sent" in it.text())
        await it.press("z")
        await it.until(lambda: composer(it).text == "Helloz")
        await review(it)

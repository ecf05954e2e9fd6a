"""Five defects that another terminal helpdesk had: each would fail here."""

from __future__ import annotations

import stat
from pathlib import Path

from helpdesk_tui.domain.messages import DraftKind
from tests.screens.test_screens_answering import answering, composer, review, write
from tests.screens.test_screens_terminal import desk_of, opened, store, writing
from tests.support.store import add_agent, add_message

__all__ = ["store"]

_EDITOR = """#!/bin/sh
touch "{started}"
while [ ! -e "{go}" ]; do sleep 0.05; done
printf ' from outside' >> "$1"
"""


def test_the_refreshing_outlives_an_editor_that_is_open(store, tmp_path: Path) -> None:
    editor, started, go = (tmp_path / name for name in ("editor", "started", "go"))
    editor.write_text(_EDITOR.format(started=started, go=go))
    editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
    marek = desk_of(store, "marek")
    with opened(store, VISUAL=str(editor)) as screen:
        writing(screen, "Hello")
        screen.press("ctrl+g")
        for _ in range(100):
            screen.pump(0.1)
            if started.exists():
                break
        marek.triage.tag([2], ["while-away"])
        marek.replies.note(1, "written while the editor was open")
        go.touch()
        screen.see("Hello from outside")
        screen.see("while the editor was open")
        marek.triage.tag([1], ["still-live"])
        screen.see("still-live")
    marek.close()


async def test_no_draft_is_lost_by_a_failed_send_or_by_escape(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        desk, ticket = it.inbox.desk, it.ids[0]
        await write(it, "A long reply")
        await review(it)
        with it.store.write() as connection:
            connection.execute("DELETE FROM support_address")
            connection.execute("DELETE FROM channel_account")
        await it.press("y")
        await it.until(lambda: "nothing was sent" in it.text())
        assert composer(it).text == "A long reply"
        await it.press("escape")
        await it.until(lambda: not composer(it).is_open)
        await it.until(lambda: desk.drafts.load(ticket, DraftKind.REPLY) is not None)
        assert desk.drafts.load(ticket, DraftKind.REPLY).text == "A long reply"
        await it.press("r")
        await it.until(lambda: composer(it).text == "A long reply")


async def test_the_thread_is_never_blank_while_the_cursor_moves(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        pane = it.inbox.panes.thread
        await it.until(lambda: pane.thread is not None)
        for key in ("j", "j", "k", "j", "j", "k", "k"):
            await it.press(key)
            assert pane.thread is not None
            assert pane.view.display
            shown = str(pane.thread.messages[-1].text)
            assert shown in it.text()
        wanted = it.inbox.tickets.cursor_row.id
        await it.until(lambda: pane.thread.ticket.row.id == wanted)
        await it.until(lambda: f"#{wanted} " in it.text())


async def test_attachments_are_drawn_where_they_were_sent(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        add_message(it.store, it.ids[0], text="See the photo", files=[("shoes.jpg", b"x" * 1200)])
        it.inbox.panes.thread.refresh_ticket()
        await it.until(lambda: "shoes.jpg" in it.text() and "1 kB" in it.text())
        await it.press("i")
        await it.until(lambda: composer(it).is_open)
        it.inbox.desk.drafts.attach(it.ids[0], DraftKind.NOTE, "label.pdf", b"%PDF")
        await it.press("escape")
        await it.until(lambda: not composer(it).is_open)
        await it.press("i")
        await it.until(lambda: "label.pdf" in it.text())
        await it.press("ctrl+o")
        await it.until(lambda: not composer(it).is_open)
        await it.until(lambda: "label.pdf" in it.text())
        note = it.inbox.desk.threads.load(it.ids[0]).messages[-1]
        assert (note.direction, note.attachments[0].filename) == ("note", "label.pdf")


async def test_completing_leaves_what_stands_behind_it(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        add_agent(it.store, "bert")
        await write(it, "look at this, please", key="i")
        composer(it).editor.move_cursor((0, 8))
        await it.press(*"@be")
        await it.until(lambda: composer(it).completions.is_open)
        await it.press("tab", *":tad")
        await it.until(lambda: composer(it).completions.is_open)
        await it.press("enter")
        assert composer(it).text == "look at @bert 🎉 this, please"

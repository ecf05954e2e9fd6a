"""Keys that come before the dialog that they are meant for."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest
from textual import events
from textual.widgets import Static

from helpdesk_tui.domain.errors import StoreError
from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.domain.tickets import Status
from helpdesk_tui.screens import keyboard
from helpdesk_tui.screens.dialogs.quit import QuitDialog
from helpdesk_tui.screens.dialogs.tags import TagsDialog
from tests.screens.test_screens_answering import answering, composer, write
from tests.screens.test_screens_hasty_keys import burst
from tests.support.driven import Driven
from tests.support.waiting import PATIENCE


def hold_tags(it: Driven, *, fails: bool = False) -> Event:
    """Let the tags be read by the program once the event is set."""
    tags, go_on = it.inbox.desk.tags, Event()
    real = tags.counts

    def slowly() -> object:
        go_on.wait(PATIENCE)
        if fails:
            raise StoreError("store.busy")
        return real()

    tags.counts = slowly
    return go_on


def tags_of(it: Driven, ticket: int) -> tuple[str, ...]:
    return tuple(it.inbox.desk.threads.load(ticket).ticket.row.tags)


def is_untouched(it: Driven, ticket: int) -> bool:
    row = it.inbox.desk.threads.load(ticket).ticket.row
    return row.status is Status.OPEN and row.tags == ()


async def test_a_tag_typed_in_one_go_with_its_key_is_a_tag(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        burst(it, "turgent", "enter")
        await it.until(lambda: tags_of(it, it.ids[0]) == ("urgent",))
        await it.until(lambda: it.app.screen is it.inbox)
        assert it.inbox.desk.threads.load(it.ids[0]).ticket.row.status is Status.OPEN


async def test_however_late_the_dialog_comes_the_keys_are_its_own(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        go_on = hold_tags(it)
        burst(it, "turge")
        await it.pilot.pause(0.2)
        assert it.app.screen is it.inbox
        burst(it, "nt", "enter")
        go_on.set()
        await it.until(lambda: tags_of(it, it.ids[0]) == ("urgent",))


async def test_what_follows_the_dialog_goes_on_behind_it(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        burst(it, "tone", "enter")
        burst(it, "jttwo", "enter")
        await it.until(lambda: tags_of(it, it.ids[1]) == ("two",))
        assert tags_of(it, it.ids[0]) == ("one",)


async def test_escape_closes_the_dialog_that_comes(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        go_on = hold_tags(it)
        burst(it, "tee", "escape")
        go_on.set()
        burst(it, "j")
        await it.until(lambda: it.tickets.cursor_id == it.ids[1])
        assert it.app.screen is it.inbox
        assert is_untouched(it, it.ids[0])


async def test_keys_for_a_dialog_that_cannot_be_shown_do_nothing_else(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        go_on = hold_tags(it, fails=True)
        burst(it, "te")
        await it.pilot.pause(0.2)
        go_on.set()
        await it.until(lambda: "busy" in it.text())
        burst(it, "j")
        await it.until(lambda: it.tickets.cursor_id == it.ids[1])
        assert is_untouched(it, it.ids[0])


async def test_keys_are_commands_again_where_no_dialog_comes_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with answering(tmp_path) as it:
        monkeypatch.setattr(keyboard, "HELD_FOR", 0.2)
        go_on = hold_tags(it)
        burst(it, "te")
        await it.pilot.pause(0.5)
        burst(it, "j")
        await it.until(lambda: it.tickets.cursor_id == it.ids[1])
        assert is_untouched(it, it.ids[0])
        go_on.set()
        await it.until(lambda: isinstance(it.app.screen, TagsDialog))


async def test_a_file_and_the_words_with_it_may_be_typed_in_one_go(tmp_path: Path) -> None:
    label = tmp_path / "label.pdf"
    label.write_bytes(b"%PDF-1.4")
    async with answering(tmp_path) as it:
        await write(it, "")
        burst(it, "Here: ", "ctrl+f")
        burst(it, str(label), "enter")
        burst(it, "it is")
        await it.until(lambda: composer(it).text == "Here: it is")
        await it.until(lambda: "label.pdf" in it.text())


async def test_keys_behind_the_one_that_opens_a_list_move_in_it(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        for place, ticket in enumerate(it.ids):
            it.inbox.desk.drafts.save(ticket, DraftKind.REPLY, f"draft {place}")
        burst(it, "gdjj", "enter")
        await it.until(lambda: composer(it).is_open and composer(it).text == "draft 2")


async def test_keys_behind_a_command_are_the_screens_own_again(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        burst(it, ":theme: light", "enter")
        burst(it, "j")
        await it.until(lambda: it.app.theme == "helpdesk-light")
        await it.until(lambda: it.tickets.cursor_id == it.ids[1])


async def test_the_way_out_is_open_while_keys_wait(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        go_on = hold_tags(it)
        burst(it, "te", "ctrl+q")
        await it.until(lambda: isinstance(it.app.screen, QuitDialog))
        go_on.set()


async def test_keys_go_on_though_the_taker_of_one_is_gone(tmp_path: Path) -> None:
    class Gone(Static, can_focus=True):
        async def on_key(self, event: events.Key) -> None:
            event.stop()
            await self.remove()

    async with answering(tmp_path) as it:
        gone = Gone()
        await it.inbox.mount(gone)
        gone.focus()
        await it.until(lambda: gone.has_focus)
        burst(it, "xJ")
        await it.until(lambda: not gone.is_attached)
        await it.until(lambda: it.tickets.cursor_id == it.ids[1])


async def test_a_question_that_another_took_the_place_of_holds_nothing(tmp_path: Path) -> None:
    async with answering(tmp_path) as it:
        go_on = Event()
        for _ in range(2):
            it.inbox.ask(lambda: go_on.wait(PATIENCE), bool, group="ask", exclusive=True)
        it.inbox.start(bool, bool, group="ask", exclusive=True)
        burst(it, "j")
        await it.until(lambda: it.tickets.cursor_id == it.ids[1])
        go_on.set()


async def test_a_key_held_down_waits_for_nothing_and_what_follows_is_meant_for_its_row(
    tmp_path: Path,
) -> None:
    async with answering(tmp_path) as it:
        burst(it, "jjkjtone", "enter")
        await it.until(lambda: tags_of(it, it.ids[2]) == ("one",))
        assert is_untouched(it, it.ids[0])

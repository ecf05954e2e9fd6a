"""The whole program on a real desk, driven by keys."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from textual.command import CommandList, CommandPalette

from helpdesk_tui.app import HelpdeskApp
from helpdesk_tui.domain.query.parsing import STATES
from helpdesk_tui.domain.tickets import Status, View
from helpdesk_tui.screens.help import HelpLines, HelpScreen, help_lines, in_columns
from helpdesk_tui.screens.menu import Menu
from helpdesk_tui.widgets.search_line import SearchLine
from helpdesk_tui.widgets.words.errors import sentence
from helpdesk_tui.widgets.wrap import cells
from tests.support.driven import driven
from tests.support.driving import driving
from tests.support.store import (
    START,
    FakeClock,
    add_ticket,
    make_desk,
    make_store,
)
from tests.support.thread_values import HOSTILE, is_harmless
from tests.support.waiting import until_so


async def test_it_opens_on_my_inbox(tmp_path: Path) -> None:
    async with driven(tmp_path) as it:
        assert "Customer 0" in it.text()
        assert "subject 4" in it.text()
        assert it.tickets.cursor_id == it.ids[0]


async def test_keys_move_the_cursor_and_the_preview_leaves_it_unread(tmp_path: Path) -> None:
    async with driven(tmp_path) as it:
        await it.press("j", "j", "k", "j")
        assert it.tickets.cursor_id == it.ids[2]
        await it.until(lambda: it.inbox.panes.thread.ticket_id == it.ids[2])
        assert it.tickets.cursor_row.unread


async def test_entering_a_ticket_marks_it_read_and_q_goes_back(tmp_path: Path) -> None:
    async with driven(tmp_path) as it:
        await it.press("enter")
        assert it.inbox.panes.current == "thread"
        await it.until(lambda: not it.tickets.cursor_row.unread)
        await it.press("q")
        assert it.inbox.panes.current == "list"


async def test_closing_goes_to_the_next_ticket_and_undo_brings_it_back(tmp_path: Path) -> None:
    async with driven(tmp_path) as it:
        await it.press("j", "e")
        assert it.tickets.cursor_id == it.ids[2]
        await it.until(lambda: it.tickets.window.index_of(it.ids[1]) is None)
        await it.press("z")
        await it.until(lambda: it.tickets.cursor_id == it.ids[1])
        assert it.tickets.cursor_row.status is Status.OPEN


async def test_closing_the_last_ticket_leaves_an_empty_view_that_teaches(tmp_path: Path) -> None:
    async with driven(tmp_path, count=1) as it:
        await it.press("e")
        await it.until(lambda: not it.tickets.window.rows)
        await it.until(lambda: "Your inbox is clear." in it.text())


async def test_what_does_not_apply_is_said(tmp_path: Path) -> None:
    async with driven(tmp_path) as it:
        await it.press("E")
        await it.until(lambda: "is open already" in it.text())


async def test_taking_and_spam_and_unread(tmp_path: Path) -> None:
    async with driven(tmp_path) as it:
        await it.press("exclamation_mark")
        await it.until(lambda: it.tickets.window.index_of(it.ids[0]) is None)
        await it.press("4")
        await it.until(lambda: it.tickets.cursor_id == it.ids[0])
        assert it.inbox.data.where.view is View.SPAM


@pytest.mark.parametrize(
    ("keys", "view"),
    [
        (("2",), View.UNASSIGNED),
        (("g", "a"), View.ALL),
        (("g", "!"), View.SPAM),
        (("3",), View.ALL),
    ],
)
async def test_views_open_by_number_and_by_letter(tmp_path: Path, keys: tuple, view: View) -> None:
    async with driven(tmp_path) as it:
        await it.press(*keys)
        await it.until(lambda: it.tickets.where.view is view)


async def test_the_list_is_narrowed_by_status(tmp_path: Path) -> None:
    async with driven(tmp_path) as it:
        await it.press("backslash")
        assert isinstance(it.app.screen, Menu)
        await it.press("c")
        await it.until(lambda: it.tickets.where.status is Status.CLOSED)
        await it.until(lambda: "No closed tickets" in it.text())


async def test_new_mail_comes_in_live_and_the_cursor_stays(tmp_path: Path) -> None:
    async with driven(tmp_path, count=40) as it:
        await it.press(*["j"] * 25)
        before, top = it.tickets.cursor_id, it.place()
        other = make_store(tmp_path)
        ticket = add_ticket(
            other, name="New Person", email="n@example.net", subject="just in",
            assignee="anna", status="open", unread=1, at=START + timedelta(minutes=1),
        )  # fmt: skip
        with other.write() as connection:
            connection.execute(
                "INSERT INTO activity (at, actor_kind, kind, ticket_id) VALUES (1, 'customer',"
                " 'message.received', ?)", (ticket,),
            )  # fmt: skip
        other.close()
        await it.until(lambda: "1 new ↑" in it.text())
        assert it.tickets.cursor_id == before
        assert it.place() == top
        await it.press("g", "g")
        await it.until(lambda: it.tickets.cursor_id == ticket)
        assert "new ↑" not in it.text()


async def test_a_long_list_is_paged(tmp_path: Path) -> None:
    async with driven(tmp_path, count=230) as it:
        assert len(it.tickets.window.rows) < 230
        await it.press("G")
        await it.until(lambda: it.tickets.cursor_id == it.ids[-1])
        assert "subject 229" in it.text()
        await it.press("g", "g")
        await it.until(lambda: it.tickets.cursor_id == it.ids[0])
        for _ in range(12):
            await it.press("pagedown")
        await it.until(lambda: it.tickets.window.end > 150)


async def test_only_the_changed_rows_are_drawn_on_a_move(tmp_path: Path) -> None:
    async with driven(tmp_path, count=40) as it:
        await it.until(lambda: "text 0" in it.text())
        await it.pilot.pause(0.4)
        drawn = []
        render = it.tickets.render_line

        def noted(y):
            drawn.append(y)
            return render(y)

        it.tickets.render_line = noted
        await it.press("j")
        assert sorted(drawn) == [0, 1, 2, 3]


@pytest.mark.parametrize("size", [(20, 5), (1, 1), (79, 30), (100, 23)])
async def test_a_terminal_too_small_says_what_is_needed(tmp_path: Path, size: tuple) -> None:
    async with driven(tmp_path) as it:
        await it.press("j")
        await it.pilot.resize_terminal(*size)
        await it.pilot.pause()
        assert "80×24"[: size[0] - 1] in it.text()
        await it.pilot.resize_terminal(180, 50)
        await it.pilot.pause()
        assert "Customer 0" in it.text()
        assert it.tickets.cursor_id == it.ids[1]


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (180, 50), (500, 200)])
async def test_every_layout_names_views_and_counts(tmp_path: Path, size: tuple) -> None:
    async with driven(tmp_path, size=size) as it:
        await it.until(lambda: "Unassigned" in it.text())
        await it.press("enter")
        await it.until(lambda: "text 0" in it.text())
        await it.press("q")
        assert "Customer 1" in it.text()


@pytest.mark.parametrize(("before", "after"), [((80, 24), (120, 36)), ((180, 50), (80, 24))])
async def test_every_row_of_the_list_takes_a_new_width(
    tmp_path: Path, before: tuple, after: tuple
) -> None:
    async with driven(tmp_path, size=before) as it:
        await it.until(lambda: "Customer 4" in it.text())
        await it.pilot.resize_terminal(*after)
        await it.until(lambda: it.app.size.width == after[0])
        await it.pilot.pause()
        seen = it.text()
        it.tickets.restyle()
        await it.pilot.pause()
        assert seen == it.text(), "drawn anew it looks otherwise"


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (180, 50)])
async def test_help_cuts_no_sentence(tmp_path: Path, size: tuple) -> None:
    async with driven(tmp_path, size=size) as it:
        await it.press("question_mark")
        screen = it.app.screen
        assert isinstance(screen, HelpScreen)
        room = screen.query_one(HelpLines).size.width
        lines = help_lines(it.inbox.keymap, it.inbox.signs)
        rows = in_columns(lines, room)
        assert max(sum(cells(text) for text, _ in row) for row in rows) <= room
        assert (len(rows) < len(lines)) == (room > 100)
        await it.press("G")
        await it.until(lambda: "Quit, naming what is unsent" in it.text())


async def test_help_shows_the_table_and_closes_with_its_key(tmp_path: Path) -> None:
    async with driven(tmp_path) as it:
        await it.press("question_mark")
        assert isinstance(it.app.screen, HelpScreen)
        assert "Next row or line" in it.text()
        await it.press("question_mark")
        assert it.app.screen is it.inbox


async def test_the_palette_does_what_it_names(tmp_path: Path) -> None:
    async with driven(tmp_path) as it:
        await it.press("ctrl+p")
        await it.until(lambda: isinstance(it.app.screen, CommandPalette))
        found = it.app.screen.query_one(CommandList)
        await it.until(lambda: found.option_count > 1)
        await it.press(*"spam or")
        await it.until(
            lambda: (
                found.option_count
                and found.highlighted == 0
                and "Spam, or not spam" in str(found.get_option_at_index(0).prompt)
            )
        )
        await it.press("enter")
        await it.until(lambda: it.tickets.window.index_of(it.ids[0]) is None)


async def test_the_palette_names_first_what_holds_the_typed_letters_together(
    tmp_path: Path,
) -> None:
    async with driven(tmp_path) as it:
        await it.press("ctrl+p")
        await it.until(lambda: isinstance(it.app.screen, CommandPalette))
        found = it.app.screen.query_one(CommandList)
        await it.until(lambda: found.option_count > 1)
        await it.press(*"snoo")
        await it.until(lambda: "Snooze" in str(found.get_option_at_index(0).prompt))
        names = [str(found.get_option_at_index(at).prompt) for at in range(found.option_count)]
        assert all("Snooze" in name for name in names[:2])
        assert not any("Snooze" in name for name in names[2:])
        assert any(name.startswith("Customer sidebar on or off") for name in names[2:])


async def test_a_search_opens_as_a_view_and_q_leaves_it(tmp_path: Path) -> None:
    async with driven(tmp_path) as it:
        await it.press("slash")
        await it.until(lambda: it.inbox.panes.context == "search")
        await it.press(*"subject", "enter")
        await it.until(lambda: it.tickets.where.query == "subject")
        await it.until(lambda: it.inbox.panes.context == "list")
        await it.press("q")
        await it.until(lambda: not it.tickets.where.query)


async def test_a_mistake_in_a_search_is_said_below_it(tmp_path: Path) -> None:
    async with driven(tmp_path) as it:
        await it.press("slash")
        await it.until(lambda: it.inbox.panes.context == "search")
        await it.press(*"is:nonsense", "enter")
        await it.until(lambda: "^" in it.text())
        await it.until(lambda: it.inbox.panes.context == "search")
        await it.press("backspace")
        line = it.inbox.query_one(SearchLine).line
        await it.until(lambda: line.value == "is:nonsens")
        await it.press("escape")
        await it.until(lambda: it.inbox.panes.context == "list")


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (180, 50)])
async def test_what_a_search_knows_is_said_in_full(tmp_path: Path, size: tuple[int, int]) -> None:
    async with driven(tmp_path, size=size) as it:
        await it.press("slash")
        await it.until(lambda: it.inbox.panes.context == "search")
        await it.press(*"is:qqq", "enter")
        await it.until(lambda: "knows no qqq" in it.text())
        said = "".join(it.text().split())
        for state in STATES:
            assert state in said
        # the head above may tell of what was found by the first letters
        lines = it.text().splitlines()
        asked = next(place for place, line in enumerate(lines) if "is:qqq" in line)
        width = it.tickets.region.right
        assert "…" not in "\n".join(line[:width] for line in lines[asked : asked + 7])


async def test_quitting_asks_and_names_drafts(tmp_path: Path) -> None:
    async with driven(tmp_path) as it:
        await it.press("r")
        await it.until(lambda: it.inbox.panes.context == "composer")
        await it.press(*"hello")
        await it.press("ctrl+q")
        await it.until(lambda: "Quit helpdesk?" in it.text())
        await it.until(lambda: "subject 0" in it.text())
        await it.press("ctrl+q")
        await it.until(lambda: not it.app.is_running)


async def test_hostile_names_and_subjects_stay_text(tmp_path: Path) -> None:
    desk = make_desk(tmp_path, clock=FakeClock())
    for number, text in enumerate((HOSTILE, HOSTILE[::-1], HOSTILE[40:])):
        add_ticket(
            desk.store, name=text, email=f"h{number}@example.net", subject=text, preview=text,
            assignee="anna", status="open", at=START - timedelta(minutes=number),
        )  # fmt: skip
    async with driving(desk, (180, 50)) as it:
        pane = it.inbox.panes.thread
        assert pane is not None
        ids = [row.id for row in it.inbox.tickets.window.rows]
        shown = set[int]()
        while shown != set(ids):
            await it.until(lambda: pane.thread and pane.ticket_id not in shown)
            shown.add(pane.ticket_id)
            assert is_harmless(it.text().replace("\n", ""))
            await it.press("j")


async def test_a_store_that_cannot_be_opened_ends_it_with_the_reason(tmp_path: Path) -> None:
    app = HelpdeskApp(tmp_path / "nowhere", agent="anna", start_worker=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_so(pilot, lambda: not app.is_running)
    assert not app.is_running
    assert app.refused is not None
    assert "there is no store" in sentence(app.refused)


async def test_letters_stand_for_signs_in_ascii_mode(tmp_path: Path) -> None:
    async with driven(tmp_path, ascii_only=True, size=(80, 24)) as it:
        await it.pilot.pause(0.2)
        assert it.text().isascii()

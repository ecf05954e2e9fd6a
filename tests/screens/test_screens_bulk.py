"""Marking tickets, acting on many, repeating, taking back and doing again: driven by keys."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from helpdesk_tui.domain.tickets import Sort
from helpdesk_tui.screens.dialogs.confirm import ConfirmDialog
from helpdesk_tui.screens.dialogs.left import LeftDialog
from helpdesk_tui.screens.dialogs.merge import MergeDialog
from helpdesk_tui.screens.dialogs.quit import QuitDialog
from helpdesk_tui.services.desk import open_desk
from tests.support.driving import Driving, driving
from tests.support.store import START, add_message, add_ticket, make_desk
from tests.support.waiting import PATIENCE


@asynccontextmanager
async def desk_with(
    tmp_path: Path,
    count: int = 8,
    size: tuple[int, int] = (120, 36),
    *,
    one: bool = False,
    **options: Any,
) -> AsyncIterator[tuple[Driving, list[int]]]:
    """Run the program on tickets of anna, the newest first; ``one`` customer for all of them."""
    desk = make_desk(tmp_path)
    ids = [
        add_ticket(
            desk.store, name="Lena" if one else f"Customer {number}",
            email="lena@example.net" if one else f"c{number}@example.net",
            subject=f"subject {number}", assignee="anna", status="open", unread=number % 2,
            at=START - timedelta(minutes=number),
        )
        for number in range(count)
    ]  # fmt: skip
    if one:
        for ticket in ids:
            add_message(desk.store, ticket, text="hello")
    async with driving(desk, size, **options) as it:
        await it.until(lambda: it.inbox.tickets.window.rows)
        yield it, ids


def marked(it: Driving) -> set[int]:
    return {row.id for row in it.inbox.tickets.window.rows if it.inbox.tickets.marks.has(row.id)}


def listed(it: Driving) -> set[int]:
    return {row.id for row in it.inbox.tickets.window.rows}


async def test_marked_tickets_are_closed_as_one_and_undone_and_done_again(tmp_path: Path) -> None:
    async with desk_with(tmp_path) as (it, ids):
        await it.press("x", "x", "j", "x")
        assert marked(it) == {ids[0], ids[1], ids[3]}
        assert it.inbox.tickets.cursor_id == ids[4]
        await it.sees("3 marked", "■")
        await it.press("k", "e")
        assert it.inbox.tickets.cursor_id == ids[4], "the cursor goes to the next unmarked row"
        await it.sees("3 tickets are closed")
        await it.until(lambda: listed(it) == set(ids) - {ids[0], ids[1], ids[3]})
        assert not it.inbox.tickets.marks.is_any
        await it.press("z")
        await it.until(lambda: listed(it) == set(ids))
        await it.sees("undone: 3 tickets are closed")
        await it.press("Z")
        await it.until(lambda: listed(it) == set(ids) - {ids[0], ids[1], ids[3]})
        await it.press("z")
        await it.until(lambda: listed(it) == set(ids))


async def test_several_undone_in_a_row_are_done_again_in_a_row(tmp_path: Path) -> None:
    async with desk_with(tmp_path) as (it, ids):
        await it.press("e", "e", "e", "z", "z", "z")
        await it.until(lambda: listed(it) == set(ids))
        await it.press("Z", "Z")
        await it.until(lambda: listed(it) == set(ids[2:]))
        await it.press("G", "k", "U")  # something new: what was undone is out of reach
        await it.sees("is unread")
        await it.press("Z")
        await it.sees("nothing to do again")


async def test_the_last_action_is_repeated_on_what_is_chosen_now(tmp_path: Path) -> None:
    async with desk_with(tmp_path) as (it, ids):
        await it.press("full_stop")
        await it.sees("nothing was done yet")
        await it.press("e")
        await it.until(lambda: listed(it) == set(ids[1:]))
        await it.press("full_stop")
        await it.until(lambda: listed(it) == set(ids[2:]))
        await it.press("x", "x", "full_stop")
        await it.until(lambda: listed(it) == set(ids[4:]))


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (("V", "j", "j", "V"), {0, 1, 2}),
        (("G", "V", "k", "V"), {6, 7}),
        (("V", "j", "escape"), set()),
        (("asterisk", "a"), set(range(8))),
        (("asterisk", "u"), {1, 3, 5, 7}),
        (("asterisk", "a", "x"), set(range(1, 8))),
        (("asterisk", "a", "asterisk", "n"), set()),
        (("asterisk", "A", "j", "x"), set(range(8)) - {1}),
        (("x", "x", "escape"), set()),
    ],
)
async def test_ways_to_mark(tmp_path: Path, keys: tuple[str, ...], expected: set[int]) -> None:
    async with desk_with(tmp_path) as (it, ids):
        await it.press(*keys)
        assert marked(it) == {ids[place] for place in expected}
        await it.until(lambda: (f"{len(expected)} marked" in it.text()) == bool(expected))


async def test_an_open_range_shows_what_it_would_mark(tmp_path: Path) -> None:
    async with desk_with(tmp_path) as (it, _ids):
        await it.press("V", "j", "j")
        await it.until(lambda: it.text().count("■ ") >= 4)
        await it.sees("range open")
        assert not it.inbox.tickets.marks.is_any


async def test_marks_survive_another_order_and_what_others_do(tmp_path: Path) -> None:
    async with desk_with(tmp_path) as (it, ids):
        await it.press("x", "j", "x")
        data = it.inbox.data
        assert data is not None
        data.open(data.with_sort(Sort.OLDEST))
        await it.until(lambda: data.where.sort is Sort.OLDEST)
        assert marked(it) == {ids[0], ids[2]}
        other = open_desk(it.desk.store.paths.root, agent="anna", clock=it.desk.clock)
        other.triage.tag([ids[0]], ["vip"])
        other.close()
        await it.sees("vip")
        assert marked(it) == {ids[0], ids[2]}
        await it.press("e")
        await it.until(lambda: listed(it) == set(ids) - {ids[0], ids[2]})


async def test_another_view_takes_the_marks_off_and_says_so(tmp_path: Path) -> None:
    async with desk_with(tmp_path) as (it, _ids):
        await it.press("x", "x", "g", "a")
        await it.sees("2 marks taken off")
        assert not it.inbox.tickets.marks.is_any


async def test_what_a_colleague_took_away_is_left_and_named(tmp_path: Path) -> None:
    async with desk_with(tmp_path) as (it, ids):
        await it.press("x", "x", "x")
        other = open_desk(it.desk.store.paths.root, agent="anna", clock=it.desk.clock)
        other.triage.close([ids[1]])
        other.close()
        await it.until(lambda: ids[1] not in listed(it))
        await it.sees("3 marked")
        await it.press("b")
        await it.until(lambda: it.app.screen is not it.inbox)
        await it.sees("3 tickets")
        await it.press("enter")
        await it.until(lambda: isinstance(it.app.screen, LeftDialog))
        await it.sees(f"#{ids[1]}", "left as it was")
        await it.press("escape", "g", "k")
        await it.until(lambda: isinstance(it.app.screen, LeftDialog))


async def test_a_whole_list_is_counted_sampled_and_asked_about(tmp_path: Path) -> None:
    async with desk_with(tmp_path, count=130) as (it, ids):
        await it.press("asterisk", "A", "j", "x")
        await it.sees("129 marked")
        await it.press("e")
        await it.until(lambda: isinstance(it.app.screen, ConfirmDialog))
        await it.sees("129 tickets are closed", "subject 0", "and 124 more")
        await it.press("escape")
        assert it.inbox.tickets.marks.is_whole
        await it.press("e")
        await it.until(lambda: isinstance(it.app.screen, ConfirmDialog))
        await it.press("y")
        await it.sees("129 tickets are closed")
        await it.until(lambda: listed(it) == {ids[1]})
        await it.press("z")
        await it.sees("undone: 129 tickets are closed")
        await it.until(lambda: it.inbox.tickets.window.height == 130)


async def test_a_long_run_shows_how_far_it_is_and_is_stopped_and_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk_with(tmp_path, count=450) as (it, ids):
        runs = _slow(it, monkeypatch)
        await it.press("asterisk", "A", "e")
        await it.until(lambda: isinstance(it.app.screen, ConfirmDialog))
        await it.press("y")
        await it.sees("are closed: ", "of 450", "ctrl+x")
        await it.press("ctrl+q")
        await it.until(lambda: isinstance(it.app.screen, QuitDialog))
        await it.sees("of 450.", "what is done can be undone")
        await it.press("escape")
        await it.until(lambda: it.app.screen is it.inbox)
        await it.press("ctrl+x")
        await it.until(lambda: type(it.app.screen) is ConfirmDialog)
        await it.press("y")
        runs.set()
        await it.sees("stopped after", "z undo")
        await it.press("z")
        await it.sees("undone: ")
        await it.until(lambda: it.inbox.tickets.window.height == len(ids))


async def test_undo_while_it_runs_stops_it_and_takes_back_what_it_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk_with(tmp_path, count=450) as (it, ids):
        runs = _slow(it, monkeypatch)
        await it.press("asterisk", "A", "e")
        await it.until(lambda: isinstance(it.app.screen, ConfirmDialog))
        await it.press("y")
        await it.sees("of 450")
        await it.press("z")
        runs.set()
        await it.sees("undone: ")
        await it.until(lambda: it.inbox.tickets.window.height == len(ids))


def _slow(it: Driving, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Hold every part after the first until the event that is returned is set."""
    from threading import Event

    go = Event()
    closed = it.desk.triage.close
    parts: list[int] = []

    def slow(ids: Any, **options: Any) -> Any:
        parts.append(len(ids))
        if len(parts) > 1:
            go.wait(PATIENCE)
        return closed(ids, **options)

    monkeypatch.setattr(it.desk.triage, "close", slow)
    return go


async def test_marked_tickets_of_one_customer_become_one(tmp_path: Path) -> None:
    async with desk_with(tmp_path, count=4, one=True) as (it, ids):
        await it.press("x", "x", "x", "ampersand")
        await it.until(lambda: isinstance(it.app.screen, MergeDialog))
        await it.sees("3 tickets", f"2 tickets become part of #{ids[3]}")
        await it.press("enter")
        await it.until(lambda: listed(it) == {ids[3], ids[0]})
        await it.press("z")
        await it.until(lambda: listed(it) == set(ids))


async def test_marked_tickets_of_several_customers_are_not_merged(tmp_path: Path) -> None:
    async with desk_with(tmp_path, count=3) as (it, ids):
        await it.press("x", "x", "ampersand")
        await it.sees("another customer")
        assert listed(it) == set(ids)


async def test_marks_by_mouse(tmp_path: Path) -> None:
    async with desk_with(tmp_path) as (it, ids):
        await it.pilot.click("#tickets", offset=(10, 4), control=True)
        assert marked(it) == {ids[2]}
        await it.pilot.click("#tickets", offset=(10, 8), shift=True)
        assert marked(it) == {ids[2], ids[3], ids[4]}

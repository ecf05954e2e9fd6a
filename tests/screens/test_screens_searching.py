"""Searching on the screen: proposals, earlier searches, hits in context, why there are none."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual.widgets import Input

from helpdesk_tui.db.reads import search
from helpdesk_tui.db.reads.search_walks import Found
from helpdesk_tui.domain.query.cursor import Completion
from helpdesk_tui.domain.query.history import SEARCH_HISTORY
from helpdesk_tui.domain.views import ViewDraft
from helpdesk_tui.screens.inbox.searching import Searching
from helpdesk_tui.widgets.ink import Ink, Palette
from helpdesk_tui.widgets.query_line import Proposals, QueryLine
from tests.support.driving import Driving, driving
from tests.support.store import (
    START,
    FakeClock,
    add_agent,
    add_message,
    add_ticket,
    make_desk,
    make_store,
)
from tests.support.waiting import PATIENCE

TICKETS = (
    ("Jacket too small", "Dear shop, the zipper of my jacket is broken since Monday.", "refund"),
    ("Hello", "Where is my parcel? It has order number 10423.", "refund"),
    ("Ordering", "Gdzie jest moja żółta łódka?", "return"),
    ("Spam", "Cheap watches, zipper included", ""),
)
"""Subject, text and tag, the newest first; the last one is spam."""


@asynccontextmanager
async def desk_to_search(
    tmp_path: Path, *, size: tuple[int, int] = (120, 36)
) -> AsyncIterator[Driving]:
    store = make_store(tmp_path)
    add_agent(store, "anna", role="admin")
    store.close()
    desk = make_desk(tmp_path, clock=FakeClock())
    for number, (subject, text, tag) in reversed(tuple(enumerate(TICKETS))):
        at = START - timedelta(minutes=number)
        ticket = add_ticket(
            desk.store, subject=subject, at=at, assignee="anna", spam=int(subject == "Spam"),
            name=f"Customer {number}", email=f"c{number}@example.net",
        )  # fmt: skip
        add_message(desk.store, ticket, subject=subject, text="an older letter", at=at)
        add_message(desk.store, ticket, subject=subject, text=text, at=at)
        add_message(desk.store, ticket, subject=subject, text="thank you", at=at)
        if tag:
            desk.triage.tag([ticket], [tag])
    async with driving(desk, size) as it:
        await it.until(lambda: it.inbox.searching is not None)
        yield it


def _searching(it: Driving) -> Searching:
    assert it.inbox.searching is not None
    return it.inbox.searching


def _line(it: Driving) -> QueryLine:
    return it.app.screen.query_one(QueryLine)


def _offered(it: Driving) -> list[str]:
    found = it.app.screen.query_one(Proposals)
    return ["".join(text for text, _ in row.left).strip() for row in found._rows if found.is_open]


def _counted(it: Driving) -> list[str]:
    rows = it.app.screen.query_one(Proposals)._rows
    return ["".join(text for text, _ in row.right).strip() for row in rows]


async def _begin(it: Driving, typed: str = "") -> None:
    await it.press("slash")
    await it.until(lambda: it.inbox.panes.context == "search")
    await _type(it, typed)


async def _type(it: Driving, typed: str) -> None:
    names = {" ": "space", ":": "colon", "-": "minus"}
    await it.press(*(names.get(letter, letter) for letter in typed))


@pytest.mark.parametrize("size", [(80, 24), (180, 50)])
async def test_an_empty_line_tells_what_can_be_typed(tmp_path: Path, size: tuple[int, int]) -> None:
    async with desk_to_search(tmp_path, size=size) as it:
        await _begin(it)
        await it.sees("is:open is:unread", "state, also")
        await it.press("x")
        await it.until(lambda: "is:open is:unread" not in it.text())
        await it.press("f1")
        await it.sees("is:open is:unread")
        await it.press("escape")
        assert it.inbox.panes.context == "search"
        await it.press("escape")
        await it.until(lambda: it.inbox.panes.context == "list")


async def test_values_come_with_their_counts_and_tab_takes_one(tmp_path: Path) -> None:
    async with desk_to_search(tmp_path) as it:
        await _begin(it, "ta")
        await it.until(lambda: any(one.startswith("tag:") for one in _offered(it)))
        await it.press("tab")
        await it.until(lambda: _offered(it) == ["refund", "return"])
        assert _counted(it) == ["2", "1"]
        await it.press("down", "enter")
        assert _line(it).value == "tag:return "
        await it.press("enter")
        await it.sees("1 ticket", "tagged return")


async def test_completion_keeps_what_stands_behind_the_cursor(tmp_path: Path) -> None:
    async with desk_to_search(tmp_path) as it:
        await _begin(it, "tag:re jacket")
        await it.press(*["left"] * 7, "tab")
        await it.until(lambda: _offered(it) == ["refund", "return"])
        await it.press("tab")
        assert _line(it).value == "tag:refund jacket"


async def test_only_the_answer_to_what_still_stands_is_shown(tmp_path: Path) -> None:
    async with desk_to_search(tmp_path) as it:
        await _begin(it)
        asked: list[tuple[str, object]] = []
        line = _line(it)
        line._complete = lambda text, cursor, answer: asked.append((text, answer))
        await _type(it, "tag:re")
        late = dict(asked)["tag:r"]
        newest = dict(asked)["tag:re"]
        found = it.desk.inbox.searches.complete("tag:ref", 7)
        assert callable(late)
        late(found)
        assert not it.app.screen.query_one(Proposals).is_open
        assert callable(newest)
        newest(Completion(4, 6, found.proposals, 6))
        assert _offered(it) == ["refund"]


async def test_earlier_searches_come_back(tmp_path: Path) -> None:
    async with desk_to_search(tmp_path) as it:
        for query in ("zipper", "parcel"):
            await _begin(it)
            _line(it).value = ""
            await _type(it, query)
            await it.press("enter")
            await it.until(lambda: it.inbox.panes.context == "list")
        await it.until(lambda: it.desk.settings.get(SEARCH_HISTORY) == ["parcel", "zipper"])
        await it.press("q")
        await it.until(lambda: not _searching(it)._data.where.query)
        await _begin(it)
        for key, value in (("up", "parcel"), ("up", "zipper"), ("up", "zipper"), ("down", "parcel"),
                           ("down", "")):  # fmt: skip
            await it.press(key)
            assert _line(it).value == value


async def test_a_search_begun_before_the_last_one_is_answered_keeps_its_line(
    tmp_path: Path,
) -> None:
    async with desk_to_search(tmp_path) as it:
        go_on, real = Event(), it.desk.inbox.page

        def slowly(*args: Any, **options: Any) -> object:
            go_on.wait(PATIENCE)
            return real(*args, **options)

        await _begin(it, "zipper")
        it.desk.inbox.page = slowly  # type: ignore[method-assign, assignment]
        await it.press("enter")
        await _begin(it)
        go_on.set()
        await it.until(lambda: it.desk.settings.get(SEARCH_HISTORY) == ["zipper"])
        assert it.inbox.panes.context == "search"
        await _type(it, "parcel")
        await it.press("enter")
        await it.sees("1 ticket", "order number 10423")
        await it.until(lambda: it.desk.settings.get(SEARCH_HISTORY) == ["parcel", "zipper"])


async def test_a_late_answer_neither_hides_the_help_nor_undoes_a_choice(tmp_path: Path) -> None:
    async with desk_to_search(tmp_path) as it:
        await _begin(it)
        asked: list[Callable[[Completion], None]] = []
        line = _line(it)
        line._complete = lambda _text, _cursor, answer: asked.append(answer)
        await it.press("x", "f1")
        assert asked
        for answer in asked:
            answer(Completion(0, 1, (), 1))
        await it.sees("is:open is:unread")
        await it.press("escape", "backspace")
        await _type(it, "ta")
        asked[-1](it.desk.inbox.searches.complete("ta", 2))
        await it.until(lambda: any(one.startswith("tag:") for one in _offered(it)))
        asked.clear()
        await it.press("tab")
        found = it.desk.inbox.searches.complete("tag:", 4)
        asked[0](found)
        await it.press("down")
        for answer in asked[1:]:
            answer(found)
        await it.press("enter")
        assert _line(it).value == "tag:return "


async def test_rows_show_what_was_found_and_the_thread_marks_it(tmp_path: Path) -> None:
    async with desk_to_search(tmp_path) as it:
        await _begin(it, "ZIPPER")
        await it.press("enter")
        await it.sees("1 ticket", "the zipper of my jacket")
        mark = Palette.of(it.app.theme_variables).style(Ink.MARK).color
        marked = [
            segment.text for strip in it.app.screen._compositor.render_strips(it.app.size)
            for segment in strip if segment.style and segment.style.color == mark
            and segment.style.underline
        ]  # fmt: skip
        assert "zipper" in marked
        await it.press("enter")
        await it.until(lambda: it.inbox.panes.current == "thread")
        thread = it.inbox.panes.thread
        assert thread is not None

        def selected() -> str:
            message = thread.view.selected
            return message.text if message is not None else ""

        await it.until(lambda: "zipper" in selected())
        await it.press("q", "q")
        await it.until(lambda: not _searching(it)._data.where.query)
        await it.until(lambda: not thread.view._options.wanted)


async def test_an_empty_list_says_which_part_finds_nothing(tmp_path: Path) -> None:
    async with desk_to_search(tmp_path) as it:
        await _begin(it, "nowhere parcel")
        await it.press("enter")
        await it.sees("Nothing found for “nowhere”.", "0 tickets")


async def test_the_number_found_follows_what_leaves_the_list(tmp_path: Path) -> None:
    async with desk_to_search(tmp_path) as it:
        await _begin(it, "is:open")
        await it.press("enter")
        await it.sees("3 tickets")
        await it.press("e")
        await it.sees("2 tickets")
        await it.press("e")
        await it.sees("1 ticket ")


async def test_enter_looks_through_spam_where_there_is_something(tmp_path: Path) -> None:
    async with desk_to_search(tmp_path) as it:
        await _begin(it, "watches")
        await it.press("enter")
        await it.sees("1 in spam")
        await it.press("enter")
        await it.sees("Cheap watches", "1 ticket")


async def test_a_search_that_takes_long_shows_what_it_has_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk_to_search(tmp_path) as it:
        heads: list[str] = []
        show = it.inbox.head.show_result

        def shown(result: str, in_words: str = "") -> None:
            heads.append(result)
            show(result, in_words)

        monkeypatch.setattr(it.inbox.head, "show_result", shown)
        find, turns = search.find, iter(range(100))

        def hurried(connection, criteria, walk):
            found = find(connection, criteria, walk)
            if next(turns) == 0 and found.keys:
                return Found(found.keys[:1], found.keys[0])
            return found

        monkeypatch.setattr("helpdesk_tui.services.searches.find", hurried)
        await _begin(it, "is:open")
        await it.press("enter")
        await it.until(lambda: heads and heads[-1] == "3 tickets")
        assert any("still looking" in head for head in heads)
        assert len(it.inbox.tickets.window.rows) == 3


async def test_a_view_shows_its_query_and_it_is_edited_in_place(tmp_path: Path) -> None:
    async with desk_to_search(tmp_path) as it:
        it.desk.views.save(ViewDraft("Refunds", "tag:refund", pin="5"))
        assert it.inbox.views is not None
        it.inbox.views.load()
        await it.until(lambda: it.inbox.views is not None and it.inbox.views.saved)
        await it.press("5")
        await it.sees("tag:refund", "/ edit")
        await _begin(it)
        assert _line(it).value == "tag:refund"


async def test_the_query_of_a_view_is_completed_in_its_dialog(tmp_path: Path) -> None:
    async with desk_to_search(tmp_path) as it:
        await it.press("plus")
        await it.until(lambda: it.app.screen.query("#view-query"))
        await it.press("tab")
        line = it.app.screen.query_one("#view-query", Input)
        assert line.has_focus
        line.value = ""
        await _type(it, "tag:re")
        await it.until(lambda: _offered(it) == ["refund", "return"])
        await it.press("tab")
        assert line.value == "tag:refund "
        await it.press("tab")
        assert not line.has_focus
        await it.press("escape")

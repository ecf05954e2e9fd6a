"""Keys typed faster than a list is loaded mean the list to come."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import Any

import pytest

from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.tickets import TicketPage, ViewFilter
from helpdesk_tui.screens.inbox import actions_ahead
from helpdesk_tui.screens.inbox.actions_ahead import ActionsAhead
from helpdesk_tui.screens.keyboard import HELD_FOR
from helpdesk_tui.services.inbox import Inbox
from tests.support.driving import driving
from tests.support.store import add_agent, add_ticket, make_desk, make_store
from tests.support.waiting import PATIENCE


async def test_a_close_typed_ahead_closes_in_the_list_to_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = make_store(tmp_path)
    add_agent(store, "anna")
    mine = add_ticket(store, subject="mine", assignee="anna")
    free = add_ticket(store, subject="nobody's")
    store.close()
    desk = make_desk(tmp_path)
    async with driving(desk) as it:
        await it.sees("mine")
        gate, page = Event(), Inbox.page

        def slowly(*args: object, **options: object) -> object:
            gate.wait(PATIENCE)
            return page(*args, **options)  # type: ignore[arg-type]

        monkeypatch.setattr(Inbox, "page", slowly)
        await it.press("g", "u", "e")
        gate.set()
        await it.until(lambda: desk.threads.detail(free).row.status == "closed")
        assert desk.threads.detail(mine).row.status == "open"


async def test_keys_after_a_search_are_for_what_was_found(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    add_agent(store, "anna")
    mine = add_ticket(store, subject="mine", assignee="anna")
    found = add_ticket(store, subject="zebra")
    store.close()
    desk = make_desk(tmp_path)
    async with driving(desk) as it:
        await it.sees("mine")
        await it.press("/")
        await it.until(lambda: it.inbox.query("SearchLine"))
        await it.pilot.press(*"is:unassigned", "enter", "e")
        await it.until(lambda: desk.threads.detail(found).row.status == "closed")
        assert desk.threads.detail(mine).row.status == "open"


async def test_a_search_that_fails_late_leaves_the_next_one_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = make_store(tmp_path)
    add_agent(store, "anna")
    add_ticket(store, subject="zebra")
    store.close()
    desk = make_desk(tmp_path)
    async with driving(desk) as it:
        await it.until(lambda: it.inbox.tickets.where)
        begun, gate, is_over, page = Event(), Event(), Event(), Inbox.page

        def slowly(inbox: Inbox, where: ViewFilter, **options: Any) -> TicketPage:
            if "nonsense" not in where.query:
                return page(inbox, where, **options)
            begun.set()
            gate.wait(PATIENCE)
            is_over.set()
            return page(inbox, where, **options)

        monkeypatch.setattr(Inbox, "page", slowly)
        data, errors = it.inbox.data, list[HelpdeskError]()
        assert data is not None
        data.search("is:nonsense", errors.append)
        await it.until(begun.is_set)
        data.search("is:unassigned", errors.append)
        await it.sees("zebra")
        gate.set()
        await it.until(is_over.is_set)
        await it.app.workers.wait_for_complete()
        await it.pilot.pause()
        assert data.where.query == "is:unassigned"
        assert errors == []


def test_what_does_not_depend_on_the_rows_is_done_at_once() -> None:
    done: list[str] = []
    ahead = ActionsAhead(done.append)
    ahead.expect()
    assert not ahead.take("go.spam")
    assert not ahead.take("app.help")
    assert ahead.take("app.undo")
    assert ahead.take("ticket.close")
    ahead.release()
    assert done == ["app.undo", "ticket.close"]
    assert not ahead.take("ticket.close")


def test_actions_wait_as_long_as_all_that_is_typed_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(actions_ahead, "monotonic", lambda: now)
    ahead = ActionsAhead(lambda _action: None)
    ahead.expect()
    now += HELD_FOR - 0.1
    assert ahead.take("ticket.close")
    now += 0.2
    assert not ahead.take("ticket.close")


def test_another_list_forgets_what_was_meant_for_the_one_before() -> None:
    done: list[str] = []
    ahead = ActionsAhead(done.append)
    ahead.expect()
    ahead.take("ticket.close")
    ahead.expect()
    ahead.release()
    assert done == []

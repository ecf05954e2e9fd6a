"""Two agents on one store, each with the program open: they see each other, nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk_tui.domain.setting.interface import THEME, TITLE_BADGE
from helpdesk_tui.domain.tickets import Status, View, ViewFilter
from helpdesk_tui.screens.inbox.live import LiveWatch
from helpdesk_tui.services.clock import utc_now
from helpdesk_tui.services.desk import Desk, open_desk
from tests.support.driving import Driving, driving
from tests.support.store import add_agent, add_message, add_ticket, make_desk
from tests.support.waiting import PATIENCE


@asynccontextmanager
async def two_agents(tmp_path: Path) -> AsyncIterator[tuple[Driving, Driving]]:
    """Run the program twice on a store of three tickets, as anna and as marek."""
    first = make_desk(tmp_path)
    add_agent(first.store, "marek")
    for minutes in (1, 2, 3):
        at = utc_now() - timedelta(minutes=minutes)
        name, email = f"Customer {minutes}", f"c{minutes}@x.example"
        ticket = add_ticket(first.store, status="open", unread=0, at=at, name=name, email=email)
        add_message(first.store, ticket, at=at, text="Hello?")
    root = first.store.paths.root
    first.close()
    anna, marek = (open_desk(root, agent=name) for name in ("anna", "marek"))
    async with driving(anna, (180, 50), live=True) as one:
        await one.press("g", "a")
        async with driving(marek, (180, 50), live=True) as two:
            await two.press("g", "a")
            for it in (one, two):
                await it.until(lambda it=it: len(it.inbox.tickets.window.rows) == 3)  # type: ignore[misc]
            yield one, two


def status(desk: Desk, ticket: int) -> Status | None:
    row = desk.inbox.rows([ticket], ViewFilter(View.ALL))[ticket]
    return None if row is None else row.status


async def test_agents_see_each_other_in_rows_and_threads_and_each_change_at_once(
    tmp_path: Path,
) -> None:
    async with two_agents(tmp_path) as (anna, marek):
        await anna.sees("TEAM", "marek")
        before = anna.inbox.tickets.cursor_id
        await marek.press("j", "enter")
        await anna.sees("● marek")
        await marek.press("i", *"hi")
        await anna.sees("✎ marek")
        assert anna.inbox.tickets.cursor_id == before
        await anna.press("j")
        await anna.sees("marek is typing")
        await marek.press("escape", "q")
        await anna.until(lambda: "✎ marek" not in anna.text())

        ticket = marek.inbox.tickets.cursor_id
        assert ticket is not None
        marek.desk.triage.close([ticket])
        await anna.until(lambda: anna.inbox.tickets.window.find(ticket).status is Status.CLOSED)  # type: ignore[union-attr]


async def test_two_agents_who_act_on_one_ticket_lose_nothing(tmp_path: Path) -> None:
    async with two_agents(tmp_path) as (anna, marek):
        ticket = anna.inbox.tickets.cursor_id
        assert ticket == marek.inbox.tickets.cursor_id
        assert ticket is not None
        await anna.press("P", "u")
        await marek.press("A")
        row = ViewFilter(View.ALL)
        await anna.until(
            lambda: (
                (one := anna.desk.inbox.rows([ticket], row)[ticket]) is not None
                and one.assignee == "marek"
                and one.priority.value == "urgent"
            )
        )
        for it in (anna, marek):
            await it.sees("‼ urgent", "marek")


async def test_a_setting_changed_outside_reaches_the_open_screen(tmp_path: Path) -> None:
    async with two_agents(tmp_path) as (anna, marek):
        await anna.sees("TEAM", "marek")
        await anna.pilot.pause(0.7)
        other = open_desk(anna.desk.store.paths.root, agent="anna")
        other.settings.change(THEME, ["helpdesk-light"])
        other.settings.change(TITLE_BADGE, ["off"])
        other.close()
        await anna.until(lambda: "light" in anna.app.theme)
        await anna.until(lambda: not anna.app.voice.has_badge)
        assert "light" not in marek.app.theme


def test_watching_goes_on_after_something_nobody_foresaw(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk_tui.screens.inbox.live._AFTER_A_FAULT", 0.01)
    looks: list[int] = []
    enough = threading.Event()

    def poll() -> None:
        looks.append(1)
        if len(looks) == 1:
            raise RuntimeError("the store is gone")
        enough.set()

    watch = LiveWatch(poll, lambda _changes: None)
    watch.start()
    assert enough.wait(PATIENCE)
    watch.stop()
    assert "watching the store failed" in caplog.text

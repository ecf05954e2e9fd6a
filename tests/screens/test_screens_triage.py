"""Triage by key: until when, who, which tags, how urgent; mentions; out to other programs."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.tickets import Priority, Status, TicketRow, View, ViewFilter
from helpdesk_tui.screens.acting import outside as ticket_outside
from helpdesk_tui.screens.acting.outside import run_on
from helpdesk_tui.screens.dialogs.assign import AssignDialog
from helpdesk_tui.screens.dialogs.confirm import ConfirmDialog
from helpdesk_tui.screens.dialogs.output import OutputDialog
from helpdesk_tui.screens.dialogs.person import PersonDialog
from helpdesk_tui.screens.dialogs.snooze import SnoozeDialog
from helpdesk_tui.screens.dialogs.tags import TagsDialog
from helpdesk_tui.services.desk import Desk, open_desk
from helpdesk_tui.services.triage import Triage
from tests.support.driving import Driving, driving
from tests.support.store import add_agent, add_message, add_ticket, make_desk
from tests.support.thread_values import HOSTILE, is_harmless
from tests.support.waiting import AT_ONCE


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path)


def mine(desk: Desk, minutes: int = 1, **fields: Any) -> int:
    """Add an open ticket of mine with a message in it."""
    at = desk.clock() - timedelta(minutes=minutes)
    values = {"name": "Jo", "email": "jo@x.example", "subject": "Where is it?", **fields}
    ticket = add_ticket(desk.store, assignee="anna", status="open", unread=0, at=at, **values)
    add_message(desk.store, ticket, at=at, text="Hello?", sender=str(values["email"]))
    return ticket


def now_of(desk: Desk, ticket: int) -> TicketRow:
    """Return a ticket as the store has it."""
    row = desk.inbox.rows([ticket], ViewFilter(View.ALL))[ticket]
    assert row is not None
    return row


async def dialog(it: Driving, key: str, kind: type) -> None:
    await it.until(lambda: it.inbox.tickets.cursor_row)
    await it.press(key)
    await it.until(lambda: isinstance(it.app.screen, kind))


async def test_a_ticket_sleeps_until_the_customer_writes(desk: Desk) -> None:
    ticket = mine(desk)
    async with driving(desk) as it:
        await dialog(it, "b", SnoozeDialog)
        await it.press(*"until they")
        await it.sees("their next message wakes it")
        await it.press("enter")
        await it.sees("sleeps until they reply")
    row = now_of(desk, ticket)
    assert (row.status, row.snoozed_until) == (Status.SNOOZED, None)


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("pl", "jutro o 9"),
        ("sv", "imorgon kl 9!"),
        ("pt_BR", "amanhã às 9h"),
        ("", "tomorrow 9:00"),
    ],
)
async def test_moments_are_typed_in_any_of_four_languages(
    desk: Desk, language: str, typed: str
) -> None:
    desk.settings.set("language", language)
    ticket = mine(desk)
    async with driving(desk) as it:
        await dialog(it, "b", SnoozeDialog)
        assert isinstance(it.app.screen, SnoozeDialog)
        it.app.screen.input.value = typed
        await it.sees(f"▌{typed.rstrip('!')}", "09:00", " 23 ")
        await it.press("enter")
        await it.until(lambda: now_of(desk, ticket).status is Status.SNOOZED)
    detail = desk.threads.detail(ticket)
    assert detail.snooze_keep is typed.endswith("!")
    assert detail.row.snoozed_until is not None
    assert f"{detail.row.snoozed_until:%d %H:%M}" == "22 09:00"


async def test_what_is_no_moment_is_said_in_the_field_and_a_change_of_clocks_too(
    desk: Desk,
) -> None:
    mine(desk)
    desk.zone = "Europe/Warsaw"
    async with driving(desk) as it:
        await dialog(it, "b", SnoozeDialog)
        await it.sees("Europe/Warsaw")
        await it.press(*"whenever", "enter")
        await it.sees("is no moment")
        assert isinstance(it.app.screen, SnoozeDialog)
        it.app.screen.input.value = "5 months"
        await it.sees("clocks change before: that is CEST")


async def test_a_ticket_goes_to_a_team_which_row_and_head_then_name(desk: Desk) -> None:
    ticket = mine(desk)
    add_agent(desk.store, "marek", available=0)
    desk.actor = SYSTEM
    with desk.store.write() as connection:
        connection.execute("INSERT INTO team (id, name, created_at) VALUES (7, 'refunds', 0)")
        connection.execute("INSERT INTO membership (team_id, agent_id) VALUES (7, 1)")
    desk = open_desk(desk.store.paths.root, agent="anna", clock=desk.clock)
    async with driving(desk) as it:
        await it.press("g", "a")
        await dialog(it, "a", AssignDialog)
        await it.sees("me · now · 1 open", "marek", "away", "refunds  team  anna", "nobody")
        await it.press(*"rfnd", "enter")
        await it.until(lambda: now_of(desk, ticket).team == "refunds")
        assert now_of(desk, ticket).assignee is None
        await it.sees("goes to the team refunds", "team refunds")


async def test_tags_of_a_set_say_which_only_some_have(desk: Desk) -> None:
    both = [mine(desk, 1, tags=["vip", "late"]), mine(desk, 2, tags=["vip"])]
    async with driving(desk) as it:
        await it.until(lambda: len(it.inbox.tickets.window.rows) == 2)
        await it.press("x", "j", "x")
        await dialog(it, "t", TagsDialog)
        await it.sees("✓ vip", "◐ late", "on some")
        await it.press("down", "space", "enter")
        await it.until(lambda: all("late" in now_of(desk, one).tags for one in both))


async def test_the_priority_stands_in_row_head_and_sidebar(desk: Desk) -> None:
    ticket = mine(desk)
    async with driving(desk, size=(180, 50)) as it:
        await it.until(lambda: it.inbox.tickets.cursor_row)
        await it.press("P")
        await it.sees("priority of #1", "urgent", "now")
        await it.press("u")
        await it.until(lambda: now_of(desk, ticket).priority is Priority.URGENT)
        await it.sees("‼ urgent", "priority  urgent", "has priority urgent")
        await it.press("z")
        await it.until(lambda: now_of(desk, ticket).priority is Priority.NORMAL)


async def test_a_ticket_is_watched_and_no_longer_with_the_same_key(desk: Desk) -> None:
    ticket = mine(desk)
    async with driving(desk, size=(180, 50)) as it:
        await it.until(lambda: it.inbox.tickets.cursor_row)
        await it.press("w")
        await it.sees("is watched", "watchers")
        assert list(desk.watching.watchers(ticket).values()) == ["anna"]
        await it.press("w")
        await it.sees("is not watched any more")
        assert not desk.watching.watchers(ticket)


async def test_a_sender_is_blocked_after_a_question_and_let_through_again(desk: Desk) -> None:
    mine(desk)
    async with driving(desk) as it:
        await it.until(lambda: it.inbox.tickets.cursor_row)
        it.inbox.perform("ticket.block")
        await it.sees("Block jo@x.example?", "read in Spam, rings nowhere")
        await it.press("y")
        await it.until(lambda: desk.blocks.is_blocked("jo@x.example"))
        await it.until(lambda: not isinstance(it.app.screen, ConfirmDialog))
        it.inbox.perform("ticket.block")
        await it.sees("Let jo@x.example through?")
        await it.press("y")
        await it.until(lambda: not desk.blocks.is_blocked("jo@x.example"))


async def test_what_is_asked_of_marked_tickets_says_how_many_they_are(desk: Desk) -> None:
    for minutes in (1, 2, 3):
        mine(desk, minutes, email=f"jo{minutes}@x.example")
    async with driving(desk) as it:
        await it.until(lambda: len(it.inbox.tickets.window.rows) == 3)
        it.inbox.tickets.mark(lambda marks: marks.add(it.inbox.tickets.window.rows))
        it.inbox.perform("ticket.customer")
        await it.sees("customer is …", "3 tickets")
        await it.press("escape")
        it.inbox.perform("ticket.block")
        await it.sees("3 tickets?", "the senders of 3 tickets are blocked")
        await it.press("y")
        await it.until(
            lambda: all(desk.blocks.is_blocked(f"jo{one}@x.example") for one in (1, 2, 3))
        )


async def test_two_profiles_are_linked_and_parted_and_the_link_undone(desk: Desk) -> None:
    ticket = mine(desk, 1, name="Jo Doe", email="jo@x.example")
    other = mine(desk, 2, name="Jo Doe", email="jo.doe@y.example")
    home = desk.threads.detail(ticket).customer_id
    away = desk.threads.detail(other).customer_id
    desk.inbox.searches  # noqa: B018  made in this thread
    async with driving(desk) as it:
        await it.until(lambda: it.inbox.tickets.cursor_row)
        for undo in (False, True):
            it.inbox.perform("customer.link")
            await it.until(lambda: isinstance(it.app.screen, PersonDialog))
            await it.press(*"doe")
            await it.sees("jo.doe@y.example")
            await it.press("enter")
            await it.until(lambda: desk.threads.detail(other).customer_id == home)
            await it.sees("linked with Jo Doe")
            if undo:
                await it.press("z")
            else:
                it.inbox.perform("customer.link")
                await it.sees("linked: enter parts them")
                await it.press("enter")
            await it.until(lambda: desk.threads.detail(other).customer_id == away)


async def test_the_tickets_of_a_customer_are_a_list_of_their_own(desk: Desk) -> None:
    mine(desk, 1)
    old = mine(desk, 2, subject="An older one")
    mine(desk, 3, name="Bo", email="bo@y.example", subject="of somebody else")
    desk.triage.close([old])
    async with driving(desk) as it:
        await it.until(lambda: it.inbox.tickets.cursor_row)
        await it.press("H")
        await it.sees("An older one")
        assert "of somebody else" not in it.text()
        await it.press("q")
        await it.sees("of somebody else")


async def test_a_link_is_copied(desk: Desk) -> None:
    mine(desk)
    async with driving(desk) as it:
        await it.until(lambda: it.inbox.tickets.cursor_row)
        await it.press("y", "l")
        await it.sees("copied helpdesk://ticket/1")
        assert it.app.clipboard == "helpdesk://ticket/1"


async def test_the_program_opens_in_a_ticket(desk: Desk) -> None:
    mine(desk, 1)
    wanted = mine(desk, 2, subject="This one")
    async with driving(desk, ticket=wanted) as it:
        await it.until(lambda: it.inbox.panes.current == "thread")
        await it.until(
            lambda: it.inbox.panes.thread is not None and it.inbox.panes.thread.ticket_id == wanted
        )


async def test_a_command_reads_the_ticket_and_its_words_are_shown_harmlessly(desk: Desk) -> None:
    mine(desk, 1, subject="Lost parcel")
    async with driving(desk) as it:
        await it.until(lambda: it.inbox.tickets.cursor_row)
        await it.press("|")
        await it.sees("pipe #1 to a command")
        it.app.screen.query_one("#dialog-input").value = (  # type: ignore[attr-defined]
            "grep -o 'Lost parcel' | head -n 1; printf 'a\\033]0;x\\007b'; exit 3"
        )
        await it.press("enter")
        await it.until(lambda: isinstance(it.app.screen, OutputDialog))
        await it.sees("Lost parcel", "ended with 3")
        assert all(map(is_harmless, it.text().splitlines()))
        await it.press("q")


def test_a_ticket_that_is_gone_reaches_no_command(desk: Desk, tmp_path: Path) -> None:
    said, end = run_on(desk.store.paths.root, 99, f"touch {tmp_path}/ran")
    assert end
    assert said
    assert not (tmp_path / "ran").exists()


def test_a_command_that_says_too_much_fills_no_memory(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = mine(desk, 1)
    root = desk.store.paths.root
    said, end = run_on(root, ticket, "head -c 30000000 /dev/zero; cat >/dev/null")
    assert (end, 500_000 < len(said) < 1_000_000) == ("", True)
    monkeypatch.setattr(ticket_outside, "_PATIENCE", 0.5)
    said, end = run_on(root, ticket, "yes & yes")
    assert end
    assert len(said) < 1_000_000


@pytest.mark.parametrize(
    "command", ["echo hi; setsid sleep 50 & exit", "echo hi; exec >/dev/null 2>&1; sleep 50"]
)
def test_a_command_is_waited_for_no_longer_than_it_may_take(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    ticket = mine(desk, 1)
    monkeypatch.setattr(ticket_outside, "_PATIENCE", 1.5)
    began = monotonic()
    said, end = run_on(desk.store.paths.root, ticket, command)
    assert (said, bool(end)) == (b"hi\n", True)
    assert monotonic() - began < AT_ONCE


async def test_mentions_are_listed_gone_to_and_counted_until_they_were_seen(desk: Desk) -> None:
    ticket = mine(desk, 1)
    add_agent(desk.store, "marek")
    marek = open_desk(desk.store.paths.root, agent="marek", clock=desk.clock)
    marek.replies.note(ticket, f"@anna can you look? {HOSTILE}")
    marek.close()
    async with driving(desk) as it:
        await it.until(lambda: it.inbox.tickets.cursor_row)
        await it.press("g", "@")
        await it.sees("Mentions", "1 new", "can you look?", "#1")
        assert all(map(is_harmless, it.text().splitlines()))
        await it.press("enter")
        await it.until(lambda: it.inbox.panes.current == "thread")
        assert desk.mentions.count() == 0
        await it.press("q", "g", "@")
        await it.sees("all seen")


async def test_a_ticket_comes_back_marked_until_it_is_opened(desk: Desk) -> None:
    ticket = mine(desk)
    desk.triage.snooze([ticket], desk.clock() + timedelta(minutes=5))
    later = desk.clock() + timedelta(minutes=6)
    assert Triage(desk.store, SYSTEM, now=lambda: later).wake_due().changed == (ticket,)
    async with driving(desk) as it:
        await it.sees("☾ back")
        await it.press("enter")
        await it.until(lambda: "woken" not in now_of(desk, ticket).flags)
        await it.until(lambda: "☾ back" not in it.text())


async def test_an_agent_is_away_and_back(desk: Desk) -> None:
    mine(desk)
    async with driving(desk) as it:
        await it.until(lambda: it.inbox.tickets.cursor_row)
        it.inbox.perform("app.available")
        await it.sees("you are away", "anna ○ away")
        assert not desk.team.agent("anna").available
        it.inbox.perform("app.available")
        await it.sees("you are available", "anna ●")

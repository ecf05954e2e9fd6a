"""Agents in real terminals: they collide on one ticket, lose their line, and lose no word."""

from __future__ import annotations

import json
import re
import signal
from pathlib import Path

import pytest

from helpdesk_tui.db.settings import DESK, save_setting
from helpdesk_tui.db.store import Store
from tests.screens.test_screens_terminal import desk_of, draft_text, opened, store, writing
from tests.support.terminal import Terminal
from tests.support.waiting import until

pytestmark = [pytest.mark.slow]
__all__ = ["store"]


@pytest.fixture
def patient(store: Store) -> Store:
    """Replies can be taken back for two minutes."""
    with store.write() as connection:
        save_setting(connection, "undo-send-email", DESK, json.dumps("120"))
    return store


def test_a_queued_reply_outlives_the_terminal_and_is_taken_back(patient: Store) -> None:
    with opened(patient) as screen:
        writing(screen, "Not yet")
        screen.press("ctrl+o")
        screen.see("y send")
        screen.press("y")
        screen.see("◷ leaves in")
        screen.signal(signal.SIGKILL)
        assert screen.ended()
    with opened(patient) as screen:
        screen.see("question 0")
        screen.press("g", "o")
        screen.see("mine · 1 waits")
        first = leaves_in(screen)
        screen.until(lambda: leaves_in(screen) < first)
        screen.press("z")
        screen.see("─ reply to Customer 0")
        screen.see("│ Not yet")
    desk = desk_of(patient)
    assert desk.replies.outbox() == ()
    desk.close()
    assert draft_text(patient) == "Not yet"


def leaves_in(screen: Terminal) -> int:
    """Wait until a reply that waits is shown; return the seconds that it waits."""
    found = re.search(r"leaves in (\d+) s", screen.see("◷ leaves in"))
    assert found is not None
    return int(found[1])


def test_two_agents_on_one_ticket_never_answer_over_each_other(patient: Store) -> None:
    with opened(patient) as anna, opened(patient, "marek") as marek:
        writing(anna, "From Anna")
        marek.see("Mine")
        marek.press("3")
        marek.see("#1 open · anna")
        marek.press("r")
        marek.see("─ reply to Customer 0")
        marek.type("From Marek")
        marek.see("│ From Marek")
        for screen in (anna, marek):
            screen.press("ctrl+o")
            screen.see("y send")
        marek.press("y")
        marek.see("◷ leaves in")
        anna.press("y")
        anna.see("has moved on")
        anna.see("│ From Marek")
        anna.press("e")
        anna.gone("─ review")
        anna.press("esc")
        anna.gone("─ reply to Customer 0")
        desk = desk_of(patient)
        sent = [one.text for one in desk.threads.load(1).messages if one.direction != "inbound"]
        desk.close()
        assert sent == ["From Marek"]
        until(lambda: draft_text(patient) == "From Anna")


def test_a_lost_line_keeps_note_and_reply(patient: Store, tmp_path: Path) -> None:
    with opened(patient) as screen:
        writing(screen, "The reply")
        screen.press("ctrl+t")
        screen.see("internal note")
        screen.type("the note")
        screen.see("│ the note")
        screen.signal(signal.SIGHUP)
        assert screen.ended()
    with opened(patient) as screen:
        screen.see("question 0")
        screen.press("g", "d")
        screen.see("The reply")
        screen.see("the note")

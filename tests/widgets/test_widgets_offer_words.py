"""Offers over a thread: what they say, and what gives way where room is scarce."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk_tui.domain.ticket_details import Offered, TicketDetail
from helpdesk_tui.widgets.keymap import default_keymap
from helpdesk_tui.widgets.words.offers import offer_lines
from helpdesk_tui.widgets.wrap import cells
from tests.support.store import START, add_ticket, make_desk
from tests.support.thread_values import HOSTILE, is_harmless

SUBJECT = "Return label for order #1042, shoes and the blue jacket"


@pytest.fixture
def ticket(tmp_path: Path) -> TicketDetail:
    desk = make_desk(tmp_path)
    return desk.threads.detail(add_ticket(desk.store))


def told(ticket: TicketDetail, width: int, **offered: object) -> list[str]:
    values = {"kind": "merge", "id": 12, "subject": SUBJECT, "at": START, **offered}
    ticket = replace(ticket, offered=Offered(**values))  # type: ignore[arg-type]
    lines = offer_lines(ticket, START + timedelta(hours=2), default_keymap(), width)
    texts = ["".join(text for text, _ in line) for line in lines]
    assert all(cells(text) <= width for text in texts)
    return texts


def test_a_wide_line_says_all(ticket: TicketDetail) -> None:
    assert told(ticket, 160) == [
        f"⇄ alike: #12 “{SUBJECT}” of the same customer, 2 h ago · & merges · X keeps apart"
    ]


def test_the_subject_gives_way_first_then_words_then_the_line(ticket: TicketDetail) -> None:
    (wide,) = told(ticket, 100)
    assert "of the same customer" in wide
    assert "…”" in wide
    (middle,) = told(ticket, 76)
    assert "of the same customer" not in middle
    assert "2 h ago · & merges · X keeps apart" in middle
    first, second = told(ticket, 56)
    assert first.startswith("⇄ alike: #12 “Re")
    assert second == "  & merges · X keeps apart"


@pytest.mark.parametrize(("days", "words"), [(40, "after 40 days"), (1, "after 1 day:")])
def test_a_split_says_how_old_the_thread_was(ticket: TicketDetail, days: int, words: str) -> None:
    (line,) = told(ticket, 90, kind="split", subject="Hats", age=timedelta(days=days))
    assert words in line
    assert "“Hats” · % splits it off · X keeps it" in line


def test_a_subject_is_text(ticket: TicketDetail) -> None:
    assert is_harmless("".join(told(ticket, 120, subject=HOSTILE)))
    assert "no subject" in told(ticket, 120, subject="")[0]


def test_a_merged_ticket_names_where_it_stands(ticket: TicketDetail) -> None:
    (line,) = offer_lines(replace(ticket, merged_into=7), START, default_keymap(), 80)
    text = "".join(part for part, _ in line)
    assert text == "⇄ merged into #7: its messages stand there · g n opens it"


def test_nothing_is_said_where_nothing_is_offered(ticket: TicketDetail) -> None:
    assert offer_lines(ticket, START, default_keymap(), 80) == []

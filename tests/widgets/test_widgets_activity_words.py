"""The words of the log: every kind there is has them, and values stand before and after."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import helpdesk_tui
from helpdesk_tui.domain.activity import KINDS, ActivityRow, UndoPreview
from helpdesk_tui.domain.triage import Change
from helpdesk_tui.widgets.signs import UNICODE
from helpdesk_tui.widgets.words.activity import (
    WHAT,
    moved_words,
    outcome_words,
    preview_words,
    run_words,
    what,
    who,
)
from helpdesk_tui.widgets.words.activity_lines import activity_lines, activity_page
from helpdesk_tui.widgets.wrap import cells

AT = datetime(2026, 11, 22, 10, 5, tzinfo=UTC)
HOSTILE = "\x1b[31m\u202eevil\x07\u200b"
AREAS = {kind.partition(".")[0] for kinds in KINDS.values() for kind in kinds}
NOT_KINDS = {"note.empty"}


def entry(kind: str = "ticket.closed", **values: object) -> ActivityRow:
    return ActivityRow(1, AT, kind, "agent", agent="anna", **values)  # type: ignore[arg-type]


def written_kinds() -> Iterator[str]:
    """Yield every kind that the program writes into the log, as it stands in the code."""
    root = Path(helpdesk_tui.__file__).parent
    for part in ("services", "db", "sync"):
        for path in (root / part).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call):
                    yield from _kinds_of(node)


def _kinds_of(call: ast.Call) -> Iterator[str]:
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    wanted = [word.value for word in call.keywords if word.arg == "kind"]
    if name in ("Entry", "_do", "_note", "_record", "_log"):
        wanted += call.args
    for node in (each for value in wanted for each in ast.walk(value)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            area, dot, rest = node.value.partition(".")
            if dot and rest and area in AREAS:
                yield node.value


def test_every_kind_that_is_written_has_its_words_and_its_group() -> None:
    found = set(written_kinds())
    assert len(found) > 30
    assert found - NOT_KINDS <= set(WHAT)
    assert {kind for kinds in KINDS.values() for kind in kinds} == set(WHAT)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"before": {"status": "open"}, "after": {"status": "closed"}}, "open → closed"),
        ({"before": {"tags": ["a", "b"]}, "after": {"tags": ["b", "c"]}}, "+c -a"),
        (
            {
                "before": {"assignee_id": None},
                "after": {"assignee_id": 2, "assignee_name": "ben"},
            },
            "assignee ben",
        ),
        ({"before": {"spam": False}, "after": {"spam": True}}, "spam no → yes"),
        ({"before": {"priority": "high"}, "after": {}}, "priority high → –"),
        ({"after": {"merged_into": 7}}, "merged into #7"),
        (
            {"before": {"snoozed_until": None}, "after": {"snoozed_until": 1795341900000000}},
            "sleeps until 22 Nov 2026 10:05",
        ),
        ({"after": {"messages": [1, 2], "identity": 3}}, ""),
    ],
)
def test_what_was_changed_is_said_with_before_and_after(values: dict, said: str) -> None:
    assert moved_words(entry(**values), UTC) == said


def test_who_did_it_and_what_is_unknown_stand_as_they_are() -> None:
    assert who(entry()) == "anna"
    assert who(ActivityRow(1, AT, "message.received", "customer")) == "customer"
    assert who(ActivityRow(1, AT, "ticket.woken", "system")) == "the desk"
    assert what(entry("change.undone", change_id="ab~1")) == "undid"
    assert what(entry("change.undone", change_id="ab~2")) == "did again"
    assert what(entry("ticket.newer-kind")) == "ticket newer kind"


def test_a_run_of_events_is_one_line() -> None:
    kinds = ["ticket.tagged", "ticket.tagged", "ticket.assigned", "ticket.closed"]
    assert run_words(kinds) == "4 events: tagged, assigned, closed"
    assert run_words([*kinds, "ticket.spam"]).endswith("closed …")


@pytest.mark.parametrize("width", [20, 42, 64])
def test_hostile_values_neither_break_lines_nor_speak_to_the_terminal(width: int) -> None:
    row = entry(
        ticket_id=7, subject=HOSTILE, change_id="ab", after={"tags": [HOSTILE], "name": HOSTILE}
    )
    lines = [
        *activity_lines(row, width, "3d", UNICODE, UTC, picked=True),
        *activity_page(row, width, "now", UTC, {}),
    ]
    for line in lines:
        text = "".join(part for part, _ink in line)
        assert not set(text) & set("\x1b\u202e\x07\u200b")
        assert cells(text) <= width


def test_the_question_says_what_comes_back_and_what_stays() -> None:
    back = entry(
        "change.undone", ticket_id=7, before={"status": "closed"}, after={"status": "open"}
    )
    preview = UndoPreview(
        "ab", AT, "anna", (back,), (entry(ticket_id=7),), tickets=3,
        kept=((7, "assignee_id"),), skipped=((8, "undo.changed-since"),),
    )  # fmt: skip
    text = preview_words(preview, UTC)
    assert "anna closed" in text
    assert "#7 closed → open" in text
    assert "… and 2 more tickets" in text
    assert "#7: assignee was changed since and stays" in text
    assert "#8 was changed since" in text


def test_the_outcome_is_one_line() -> None:
    assert outcome_words(Change("a", (7,))) == "#7 undone"
    assert outcome_words(Change("a", (7, 8)), again=True) == "2 tickets done again"
    kept = outcome_words(Change("a", (7,), kept=((7, "status"),)))
    assert kept == "#7 undone · 1 left: changed since"
    told = outcome_words(Change("a", (), ((7, "undo.already-undone"),)))
    assert told.startswith("#7 was undone already")

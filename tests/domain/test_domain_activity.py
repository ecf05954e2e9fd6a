"""The log: every kind has its group, and an action knows how often it was undone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from helpdesk_tui.domain.activity import (
    KINDS,
    ONCE,
    UNDOABLE,
    ActivityFilter,
    ActivityGroup,
    ActivityRow,
    family_of,
    following,
    is_undone,
    root_of,
    turns_of,
)

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_every_kind_stands_in_one_group() -> None:
    kinds = [kind for group in ActivityGroup for kind in KINDS[group]]
    assert len(kinds) == len(set(kinds))
    assert set(kinds) >= UNDOABLE | ONCE
    both = frozenset({ActivityGroup.TAGS, ActivityGroup.NOTES})
    assert ActivityFilter(groups=both).kinds == (
        "ticket.tagged", "ticket.untagged", "note.added", "note.removed",
    )  # fmt: skip
    assert ActivityFilter().kinds == ()


@pytest.mark.parametrize(
    ("latest", "undone"), [("", False), ("ab~1", True), ("ab~2", False), ("ab~11", True)]
)
def test_an_action_is_undone_by_every_other_turn(latest: str, undone: bool) -> None:
    assert is_undone("ab", latest) is undone
    row = ActivityRow(1, NOW, "ticket.closed", "agent", change_id="ab", latest=latest)
    assert (row.can_undo, row.is_undone) == (True, undone)
    turn = ActivityRow(2, NOW, "change.undone", "agent", change_id="ab~1", latest=latest)
    assert (turn.is_undone, turn.is_away) == (False, undone)


def test_turns_are_counted_from_the_action() -> None:
    assert following("ab") == "ab~1"
    assert following("ab~9") == "ab~10"
    assert (root_of("ab~9"), root_of("ab"), turns_of("ab~9"), turns_of("ab")) == ("ab", "ab", 9, 0)
    assert turns_of("ab~x") == 0
    low, high = family_of("ab~3")
    assert all(low < f"ab~{turn}" < high for turn in (1, 9, 10, 123))
    assert not low < "ab" < high
    assert not low < "ac~1" < high


def test_what_nobody_did_on_purpose_cannot_be_undone() -> None:
    assert not ActivityRow(1, NOW, "message.received", "customer").can_undo
    assert not ActivityRow(1, NOW, "message.sent", "system", change_id="ab").can_undo
    assert not is_undone("", "")

"""What the log says of changes in the shop, and that every reason has its words."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import helpdesk_tui
from helpdesk_tui.domain.activity import ActivityRow
from helpdesk_tui.domain.commerce.actions import ActionKind, ActionState
from helpdesk_tui.widgets.words.actions import action_state_name, change_name
from helpdesk_tui.widgets.words.activity import moved_words, what
from helpdesk_tui.widgets.words.errors import SENTENCES
from tests.support.store import START


def _row(kind: str, before: dict[str, object], after: dict[str, object]) -> ActivityRow:
    return ActivityRow(1, START, kind, "agent", 1, "anna", 7, before=before, after=after)


@pytest.mark.parametrize(
    ("kind", "before", "after", "said"),
    [
        (
            "action.asked",
            {"total": "30.0 EUR"},
            {"action": 1, "change": "order.edit", "object": "#1042", "total": "20.00 EUR"},
            "asked the shop for a change: to edit an order · named #1042 · total €30.00 → €20.00",
        ),
        (
            "action.refused",
            {},
            {"action": 1, "change": "order.cancel", "object": "#7", "code": "action.stale"},
            "the shop has not made a change: to cancel an order · named #7"
            " · reason it was no longer as it was seen",
        ),
        (
            "action.done",
            {"quantity": "1"},
            {"change": "subscription.change", "object": "Tea", "quantity": "2", "dry_run": True},
            "the shop has made a change: to change a subscription · named Tea · quantity 1 → 2"
            " · dry run yes",
        ),
    ],
)
def test_the_log_says_what_was_to_be_changed_and_what_it_costs(
    kind: str, before: dict[str, object], after: dict[str, object], said: str
) -> None:
    row = _row(kind, before, after)
    assert f"{what(row)}: {moved_words(row, None)}" == said


def test_every_kind_and_state_has_a_name() -> None:
    assert all(change_name(kind) != kind for kind in ActionKind)
    assert {action_state_name(state) for state in ActionState} == {
        "waits", "under way", "done", "not done", "unknown",
    }  # fmt: skip


def _codes() -> set[str]:
    """Return every code of changes that the program can end one with."""
    package = Path(helpdesk_tui.__file__).parent
    kinds = {"action.asked", "action.done", "action.refused", "action.unknown", "action.decided",
             "action.preview", "action.stop", "action.skipped", "action.repeat"}  # fmt: skip
    found: set[str] = set()
    for folder in ("services/commerce", "sync/commerce", "sync/providers", "domain/commerce"):
        for path in (package / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found |= {node.value} if node.value.startswith("action.") else set()
    return {code for code in found - kinds if " " not in code}


def test_every_reason_has_a_sentence() -> None:
    codes = _codes()
    assert len(codes) > 15
    assert codes - set(SENTENCES) == set()

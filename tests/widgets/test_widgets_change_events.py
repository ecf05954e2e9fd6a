"""A thread says what the shop was asked for and what became of it."""

from __future__ import annotations

import pytest

from helpdesk_tui.widgets.words.thread import event_sentence
from tests.support.thread_values import event

EDIT = {"action": 1, "change": "order.edit", "object": "#1055", "total": "47.90 EUR"}


@pytest.mark.parametrize(
    ("kind", "after", "said"),
    [
        ("action.asked", EDIT, "anna asked the shop: edit order #1055"),
        ("action.done", EDIT, "the shop has done it: edit order #1055"),
        (
            "action.done",
            {**EDIT, "dry_run": True},
            "it could be done: edit order #1055 · dry run",
        ),
        (
            "action.refused",
            {**EDIT, "code": "action.stale"},
            "the shop has not done it: edit order #1055 · it was no longer as it was seen",
        ),
        ("action.unknown", EDIT, "the shop has perhaps done it: edit order #1055"),
        ("action.decided", EDIT, "anna said what became of it: edit order #1055"),
        (
            "action.done",
            {"change": "box.shake", "object": "a\x1b[2Jbox"},
            "the shop has done it: a␛[2Jbox",
        ),
    ],
)
def test_a_thread_tells_of_changes_in_the_shop(
    kind: str, after: dict[str, object], said: str
) -> None:
    assert event_sentence(event(kind=kind, after=after), None) == said


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ({"source": "crm", "kinds": ["marketing", "transactional"]},
         "crm noted that consent is given · marketing, transactional"),
        ({"source": "agent", "kinds": ["transactional"]},
         "anna noted that consent is given · transactional"),
        ({"source": "agent"}, "anna noted that consent is given"),
    ],
)  # fmt: skip
def test_a_thread_tells_who_noted_consent_and_to_what(after: dict[str, object], said: str) -> None:
    assert event_sentence(event(kind="consent.given", after=after), None) == said

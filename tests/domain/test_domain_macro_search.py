"""Macros are found by a few letters."""

from __future__ import annotations

import pytest

from helpdesk_tui.domain.macros.search import score

NAMES = [
    "Where is my order",
    "Return: how to",
    "Refund sent",
    "Zwrot pieniędzy",
    "Wrong order sent",
]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("order", "Wrong order sent Where is my order"),
        ("where", "Where is my order"),
        ("wimo", "Where is my order"),
        ("retrn", "Return: how to"),
        ("rtn", "Return: how to"),
        ("retunr", "Return: how to"),
        ("rexturn", "Return: how to"),
        ("rezurn", "Return: how to"),
        ("pieniedzy", "Zwrot pieniędzy"),
        ("sent ref", "Refund sent"),
        ("turn", "Return: how to"),
    ],
)
def test_a_macro_is_found_by_a_few_letters(query: str, first: str) -> None:
    best = max(NAMES, key=lambda name: score(query, name))
    assert best in first
    assert score(query, best) > 0


def test_what_does_not_fit_is_not_found() -> None:
    assert score("", "anything") == 1
    assert score("xyz", "Where is my order") == 0
    assert score("order xyz", "Where is my order") == 0
    assert 0 < score("carrier", "Where is my order", "ask the carrier") < score("order", "Order")
    assert score("a", "", "") == 0

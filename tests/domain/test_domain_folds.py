"""Folded ranges as they are stored, and the beginning of a text as lists show it."""

from __future__ import annotations

import pytest

from helpdesk_tui.domain.folds import first_words, packed_folds, unpacked_folds
from helpdesk_tui.domain.mail import Fold, FoldKind

ANSWER = "Thank you!\n\nOn Monday Ana wrote:\n> Where is it?\n-- \nLena"
QUOTE = Fold(ANSWER.index("On Monday"), ANSWER.index("-- "), FoldKind.QUOTE)
SIGNATURE = Fold(ANSWER.index("-- "), len(ANSWER), FoldKind.SIGNATURE)


@pytest.mark.parametrize("folds", [(), (QUOTE,), (QUOTE, SIGNATURE)])
def test_what_is_stored_of_folds_comes_back(folds: tuple[Fold, ...]) -> None:
    assert unpacked_folds(packed_folds(folds)) == folds


@pytest.mark.parametrize(
    ("text", "folds", "shown"),
    [
        (ANSWER, (QUOTE, SIGNATURE), "Thank you!"),
        ("one\n\n  two\tthree ", (), "one two three"),
        ("> all of it", (Fold(0, 11, FoldKind.QUOTE),), "> all of it"),
        ("a" * 121, (), "a" * 119 + "…"),
        ("", (), ""),
        ("x" * 5_000 + ANSWER, (Fold(5_012, 5_045, FoldKind.QUOTE),), "x" * 119 + "…"),
    ],
)  # fmt: skip
def test_a_list_shows_how_a_text_begins(text: str, folds: tuple[Fold, ...], shown: str) -> None:
    assert first_words(text, folds) == shown

"""The caret stands under the mistake, whatever the query is made of."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from helpdesk_tui.cli.caret import caret_lines, place_of


def under(text: str, position: int) -> str:
    """Return what the caret points at: the shown query from its cell on."""
    query, caret = caret_lines(text, position)
    assert caret.strip() == "^"
    cells, seen = len(caret) - 1, ""
    while cell_len(seen) < cells:
        seen = query[: len(seen) + 1]
    return query[len(seen) :]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("is:nonsense", "is:nonsense"),
        ("zelt is:nonsense", "is:nonsense"),
        ("注文 tag:無い", "tag:無い"),
        ("a\u200b\u202eb\x1b[31m tag:x", "tag:x"),
        ("a\nb\ttag:x", "tag:x"),
    ],
)
def test_the_caret_stands_under_the_wrong_part(text: str, wrong: str) -> None:
    assert under(text, text.index(wrong)) == wrong


@pytest.mark.parametrize("position", [-1, 0, 5, 400, 2000, 9999])
def test_a_long_query_is_shown_around_the_place(position: int) -> None:
    text = "word " * 400
    query, caret = caret_lines(text, position)
    assert len(query) < 80
    assert len(caret) <= len(query) + 1


def test_nothing_that_controls_a_terminal_is_printed() -> None:
    query, _ = caret_lines("\x1b[2J\u202e\r\n is:x", 3)
    assert not set(query) & set("\x1b\u202e\r\n")


@pytest.mark.parametrize(
    ("text", "position", "said"),
    [
        ("zelt is:no", 5, "column 6: is:no"),
        ("zelt is:no more", 5, "column 6: is:no"),
        ("注文 tag:無い", 3, "column 4: tag:無い"),
        ("zelt ", 5, "column 6, the end"),
        ("zelt", 99, "column 5, the end"),
        ("\x1b[31m is:x", 0, "column 1: ␛[31m"),
        ("w" * 90, 0, f"column 1: {'w' * 30}…"),
    ],
)
def test_the_place_is_named_in_words(text: str, position: int, said: str) -> None:
    assert place_of(text, position) == said

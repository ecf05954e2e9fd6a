"""Text is broken by cells: nothing is lost, nothing is wider than it may be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from helpdesk_tui.domain.text import clean
from helpdesk_tui.widgets.wrap import shorten_cells, wrap_line, wrap_text

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


@pytest.mark.parametrize(
    ("line", "width", "expected"),
    [
        ("", 10, [""]),
        ("short", 10, ["short"]),
        ("two words", 5, ["two", "words"]),
        ("exactly10!", 10, ["exactly10!"]),
        ("unbreakable", 4, ["unbr", "eaka", "ble"]),
        ("a unbreakable", 4, ["a", "unbr", "eaka", "ble"]),
        ("many   blanks here", 7, ["many", "blanks", "here"]),
        ("zażółć gęślą jaźń", 7, ["zażółć", "gęślą", "jaźń"]),
        ("日本語テキスト", 6, ["日本語", "テキス", "ト"]),
        ("see 日本語 now", 8, ["see 日本", "語 now"]),
        (f"{FAMILY}{FAMILY}", 2, [FAMILY, FAMILY]),
        ("שלום עולם", 5, ["שלום", "עולם"]),
        ("e\u0301e\u0301e\u0301", 2, ["e\u0301e\u0301", "e\u0301"]),
    ],
)
def test_lines_break_where_a_reader_expects_it(line, width, expected):
    assert wrap_line(line, width) == expected


@given(st.text(max_size=200), st.integers(2, 40))
def test_no_line_is_wider_than_asked_and_no_letter_is_lost(text, width):
    line = clean(text)
    pieces = wrap_line(line, width)
    assert all(cell_len(piece) <= width for piece in pieces)
    assert "".join(pieces).replace(" ", "") == line.replace(" ", "")


def test_a_limit_stops_early_and_says_so():
    lines, cut = wrap_text("word " * 100_000, 20, limit=10)
    assert len(lines) == 10
    assert cut
    assert wrap_text("a\nb", 20, limit=2) == (["a", "b"], False)


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [("short", 10, "short"), ("too long", 4, "too…"), ("日本語", 4, "日…"), ("x", 0, "")],
)
def test_shortening_counts_cells(text, width, expected):
    assert shorten_cells(text, width) == expected

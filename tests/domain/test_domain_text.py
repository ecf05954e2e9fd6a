"""Text hygiene: no outside text reaches a terminal as anything but text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_tui.domain.text import clean, clean_lines, fold, shorten


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("", ""),
        ("Zażółć 日本 😀", "Zażółć 日本 😀"),
        ("\x1b[31mred\x07", "␛[31mred␇"),
        ("a\x7fb", "a␡b"),
        ("\x00", "␀"),
        ("a\tb\r\nc", "a b  c"),
        ("é\tb\nc", "é b c"),
        ("\x9b31m", "\ufffd31m"),
        ("a\u202eb\u2066c\u200bd\ufeff\u00ade", "abcde"),
        ("a\u2065b\ufff0c\U000e0fffd", "abcd"),
        ("a\U000e0041b\U000e0100", "ab"),
        ("a\u00a0b\u2003c", "a b c"),
        ("a\u2028b\u2029c", "a b c"),
        ("a\ud800b", "a\ufffdb"),
        ("a\U0010eeee\u0305b", "a\ufffd\u0305b"),
        ("a\u3164b\u115f\u1160\uffa0\u034f", "ab"),
        ("e\u0301", "e\u0301"),
        ("e" + "\u0301" * 9, "e" + "\u0301" * 3),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"),
        ("a\u200db", "ab"),
        ("👩\u200d", "👩"),
        ("\u200d👩", "👩"),
        ("⬛\u200d⭐", "⬛\u200d⭐"),
    ],
)
def test_one_line_is_made_harmless(text, expected):
    assert clean(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\nb", "a\nb"),
        ("a\r\nb", "a\nb"),
        ("secret\rhidden", "secret␍hidden"),
        ("a\tb", "a    b"),
        ("é\tb\nc", "é    b\nc"),
        ("\x1b]0;x\x07\n", "␛]0;x␇\n"),
        ("é\u2028b", "é\nb"),
        ("é\u202eb", "éb"),
    ],
)
def test_many_lines_keep_their_line_feeds(text, expected):
    assert clean_lines(text) == expected


@given(st.text())
def test_nothing_dangerous_survives_and_cleaning_twice_changes_nothing(text):
    for function, allowed in ((clean, ""), (clean_lines, "\n")):
        cleaned = function(text)
        assert function(cleaned) == cleaned
        bad = [
            char
            for char in cleaned
            if char not in allowed
            and char != "\u200d"
            and unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")
        ]
        assert bad == []


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("a bcd", 3, "a…"), ("abc", 0, "…"), ("", 5, "")],
)
def test_long_text_is_cut_with_a_sign(text, length, expected):
    assert shorten(text, length) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Refund", "refund"),
        ("Rückerstattung", "ruckerstattung"),
        ("ŁÓDŹ", "lodz"),
        ("Smørrebrød", "smorrebrod"),
        ("Straße STRASSE", "strasse strasse"),
        ("Ærø œuvre ĐĐ þing ðı", "aero oeuvre dd thing di"),
        ("ﬁne ①", "fine 1"),
        ("日本", " 日  本 "),
        ("テスト", " テ  ス  ト "),
        ("ΑΣ", "ας".replace("ς", "σ")),
    ],
)
def test_folding_forgets_case_and_accents(text, expected):
    assert fold(text) == expected


@given(st.text())
def test_what_is_folded_is_found_by_any_case(text):
    assert fold(text) == fold(unicodedata.normalize("NFC", text))


def test_many_kinds_of_control_characters_are_shown_in_one_pass():
    controls = "".join(map(chr, [*range(1, 9), *range(14, 27)]))
    assert (
        clean_lines(f"a{controls}\nb") == f"a{''.join(chr(0x2400 + ord(c)) for c in controls)}\nb"
    )

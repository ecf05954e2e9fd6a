"""The source of a message: everything is seen, nothing acts, and it is bounded."""

from __future__ import annotations

import pytest

from helpdesk_tui.screens.thread.message_source import MAX_BYTES, MAX_LINES, source_of, visible


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("\x1b[31mred\x1b]52;c;x\x07", "^[[31mred^[]52;c;x^G"),
        ("a\x00b\x7fc", "a^@b^?c"),
        ("\x9b31m", "\\x9b31m"),
        ("pay \u202efdp.exe", "pay \\u202efdp.exe"),
        ("zero\u200bwidth\u2028line", "zero\\u200bwidth\\u2028line"),
        ("\tindented", "    indented"),
        ("żółw 退款", "żółw 退款"),
    ],
)
def test_what_is_not_a_visible_character_is_written_out(line: str, shown: str) -> None:
    assert visible(line) == shown


def test_bytes_that_are_no_text_are_written_as_numbers() -> None:
    assert source_of(b"caf\xe9\r\nnext").lines == ("caf\\xe9", "next")


def test_headers_and_body_stay_in_their_lines() -> None:
    source = source_of(b"Subject: hi\r\n\r\nbody\r\n")
    assert source.lines == ("Subject: hi", "", "body", "")
    assert not source.is_cut


@pytest.mark.parametrize(
    "raw", [b"x" * (MAX_BYTES + 1), b"\n" * (MAX_LINES + 1), b"y" * 5000 + b"\nend"]
)
def test_a_long_source_is_cut_and_says_so(raw: bytes) -> None:
    source = source_of(raw)
    assert source.is_cut
    assert source.size == len(raw)
    assert len(source.lines) <= MAX_LINES
    assert sum(map(len, source.lines)) <= MAX_BYTES

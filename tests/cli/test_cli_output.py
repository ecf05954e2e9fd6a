"""Output: JSON that is harmless on any terminal, tables in line."""

from __future__ import annotations

import json

import pytest
from rich.cells import cell_len

from helpdesk_tui.cli.output import Output, cut, table_lines, to_json

HOSTILE = {
    "escape": "\x1b]52;c;AAAA\x07",
    "c1": "\x9b31m \x9d0;title\x9c",
    "bidi": "invoice\u202efdp.exe\u2066\u2069",
    "zero width": "pay\u200bpal\u2060\ufeff",
    "tags": "ok\U000e0041\U000e007f",
    "separators": "a\u2028b\u2029c",
    "soft hyphen": "a\u00adb",
    "delete": "a\x7fb",
    "surrogate": "a\ud800b",
    "nul": "a\x00b",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_json_escapes_what_a_terminal_could_act_on_and_loses_nothing(text: str) -> None:
    shown = to_json({"subject": text})
    assert not any(ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0 for char in shown)
    assert not any(0x200B <= ord(char) <= 0x200F or ord(char) > 0xE0000 for char in shown)
    assert not any(0x2028 <= ord(char) <= 0x202E or 0x2066 <= ord(char) <= 0x2069 for char in shown)
    assert json.loads(shown) == {"subject": text}


@pytest.mark.parametrize("text", ["żółw", "退款", "Ελλάδα", "👍🏽", 'say "hi"\n\\'])
def test_json_keeps_readable_text_readable(text: str) -> None:
    shown = to_json([text])
    assert json.loads(shown) == [text]
    assert "\\u" not in shown


def test_columns_stand_in_line_whatever_their_script() -> None:
    rows = [["id", "who", "x"], ["7", "王小明", "a"], ["4242", "Zoë", "b"], ["1", "ليلى", "c"]]
    lines = table_lines(rows, right=frozenset({0}))
    starts = {cell_len(line[: line.rindex(row[2])]) for line, row in zip(lines, rows, strict=True)}
    assert len(starts) == 1
    assert lines[1].startswith("   7  ")


def test_a_cell_of_a_table_is_one_harmless_line() -> None:
    lines = table_lines([["name"], ["a\nb\x1b[2J\u202ec"]])
    assert lines[1] == "a b␛[2Jc"


@pytest.mark.parametrize(
    ("text", "cells", "shown"),
    [("short", 10, "short"), ("a long subject", 7, "a long…"), ("退款退款", 5, "退款…")],
)
def test_text_is_cut_to_cells(text: str, cells: int, shown: str) -> None:
    assert cut(text, cells) == shown


def test_with_json_people_read_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    out = Output(json=True)
    out.say("for people")
    out.document({"a": 1})
    printed = capsys.readouterr()
    assert printed.out == '{"a": 1}\n'
    assert printed.err == "for people\n"


def test_quiet_prints_ids_only(capsys: pytest.CaptureFixture[str]) -> None:
    out = Output(quiet=True)
    out.say("nothing")
    out.table([["a"]])
    out.ids([3, 4])
    assert capsys.readouterr().out == "3\n4\n"

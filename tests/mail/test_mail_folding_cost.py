"""Folds: twice as many lines cost twice as much, whatever the lines are."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_tui.mail.folding import find_folds

UNITS = [
    "\n", "x\n", "> a\n", "> a\nb\n", "> a\n\nb\n\n", "On 1 x 2025 10:00 wrote:\n", ":\n",
    "x 10:00:\n",
    "On 2 June 2025 at 10:00 I wrote:\n", "Mia <\n", "Mia <a@b.example>\n", "<a\n>:\n",
    "mailto:x\n> a:\n",
    "From: x\n", "To: x\n", "Cc: x\n\n", "From: a\nx\nx\nSent: a\nx\nx\n", "To: x\nSent: y\n\n\n",
    "-----Original Message-----x\n", "---- x ----\n", "____\n", "-- \n", "--\nx\n",
    "##- above -##\n",
    "Sent from my phone\n", "Regards,\nAna\n", "> a\nRegards,\nAna\n\n", "This message contains\n",
    "```\nx\n", "C>\n", "Ana\n\n", "> " + "a" * 70 + "\nb\n", "From: a To: b Subject: c\n",
    "Date: 1\nx\n",
]  # fmt: skip

SIGNS = [
    "a", " ", ">", "> ", "-", "- ", "_", "=", "*", ":", ": ", "<", "<a>", "@", "a@b ", "1",
    "10:00 ",
    "1.1.2025 ", "On 1 ", "wrote ", "wrote:", "From: ", "To: a ", "\u200b", "\u00a0", "/", "|",
    "&lt;", ".",
    "Sent from ", "regards, ", "—", "\t", "(", "[", "#", "`", "ᐧ", "：", "年", ">>> 1:11 ",
    "> 1:11", "____ ", "From: a To: b ", "C> ", "\"", "11.",
]  # fmt: skip


def calls(text: str) -> int:
    """Return how many functions are called, in Python and in C, to fold a text."""
    count = 0

    def profile(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        find_folds(text)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("unit", UNITS)
def test_calls_grow_no_faster_than_lines(unit: str):
    find_folds(unit * 8)
    few, many = calls(unit * 100), calls(unit * 400)
    assert many <= 4.4 * few + 2000
    assert few <= 1500 * 100


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("place", [str.__add__, lambda end, unit: unit + end])
def test_calls_grow_no_faster_before_and_behind_a_letter(
    unit: str, place: Callable[[str, str], str]
):
    letter = "Hello,\n\nit came.\n\nOn Mon, 2 Jun 2025 at 10:00, Bo <bo@x.example> wrote:\n> a\n"
    few, many = calls(place(letter, unit * 100)), calls(place(letter, unit * 400))
    assert many <= 4.4 * few + 2000


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("end", ["", ":", " wrote:", " x"])
def test_a_line_of_any_length_is_looked_at_in_part(sign: str, end: str):
    line = (sign * 200_000)[:200_000] + end
    find_folds(line)
    find_folds(f"Hello\n\n{line}\n> a\n{line}")
    assert calls(line) <= 3000


@pytest.mark.parametrize("sign", SIGNS)
def test_many_lines_at_the_limit_of_a_look_are_no_trap(sign: str):
    line = (sign * 500)[:296]
    find_folds(f"{line}:\n" * 200)
    find_folds(f"{line}x\n" * 200)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(UNITS + SIGNS), max_size=60))
def test_folds_of_any_mixture_are_in_order_and_leave_something(parts: list[str]):
    text = "".join(parts)
    position = 0
    for fold in find_folds(text):
        assert position <= fold.start < fold.end <= len(text)
        position = fold.end

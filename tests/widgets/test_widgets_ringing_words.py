"""What a notification says, and that no text of a stranger leaves its sequence."""

from __future__ import annotations

import re

import pytest

from helpdesk_tui.domain.ringing import MOST, Incident, Means, Ring, Rule
from helpdesk_tui.widgets.words.ringing import ring_words, sequences

ONE = Incident("message.received", 42, who="Lena", subject="Where is it?")
EVERY = tuple(Means)


def test_one_message_says_who_and_why() -> None:
    assert ring_words(Ring(1, ONE, Rule.MINE, ("Lena",))) == (
        "#42 your ticket",
        "Lena · Where is it?",
    )


def test_several_say_how_many_and_the_newest_of_whom() -> None:
    assert ring_words(Ring(4, ONE, Rule.ALL, ("A", "B", "C", "D"))) == ("4 tickets", "A, B, C …")
    assert ring_words(Ring(MOST, ONE, Rule.ALL, ("A",)))[0] == f"{MOST}+ tickets"


@pytest.mark.parametrize(
    ("means", "wanted"),
    [
        ((), ""),
        ((Means.BELL,), "\x07"),
        ((Means.OSC9,), "\x1b]9;helpdesk T: L\x07"),
        ((Means.OSC777, Means.BELL), "\x1b]777;notify;helpdesk T;L\x07\x07"),
    ],
)
def test_each_means_has_its_sequence(means: tuple[Means, ...], wanted: str) -> None:
    assert sequences(means, "T", "L") == wanted


def test_tmux_gets_what_it_hands_on_and_hears_the_bell_itself() -> None:
    assert sequences((Means.OSC9, Means.BELL), "T", "L", in_tmux=True) == (
        "\x1bPtmux;\x1b\x1b]9;helpdesk T: L\x07\x1b\\\x07"
    )


@pytest.mark.parametrize("in_tmux", [True, False])
@pytest.mark.parametrize(
    "evil",
    ["\x07\x1b]52;c;aGk=\x07", "\x1b\\\x1b[2J", "\x9c\x9d0;x\x07", "a;b;notify;c", "4;1;50",
     "\u202eevil\u2028", "x" * 5000, "\n\r\x08"],
)  # fmt: skip
def test_text_of_strangers_stays_inside(evil: str, in_tmux: bool) -> None:
    ring = Ring(1, Incident("message.received", 1, who=evil, subject=evil), Rule.ALL, (evil,))
    found = sequences(EVERY, *ring_words(ring), in_tmux=in_tmux)
    plain = found.replace("\x1b\x1b", "\x1b") if in_tmux else found
    start, end = ("\x1bPtmux;", "\x1b\\\\") if in_tmux else ("", "")
    text = r"[^\x00-\x1f\x7f-\x9f\u2028\u202e;]*"
    assert re.fullmatch(
        rf"{start}\x1b\]9;helpdesk #1{text}\x07{end}"
        rf"{start}\x1b\]777;notify;helpdesk #1{text};{text}\x07{end}\x07",
        plain,
    )
    assert len(found) < 700

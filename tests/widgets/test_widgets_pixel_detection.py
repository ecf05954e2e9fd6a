"""How pictures are drawn follows the setting, the environment, and what the terminal answers."""

from __future__ import annotations

import pytest

from helpdesk_tui.widgets.pixels.detection import AnswerGuard, Answers, chosen, may_be_asked
from helpdesk_tui.widgets.pixels.protocol import Protocol

KITTY_OK = "\x1b_Gi=7001;OK\x1b\\"
NO_SIXEL = "\x1b[?62;22c"
SIXEL = "\x1b[?62;4;22c"
CELL = "\x1b[6;18;9t"
LOCAL = {"TERM": "xterm-256color"}


def guard() -> AnswerGuard:
    made = AnswerGuard()
    made.is_waiting = True
    return made


@pytest.mark.parametrize(
    ("environment", "said", "drawn"),
    [
        (LOCAL, "\x1bP>|kitty(0.36.1)\x1b\\" + KITTY_OK + NO_SIXEL, Protocol.KITTY),
        (LOCAL, "\x1bP>|ghostty 1.2\x1b\\" + KITTY_OK + NO_SIXEL, Protocol.KITTY),
        ({"TERM": "xterm-kitty"}, KITTY_OK + NO_SIXEL, Protocol.KITTY),
        ({"TERM": "xterm-kitty"}, "\x1b_Gi=7001;ENOTSUP\x1b\\" + NO_SIXEL, Protocol.HALF),
        # these know Kitty graphics, but not placeholders
        (LOCAL, "\x1bP>|WezTerm 2024\x1b\\" + KITTY_OK + SIXEL, Protocol.SIXEL),
        (LOCAL, "\x1bP>|Konsole 24\x1b\\" + KITTY_OK + SIXEL, Protocol.SIXEL),
        (LOCAL, "\x1bP>|foot(1.21)\x1b\\" + SIXEL, Protocol.SIXEL),
        (LOCAL, SIXEL, Protocol.SIXEL),
        (LOCAL, NO_SIXEL, Protocol.HALF),
        (LOCAL, "\x1b[?64;42c", Protocol.HALF),
        (LOCAL, "", Protocol.HALF),
        ({**LOCAL, "TERM_PROGRAM": "iTerm.app"}, NO_SIXEL, Protocol.ITERM),
        ({**LOCAL, "SSH_CONNECTION": "1 2 3 4"}, SIXEL, Protocol.HALF),
        ({**LOCAL, "TMUX": "/tmp/t"}, SIXEL, Protocol.HALF),
        ({"TERM": "screen-256color"}, SIXEL, Protocol.HALF),
        ({"TERM": "linux"}, SIXEL, Protocol.HALF),
        ({}, SIXEL, Protocol.HALF),
    ],
)
def test_auto_follows_environment_and_answers(
    environment: dict[str, str], said: str, drawn: Protocol
) -> None:
    it = guard()
    assert it.filtered(said) == ""
    assert chosen("auto", environment, it.answers, has_colours=True) is drawn


@pytest.mark.parametrize(
    ("wanted", "drawn"),
    [
        ("kitty", Protocol.KITTY),
        ("sixel", Protocol.SIXEL),
        ("iterm", Protocol.ITERM),
        ("half", Protocol.HALF),
        ("off", Protocol.HALF),
    ],
)
def test_what_was_chosen_is_drawn_without_asking(wanted: str, drawn: Protocol) -> None:
    over_ssh = {**LOCAL, "SSH_TTY": "/dev/pts/3"}
    assert chosen(wanted, over_ssh, Answers(), has_colours=True) is drawn


def test_placeholders_need_every_colour() -> None:
    said = Answers("kitty", has_kitty=True, is_complete=True)
    assert chosen("kitty", LOCAL, said, has_colours=False) is Protocol.HALF
    assert chosen("auto", LOCAL, said, has_colours=False) is Protocol.HALF


@pytest.mark.parametrize("answer", [KITTY_OK, NO_SIXEL, SIXEL, CELL, "\x1bP>|foot(1.21.0)\x1b\\"])
def test_an_answer_is_no_key_however_it_is_cut(answer: str) -> None:
    for cut in range(1, len(answer)):
        it = guard()
        typed = it.filtered("a" + answer[:cut]) + it.filtered(answer[cut:] + "b")
        assert typed == "ab", cut


def test_keys_are_no_answers() -> None:
    it = guard()
    for key in (
        "\x1b[A",
        "\x1b[1;5C",
        "\x1b[200~x\x1b[201~",
        "\x1bOP",
        "\x1b[15~",
        "x",
        "\x1b[<0;3;4M",
    ):
        assert it.filtered(key) == key


def test_the_escape_key_is_given_back_when_nothing_follows() -> None:
    it = guard()
    assert it.filtered("\x1b") == ""
    assert it.released() == "\x1b"
    assert it.released() == ""


def test_once_all_is_answered_no_key_is_kept_back() -> None:
    it = AnswerGuard()
    assert it.filtered("\x1b") == "\x1b"
    # what comes late changes nothing, and is no key either
    assert it.filtered(SIXEL) == ""
    assert it.answers == Answers()


@pytest.mark.parametrize("said", ["\x1b[6;0;9t", "\x1b[6;18;9999t"])
def test_a_cell_of_no_sensible_size_is_not_believed(said: str) -> None:
    it = guard()
    assert it.filtered(said) == ""
    assert it.answers.cell is None
    it.filtered(CELL)
    assert it.answers.cell == (9, 18)


def test_nothing_is_asked_where_something_lies_between() -> None:
    assert may_be_asked(LOCAL)
    assert not may_be_asked({**LOCAL, "STY": "1.pts"})

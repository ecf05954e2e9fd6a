"""The slim driver draws the same picture in fewer bytes."""

from __future__ import annotations

import random

import pyte
import pytest
from rich.cells import cell_len
from rich.style import Style

from helpdesk_tui.widgets.slim_driver import parse_sgr, pinned, slim, transition

STYLES = [
    Style.parse(text)
    for text in (
        "#c8cfe0 on #14161d", "bold #eef1fa on #14161d", "#828aa3 on #232a3d", "red on blue",
        "bright_red on bright_black", "underline #7dcfff on #14161d", "bold underline green",
        "color(200) on color(17)", "italic default on default", "reverse #ffffff on #000000",
    )
]  # fmt: skip


def _picture(data: str) -> list[list[tuple[object, ...]]]:
    screen = pyte.Screen(40, 8)
    pyte.Stream(screen).feed(data)

    def seen(char: pyte.screens.Char) -> tuple[object, ...]:
        flags = (char.underscore, char.reverse)
        letter = (char.fg, char.bold, char.italics) if char.data != " " or char.reverse else ()
        return (char.data, char.bg, *letter, *flags)

    return [[seen(screen.buffer[y][x]) for x in range(40)] for y in range(8)]


def _frame(seed: int) -> str:
    dice = random.Random(seed)
    out = ["\x1b[?2026h"]
    for _ in range(30):
        row = dice.randint(1, 8)
        out.append(f"\x1b[{row};{dice.randint(1, 20)}H")
        for _ in range(dice.randint(1, 4)):
            text = dice.choice(["ab", " ", "   ", "x", "ž"])
            out.append(dice.choice(STYLES).render(text))
        if row < 8 and dice.random() < 0.3:
            out.append("\r\n")
    return "".join([*out, "\x1b[1;1H\x1b[?2026l"])


@pytest.mark.parametrize("seed", range(25))
def test_the_picture_is_the_same_and_shorter(seed: int) -> None:
    frame = _frame(seed)
    assert _picture(slim(frame)) == _picture(frame)
    assert len(slim(frame)) < len(frame)


def test_a_frame_ends_in_plain_style() -> None:
    assert slim(STYLES[1].render("a") + STYLES[2].render("b")).endswith("\x1b[0m")


def test_text_without_styles_is_left_alone() -> None:
    assert slim("\x1b[?1049h") == "\x1b[?1049h"
    assert slim("plain") == "plain"


def test_turning_bold_off_keeps_the_colours() -> None:
    old, new = parse_sgr("1;38;2;1;2;3;48;2;4;5;6"), parse_sgr("38;2;1;2;3;48;2;4;5;6")
    assert transition(old, new) == "\x1b[22m"


@pytest.mark.parametrize(
    "letters", ["क्षि", "e\u0301", "\u0e01\u0e47", "𒐫", "\U0001fae8", "①★x\u0600"]
)
def test_the_cursor_is_set_behind_text_that_terminals_measure_differently(letters: str) -> None:
    data = f"\x1b[2;5H\x1b[1mab\x1b[0m{letters} c\x1b[0m|"
    column = 5 + cell_len(f"ab{letters} c")
    assert pinned(data) == f"\x1b[2;5H\x1b[1mab\x1b[0m{letters} c\x1b[{column}G\x1b[0m|"
    assert f"\x1b[{column}G" in slim(pinned(data))


@pytest.mark.parametrize(
    "data",
    [
        "\x1b[1;1Hplain Größe … │ 漢字 ●\x1b[0m",
        "\x1b]2;क्षि\x07",
        "\x1b[1;1H\x1b]2;title\x07क्षि",
        "\x1b[?25hक्षि",
    ],
)
def test_nothing_is_added_where_it_is_not_needed_or_the_place_is_not_known(data: str) -> None:
    assert pinned(data) == data

"""Pictures reach each kind of terminal as its own bytes, wherever their cells are written."""

from __future__ import annotations

import io
import re
from base64 import b64decode
from random import Random

import pytest
from PIL import Image
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.strip import Strip

from helpdesk_tui.domain.pictures import Pixels
from helpdesk_tui.widgets.last_net import LastNet
from helpdesk_tui.widgets.pixels.cells import MARKS, PLACEHOLDER, cell_segments
from helpdesk_tui.widgets.pixels.layer import PixelLayer
from helpdesk_tui.widgets.pixels.protocol import Protocol
from helpdesk_tui.widgets.pixels.protocols import kitty_gone, kitty_image
from helpdesk_tui.widgets.pixels.sixel import sixels
from tests.support.sixel_reader import read_sixel


def pixels(columns: int = 4, rows: int = 2, cell: tuple[int, int] = (3, 7)) -> Pixels:
    width, height = columns * cell[0], rows * cell[1]
    palette = bytes((255, 0, 0, 0, 255, 0, 0, 0, 255))
    # a diagonal of three shades: each line begins with the next one
    shades = b"".join((bytes((0, 1, 2)) * width)[y % 3 :][:width] for y in range(height))
    colours = b"".join((palette * width)[3 * (y % 3) :][: 3 * width] for y in range(height))
    return Pixels(width, height, columns, rows, colours, palette, shades)


def written(layer: PixelLayer, picture: Pixels, row: int, first: int = 0, last: int = 99) -> str:
    """What widgets and the library would write for a row of cells, cut on the way."""
    segments = layer.segments(picture, row)
    assert segments is not None
    strip = Strip(segments).crop(first, min(last, picture.columns))
    return "".join(segment.text for segment in strip)


def layer_of(protocol: Protocol, picture: Pixels) -> PixelLayer:
    layer = PixelLayer()
    layer.use(protocol, picture.cell)
    layer.prepare(picture)
    return layer


def test_the_marks_are_those_of_the_protocol() -> None:
    assert len(MARKS) == len(set(MARKS)) == 297
    assert (MARKS[0], MARKS[1], MARKS[255], MARKS[296]) == (
        "\u0305", "\u030d", "\ua8e5", "\U0001d244",
    )  # fmt: skip


def test_kitty_is_handed_the_picture_once_and_then_only_placeholders() -> None:
    picture = pixels()
    layer = layer_of(Protocol.KITTY, picture)
    first, text, behind = layer.translate(f"\x1b[3;5H{written(layer, picture, 1)}")
    head, data = re.fullmatch("\x1b_G([^;]*);([^\x1b]*)\x1b\\\\", first).groups()  # type: ignore[union-attr]
    assert head == "a=T,U=1,q=2,f=100,i=7001,c=4,r=2,m=0"
    image = Image.open(io.BytesIO(b64decode(data)))
    assert (image.size, image.tobytes()) == ((12, 14), picture.colours)
    number = 7001
    colour = f"\x1b[38;2;{number >> 16};{number >> 8 & 255};{number & 255}m"
    cells = [f"{colour}{PLACEHOLDER}{MARKS[1]}{MARKS[column]}\x1b[0m" for column in range(4)]
    assert text == "\x1b[3;5H" + "".join(cells)
    assert behind == ""
    assert layer.translate(f"\x1b[3;5H{written(layer, picture, 1)}")[0] == ""


def test_a_large_picture_is_handed_to_kitty_in_pieces_it_takes() -> None:
    size = 300
    noise = Random(1).randbytes(3 * size * size)
    pieces = kitty_image(9, Pixels(size, size, 30, 15, noise)).split("\x1b\\")[:-1]
    assert len(pieces) > 2
    assert all(len(piece.partition(";")[2]) <= 4096 for piece in pieces)
    assert [",m=1" in piece.partition(";")[0] for piece in pieces] == [
        *[True] * (len(pieces) - 1),
        False,
    ]
    data = b64decode("".join(piece.partition(";")[2] for piece in pieces))
    assert Image.open(io.BytesIO(data)).tobytes() == noise


@pytest.mark.parametrize("part", [(0, 3), (1, 2), (3, 3)])
def test_sixel_draws_just_the_pixels_of_its_cells(part: tuple[int, int]) -> None:
    picture = pixels()
    first, last = part
    width, height, dots = read_sixel(sixels(picture, 1, first, last))
    assert (width, height) == (3 * (last + 1 - first), 7)
    for y in range(height):
        for x in range(width):
            at = 3 * ((7 + y) * picture.width + 3 * first + x)
            assert dots[x, y] == tuple(picture.colours[at : at + 3])


def test_sixel_stands_over_blanks_where_the_cells_are_and_the_cursor_goes_back() -> None:
    picture = pixels()
    layer = layer_of(Protocol.SIXEL, picture)
    data = (
        f"\x1b[3;5Hab{written(layer, picture, 0)}c\n"
        f"\x1b[4;5Hab{written(layer, picture, 1, 2)}\x1b[9;9H"
    )
    first, text, behind = layer.translate(data)
    assert (first, text) == ("", "\x1b[3;5Hab    c\n\x1b[4;5Hab  \x1b[9;9H")
    assert behind == (
        f"\x1b7\x1b[3;7H{sixels(picture, 0, 0, 3)}\x1b[4;7H{sixels(picture, 1, 2, 3)}\x1b8"
    )


def test_a_dialog_over_the_middle_leaves_two_parts_of_a_row() -> None:
    picture = pixels(columns=6)
    layer = layer_of(Protocol.SIXEL, picture)
    left, right = written(layer, picture, 0, 0, 2), written(layer, picture, 0, 4)
    _first, text, behind = layer.translate(f"\x1b[1;1H{left}\x1b[1;3Hdi\x1b[1;5H{right}")
    assert text == "\x1b[1;1H  \x1b[1;3Hdi\x1b[1;5H  "
    assert behind == (
        f"\x1b7\x1b[1;1H{sixels(picture, 0, 0, 1)}\x1b[1;5H{sixels(picture, 0, 4, 5)}\x1b8"
    )


def test_iterm_is_sent_an_inline_image_for_each_row() -> None:
    picture = pixels()
    layer = layer_of(Protocol.ITERM, picture)
    _first, text, behind = layer.translate(f"\x1b[2;2H{written(layer, picture, 1)}")
    assert text == "\x1b[2;2H    "
    found = re.fullmatch(
        "\x1b7\x1b\\[2;2H\x1b]1337;File=inline=1;size=([0-9]+);width=4;height=1;"
        "preserveAspectRatio=0;doNotMoveCursor=1:([^\x07]*)\x07\x1b8",
        behind,
    )
    assert found is not None
    data = b64decode(found[2])
    assert len(data) == int(found[1])
    image = Image.open(io.BytesIO(data))
    assert (image.size, image.tobytes()) == ((12, 7), picture.colours[3 * 12 * 7 :])


def test_nothing_is_left_behind_at_the_end() -> None:
    picture = pixels()
    layer = layer_of(Protocol.KITTY, picture)
    layer.translate(written(layer, picture, 0))
    assert layer.farewell() == kitty_gone(7001) == "\x1b_Ga=d,d=I,q=2,i=7001\x1b\\"
    assert layer.farewell() == ""


def test_a_screen_taken_back_is_handed_the_picture_anew() -> None:
    picture = pixels()
    layer = layer_of(Protocol.KITTY, picture)
    layer.translate(written(layer, picture, 0))
    layer.begin_anew()
    assert layer.translate(written(layer, picture, 0))[0] == kitty_image(7001, picture)


def test_what_does_not_fit_in_memory_makes_room_and_is_never_mistaken() -> None:
    layer = PixelLayer()
    layer.use(Protocol.SIXEL, (10, 20))
    old = pixels(columns=100, rows=100, cell=(30, 36))
    placeholders = written(layer, old, 0)
    version = layer.version
    for _each in range(3):
        layer.prepare(pixels(columns=100, rows=100, cell=(30, 36)))
    assert layer.version > version
    assert layer.segments(old, 0) is not None  # it has taken another place meanwhile
    assert written(layer, old, 0) != placeholders or layer.version > version


def test_a_row_that_nobody_knows_any_more_is_blank() -> None:
    picture = pixels()
    layer = layer_of(Protocol.SIXEL, picture)
    cells = written(layer, picture, 0)
    layer.use(Protocol.ITERM)
    assert layer.translate(f"\x1b[1;1H{cells}") == ("", "\x1b[1;1H    ", "")


def test_half_blocks_need_no_placeholders() -> None:
    assert PixelLayer().segments(pixels(), 0) is None
    assert PixelLayer().grid is None


def test_placeholders_in_a_strangers_text_are_text() -> None:
    """Only cells that a widget of ours drew pass the last net."""
    ours = cell_segments(0, 0, 2)
    theirs = Segment(ours[0].text, Style(bold=True))
    shown = LastNet().apply([*ours, theirs], Color(0, 0, 0))
    assert shown[:2] == ours
    assert PLACEHOLDER not in shown[2].text

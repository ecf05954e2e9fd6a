"""The window on a picture stays inside it, however it is moved."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from helpdesk_tui.domain.media.window import Window
from helpdesk_tui.domain.pictures import Grid, Pixels, fitted, is_looked_at


def test_the_whole_picture_stays_the_whole() -> None:
    assert Window().box(300, 200) == (0, 0, 300, 200)
    assert Window().moved(5, -5) == Window()
    assert Window().farther() == Window()


def test_closer_and_back_again_is_the_whole() -> None:
    near = Window().closer().closer()
    assert near.zoom == 2.25
    assert near.farther().farther() == Window()


def test_it_is_never_closer_than_that() -> None:
    window = Window()
    for _each in range(30):
        window = window.closer()
    assert window.zoom == 16
    left, top, right, bottom = window.box(3, 3)
    assert right > left
    assert bottom > top


@given(
    st.lists(st.sampled_from(["closer", "farther", "left", "right", "up", "down"]), max_size=40),
    st.integers(1, 5000),
    st.integers(1, 5000),
)
def test_a_window_stays_inside(steps: list[str], width: int, height: int) -> None:
    window = Window()
    moves = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
    for step in steps:
        window = window.moved(*moves[step]) if step in moves else getattr(window, step)()
    left, top, right, bottom = window.box(width, height)
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height


@given(st.integers(1, 9000), st.integers(1, 9000), st.integers(1, 99), st.integers(1, 60))
def test_a_picture_in_pixels_keeps_its_shape_and_its_room(
    width: int, height: int, columns: int, rows: int
) -> None:
    across, down = fitted(width, height, columns, rows, Grid(10, 20))
    assert 1 <= across <= columns
    assert 1 <= down <= rows
    assert (across - 1) * 10 < width
    assert (down - 1) * 20 < height


def test_what_is_looked_at() -> None:
    assert is_looked_at("IMAGE/PNG")
    assert is_looked_at("application/pdf")
    assert is_looked_at("audio/ogg; codecs=opus")
    assert not is_looked_at("text/plain")
    assert not is_looked_at("image/svg+xml")


def test_pixels_know_their_cells() -> None:
    pixels = Pixels(40, 60, 4, 3, bytes(7200), shades=bytes(2400))
    assert pixels.cell == (10, 20)
    assert pixels.weight == 9600
    assert pixels != Pixels(40, 60, 4, 3, bytes(7200), shades=bytes(2400))

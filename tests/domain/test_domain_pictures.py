"""Pictures keep their shape in cells, and never grow."""

import pytest

from helpdesk_tui.domain.pictures import Thumbnail, fitted


@pytest.mark.parametrize(
    ("size", "found"),
    [
        ((640, 480), (32, 12)),
        ((480, 640), (18, 12)),
        ((4000, 10), (44, 1)),
        ((10, 4000), (1, 12)),
        ((8, 8), (8, 4)),
        ((1, 1), (1, 1)),
    ],
)
def test_a_picture_fits_and_keeps_its_shape(size: tuple[int, int], found: tuple[int, int]) -> None:
    assert fitted(*size, 44, 12) == found


def test_a_cell_has_two_colours() -> None:
    made = Thumbnail(2, 4, 2, 2, bytes(range(24)))
    assert made.cells(1) == [(b"\x0c\x0d\x0e", b"\x12\x13\x14"), (b"\x0f\x10\x11", b"\x15\x16\x17")]

"""HEIC and AVIF leave without the place where they were taken, and with every pixel."""

from __future__ import annotations

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, features

from helpdesk_tui.domain.media.metadata import BrokenPicture, without_metadata

PLACE = b"59.9139 N 10.7522 E"


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def infe(item: int, kind: bytes) -> bytes:
    return box(b"infe", b"\2\0\0\0", struct.pack(">HH4s", item, 0, kind), b"\0")


def iloc(*items: tuple[int, int, list[tuple[int, int]]]) -> bytes:
    """Return where items lie: number, 0 for the file or 1 for ``idat``, and their places."""
    found = b"\1\0\0\0\x44\0" + struct.pack(">H", len(items))
    for item, method, places in items:
        found += struct.pack(">HHHH", item, method, 0, len(places))
        found += b"".join(struct.pack(">II", *place) for place in places)
    return box(b"iloc", found)


def picture(*, kind: bytes = b"Exif", method: int = 1, places: list[tuple[int, int]]) -> bytes:
    """Return boxes with a picture of nothing and an item of metadata beside it."""
    items = box(b"iinf", bytes(4), struct.pack(">H", 2), infe(1, b"hvc1"), infe(2, kind))
    meta = box(b"meta", bytes(4), items, iloc((1, 1, [(0, 4)]), (2, method, places)),
               box(b"idat", b"PIXL", PLACE))  # fmt: skip
    return box(b"ftyp", b"heic", bytes(4)) + meta


@pytest.mark.parametrize("kind", [b"Exif", b"mime", b"uri "])
@pytest.mark.parametrize("places", [[(4, len(PLACE))], [(4, 9), (13, len(PLACE) - 9)], [(4, 0)]])
def test_what_a_picture_tells_is_blank_and_nothing_else_moves(
    kind: bytes, places: list[tuple[int, int]]
) -> None:
    data = picture(kind=kind, places=places)
    cleaned = without_metadata(data, "image/heic")
    assert cleaned is not None
    assert len(cleaned) == len(data)
    assert cleaned.index(b"PIXL") == data.index(b"PIXL")
    for start in range(len(PLACE) - 5):
        assert PLACE[start : start + 5] not in cleaned


def test_what_lies_in_the_file_itself_is_blank_too() -> None:
    data = picture(method=0, places=[(0, 1)])
    at = data.index(PLACE)
    cleaned = without_metadata(picture(method=0, places=[(at, len(PLACE))]), "image/avif")
    assert cleaned is not None
    assert PLACE not in cleaned


@pytest.mark.parametrize(
    ("method", "places"),
    [
        (1, [(4, 900)]),
        (1, [(900, 1)]),
        (2, [(4, 2)]),
        (0, [(0, 400_000)]),
        (0, [(0, 100)] * 9),
    ],
    ids=["too long", "outside", "built of others", "behind the end", "more than there is"],
)
def test_places_that_lie_are_refused(method: int, places: list[tuple[int, int]]) -> None:
    with pytest.raises(BrokenPicture):
        without_metadata(picture(method=method, places=places), "image/heic")


def test_places_without_any_numbers_are_not_counted_for_ever() -> None:
    empty = b"\1\0\0\0\0\0" + struct.pack(">H", 60_000)
    empty += struct.pack(">HHHH", 2, 1, 0, 0xFFFF) * 60_000
    items = box(b"iinf", bytes(4), struct.pack(">H", 1), infe(2, b"Exif"))
    data = box(b"meta", bytes(4), items, box(b"iloc", empty), box(b"idat", PLACE))
    with pytest.raises(BrokenPicture):
        without_metadata(data, "image/heic")


@given(changes=st.lists(st.tuples(st.integers(0, 180), st.integers(0, 255)), max_size=4))
def test_boxes_that_lie_are_refused_and_end(changes: list[tuple[int, int]]) -> None:
    data = bytearray(picture(places=[(4, len(PLACE))]))
    for at, value in changes:
        data[at % len(data)] = value
    try:
        cleaned = without_metadata(bytes(data), "image/heic")
    except BrokenPicture:
        return
    assert cleaned is not None
    assert len(cleaned) == len(data)


@pytest.mark.parametrize("kind", ["AVIF", "HEIF"])
def test_pictures_of_phones_lose_the_place_and_no_pixel(kind: str) -> None:
    if kind == "HEIF":
        heif = pytest.importorskip("pillow_heif", reason="the extra heic is not installed")
        heif.register_heif_opener()
    elif not features.check("avif"):
        pytest.skip("this Pillow writes no AVIF")
    exif = Image.Exif()
    exif[0x010E] = PLACE.decode()
    out = io.BytesIO()
    drawn = Image.effect_noise((120, 80), 90).convert("RGB")
    drawn.save(out, kind, exif=exif.tobytes(), xmp=b"<x>" + PLACE + b"</x>")
    data = out.getvalue()
    assert PLACE in data
    cleaned = without_metadata(data, f"image/{kind.lower()}")
    assert cleaned is not None
    assert PLACE not in cleaned
    with Image.open(io.BytesIO(cleaned)) as after, Image.open(io.BytesIO(data)) as before:
        assert after.tobytes() == before.tobytes()
        assert 0x010E not in after.getexif()


def test_boxes_with_long_sizes_are_read() -> None:
    plain = picture(places=[(4, len(PLACE))])
    kind, body = b"free", b"0123"
    long = struct.pack(">I4sQ", 1, kind, 16 + len(body)) + body
    cleaned = without_metadata(long + plain, "image/heic")
    assert cleaned is not None
    assert PLACE not in cleaned


def test_a_file_of_nothing_but_boxes_ends() -> None:
    with pytest.raises(BrokenPicture):
        without_metadata(box(b"free") * 20_001, "image/heic")


def test_items_of_old_forms_and_of_other_files_are_left_alone() -> None:
    old = box(b"infe", bytes(4), struct.pack(">H", 3))
    items = box(
        b"iinf", bytes(4), struct.pack(">H", 3), old, box(b"free", bytes(4)), infe(2, b"Exif")
    )
    elsewhere = b"\1\0\0\0\x44\0" + struct.pack(">HHHHH", 1, 2, 1, 7, 0)
    data = box(b"meta", bytes(4), items, box(b"iloc", elsewhere), box(b"idat", PLACE))
    assert without_metadata(data, "image/heic") is data

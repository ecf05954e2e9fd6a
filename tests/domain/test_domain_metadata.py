"""Pictures lose what they tell beside themselves, and nothing of what they show."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from helpdesk_tui.domain.media.metadata import (
    BrokenPicture,
    exif_with,
    orientation_of,
    without_metadata,
)

PLACE = b"59.9139N-10.7522E"


def exif(orientation: int = 1) -> Image.Exif:
    found = Image.Exif()
    found[0x010F] = "Camera " + PLACE.decode()
    found[0x0112] = orientation
    found.get_ifd(0x8825)[1] = "N"
    found.get_ifd(0x8825)[29] = PLACE.decode()
    return found


def drawn(mode: str = "RGB", size: tuple[int, int] = (40, 24)) -> Image.Image:
    image = Image.new(mode, size)
    for x in range(size[0]):
        image.putpixel((x, x % size[1]), (x * 6, 90, 200) if mode == "RGB" else (x * 6, 9, 200, 90))
    return image


def saved(image: Image.Image, kind: str, **how: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def pixels(data: bytes) -> list[bytes]:
    with Image.open(io.BytesIO(data)) as image:
        frames = []
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            frames.append(image.convert("RGBA").tobytes())
        return frames


def xmp() -> bytes:
    return b"<x:xmpmeta>" + PLACE + b"</x:xmpmeta>"


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_jpeg_forgets_the_place_and_stays_upright(orientation: int) -> None:
    data = saved(drawn(), "JPEG", exif=exif(orientation), comment=PLACE, quality=90, xmp=xmp())
    assert PLACE in data
    cleaned = without_metadata(data, "image/jpeg")
    assert cleaned is not None
    assert PLACE not in cleaned
    assert pixels(cleaned) == pixels(data)
    with Image.open(io.BytesIO(cleaned)) as image:
        assert image.getexif().get(0x0112, 1) == orientation
        assert not image.getexif().get_ifd(0x8825)


def test_jpeg_loses_the_film_and_the_preview_behind_its_end() -> None:
    data = saved(drawn(), "JPEG") + b"\0\0\0 ftypmp42" + PLACE + saved(drawn(), "JPEG", exif=exif())
    cleaned = without_metadata(data, "image/jpeg")
    assert cleaned is not None
    assert PLACE not in cleaned
    assert pixels(cleaned) == pixels(data)


def test_jpeg_loses_the_previews_of_what_it_was_once() -> None:
    data = saved(drawn(), "JPEG", dpi=(300, 300))
    jfif, rest = data[2:20], data[20:]
    inside = jfif[:2] + struct.pack(">H", 16 + 3 * 4) + jfif[4:16] + b"\2\2" + PLACE[:4] * 3
    beside = b"\xff\xe0" + struct.pack(">H", 8 + len(PLACE)) + b"JFXX\0\x10" + PLACE
    told = data[:2] + inside + beside + rest
    assert pixels(told) == pixels(data)
    assert without_metadata(told, "image/jpeg") == data


def test_jpeg_keeps_its_colours() -> None:
    profile = b"\0" * 128 + b"a profile"
    cleaned = without_metadata(saved(drawn(), "JPEG", icc_profile=profile), "image/jpeg")
    assert cleaned is not None
    with Image.open(io.BytesIO(cleaned)) as image:
        assert image.info["icc_profile"] == profile


def test_progressive_jpeg_with_restarts_stays_whole() -> None:
    image = Image.effect_noise((200, 160), 80).convert("RGB")
    data = saved(image, "JPEG", progressive=True, restart_marker_blocks=3, exif=exif())
    cleaned = without_metadata(data, "image/jpeg")
    assert cleaned is not None
    assert pixels(cleaned) == pixels(data)


def test_png_forgets_texts_times_and_exif() -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Comment", PLACE.decode())
    texts.add_itxt("XML:com.adobe.xmp", xmp().decode())
    data = saved(drawn("RGBA"), "PNG", pnginfo=texts, exif=exif())
    assert PLACE in data
    cleaned = without_metadata(data + b"after" + PLACE, "image/png")
    assert cleaned is not None
    assert PLACE not in cleaned
    assert pixels(cleaned) == pixels(data)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
def test_moving_pictures_go_on_moving(kind: str) -> None:
    frames = [Image.new("RGB", (12, 12), (shade, 0, 90)) for shade in (0, 120, 250)]
    data = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=80, loop=0,
                 **({"comment": PLACE} if kind == "GIF" else {"exif": exif()}))  # fmt: skip
    cleaned = without_metadata(data, f"image/{kind.lower()}")
    assert cleaned is not None
    assert PLACE not in cleaned
    assert pixels(cleaned) == pixels(data)
    assert len(pixels(cleaned)) == 3


def test_webp_forgets_exif_and_xmp() -> None:
    data = saved(drawn("RGBA"), "WEBP", exif=exif(), xmp=xmp(), lossless=True)
    cleaned = without_metadata(data, "image/webp")
    assert cleaned is not None
    assert PLACE not in cleaned
    assert pixels(cleaned) == pixels(data)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_clean_picture_stays_byte_for_byte(kind: str) -> None:
    once = without_metadata(saved(drawn(), kind), f"image/{kind.lower()}")
    assert once is not None
    assert without_metadata(once, f"image/{kind.lower()}") is once


def test_a_type_without_a_cleaner_says_so() -> None:
    assert without_metadata(b"II*\0", "image/tiff") is None


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "gif"])
@given(data=st.binary(max_size=300), head=st.booleans())
def test_bytes_that_lie_are_refused_and_end(kind: str, data: bytes, head: bool) -> None:
    heads = {"jpeg": b"\xff\xd8\xff\xe1", "png": b"\x89PNG\r\n\x1a\n",
             "webp": b"RIFF\x40\0\0\0WEBP", "gif": b"GIF89a"}  # fmt: skip
    try:
        without_metadata((heads[kind] if head else b"") + data, f"image/{kind}")
    except BrokenPicture:
        return


@given(cut=st.integers(0, 900))
def test_a_cut_jpeg_does_no_harm(cut: int) -> None:
    data = saved(drawn(), "JPEG", exif=exif())[:cut]
    try:
        cleaned = without_metadata(data, "image/jpeg")
    except BrokenPicture:
        return
    assert cleaned is not None
    assert PLACE not in cleaned


def test_orientation_is_read_in_both_byte_orders() -> None:
    little = exif_with(6)
    big = b"Exif\0\0" + struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, 0x0112, 3, 1, 8, 0, 0)
    assert orientation_of(little) == 6
    assert orientation_of(big) == 8
    assert orientation_of(b"Exif\0\0II*\0\xff\xff\xff\x7f") == 1
    assert orientation_of(zlib.compress(b"nothing")) == 1


@pytest.mark.parametrize(
    "body",
    [
        struct.pack("<2sHI", b"II", 42, 8),
        struct.pack("<2sHIH", b"II", 42, 8, 3),
        struct.pack("<2sHIHHHI", b"II", 42, 8, 1, 0x010F, 3, 1) + bytes(4),
        struct.pack("<2sHIHHHI", b"II", 42, 8, 1, 0x0112, 3, 1) + b"\x63\0\0\0",
    ],
    ids=["no list", "a list cut off", "no such tag", "no such way up"],
)
def test_exif_that_says_nothing_of_it_is_upright(body: bytes) -> None:
    assert orientation_of(b"Exif\0\0" + body + b"\0\0") == 1


def test_fill_bytes_between_the_segments_of_a_jpeg_do_no_harm() -> None:
    data = saved(drawn(), "JPEG", comment=PLACE)
    end = data.rindex(b"\xff\xd9")
    filled = data[:2] + b"\xff" + data[2:end] + b"\xff\xff" + data[end:]
    cleaned = without_metadata(filled, "image/jpeg")
    assert cleaned is not None
    assert PLACE not in cleaned
    assert pixels(cleaned) == pixels(data)


def test_a_jpeg_with_rubbish_in_place_of_a_segment_is_refused() -> None:
    with pytest.raises(BrokenPicture):
        without_metadata(b"\xff\xd8" + bytes(20), "image/jpeg")

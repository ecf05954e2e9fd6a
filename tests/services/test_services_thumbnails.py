"""Thumbnails are made of what is a picture, and of nothing that only says so."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageOps

from helpdesk_tui.domain.messages import AttachmentRow
from helpdesk_tui.domain.pictures import NoPicture, Thumbnail
from helpdesk_tui.services.media.first_picture import small_picture as thumbnail
from helpdesk_tui.services.thumbnails import Thumbnails
from tests.support.store import add_message, add_ticket, make_desk


def written(
    kind: str, size: tuple[int, int] = (64, 48), mode: str = "RGB", **options: object
) -> bytes:
    file = io.BytesIO()
    colour = (200, 40, 40, 0)[: len(mode)] if mode != "P" else 0
    Image.new(mode, size, colour).save(file, kind, **options)
    return file.getvalue()


def bomb() -> bytes:
    """A PNG that claims 60,000 × 60,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 9))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_each_kind_of_picture_is_made_small(kind: str) -> None:
    made = thumbnail(written(kind, mode="P" if kind == "GIF" else "RGB"), 20, 12)
    assert isinstance(made, Thumbnail)
    assert (made.width, made.height, made.columns, made.rows) == (64, 48, 20, 8)
    assert len(made.colours) == 20 * 16 * 3


def test_a_picture_taken_lying_stands() -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    made = thumbnail(written("JPEG", (64, 32), exif=turned), 40, 12)
    assert isinstance(made, Thumbnail)
    assert (made.width, made.height) == (32, 64)


def test_what_is_transparent_stands_on_paper() -> None:
    made = thumbnail(written("PNG", mode="RGBA"), 4, 4)
    assert isinstance(made, Thumbnail)
    assert made.colours[:3] == b"\xff\xff\xff"


def test_a_bomb_is_not_unpacked() -> None:
    assert thumbnail(bomb(), 20, 12) == NoPicture("picture.too-large")


@pytest.mark.parametrize(
    ("name", "kind", "data", "said"),
    [
        ("a.png", "image/png", written("PNG"), "64×48"),
        ("a.png", "image/png", b"no picture at all", "picture.unreadable"),
        ("a.png", "image/png", written("PNG")[:60], "picture.unreadable"),
        ("bomb.png", "image/png", bomb(), "picture.too-large"),
        ("a.bmp", "image/png", written("BMP"), "picture.unreadable"),
        ("a.svg", "image/svg+xml", b"<svg/>", ""),
        ("empty.png", "image/png", b"", "picture.empty"),
    ],
)
def test_files_of_a_store(tmp_path: Path, name: str, kind: str, data: bytes, said: str) -> None:
    desk = make_desk(tmp_path)
    ticket = add_ticket(desk.store)
    add_message(desk.store, ticket, files=[(name, data)])
    (found,) = desk.threads.load(ticket).messages[0].attachments
    file = replace(found, content_type=kind)
    small = desk.thumbnails.of(file, 20, 12)
    if isinstance(small, Thumbnail):
        assert f"{small.width}×{small.height}" == said
    else:
        assert (small.code if isinstance(small, NoPicture) else "") == said
    assert desk.thumbnails.of(file, 20, 12) == small
    desk.close()


def test_a_file_whose_bytes_are_gone_has_none(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    gone = AttachmentRow(1, "a.png", "image/png", 10, "0" * 64, inline=False)
    assert Thumbnails(desk.store).of(gone, 20, 12) is None
    desk.close()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_way_to_hold_a_camera_gives_the_same_picture(orientation: int) -> None:
    said = Image.Exif()
    said[0x0112] = orientation
    image = Image.new("RGB", (80, 40), (20, 20, 20))
    image.paste((240, 240, 240), (0, 0, 20, 10))
    file = io.BytesIO()
    image.save(file, "PNG", exif=said)
    made = thumbnail(file.getvalue(), 8, 8)
    assert isinstance(made, Thumbnail)
    upright = ImageOps.exif_transpose(Image.open(file))
    assert (made.width, made.height) == upright.size
    small = upright.resize((made.columns, 2 * made.rows), reducing_gap=2.0)
    shown = Image.frombytes("RGB", small.size, made.colours)
    assert ImageChops.difference(small, shown).getbbox() is None


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_few_bytes_never_become_many_pixels(kind: str) -> None:
    data = written(kind, (3_600, 3_600), mode="P" if kind == "GIF" else "RGB")
    assert len(data) < 200_000
    assert thumbnail(data, 20, 12) == NoPicture("picture.too-large", 3_600, 3_600)


def test_a_picture_that_begins_again_and_again_is_not_unpacked() -> None:
    """Each pass over a large picture takes a moment, and few bytes can ask for thousands."""
    data = written("JPEG", mode="L", progressive=True)
    last = data.rindex(b"\xff\xda")
    assert isinstance(thumbnail(data, 20, 12), Thumbnail)
    made = thumbnail(data[:-2] + data[last:-2] * 1_000 + data[-2:], 20, 12)
    assert made == NoPicture("picture.too-heavy", 64, 48)

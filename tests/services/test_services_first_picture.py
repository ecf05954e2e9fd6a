"""The first picture of whatever moves, folds or comes from a phone; and any part of it, closely."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from helpdesk_tui.domain.media.window import Window
from helpdesk_tui.domain.messages import AttachmentRow, FileState
from helpdesk_tui.domain.pictures import Grid, NoPicture, Playtime, Thumbnail
from helpdesk_tui.services.media import pages
from helpdesk_tui.services.media.first_picture import formats, small_picture
from helpdesk_tui.services.media.viewing import Viewing
from tests.services.test_services_thumbnails import bomb
from tests.support.store import add_message, add_ticket, make_desk

RED, GREEN = (220, 30, 30), (30, 200, 30)


def written(kind: str, *frames: tuple[int, int, int], size: tuple[int, int] = (64, 48)) -> bytes:
    file = io.BytesIO()
    first, *rest = [Image.new("RGB", size, colour) for colour in frames]
    options = {"save_all": True, "append_images": rest} if rest else {}
    first.save(file, kind, **options)
    return file.getvalue()


def near(found: bytes, wanted: tuple[int, int, int]) -> bool:
    return all(abs(a - b) <= 8 for a, b in zip(found[:3], wanted, strict=True))


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_of_what_moves_the_first_picture_is_shown(kind: str) -> None:
    made = small_picture(written(kind, RED, GREEN), 10, 5)
    assert isinstance(made, Thumbnail)
    assert made.moves
    assert near(made.colours, RED)


def test_a_sticker_that_stands_still_does_not_move() -> None:
    made = small_picture(written("WEBP", RED), 10, 5)
    assert isinstance(made, Thumbnail)
    assert not made.moves


@pytest.mark.skipif("HEIF" not in formats(), reason="no decoder of HEIC is installed")
def test_a_picture_of_a_phone_is_shown_and_looked_at_closely() -> None:
    data = written("HEIF", RED)
    made = small_picture(data, 10, 5)
    assert isinstance(made, Thumbnail)
    assert near(made.colours, RED)
    viewing = Viewing.of(data)
    assert isinstance(viewing, Viewing)
    assert near(viewing.part(Window(), 10, 5, None).colours, RED)


def test_without_rows_only_the_size_is_told() -> None:
    made = small_picture(written("PNG", RED), 10, 0)
    assert made == Thumbnail(64, 48, 0, 0, b"")


def test_pixels_fill_their_cells_and_never_grow() -> None:
    made = small_picture(written("PNG", RED, size=(35, 41)), 40, 12, Grid(10, 20, 16))
    assert isinstance(made, Thumbnail)
    pixels = made.pixels
    assert pixels is not None
    assert (made.columns, made.rows) == (pixels.columns, pixels.rows) == (4, 3)
    assert (pixels.width, pixels.height, pixels.cell) == (40, 60, (10, 20))
    assert len(pixels.colours) == 3 * 40 * 60
    assert len(pixels.shades) == 40 * 60
    assert len(made.colours) == 3 * 4 * 6
    assert near(pixels.palette[3 * pixels.shades[0] :], RED)


# pages -------------------------------------------------------------------------------------------

TOOL = """#!/bin/sh
{body}
"""


def tool(folder: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    """Install a program that is called as the one that draws pages."""
    folder.mkdir()
    path = folder / "pdftoppm"
    path.write_text(TOOL.format(body=body))
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/bin{os.pathsep}/usr/bin")


def test_a_page_is_drawn_by_a_program_of_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = tmp_path / "drawn.png"
    picture.write_bytes(written("PNG", GREEN, size=(60, 80)))
    asked = tmp_path / "asked"
    monkeypatch.setenv("SECRET", "never given away")
    body = f'for last; do :; done; cp {picture} "$last.png"; echo "$@" > {asked}; env >> {asked}'
    tool(tmp_path / "bin", monkeypatch, body)
    assert pages.first_page(b"%PDF-1.4") == picture.read_bytes()
    said = asked.read_text()
    assert said.startswith("-png -f 1 -l 1 -singlefile -scale-to ")
    assert "SECRET" not in said


@pytest.mark.parametrize(
    "body", ["exit 1", "exit 0", "sleep 60", "while :; do :; done", "kill -SEGV $$"]
)
def test_a_program_that_fails_or_never_ends_shows_no_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    monkeypatch.setattr(pages, "_PATIENCE", 0.5)
    tool(tmp_path / "bin", monkeypatch, body)
    assert pages.first_page(b"%PDF-1.4") == b""


def test_without_such_a_program_there_is_no_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert pages.first_page(b"%PDF-1.4") == b""


# files of a store ---------------------------------------------------------------------------------


def stored(tmp_path: Path, name: str, kind: str, data: bytes) -> tuple[object, AttachmentRow]:
    desk = make_desk(tmp_path)
    add_message(desk.store, add_ticket(desk.store), files=[(name, data)])
    (found,) = desk.threads.load(1).messages[0].attachments
    return desk, replace(found, content_type=kind)


@pytest.mark.skipif(not pages.renderer()[0], reason="no program that draws pages is installed")
def test_a_document_shows_its_first_page(tmp_path: Path) -> None:
    from helpdesk_tui.cli.demo.files import sample_file

    desk, file = stored(tmp_path, "a.pdf", "application/pdf", sample_file("a.pdf").data)
    look = desk.thumbnails.of(file, 20, 12)  # type: ignore[attr-defined]
    assert isinstance(look, Thumbnail)
    assert look.is_page
    assert (look.width, look.height) == (0, 0)
    viewing = desk.thumbnails.viewing(file)  # type: ignore[attr-defined]
    assert isinstance(viewing, Viewing)
    assert viewing.height > viewing.width
    desk.close()  # type: ignore[attr-defined]


def test_a_sound_tells_how_long_it_plays(tmp_path: Path) -> None:
    from helpdesk_tui.cli.demo.voice import quiet_voice

    desk, file = stored(tmp_path, "a.ogg", "audio/ogg; codecs=opus", quiet_voice(5))
    assert desk.thumbnails.of(file, 20, 12) == Playtime(5)  # type: ignore[attr-defined]
    pending = replace(file, state=FileState.PENDING)
    assert desk.thumbnails.of(pending, 20, 12) is None  # type: ignore[attr-defined]
    desk.close()  # type: ignore[attr-defined]


# closely ------------------------------------------------------------------------------------------


def test_a_window_shows_a_part_of_the_picture() -> None:
    image = Image.new("RGB", (400, 400), GREEN)
    image.paste(RED, (0, 0, 200, 200))
    file = io.BytesIO()
    image.save(file, "PNG")
    viewing = Viewing.of(file.getvalue())
    assert isinstance(viewing, Viewing)
    close = Window(zoom=4, x=0.125, y=0.125)
    part = viewing.part(close, 40, 20, Grid(10, 20))
    assert (part.columns, part.rows) == (40, 20)
    assert part.pixels is not None
    assert near(part.pixels.colours, RED)
    assert near(part.pixels.colours[-3:], RED)
    assert near(viewing.part(Window(), 40, 20, None).colours[-3:], GREEN)


@pytest.mark.parametrize("data", [bomb(), b"", b"no picture", written("PNG", RED)[:70]])
def test_what_is_no_picture_is_not_viewed(data: bytes) -> None:
    assert isinstance(Viewing.of(data), NoPicture)

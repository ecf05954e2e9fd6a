"""Pictures are looked at closely, files stand side by side, and without a viewer ways are named."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from PIL import Image

from helpdesk_tui.services.desk import Desk
from tests.support.driving import Driving, driving
from tests.support.store import FakeClock, add_agent, add_message, add_ticket, make_desk, make_store


def jpeg(colour: str, size: tuple[int, int] = (640, 480)) -> bytes:
    file = io.BytesIO()
    image = Image.new("RGB", size, colour)
    image.paste("#ffffff", (0, 0, size[0] // 2, size[1] // 2))
    image.save(file, "PNG")
    return file.getvalue()


def make(tmp_path: Path) -> Desk:
    store = make_store(tmp_path)
    add_agent(store, "anna")
    ticket = add_ticket(store, assignee="anna")
    add_message(store, ticket, text="First", files=[("one.png", jpeg("#c04030"))])
    add_message(store, ticket, text="Then", files=[("two.png", jpeg("#30c040")), ("n.txt", b"hi")])
    with store.write() as connection:
        connection.execute("UPDATE attachment SET content_type = 'image/png' WHERE size > 100")
        connection.execute("UPDATE attachment SET content_type = 'text/plain' WHERE size < 100")
    store.close()
    return make_desk(tmp_path, clock=FakeClock())


@pytest.fixture
def _no_display(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_DOWNLOAD_DIR", str(tmp_path / "down"))


def saved(tmp_path: Path) -> list[str]:
    folder = tmp_path / "down"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def contents(path: str) -> bytes:
    return Path(path).read_bytes()


async def entered(it: Driving) -> None:
    await it.until(lambda: it.inbox.tickets.cursor_row)
    await it.press("enter")
    await it.sees("two.png", "n.txt")


@pytest.mark.usefixtures("_no_display")
async def test_without_a_display_the_ways_that_work_are_offered(tmp_path: Path) -> None:
    async with driving(make(tmp_path)) as it:
        await entered(it)
        await it.press("o")
        await it.sees("no display here", "look at it here", "copy its path", "attachment get 2 >")
        await it.press("y")
        await it.sees("copied: run it on your machine")
        assert it.app.clipboard.endswith("helpdesk attachment get 2 > two.png")
        await it.press("o", "p")
        await it.until(lambda: it.app.clipboard.endswith("/two.png"))
        assert contents(it.app.clipboard) == jpeg("#30c040")
        await it.press("o", "v")
        await it.sees("two.png", "▀▀▀", "zoom", "whole")


async def test_a_picture_is_looked_at_closely_with_zoom_and_pan(tmp_path: Path) -> None:
    async with driving(make(tmp_path), size=(80, 24)) as it:
        await entered(it)
        await it.press("g", "p")
        await it.sees("▀▀▀")
        whole = it.text()
        await it.press("+", "+")
        await it.sees("2.2×")
        await it.press("left", "up", "left", "up", "left", "up")
        await it.until(lambda: _upper_left(it) == (255, 255, 255))
        await it.press(*["right"] * 8, *["down"] * 8)
        await it.until(lambda: _upper_left(it) == (48, 192, 64))
        await it.press("0")
        await it.until(lambda: it.text() == whole)
        await it.press("q")
        await it.sees("Then", "n.txt")


def _upper_left(it: Driving) -> tuple[int, int, int]:
    """Return the colour in the first cell of the picture, as coarsely as it is drawn."""
    screen = it.app.screen
    picture = screen.query_one("PictureCanvas")._picture  # type: ignore[attr-defined]
    return tuple(picture.colours[:3])


@pytest.mark.usefixtures("_no_display")
async def test_all_files_of_a_ticket_stand_side_by_side(tmp_path: Path) -> None:
    async with driving(make(tmp_path), size=(100, 30)) as it:
        await entered(it)
        await it.press("O")
        await it.sees("3 files", "one.png", "two.png", "n.txt", "▀▀▀")
        await it.press("x", "x")
        await it.sees("2 marked")
        await it.press("S")
        await it.sees("2 files saved in")
        assert saved(tmp_path) == ["n.txt", "two.png"]
        await it.press("S")
        await it.until(lambda: saved(tmp_path) == ["n (2).txt", "n.txt", "two (2).png", "two.png"])
        await it.press("*", "enter")
        await it.sees("one.png", "zoom", "3/3")
        await it.press("p", "p")
        await it.sees("1/3")
        await it.press("n")
        await it.sees("2/3")
        await it.press("q", "q")
        await it.sees("Then", "n.txt")


@pytest.mark.usefixtures("_no_display")
async def test_what_is_no_picture_says_so_and_can_be_saved(tmp_path: Path) -> None:
    async with driving(make(tmp_path)) as it:
        await entered(it)
        await it.press("O")
        await it.sees("3 files")
        place = [one.file.filename for one in it.app.screen.query_one("GalleryGrid").files].index(  # type: ignore[attr-defined]
            "n.txt"
        )
        await it.press(*["right"] * place, "enter")
        await it.sees("no picture: text/plain")
        await it.press("S")
        await it.until(lambda: saved(tmp_path) == ["n.txt"])


@pytest.mark.parametrize(
    ("state", "said", "fetches"),
    [
        ("pending", "downloading …", False),
        ("expired", "the provider no longer holds it", True),
        ("refused", "not fetched: ", True),
        ("failed", "could not be fetched: ", True),
    ],
)
async def test_a_file_that_is_not_here_says_why(
    tmp_path: Path, state: str, said: str, *, fetches: bool
) -> None:
    desk = make(tmp_path)
    with desk.store.write() as connection:
        connection.execute(
            "UPDATE attachment SET state = ?, error_code = 'media.empty', size = 0,"
            " source = '{\"url\":\"https://provider.example/1\"}' WHERE filename = 'two.png'"
            if state in ("refused", "failed")
            else "UPDATE attachment SET state = ?, size = 0,"
            " source = '{\"url\":\"https://provider.example/1\"}' WHERE filename = 'two.png'",
            (state,),
        )
    async with driving(desk) as it:
        await entered(it)
        await it.sees(said)
        assert ("fetches it again" in it.text()) == fetches
        named = [line for line in it.text().splitlines() if "two.png" in line or said in line]
        assert not any("S save" in line for line in named)
        await it.press("o")
        await it.sees("two.png: ")
        if fetches:
            await it.press("F")
            await it.sees("downloading …")

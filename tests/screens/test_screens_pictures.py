"""Pictures stand in the thread as small pictures, and switch off to a line of words."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from helpdesk_tui.domain.setting.interface import IMAGES
from helpdesk_tui.services.desk import Desk
from tests.support.driving import driving
from tests.support.store import FakeClock, add_agent, add_message, add_ticket, make_desk, make_store


def desk_with_picture(tmp_path: Path) -> Desk:
    store = make_store(tmp_path)
    add_agent(store, "anna")
    file = io.BytesIO()
    Image.new("RGB", (64, 48), "#c04030").save(file, "PNG")
    ticket = add_ticket(store, assignee="anna")
    add_message(store, ticket, text="First")
    add_message(store, ticket, files=[("shoes.png", file.getvalue()), ("x.png", b"no picture")])
    with store.write() as connection:
        connection.execute("UPDATE attachment SET content_type = 'image/png'")
    store.close()
    return make_desk(tmp_path, clock=FakeClock())


async def test_a_picture_stands_below_its_name_and_the_end_stays_in_sight(tmp_path: Path) -> None:
    async with driving(desk_with_picture(tmp_path)) as it:
        await it.until(lambda: it.inbox.tickets.cursor_row)
        await it.press("enter")
        await it.sees("shoes.png", "64×48", "▀▀▀▀", "x.png")
        thread = it.inbox.panes.thread
        assert thread is not None
        await it.until(lambda: thread.view.is_at_end)
        lines = it.text().splitlines()
        name = next(at for at, line in enumerate(lines) if "shoes.png" in line)
        assert "▀" in lines[name + 1]
        assert "▀" not in next(line for line in lines if "x.png" in line)
        assert "not the picture it says it is" in it.text()


@pytest.mark.parametrize("how", ["setting", "colours"])
async def test_without_pictures_a_line_of_words_is_left(tmp_path: Path, how: str) -> None:
    desk = desk_with_picture(tmp_path)
    if how == "setting":
        desk.settings.set(IMAGES, "off")
    async with driving(desk) as it:
        if how == "colours":
            it.app.use_theme("helpdesk-ansi")
        await it.until(lambda: it.inbox.tickets.cursor_row)
        await it.press("enter")
        await it.sees("shoes.png", "image/png", "64×48")
        await it.pilot.pause(0.4)
        assert "▀" not in it.text()

"""The interface speaks the agent's language from its first picture on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from helpdesk_tui.domain.setting.interface import LANGUAGE
from helpdesk_tui.widgets.words.language import speak
from tests.support.addressed import addressed_desk
from tests.support.driving import driving


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    speak("")


async def test_the_setting_of_the_agent_is_spoken(tmp_path: Path) -> None:
    desk = addressed_desk(tmp_path)
    desk.settings.set(LANGUAGE, "pl")
    async with driving(desk) as it:
        await it.sees("Moja skrzynka", "otwarte", "pomoc")
        assert "My inbox" not in it.text()
        it.app.follow(replace(it.app.preferences, language="sv"))
        await it.sees("Min inkorg", "öppet", "hjälp")
        it.app.follow(replace(it.app.preferences, language=""))
        await it.sees("My inbox", "open", "help")


async def test_every_key_and_dialog_works_in_another_language(tmp_path: Path) -> None:
    desk = addressed_desk(tmp_path)
    desk.settings.set(LANGUAGE, "pl")
    async with driving(desk, size=(100, 30)) as it:
        for keys in _TOUR:
            await it.press(*keys)
            await it.pilot.pause(0.05)
            # two dialogs at most stand over each other, or a composer under one
            await it.press("escape", "escape", "escape", "q")
        assert it.app.is_running
        assert it.app.return_code is None


_TOUR = (
    ("b",), ("a",), ("t",), ("s",), ("P",), ("m",), ("v",), ("+",), ("backslash",), ("&",), ("C",),
    ("L",), ("O",), ("question_mark",), ("g", "x"), ("g", "m"), ("g", "d"), ("g", "o"), ("g", "at"),
    ("g", "v"), ("g", "V"), ("g", "M"), ("g", "comma"), ("g", "h"), ("slash",), ("colon",),
    ("r", "ctrl+l"), ("f", "ctrl+l"), ("r", "x", "ctrl+o"), ("i", "@"), ("r", "ctrl+f"),
    ("r", "ctrl+r"), ("x", "V"), ("asterisk", "A", "e"), ("g", "number_sign"), ("F1",),
)  # fmt: skip
"""Key presses that between them open everything that can be opened."""

"""The interface speaks the agent's language from its first picture on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from helpdesk_tui.domain.interface_settings import LANGUAGE
from helpdesk_tui.widgets.language import speak
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

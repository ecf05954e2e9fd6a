"""When an entry was changed is said as dates are said everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from helpdesk_tui.widgets.macro_page import _moment
from helpdesk_tui.widgets.words.language import speak

WHEN = datetime(2026, 11, 23, 5, 24, tzinfo=UTC)


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    speak("en")


@pytest.mark.parametrize(("language", "shown"), [("en", "Mon 23 Nov 2026 05:24"), ("pl", "23 lis")])
def test_a_change_is_dated_in_the_language_of_the_agent(language: str, shown: str) -> None:
    speak(language)
    assert shown in _moment("marek", WHEN, UTC)
    assert _moment("never", None, UTC) == "never"

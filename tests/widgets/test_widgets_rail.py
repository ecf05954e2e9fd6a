"""The rail says every name with its number, in every language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from textual.app import ComposeResult

from helpdesk_tui.domain.tickets import Status, View, ViewCount, ViewFilter
from helpdesk_tui.widgets.keymap import default_keymap
from helpdesk_tui.widgets.rail import Rail, Teammate
from helpdesk_tui.widgets.words.language import speak
from helpdesk_tui.widgets.words.view_names import status_name, view_name
from tests.support.themed import Themed

MANY = ViewCount(1234, {Status.OPEN: 12345, Status.SNOOZED: 678, Status.CLOSED: 99999})
USUAL = ViewCount(13, {Status.OPEN: 45, Status.SNOOZED: 15, Status.CLOSED: 124})


@pytest.fixture(params=["en", "pl", "sv", "pt_BR"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    """Speak each language in turn."""
    speak(request.param)
    yield request.param
    speak("en")


class Beside(Themed):
    """A rail alone."""

    def compose(self) -> ComposeResult:
        """Make it."""
        yield Rail(default_keymap())


async def lines_of(count: ViewCount) -> list[str]:
    app = Beside()
    async with app.run_test(size=(60, 30)) as pilot:
        rail = app.query_one(Rail)
        rail.show(ViewFilter(View.ALL), dict.fromkeys(View, count))
        rail.show_rejected(123)
        rail.show_mentions(4567)
        rail.show_team((Teammate("konstantin", True, True, 123456), Teammate("anna", True)))
        await pilot.pause()
        return [line.text for line in rail.render_lines(rail.size.region)]


async def test_no_number_is_pushed_out_by_a_name(language: str) -> None:
    lines = await lines_of(MANY)
    for number in (MANY.unread, 123, 4567, *MANY.by_status.values()):
        assert any(line.rstrip().endswith(f" {number}") for line in lines), (language, number)
    assert any(line.rstrip().endswith("#123456") for line in lines)


async def test_usual_numbers_leave_room_for_whole_names(language: str) -> None:
    text = "\n".join(await lines_of(USUAL))
    for name in (*[view_name(one) for one in View], *[status_name(one) for one in USUAL.by_status]):
        assert name in text, language

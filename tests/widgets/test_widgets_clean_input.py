"""A line of typing has the cursor of the terminal, for those who read or type by it."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.geometry import Offset
from textual.widgets import Static

from helpdesk_tui.widgets.choices import CleanInput
from tests.support.themed import Themed
from tests.support.waiting import until_so


class Lines(Themed):
    """A line of typing below three lines of text."""

    def compose(self) -> ComposeResult:
        """Make them."""
        yield Static("one\ntwo\nthree")
        yield CleanInput("", "words")


async def test_the_cursor_comes_though_the_focus_came_before_the_layout() -> None:
    async with Lines().run_test(size=(40, 10)) as pilot:
        line = CleanInput("abc")
        await pilot.app.screen.mount(line)
        # as it was told while nothing knew where the line would stand
        line.focus()
        await until_so(pilot, lambda: line.has_focus)
        pilot.app.cursor_position = Offset(0, 0)
        await pilot.resize_terminal(30, 10)
        await until_so(pilot, lambda: pilot.app.cursor_position == line.cursor_screen_offset)
        assert line.cursor_screen_offset.y == 4

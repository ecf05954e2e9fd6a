"""What waits for a picture begins behind it."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static

from helpdesk_tui.widgets.one_picture import once_written
from tests.support.waiting import until_so

DRAWN = "drawn"


class Program(App[None]):
    """Notes in which order it draws and is called."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[str] = []

    def compose(self) -> ComposeResult:
        """Show something."""
        yield Static("hello")

    def _display(self, screen: object, renderable: object) -> None:
        """Note each picture."""
        if renderable is not None:
            self.done.append(DRAWN)


async def test_what_waits_for_a_picture_begins_behind_it() -> None:
    app = Program()
    async with app.run_test() as pilot:
        await pilot.pause()
        app.done.clear()
        app.query_one(Static).update("bye")
        once_written(app, app.done.append, "called")
        await until_so(pilot, lambda: "called" in app.done)
    assert app.done[:2] == [DRAWN, "called"]

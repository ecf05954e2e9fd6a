"""The line at the bottom: what was said last, for as long as it holds."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.pilot import Pilot

from helpdesk_tui.widgets.footer import Footer
from helpdesk_tui.widgets.keys import default_keymap


class Window(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.footer = Footer(default_keymap())

    def compose(self) -> ComposeResult:
        yield self.footer

    @property
    def text(self) -> str:
        return "".join(span[0] for span in self.footer.spans(0))


async def passed(pilot: Pilot[None], seconds: float) -> None:
    await pilot.pause(seconds)


async def test_an_offer_that_ends_is_taken_away() -> None:
    app = Window()
    async with app.run_test() as pilot:
        app.footer.say("z takes it back", seconds=0.2)
        assert "z takes it back" in app.text
        await passed(pilot, 0.6)
        assert "z takes it back" not in app.text


async def test_what_is_said_after_an_offer_stays() -> None:
    app = Window()
    async with app.run_test() as pilot:
        app.footer.say("z takes it back", seconds=0.2)
        app.footer.say("#4 closed")
        await passed(pilot, 0.6)
        assert "#4 closed" in app.text

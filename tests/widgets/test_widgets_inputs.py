"""What a line of typing says while nothing is typed can be read in every theme."""

from __future__ import annotations

import pytest
from textual.app import ComposeResult

from helpdesk_tui.widgets.choices import CleanInput
from helpdesk_tui.widgets.theme import THEMES, Colors
from tests.support.contrast import contrast
from tests.support.themed import Themed

FULL = [colors for colors in THEMES.values() if not colors.ansi]


class Lines(Themed):
    """Lines of typing on the surfaces that forms and dialogs give them."""

    CSS = """
    #raised, #raised:focus { background: $raised; }
    #form, #form.-textual-compact { background: $surface; }
    #form:focus { background: $selection; }
    """

    def compose(self) -> ComposeResult:
        """Make one line of each kind."""
        yield CleanInput("", "type to filter", id="raised")
        yield CleanInput("", "type to filter", id="form")


@pytest.mark.parametrize("colors", FULL, ids=lambda colors: colors.name)
@pytest.mark.parametrize("line", ["raised", "form"])
@pytest.mark.parametrize("has_keys", [True, False], ids=["focused", "beside"])
async def test_a_hint_stands_out_from_its_line(colors: Colors, line: str, has_keys: bool) -> None:
    app = Lines(colors.name)
    async with app.run_test(size=(40, 4)) as pilot:
        one = app.query_one(f"#{line}", CleanInput)
        app.set_focus(one if has_keys else None)
        await pilot.pause()
        style = next(part.style for part in one.render_line(0) if "to filter" in part.text)
        assert style is not None
        assert style.color is not None
        assert style.bgcolor is not None
        letters, surface = (part.get_truecolor().hex for part in (style.color, style.bgcolor))
        assert contrast(letters, surface) >= 4.5

"""Every theme can be read, and every ink has a colour in it."""

from __future__ import annotations

import re

import pytest

from helpdesk_tui.widgets.ink import FALLBACK, Ink, Palette, Tone
from helpdesk_tui.widgets.theme import (
    DARK,
    THEMES,
    Colors,
    textual_theme,
)
from tests.support.contrast import contrast

TEXT_COLORS = (
    "text", "bright", "soft", "dim", "accent", "link", "good", "waiting", "bad", "tags",
)  # fmt: skip
"""The colours that letters are drawn in."""
SURFACES = ("background", "surface", "raised", "selection", "note_tint")
"""The colours that letters stand on."""
FULL = [colors for colors in THEMES.values() if not colors.ansi]


@pytest.mark.parametrize("colors", FULL, ids=lambda colors: colors.name)
@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("text", TEXT_COLORS)
def test_text_stands_out_from_its_surface(colors: Colors, text: str, surface: str) -> None:
    if (text, surface) == ("dim", "selection"):
        text = "soft"  # what is dim elsewhere is drawn soft on the selection
    assert contrast(getattr(colors, text), getattr(colors, surface)) >= 4.5


@pytest.mark.parametrize("colors", FULL, ids=lambda colors: colors.name)
@pytest.mark.parametrize("tone", Tone)
def test_every_ink_of_letters_can_be_read_on_every_tone(colors: Colors, tone: Tone) -> None:
    palette = Palette.of(textual_theme(colors).variables)
    for ink in (one for one in Ink if not one.name.startswith(("RULE", "BAR"))):
        style = palette.style(ink, tone)
        assert style.color is not None
        assert style.bgcolor is not None
        letters, surface = (one.get_truecolor().hex for one in (style.color, style.bgcolor))
        assert contrast(letters, surface) >= 4.5, ink


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("colors", THEMES.values(), ids=lambda colors: colors.name)
def test_every_ink_has_a_colour_in_every_theme(colors: Colors) -> None:
    variables = textual_theme(colors).variables
    assert FALLBACK.keys() <= variables.keys()
    palette = Palette.of(variables)
    for ink in Ink:
        for tone in Tone:
            assert palette.style(ink, tone).color is not None


def test_the_fallback_colours_are_the_dark_theme() -> None:
    assert {name: textual_theme(DARK).variables[name] for name in FALLBACK} == FALLBACK


def test_the_terminal_theme_names_the_sixteen_colours_only() -> None:
    values = textual_theme(THEMES["helpdesk-ansi"]).variables.values()
    assert all(re.fullmatch("ansi_[a-z_]+", value) for value in values)


@pytest.mark.parametrize("colors", THEMES.values(), ids=lambda colors: colors.name)
def test_what_the_library_draws_itself_has_our_colours(colors: Colors) -> None:
    variables = textual_theme(colors).variables
    ours = {variables[name.replace("_", "-")] for name in Colors.__slots__ if name in FALLBACK}
    drawn = [name for name in variables if name.startswith(("scrollbar", "input-cursor"))]
    assert len(drawn) >= 8
    assert {variables[name] for name in drawn} <= ours | {variables["selection"]}

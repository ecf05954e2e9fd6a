"""The themes: every colour that is drawn, by what it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from textual.theme import Theme


# nobody compares them: methods that nobody calls would be compiled at each start
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Colors:
    """The colours of one theme; the names are those of the CSS variables and of the inks."""

    name: str
    dark: bool
    background: str
    surface: str
    raised: str
    selection: str
    text: str
    bright: str
    soft: str
    dim: str
    rules: str
    accent: str
    link: str
    good: str
    waiting: str
    bad: str
    tags: str
    note_tint: str
    """Background of an internal note: the waiting colour as a tint."""
    bar_them: str
    bar_us: str
    bar_note: str
    ansi: bool = False


DARK = Colors(
    "helpdesk-dark", True,
    background="#14161d", surface="#191c25", raised="#20242f", selection="#232a3d",
    text="#c8cfe0", bright="#eef1fa", soft="#98a0b8", dim="#828aa3", rules="#232838",
    accent="#7aa2f7", link="#7dcfff", good="#9ece6a", waiting="#e0af68", bad="#f7768e",
    tags="#bb9af7", note_tint="#241f1a", bar_them="#3b4258", bar_us="#3d59a1", bar_note="#8c6a35",
)  # fmt: skip
LIGHT = Colors(
    "helpdesk-light", False,
    background="#e9ebf1", surface="#f4f5f9", raised="#fdfdff", selection="#d5ddf2",
    text="#2b3145", bright="#0c1020", soft="#4a5168", dim="#545b72", rules="#cdd2df",
    accent="#2450b2", link="#005a86", good="#2f5d10", waiting="#7a4a00", bad="#a81b39",
    tags="#6a36b3", note_tint="#f7eedd", bar_them="#aab1c4", bar_us="#5b7fd6", bar_note="#c08a2e",
)  # fmt: skip
CONTRAST = Colors(
    "helpdesk-contrast", True,
    background="#000000", surface="#000000", raised="#101010", selection="#00397a",
    text="#ffffff", bright="#ffffff", soft="#e8e8e8", dim="#d0d0d0", rules="#8a8a8a",
    accent="#8fc1ff", link="#7ff0ff", good="#8dff6a", waiting="#ffd24a", bad="#ff9aa6",
    tags="#e0b8ff", note_tint="#2a2000", bar_them="#8a8a8a", bar_us="#8fc1ff", bar_note="#ffd24a",
)  # fmt: skip
ANSI = Colors(
    "helpdesk-ansi", True,
    background="default", surface="default", raised="default", selection="bright_black",
    text="default", bright="bright_white", soft="white", dim="white", rules="bright_black",
    accent="bright_blue", link="bright_cyan", good="bright_green", waiting="bright_yellow",
    bad="bright_red", tags="bright_magenta", note_tint="default",
    bar_them="white", bar_us="bright_blue", bar_note="yellow", ansi=True,
)  # fmt: skip

THEMES: Mapping[str, Colors] = {one.name: one for one in (DARK, LIGHT, CONTRAST, ANSI)}


def textual_theme(colors: Colors) -> Theme:
    """Return a theme of the widget library with our colours as its CSS variables."""
    variables = {
        one.name.replace("_", "-"): _css(getattr(colors, one.name), colors)
        for one in fields(colors)
        if one.name not in ("name", "dark", "ansi")
    }
    variables["key"] = variables["link"]
    variables |= _parts(variables)
    for channel, color in _CHANNELS.items():
        variables[f"channel-{channel}"] = variables[color]
    return Theme(
        name=colors.name,
        primary=variables["accent"],
        secondary=variables["link"],
        warning=variables["waiting"],
        error=variables["bad"],
        success=variables["good"],
        accent=variables["accent"],
        foreground=variables["text"],
        background=variables["background"],
        surface=variables["surface"],
        panel=variables["raised"],
        dark=colors.dark,
        ansi=colors.ansi,
        variables=variables,
    )


def _parts(colors: Mapping[str, str]) -> dict[str, str]:
    """Return the colours of what the library draws by itself: cursors, scrollbars, hints."""
    return {
        # what the library asks of a theme of sixteen colours
        "ansi-background": colors["background"],
        "ansi-foreground": colors["text"],
        "text-disabled": colors["dim"],
        "input-cursor-background": colors["link"],
        "input-cursor-foreground": colors["background"],
        "input-selection-background": colors["selection"],
        "scrollbar": colors["selection"],
        "scrollbar-hover": colors["dim"],
        "scrollbar-active": colors["accent"],
        "scrollbar-background": colors["raised"],
        "scrollbar-background-hover": colors["raised"],
        "scrollbar-background-active": colors["raised"],
        "scrollbar-corner-color": colors["raised"],
    }


_CHANNELS: Mapping[str, str] = {
    "email": "accent",
    "webchat": "good",
    "sms": "waiting",
    "instagram": "bad",
    "whatsapp": "good",
}
"""Which colour a channel's sign has, everywhere."""


def _css(color: str, colors: Colors) -> str:
    return f"ansi_{color}" if colors.ansi else color

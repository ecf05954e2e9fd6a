"""Inks: what a piece of drawn text means, and how each theme paints it.

The line-API widgets build lines of ``(text, Ink)`` spans; colours come in only when a line is
painted. So a layout is a pure value, and a change of theme repaints without laying out again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from rich.color import Color, ColorParseError
from rich.segment import Segment
from rich.style import Style
from textual.color import Color as TextualColor
from textual.strip import Strip

from helpdesk_tui.widgets.wrap import cells


class Ink(StrEnum):
    """Roles of text; the value names the theme variable that colours it."""

    TEXT = "text"
    BRIGHT = "bright"
    HEADING = "bright bold"
    SOFT = "soft"
    DIM = "dim"
    RULE = "rules"
    ACCENT = "accent"
    KEY = "key bold"
    LINK = "link underline"
    FRESH = "link"
    GOOD = "good"
    WAITING = "waiting"
    BAD = "bad"
    TAG = "tags"
    US = "accent bold"
    MARK = "accent bold underline"
    NOTE = "waiting bold"
    BAR_THEM = "bar-them"
    BAR_US = "bar-us"
    BAR_NOTE = "bar-note"
    CHANNEL_EMAIL = "channel-email"
    CHANNEL_WEBCHAT = "channel-webchat"
    CHANNEL_SMS = "channel-sms"
    CHANNEL_INSTAGRAM = "channel-instagram"
    CHANNEL_WHATSAPP = "channel-whatsapp"


class Tone(StrEnum):
    """Backgrounds of a line; the value names the theme variable."""

    PLAIN = "surface"
    BASE = "background"
    RAISED = "raised"
    NOTE = "note-tint"
    PICKED = "selection"


Span = tuple[str, Ink]

FALLBACK: dict[str, str] = {
    "text": "#c8cfe0", "bright": "#eef1fa", "soft": "#98a0b8", "dim": "#828aa3",
    "rules": "#232838", "accent": "#7aa2f7", "key": "#7dcfff", "link": "#7dcfff",
    "good": "#9ece6a", "waiting": "#e0af68", "bad": "#f7768e", "tags": "#bb9af7",
    "background": "#14161d", "surface": "#191c25", "raised": "#20242f",
    "selection": "#232a3d", "note-tint": "#241f1a",
    "bar-them": "#3b4258", "bar-us": "#3d59a1", "bar-note": "#8c6a35",
    "channel-email": "#7aa2f7", "channel-webchat": "#9ece6a", "channel-sms": "#e0af68",
    "channel-instagram": "#f7768e", "channel-whatsapp": "#9ece6a",
}  # fmt: skip
"""The dark reference palette, for what a theme does not name."""


@dataclass(slots=True)
class Palette:
    """The colours of one theme, as styles by ink and tone."""

    colors: dict[str, str]
    _styles: dict[tuple[Ink, Tone, bool], Style] = field(default_factory=dict)

    @classmethod
    def of(cls, variables: Mapping[str, str]) -> Palette:
        """Build the palette from the CSS variables of the current theme."""
        return cls({name: variables.get(name, color) for name, color in FALLBACK.items()})

    def style(self, ink: Ink, tone: Tone = Tone.PLAIN, *, bold: bool = False) -> Style:
        """Return the style of an ink on a background."""
        key = (ink, tone, bold)
        style = self._styles.get(key)
        if style is None:
            name, *attributes = ink.value.split()
            if tone is Tone.PICKED and ink is Ink.DIM:
                name = Ink.SOFT.value  # the selection is too bright for what is dim
            style = Style(
                color=rich_color(self.colors[name]),
                bgcolor=rich_color(self.colors[tone.value]),
                bold=True if bold or "bold" in attributes else None,
                underline=True if "underline" in attributes else None,
            )
            self._styles[key] = style
        return style

    def segments(self, spans: Sequence[Span], tone: Tone = Tone.PLAIN) -> list[Segment]:
        """Paint spans as segments."""
        return [Segment(text, self.style(ink, tone)) for text, ink in spans]

    def strip(self, spans: Sequence[Span], width: int, tone: Tone = Tone.PLAIN) -> Strip:
        """Paint spans as a strip of exactly ``width`` cells."""
        segments = self.segments(spans, tone)
        missing = width - sum([cells(text) for text, _ in spans])
        if missing < 0:
            return Strip(segments).adjust_cell_length(width)
        if missing:
            segments.append(Segment(" " * missing, self.style(Ink.TEXT, tone)))
        return Strip(segments, width)


def rich_color(value: str) -> Color:
    """Read a colour of a theme: ``#rrggbb``, a CSS name, or an ``ansi_`` name."""
    try:
        return Color.parse(value.removeprefix("ansi_"))
    except ColorParseError:
        return TextualColor.parse(value).rich_color

"""A bar at the edge of the row under the cursor, for terminals whose colours do not tell it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from helpdesk_tui.widgets.ink import Ink, Span
from helpdesk_tui.widgets.signs import UNICODE
from helpdesk_tui.widgets.theme import THEMES

if TYPE_CHECKING:
    from textual.app import App

_BAR: Span = ("▌", Ink.ACCENT)


def has_few_colors(app: App[Any]) -> bool:
    """Return whether colours of our own cannot be counted on: none, sixteen, or letters only."""
    theme = THEMES.get(app.theme)
    signs = getattr(getattr(app, "inbox", None), "signs", UNICODE)
    return app.no_color or signs.ascii_only or (theme is not None and theme.ansi)


def barred(spans: Sequence[Span]) -> list[Span]:
    """Return a line with the bar in its first cell, where that is blank."""
    if not spans or not spans[0][0]:
        return [_BAR]
    text, ink = spans[0]
    return [_BAR, (text[1:], ink), *spans[1:]] if text[0] == " " else list(spans)

"""Whether and how pictures can be drawn on this screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_tui.widgets.theme import THEMES

if TYPE_CHECKING:
    from textual.app import App

    from helpdesk_tui.widgets.pixels.layer import PixelLayer


def layer_of(app: App[Any]) -> PixelLayer | None:
    """Return what turns pictures into pixels; None in a program that draws none."""
    return getattr(app, "pixels", None)


def can_draw(app: App[Any]) -> bool:
    """Return whether pictures can be drawn at all: that needs colours, and more than letters."""
    theme = THEMES.get(app.theme)
    return not (
        app.no_color
        or (theme is not None and theme.ansi)
        or getattr(app, "is_ascii", False)
    )  # fmt: skip

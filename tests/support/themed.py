"""A bare program in one of our themes, for widgets alone."""

from __future__ import annotations

from textual.app import App

from helpdesk_tui.widgets.theme import THEMES, textual_theme


class Themed(App[None]):
    """Has the colours that our widgets ask for; subclasses put widgets into it."""

    def __init__(self, theme: str = "helpdesk-dark") -> None:
        super().__init__()
        for colors in THEMES.values():
            self.register_theme(textual_theme(colors))
        self.theme = theme

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return the colours for the time before the theme is there."""
        return dict(textual_theme(THEMES["helpdesk-dark"]).variables)

"""Opens settings, channels, sources and FAQ, and lets the interface follow what changes there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.setting.interface import DESK_NAME, INTERFACE
from helpdesk_tui.screens.preferences import Preferences
from helpdesk_tui.widgets.words.errors import sentence

if TYPE_CHECKING:
    from helpdesk_tui.app import HelpdeskApp
    from helpdesk_tui.screens.inbox.screen import InboxScreen
    from helpdesk_tui.services.desk import Desk


class SettingsDesk:
    """What the keys and the palette do about settings."""

    def __init__(self, screen: InboxScreen, desk: Desk) -> None:
        self._screen = screen
        self._desk = desk

    def handlers(self) -> dict[str, Callable[[], None]]:
        """Return what the keys do."""
        return {"go.settings": self.open, "go.faq": self._open_faq,
                "go.channels": self._open_channels, "go.sources": self._open_sources}  # fmt: skip

    def _open_faq(self) -> None:
        from helpdesk_tui.screens.beside.faq import FaqScreen

        screen = self._screen
        screen.app.push_screen(
            FaqScreen(self._desk, screen.keymap, screen.signs, now=screen.now, zone=screen.zone)
        )

    def _open_channels(self) -> None:
        from helpdesk_tui.screens.beside.channels import ChannelsScreen

        screen = self._screen
        opened = ChannelsScreen(
            self._desk, screen.keymap, screen.signs, now=screen.now, zone=screen.zone
        )
        opened.settings = self.open
        screen.app.push_screen(opened)

    def _open_sources(self) -> None:
        from helpdesk_tui.screens.beside.sources import SourcesScreen

        screen = self._screen
        screen.app.push_screen(
            SourcesScreen(self._desk, screen.keymap, screen.signs, now=screen.now, zone=screen.zone)
        )

    def open(self, name: str = "") -> None:
        """Show the settings, one of them first."""
        from helpdesk_tui.screens.beside.settings import SettingsScreen

        screen = self._screen
        opened = SettingsScreen(
            self._desk, screen.keymap, screen.signs, now=screen.now, zone=screen.zone
        )
        opened.opens_at = name
        opened.followed = self._follow
        screen.app.push_screen(opened)

    def _follow(self) -> None:
        desk = self._desk
        self._screen.start(
            lambda: desk.settings.chosen(INTERFACE), self.follow, group="preferences"
        )

    def follow(self, values: dict[str, object]) -> None:
        """Do as the settings say now."""
        screen, app = self._screen, cast("HelpdeskApp", self._screen.app)
        screen.update_header(desk=str(values.get(DESK_NAME, "")))
        app.voice.name = screen.header.state.desk
        try:
            app.follow(Preferences.of(values))
        except HelpdeskError as error:
            details = error.values.get("details")
            lines = [sentence(error), *(details if isinstance(details, tuple) else ())]
            app.notify("\n".join(lines), severity="error", markup=False, timeout=20)

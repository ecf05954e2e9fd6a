"""The terminal program: themes, wiring, the way in and the way out. Nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.screen import Screen

from helpdesk_tui.domain.tickets import DEFAULT_STATUS, View, ViewFilter
from helpdesk_tui.screens.inbox import InboxScreen
from helpdesk_tui.screens.inbox_data import Loaded, load_view
from helpdesk_tui.screens.live import LiveWatch
from helpdesk_tui.widgets.keys import default_keymap
from helpdesk_tui.widgets.last_net import LastNet
from helpdesk_tui.widgets.signs import ASCII, UNICODE
from helpdesk_tui.widgets.theme import THEMES, textual_theme

if TYPE_CHECKING:

    from helpdesk_tui.services.desk import Desk


def utc_now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


class HelpdeskApp(App[None]):
    """The terminal UI of one agent on one store."""

    ENABLE_COMMAND_PALETTE: ClassVar[bool] = False
    BINDINGS: ClassVar[list[object]] = []  # type: ignore[assignment]
    TITLE = "helpdesk"

    def __init__(
        self,
        root: Path | None = None,
        *,
        agent: str = "",
        desk_factory: Callable[[], Desk] | None = None,
        now: Callable[[], datetime] = utc_now,
        zone: tzinfo | None = None,
        theme: str = "helpdesk-dark",
        ascii_only: bool = False,
        keymap: Mapping[str, tuple[str, ...]] | None = None,
        start_worker: bool = True,
    ) -> None:
        super().__init__()
        self._root = root
        self._agent = agent
        self._factory = desk_factory
        self._now = now
        self._zone = zone
        self._start_worker = start_worker
        self._desk: Desk | None = None
        self._live: LiveWatch | None = None
        self._filters.append(LastNet())
        for colors in THEMES.values():
            self.register_theme(textual_theme(colors))
        self.theme = theme
        self.inbox = InboxScreen(
            keymap or default_keymap(),
            now=now,
            zone=zone,
            signs=ASCII if ascii_only else UNICODE,
        )

    def get_default_screen(self) -> Screen[object]:
        """Open on the inbox."""
        return self.inbox  # type: ignore[return-value]

    def on_mount(self) -> None:
        """Open the store in a thread while the first frame is drawn."""
        self.inbox.start(self._open, self._opened, self.inbox.refuse, group="open")

    def _open(self) -> tuple[Desk, Loaded, str]:
        desk = self._factory() if self._factory is not None else self._open_store()
        mine = desk.actor.agent_id is not None
        view = View.MINE if mine else View.ALL
        where = ViewFilter(view, DEFAULT_STATUS[view], desk.actor.agent_id if mine else None)
        name = desk.settings.get("desk.name", "")
        return desk, load_view(desk.inbox, where), str(name)

    def _open_store(self) -> Desk:
        from helpdesk_tui.services.desk import open_desk

        if self._root is None:
            raise ValueError("neither a store nor a desk was given")
        return open_desk(self._root, agent=self._agent, clock=self._now)

    def _opened(self, result: tuple[Desk, Loaded, str]) -> None:
        self._desk, loaded, name = result
        self.inbox.begin(self._desk, loaded, name=name)

"""Where the cursor goes once an action has taken the ticket out of the list."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from helpdesk_tui.domain.setting.interface import AFTER_ACTION

if TYPE_CHECKING:
    from helpdesk_tui.screens.inbox.screen import InboxScreen
    from helpdesk_tui.services.desk import Desk


class After(StrEnum):
    """Where the list goes afterwards: the values of the setting."""

    NEXT = "next"
    PREVIOUS = "previous"
    LIST = "list"
    STAY = "stay"


class AfterAction:
    """Knows the agent's setting, and goes on by it or by what a macro says of its own."""

    def __init__(self, screen: InboxScreen, desk: Desk) -> None:
        self._screen = screen
        self._desk = desk
        self._usual = After.NEXT
        self.read()

    def read(self) -> None:
        """Read the setting in the background: it may have been changed, here or by a script."""
        self._screen.start(
            lambda: str(self._desk.settings.get(AFTER_ACTION, After.NEXT)),
            self._learn,
            group="after-action",
            exclusive=True,
        )

    def _learn(self, value: str) -> None:
        self._usual = After(value) if value in set(After) else After.NEXT

    def go_on(self, own: str = "") -> bool:
        """Leave the ticket under the cursor as wanted, before the store has answered.

        Args:
            own: what a macro says; empty for the setting.

        Returns:
            Whether the agent stays with the ticket, although it leaves the list.
        """
        where = After(own) if own else self._usual
        tickets = self._screen.tickets
        self.read()
        if where is After.NEXT:
            _moved = tickets.move(1) or tickets.move(-1)
        elif where is After.PREVIOUS:
            _moved = tickets.move(-1) or tickets.move(1)
        elif where is After.LIST:
            self._screen.panes.go("list")
        return where is After.STAY

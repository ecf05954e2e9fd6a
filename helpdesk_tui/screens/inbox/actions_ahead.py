"""Actions asked for while another list is being loaded: they are meant for the list to come.

Without it ``g a e``, typed fast, would close the ticket under the cursor of the list that is left.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from helpdesk_tui.screens.keyboard import HELD_FOR

_AT_ONCE = ("app.", "go.", "view.", "list.")
"""What starts the ids of actions that do not depend on the rows."""


class ActionsAhead:
    """Holds actions back from the moment a list is asked for until it is shown."""

    def __init__(self, perform: Callable[[str], None]) -> None:
        self._perform = perform
        self._held: list[str] = []
        self._until = 0.0

    def expect(self) -> None:
        """Another list was asked for."""
        self._held.clear()
        self._until = monotonic() + HELD_FOR

    def take(self, action: str) -> bool:
        """Keep an action for the list to come; False where it can be done at once."""
        if monotonic() > self._until or (
            action.startswith(_AT_ONCE) and action not in ("app.undo", "app.redo", "app.back")
        ):
            return False
        self._held.append(action)
        return True

    def release(self) -> None:
        """Do what was held: the list is there, or will not come."""
        self._until = 0.0
        held, self._held = self._held, []
        for action in held:
            self._perform(action)

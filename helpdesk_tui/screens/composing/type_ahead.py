"""What is typed between the key that opens the composer and the composer being there.

Without it the first letters of a reply would be taken as commands: an ``e`` closes the ticket.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from time import monotonic
from typing import TYPE_CHECKING

from textual import events

from helpdesk_tui.screens.keyboard import HELD_FOR

if TYPE_CHECKING:
    from helpdesk_tui.screens.thread.pane import ThreadPane


class Writing(StrEnum):
    """What the composer is opened for."""

    REPLY = "reply"
    REPLY_ALL = "reply-all"
    NOTE = "note"
    FORWARD = "forward"


@dataclass(slots=True)
class TypeAhead:
    """A composer that is about to open, and what was typed for it meanwhile."""

    ticket_id: int
    writing: Writing
    since: float
    text: str = ""
    first: Callable[[ThreadPane], None] | None = None
    """What goes into the composer before it."""
    waits: bool = False
    """Something else has to be there before the composer opens."""

    @property
    def is_over(self) -> bool:
        """True when it took too long: the keys are the inbox's again."""
        return monotonic() - self.since > HELD_FOR

    def take(self, event: events.Key) -> bool:
        """Keep a key for the composer; False for one that is none of text."""
        if event.key == "enter":
            self.text += "\n"
        elif event.key == "backspace":
            self.text = self.text[:-1]
        elif event.is_printable and event.character:
            self.text += event.character
        else:
            return False
        return True

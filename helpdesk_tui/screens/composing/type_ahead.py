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

if TYPE_CHECKING:
    from helpdesk_tui.screens.thread.pane import ThreadPane

HELD_FOR = 10.0
"""Seconds after which keys are commands again, should a thread not come up."""


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


@dataclass(slots=True)
class CommandAhead:
    """What is typed behind the key that opens the palette, until the palette has the focus.

    Without it ``:close`` typed in one go would be five commands.
    """

    since: float
    early: str = ""
    """What was on its way to the inbox already …"""
    late: str = ""
    """… and what came to the palette before its line was there."""
    is_sent: bool = False
    """Enter was among it: what fits best is done."""

    @property
    def is_over(self) -> bool:
        """True when it took too long: the keys are the inbox's again."""
        return monotonic() - self.since > HELD_FOR

    @property
    def text(self) -> str:
        """All of it in the order of typing."""
        return self.early + self.late

    def take(self, event: events.Key, *, late: bool = False) -> bool:
        """Keep a key for the palette; False for one that is none of text."""
        if event.key == "enter":
            self.is_sent = True
        elif event.is_printable and event.character and not self.is_sent:
            if late:
                self.late += event.character
            else:
                self.early += event.character
        else:
            return False
        return True

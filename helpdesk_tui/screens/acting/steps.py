"""What ``z`` takes back and ``Z`` does again: this agent's own changes, the newest first."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

_KEPT = 50


@dataclass(frozen=True, slots=True)
class Step:
    """One change that can be taken back."""

    change_id: str
    ticket_id: int
    said: str
    """What was done, as the footer said it."""
    message_id: int = 0
    """The reply that was sent; then there is no change to undo but a message to take back."""
    others: tuple[int, ...] = ()
    """Further tickets that taking it back changes."""
    back: Callable[[], None] | None = None
    """Takes back what is no change of a ticket."""
    count: int = 1
    """How many tickets it changed; what many are called stands in ``said``."""


@dataclass(slots=True)
class UndoStack:
    """Remembers changes in the order they were made, and those that were taken back."""

    _steps: deque[Step] = field(default_factory=lambda: deque(maxlen=_KEPT))
    _undone: deque[Step] = field(default_factory=lambda: deque(maxlen=_KEPT))

    def push(self, step: Step) -> None:
        """Remember a new change; what was taken back before cannot be done again."""
        self._undone.clear()
        self._steps.append(step)

    def redone(self, step: Step) -> None:
        """Remember a change that was done again."""
        self._steps.append(step)

    def undone(self, step: Step) -> None:
        """Remember what takes back an undo."""
        self._undone.append(step)

    @property
    def goes_its_own_way(self) -> bool:
        """True if the newest change is taken back in a way of its own."""
        return bool(self._steps) and self._steps[-1].back is not None

    def is_reply_in(self, ticket_id: int) -> bool:
        """Tell whether what was done last is a reply in a ticket."""
        newest = self._steps[-1] if self._steps else None
        return newest is not None and newest.message_id > 0 and newest.ticket_id == ticket_id

    def forget(self, message_id: int) -> None:
        """Drop a reply that was taken back by other means."""
        kept = [step for step in self._steps if step.message_id != message_id]
        self._steps.clear()
        self._steps.extend(kept)

    def pop(self) -> Step | None:
        """Return the newest change and forget it."""
        return self._steps.pop() if self._steps else None

    def pop_undone(self) -> Step | None:
        """Return the change that was taken back last, and forget it."""
        return self._undone.pop() if self._undone else None

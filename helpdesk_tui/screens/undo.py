"""What ``z`` takes back: this agent's own changes, the newest first."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

_KEPT = 50


@dataclass(frozen=True, slots=True)
class Step:
    """One change that can be taken back."""

    change_id: str
    ticket_id: int
    said: str
    """What was done, as the footer said it."""


@dataclass(slots=True)
class UndoStack:
    """Remembers changes in the order they were made."""

    _steps: deque[Step] = field(default_factory=lambda: deque(maxlen=_KEPT))

    def push(self, step: Step) -> None:
        """Remember a change."""
        self._steps.append(step)

    def pop(self) -> Step | None:
        """Return the newest change and forget it."""
        return self._steps.pop() if self._steps else None

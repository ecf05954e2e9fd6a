"""What still has to leave, as the outbox shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from helpdesk_tui.domain.messages import Delivery


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A message that has not left, or not for certain."""

    message_id: int
    ticket_id: int
    subject: str
    customer: str
    channel: str
    delivery: Delivery
    due_at: datetime | None
    """When it leaves, or is tried again."""
    written_at: datetime
    attempts: int
    error_code: str
    error_text: str
    agent_id: int | None
    """Who wrote it; None for automatic answers."""
    author: str
    to: tuple[str, ...]
    text: str
    """Its beginning."""
    files: int
    is_forward: bool
    is_held: bool
    """Its channel is switched off: nothing leaves from there."""

    @property
    def can_return(self) -> bool:
        """Whether it may go back into the draft: nothing of it has left, and nobody has it."""
        is_untried = self.delivery is Delivery.QUEUED and not self.attempts
        return is_untried or self.delivery is Delivery.SCHEDULED

    def seconds_left(self, now: datetime) -> int:
        """Return for how many whole seconds it stays here."""
        if self.due_at is None:
            return 0
        left = (self.due_at - now).total_seconds()
        return max(0, -(-int(left * 1_000_000) // 1_000_000))

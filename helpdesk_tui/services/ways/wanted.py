"""What an agent asks for who sends something."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.domain.messaging.parts import TemplateUse
from helpdesk_tui.domain.triage import Snooze
from helpdesk_tui.services.drafts import ReadyFiles

Then = Snooze | Literal["none", "close"]
"""What happens to the ticket once the reply is queued."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A message as it is asked for: nothing of it is checked yet."""

    text: str
    to: tuple[str, ...]
    """Empty: the customer."""
    cc: tuple[str, ...]
    then: Then
    seen: int | None
    files: ReadyFiles
    use_draft_files: bool
    undo: bool
    bcc: tuple[str, ...] = ()
    kind: DraftKind = DraftKind.REPLY
    keeps_draft: bool = False
    """It is not what the agent has begun to write: the draft stays, and sends nothing along."""
    at: datetime | None = None
    """When it leaves; None: now."""
    template: TemplateUse | None = None
    """The approved template that it is; its text says what the customer then reads."""
    is_person: bool = True
    """A person sends it, at this moment."""

    @property
    def is_forward(self) -> bool:
        """Whether it goes to somebody outside the ticket."""
        return self.kind is DraftKind.FORWARD

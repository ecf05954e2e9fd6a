"""The files of a whole ticket, for those who look through all of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from helpdesk_tui.domain.messages import AttachmentRow, Direction


@dataclass(frozen=True, slots=True)
class ShelvedFile:
    """A file of a ticket, and the message it came with."""

    file: AttachmentRow
    message_id: int
    direction: Direction
    author: str
    at: datetime

"""Mails that the server does not give: whether to ask again, and what is stored in their place."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import format_datetime

from helpdesk_tui.domain.text import clean
from helpdesk_tui.sync.channels.errors import Retry

_TEMPORARY = re.compile(
    r"UNAVAILABLE|OVERQUOTA|LIMIT|SERVERBUG|INUSE|CONTACTADMIN|throttl|bandwidth|try again", re.I
)
"""Response codes of RFC 5530, and words of providers, for a refusal that passes."""


class Refused(Retry):
    """The server answered NO or BAD to a command; the connection is still good."""

    @property
    def text(self) -> str:
        """What the server said."""
        return clean(str(self.values.get("text", "")))

    @property
    def is_temporary(self) -> bool:
        """Tell whether asking later may help."""
        return _TEMPORARY.search(self.text) is not None


def stand_in(uid: int, size: int, received_at: datetime | None, reason: str) -> bytes:
    """Return what is stored for a mail that the server refuses to give.

    A folder may be numbered anew, and what the server says may hold the time of day. So what tells
    a mail from others in the store, its date, subject and text, is made of the moment it came and
    its size, which stay; its number counts only where the server tells nothing else.

    Args:
        uid: Its number in the folder.
        size: Its size; 0 if the server does not say.
        received_at: When it came; None if the server does not say.
        reason: What the server said.
    """
    lines = ["Subject: a message cannot be read", f"Comments: {' '.join(reason.split())}"]
    known = f"It has the number {uid} there."
    if received_at is not None:
        lines.append(f"Date: {format_datetime(received_at.astimezone(UTC))}")
        known = f"It came on {received_at.astimezone(UTC):%Y-%m-%d at %H:%M:%S} UTC."
    if received_at is not None and size:
        known += f" Its size is {size} bytes."
    text = f"The mail server refuses to give it; why stands in its source. {known}"
    return "\r\n".join([*lines, "", text, ""]).encode("utf-8", "replace")

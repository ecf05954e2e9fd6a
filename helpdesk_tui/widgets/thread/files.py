"""Which file of a thread is meant: the one that was chosen, or else the one that is likely."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from helpdesk_tui.domain.messages import AttachmentRow, MessageRow


def file_meant(
    messages: Sequence[MessageRow], selected: MessageRow | None, chosen: int
) -> AttachmentRow | None:
    """Return the file that was chosen, else the first of the selected message, else the newest."""
    files = {file.id: file for one in messages for file in one.attachments}
    of_message = selected.attachments if selected is not None else ()
    likely = (*of_message[:1], *list(files.values())[-1:])
    return files.get(chosen) or (likely[0] if likely else None)


def file_beside(
    messages: Sequence[MessageRow],
    selected: MessageRow | None,
    chosen: int,
    step: Literal[1, -1],
) -> tuple[int, int] | None:
    """Return the file next to the one that is meant and the message that has it, as ids.

    With no file chosen so far that is the one that is meant itself; None without any file.
    """
    files = [(file.id, one.id) for one in messages for file in one.attachments]
    current = file_meant(messages, selected, chosen)
    if current is None:
        return None
    at = [file for file, _message in files].index(current.id) + (step if chosen else 0)
    return files[max(0, min(at, len(files) - 1))]

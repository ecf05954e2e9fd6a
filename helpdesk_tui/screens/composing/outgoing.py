"""Files that an agent sends: read with the agent's own right, checked before they are queued."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import NotAllowed, NotFound, UsageError
from helpdesk_tui.domain.messages import DraftKind
from helpdesk_tui.domain.text import clean

if TYPE_CHECKING:
    from helpdesk_tui.domain.messages import AttachmentRow
    from helpdesk_tui.domain.tickets import TicketRow
    from helpdesk_tui.services.drafts import Drafts

_DEFAULT_LIMIT = 25_000_000


def read_outgoing(path: Path, channel: str, present: int = 0) -> tuple[str, bytes]:
    """Read a file to attach and return its bare, cleaned name and its bytes. Blocks.

    Args:
        path: a regular file.
        channel: the channel whose limit counts.
        present: bytes already attached.

    Raises:
        NotFound: if it is not there.
        NotAllowed: if it may not be read.
        UsageError: if it is not a regular file, or too large for the channel.
    """
    spec = CHANNELS.get(channel)
    limit = (spec.attachment_limit if spec else _DEFAULT_LIMIT) - present
    try:
        # not blocking on a pipe or device that only looks like a file
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise NotFound("file.missing", path=path) from None
    except OSError as error:
        raise NotAllowed("file.unreadable", path=path, reason=error.strerror) from None
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode) or found.st_size > limit:
        os.close(handle)
        if not stat.S_ISREG(found.st_mode):
            raise UsageError("attachment.not-a-file", path=path)
        raise UsageError(
            "attachment.too-large",
            name=path.name,
            size=found.st_size,
            limit=max(0, limit),
            channel=channel,
        )
    with os.fdopen(handle, "rb") as file:
        return clean(path.name), file.read(limit + 1)


def check_count(ticket: TicketRow, kind: DraftKind, count: int) -> None:
    """Refuse one file more than a message of the channel carries; a note carries any number.

    Raises:
        UsageError: ``attachment.too-many`` with the numbers.
    """
    spec = CHANNELS.get(ticket.channel)
    if spec is not None and kind is not DraftKind.NOTE and 0 < spec.files_limit < count:
        raise UsageError(
            "attachment.too-many", count=count, limit=spec.files_limit, channel=spec.label
        )


def attach_path(
    drafts: Drafts, ticket: TicketRow, kind: DraftKind, path: Path, present: int
) -> AttachmentRow:
    """Put a file to a draft. Blocks; raises as :func:`read_outgoing` and the desk do."""
    name, data = read_outgoing(path, ticket.channel, present)
    return drafts.attach(ticket.id, kind, name, data)


def complete_path(typed: str) -> str | None:
    """Return ``typed`` completed to the first file or folder that fits, or None. Blocks."""
    if not typed:
        return None
    path = Path(typed).expanduser()
    folder, start = (path, "") if typed.endswith("/") else (path.parent, path.name)
    try:
        with os.scandir(folder) as entries:
            fits = [
                entry.name + ("/" if entry.is_dir() else "")
                for entry in entries
                if entry.name.startswith(start) and (start or not entry.name.startswith("."))
            ]
    except OSError:
        return None
    if not fits:
        return None
    best = min(fits)
    return typed + best[len(start) :] if clean(best) == best else None

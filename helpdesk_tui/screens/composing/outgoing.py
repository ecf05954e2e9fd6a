"""Files that an agent sends: read with the agent's own right, checked before they are queued."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import NotAllowed, NotFound, UsageError
from helpdesk_tui.domain.media.limits import findings_of, limits_of
from helpdesk_tui.domain.media.sniffing import content_type as sniffed
from helpdesk_tui.domain.messages import AttachmentRow, DraftKind
from helpdesk_tui.domain.text import clean

if TYPE_CHECKING:
    from helpdesk_tui.domain.ticket_details import TicketDetail
    from helpdesk_tui.domain.tickets import TicketRow
    from helpdesk_tui.services.drafts import Drafts

_DEFAULT_LIMIT = 25_000_000
_MOST_TO_SHRINK = 30_000_000
"""Bytes of a picture that can still be made smaller."""
_HEAD = 4_096
"""First bytes, which tell what a file is."""


def read_outgoing(
    path: Path, channel: str, present: int = 0, *, most: int = 0
) -> tuple[str, bytes]:
    """Read a file to attach and return its bare, cleaned name and its bytes. Blocks.

    Args:
        path: a regular file.
        channel: the channel whose limit counts.
        present: bytes already attached.
        most: another limit, where what is too large can be made smaller.

    Raises:
        NotFound: if it is not there.
        NotAllowed: if it may not be read.
        UsageError: if it is not a regular file, or too large for the channel.
    """
    spec = CHANNELS.get(channel)
    own = spec.attachment_limit if spec else _DEFAULT_LIMIT
    limit = max(own, most) - present
    try:
        # not blocking on a pipe or device that only looks like a file
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (FileNotFoundError, ValueError):
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
        try:
            return clean(path.name), file.read(limit + 1)
        except OSError as error:
            # a disk that fails, or a share that went away
            raise NotAllowed("file.unreadable", path=path, reason=error.strerror) from None


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


def attach_file(
    drafts: Drafts,
    ticket: TicketDetail,
    kind: DraftKind,
    path: Path,
    present: Sequence[AttachmentRow],
) -> AttachmentRow:
    """Put a file to a draft. Blocks; raises as :func:`read_outgoing` and the desk do.

    A picture that is too large is taken all the same where it can be made smaller.
    """
    row = ticket.row
    check_count(row, kind, len(present) + 1)
    if kind is DraftKind.NOTE or not CHANNELS[row.channel].is_messaging:
        name, data = read_outgoing(path, row.channel, sum(one.size for one in present))
        return drafts.attach(row.id, kind, name, data)
    name, data = read_outgoing(path, row.channel, most=_MOST_TO_SHRINK)
    content_type = sniffed(data[:_HEAD], name)
    file = AttachmentRow(0, name, content_type, len(data), "", inline=False)
    limits = limits_of(row.channel, ticket.messaging.provider if ticket.messaging else "")
    for finding in findings_of(limits, [*present, file], soft_limit=0):
        if finding.is_refusal and not finding.shrinks:
            raise UsageError(finding.code, **finding.values)
    return drafts.attach(row.id, kind, name, data, content_type)

"""Chat: into the one conversation behind a ticket, until it ends."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from helpdesk_tui.db.reads.chats import Line, load_line
from helpdesk_tui.domain.channels import ChannelSpec
from helpdesk_tui.domain.errors import NotAllowed, UsageError
from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.services.drafts import check_count, check_sizes
from helpdesk_tui.services.recipients import Envelope, Recipients
from helpdesk_tui.services.ways.direct import check_only

if TYPE_CHECKING:
    import sqlite3

    from helpdesk_tui.db.drafts import StoredFile
    from helpdesk_tui.db.replies import Answered, Target
    from helpdesk_tui.services.queueing import Wanted


def line_of(connection: sqlite3.Connection, target: Target) -> Line:
    """Return the conversation that runs behind a chat.

    Raises:
        NotAllowed: ``chat.ended``, or ``reply.no-chat`` where there never was one.
    """
    if Flag.CHAT_ENDED in target.flags:
        raise NotAllowed("chat.ended", id=target.id)
    line = load_line(connection, target.id)
    if line is None:
        raise NotAllowed("reply.no-chat", id=target.id)
    return line


class ChatWay:
    """Leaves through a relay; see :class:`helpdesk_tui.services.ways.way.Way`."""

    def __init__(self, spec: ChannelSpec) -> None:
        self._spec = spec

    def check(self, connection: sqlite3.Connection, target: Target) -> None:
        """Refuse a chat that has ended, or never was one."""
        line_of(connection, target)

    def admit(
        self, connection: sqlite3.Connection, target: Target, wanted: Wanted, now: datetime
    ) -> None:
        """Refuse what would leave a chat only after its visitor was told that it is over."""
        if wanted.at is None:
            return
        if wanted.then == "close":
            raise UsageError("chat.scheduled-end")
        if line_of(connection, target).is_closing:
            raise NotAllowed("chat.closing", id=target.id)

    def columns(
        self, connection: sqlite3.Connection, target: Target, wanted: Wanted
    ) -> dict[str, Any]:
        """Return the conversation that a message goes into."""
        line = self._checked(connection, target, wanted)
        return {
            "channel_account_id": line.account_id,
            "sender": line.site,
            "recipients": json.dumps([line.conversation]),
        }

    def addressees(
        self, connection: sqlite3.Connection, target: Target, wanted: Wanted
    ) -> tuple[Envelope, Answered | None]:
        """Return the visitor; nothing is quoted."""
        return Envelope((self._checked(connection, target, wanted).conversation,)), None

    def sender(self, connection: sqlite3.Connection, target: Target) -> tuple[int, str, str]:
        """Return the site."""
        line = line_of(connection, target)
        return line.account_id, line.site, ""

    def proposed(
        self, connection: sqlite3.Connection, target: Target, *, everyone: bool
    ) -> Recipients:
        """Return the visitor, and nobody else."""
        line = line_of(connection, target)
        return Recipients(line.site, "", (line.conversation,), ())

    def check_files(
        self,
        connection: sqlite3.Connection,
        target: Target,
        account_id: int,
        files: list[StoredFile],
    ) -> None:
        """Refuse what the widget does not take."""
        check_count(target.channel, len(files))
        check_sizes(target.channel, [(file[0], file[2]) for file in files])

    def _checked(self, connection: sqlite3.Connection, target: Target, wanted: Wanted) -> Line:
        line = line_of(connection, target)
        check_only(wanted, self._spec.label, line.conversation, target.customer_address)
        return line

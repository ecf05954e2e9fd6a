"""Chat: into the one conversation behind a ticket, until it ends."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk_tui.db.reads.chats import Line, load_line
from helpdesk_tui.domain.errors import NotAllowed, UsageError
from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.services.drafts import check_count, check_sizes
from helpdesk_tui.services.ways.direct import DirectWay, Ends

if TYPE_CHECKING:
    import sqlite3

    from helpdesk_tui.db.drafts import StoredFile
    from helpdesk_tui.db.replies import Target
    from helpdesk_tui.services.ways.wanted import Wanted


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


class ChatWay(DirectWay):
    """Leaves through a relay."""

    def ends(self, connection: sqlite3.Connection, target: Target) -> Ends:
        """Return site and conversation."""
        line = line_of(connection, target)
        return Ends(line.account_id, line.site, line.conversation, (target.customer_address,))

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

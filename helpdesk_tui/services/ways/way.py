"""What every way out has to say of a message before it is queued."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.services.recipients import Envelope, Recipients

if TYPE_CHECKING:
    import sqlite3

    from helpdesk_tui.db.drafts import StoredFile
    from helpdesk_tui.db.replies import Answered, Target
    from helpdesk_tui.services.ways.wanted import Wanted


class Way(Protocol):
    """One way out; all in the caller's transaction."""

    def check(self, connection: sqlite3.Connection, target: Target) -> None:
        """Refuse a ticket in which nothing can be written any more. Raises NotAllowed."""

    def admit(
        self, connection: sqlite3.Connection, target: Target, wanted: Wanted, now: datetime
    ) -> None:
        """Refuse what may not be sent at its moment. Raises NotAllowed or UsageError."""

    def columns(
        self, connection: sqlite3.Connection, target: Target, wanted: Wanted
    ) -> dict[str, Any]:
        """Return the columns of sender, recipients and thread.

        Raises:
            UsageError: a bad address, or none, or copies where the channel has none.
            NotAllowed: an address that may not be written to, or nowhere to write from.
        """

    def addressees(
        self, connection: sqlite3.Connection, target: Target, wanted: Wanted
    ) -> tuple[Envelope, Answered | None]:
        """Return whom a message goes to, and the message that it answers and quotes.

        Raises:
            UsageError: a bad address, or none.
            NotAllowed: an address that may not be written to, with the reason.
        """

    def sender(self, connection: sqlite3.Connection, target: Target) -> tuple[int, str, str]:
        """Return account, address and name that a message leaves under. Raises NotAllowed."""

    def proposed(
        self, connection: sqlite3.Connection, target: Target, *, everyone: bool
    ) -> Recipients:
        """Return where a reply would come from and go to. Raises NotAllowed."""

    def check_files(
        self,
        connection: sqlite3.Connection,
        target: Target,
        account_id: int,
        files: list[StoredFile],
    ) -> None:
        """Refuse at once files that would be refused later. Raises UsageError or NotAllowed."""


def way_of(channel: str) -> Way:
    """Return the way that messages of a channel take."""
    spec = CHANNELS[channel]
    if spec.is_messaging:
        from helpdesk_tui.services.ways.messaging import MessagingWay

        return MessagingWay(spec)
    if spec.is_live:
        from helpdesk_tui.services.ways.chat import ChatWay

        return ChatWay(spec)
    from helpdesk_tui.services.ways.mail import MailWay

    return MailWay()

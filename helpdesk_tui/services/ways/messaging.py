"""SMS, WhatsApp and Instagram: to the customer who wrote, from the number they wrote to."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk_tui.domain.errors import NotAllowed, UsageError
from helpdesk_tui.domain.media.limits import findings_of, limits_of
from helpdesk_tui.domain.messages import AttachmentRow
from helpdesk_tui.services.messaging.gate import check_open, line_of
from helpdesk_tui.services.ways.direct import DirectWay, Ends

if TYPE_CHECKING:
    import sqlite3

    from helpdesk_tui.db.drafts import StoredFile
    from helpdesk_tui.db.replies import Target
    from helpdesk_tui.services.ways.wanted import Wanted


class MessagingWay(DirectWay):
    """Leaves through a provider."""

    def ends(self, connection: sqlite3.Connection, target: Target) -> Ends:
        """Return our number and the customer's; an imported ticket has none."""
        info = line_of(connection, target.id, target.channel)
        return Ends(info.account_id, info.ours, info.address)

    def admit(
        self, connection: sqlite3.Connection, target: Target, wanted: Wanted, now: datetime
    ) -> None:
        """Refuse what may not be sent at the moment at which it would leave."""
        check_open(
            connection,
            target.id,
            target.channel,
            wanted.at or now,
            is_person=wanted.is_person,
            template=wanted.template,
        )

    def check_files(
        self,
        connection: sqlite3.Connection,
        target: Target,
        account_id: int,
        files: list[StoredFile],
    ) -> None:
        """Refuse what the provider does not take, with the numbers.

        Raises:
            UsageError: the code of the first refusal of ``domain/media/limits.py``.
            NotAllowed: ``reply.no-relay``: the provider takes addresses, and nothing serves them.
        """
        info = line_of(connection, target.id, target.channel)
        limits = limits_of(target.channel, info.provider)
        rows = [AttachmentRow(0, name, kind, size, sha256, inline=False)
                for name, kind, size, sha256 in files]  # fmt: skip
        for finding in findings_of(limits, rows, soft_limit=0):
            if finding.is_refusal:
                values = {"channel": self._spec.label, **finding.values}
                raise UsageError(finding.code, **values)
        if limits.needs_address and not info.has_relay:
            raise NotAllowed("reply.no-relay", channel=self._spec.label)

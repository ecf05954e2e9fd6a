"""SMS, WhatsApp and Instagram: to the customer who wrote, from the number they wrote to."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from helpdesk_tui.domain.channels import ChannelSpec
from helpdesk_tui.domain.errors import NotAllowed, UsageError
from helpdesk_tui.domain.media.limits import findings_of, limits_of
from helpdesk_tui.domain.messages import AttachmentRow
from helpdesk_tui.services.messaging.gate import check_open, line_of
from helpdesk_tui.services.recipients import Envelope, Recipients
from helpdesk_tui.services.ways.direct import check_only

if TYPE_CHECKING:
    import sqlite3

    from helpdesk_tui.db.drafts import StoredFile
    from helpdesk_tui.db.replies import Answered, Target
    from helpdesk_tui.domain.messaging.state import MessagingInfo
    from helpdesk_tui.services.queueing import Wanted


class MessagingWay:
    """Leaves through a provider; see :class:`helpdesk_tui.services.ways.way.Way`."""

    def __init__(self, spec: ChannelSpec) -> None:
        self._spec = spec

    def check(self, connection: sqlite3.Connection, target: Target) -> None:
        """Refuse a ticket behind which no account of ours stands: an imported one."""
        line_of(connection, target.id, target.channel)

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

    def columns(
        self, connection: sqlite3.Connection, target: Target, wanted: Wanted
    ) -> dict[str, Any]:
        """Return the customer's number and ours (spec A5)."""
        info = self._checked(connection, target, wanted)
        return {
            "channel_account_id": info.account_id,
            "sender": info.ours,
            "recipients": json.dumps([info.address]),
        }

    def addressees(
        self, connection: sqlite3.Connection, target: Target, wanted: Wanted
    ) -> tuple[Envelope, Answered | None]:
        """Return the customer; nothing is quoted."""
        return Envelope((self._checked(connection, target, wanted).address,)), None

    def sender(self, connection: sqlite3.Connection, target: Target) -> tuple[int, str, str]:
        """Return the account of the ticket."""
        info = line_of(connection, target.id, target.channel)
        return info.account_id, info.ours, ""

    def proposed(
        self, connection: sqlite3.Connection, target: Target, *, everyone: bool
    ) -> Recipients:
        """Return the customer, and nobody else."""
        info = line_of(connection, target.id, target.channel)
        return Recipients(info.ours, "", (info.address,), ())

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

    def _checked(
        self, connection: sqlite3.Connection, target: Target, wanted: Wanted
    ) -> MessagingInfo:
        info = line_of(connection, target.id, target.channel)
        if not info.address:
            raise UsageError("reply.no-recipient", id=target.id)
        check_only(wanted, self._spec.label, info.address)
        return info

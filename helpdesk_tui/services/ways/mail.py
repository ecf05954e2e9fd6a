"""Mail: to people of the ticket, with copies, in a thread."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from helpdesk_tui.db import replies as rows
from helpdesk_tui.db.accounts import load_size_limit
from helpdesk_tui.db.own import load_desk
from helpdesk_tui.domain.errors import UsageError
from helpdesk_tui.domain.reply_headers import chain
from helpdesk_tui.services.drafts import check_count, check_sizes
from helpdesk_tui.services.recipients import (
    Envelope,
    Recipients,
    envelope,
    mailbox_of,
    outside_addresses,
    proposal,
    to_address,
)

if TYPE_CHECKING:
    import sqlite3

    from helpdesk_tui.db.drafts import StoredFile
    from helpdesk_tui.db.replies import Answered, Target
    from helpdesk_tui.services.ways.wanted import Wanted

_ENVELOPE = 20_000
"""Bytes of headers and text that every mail is given room for."""


class MailWay:
    """Leaves from a mailbox of ours; see :class:`helpdesk_tui.services.ways.way.Way`."""

    def check(self, connection: sqlite3.Connection, target: Target) -> None:
        """Any ticket of mail can be answered."""

    def admit(
        self, connection: sqlite3.Connection, target: Target, wanted: Wanted, now: datetime
    ) -> None:
        """Whoever wrote may always be answered."""

    def columns(
        self, connection: sqlite3.Connection, target: Target, wanted: Wanted
    ) -> dict[str, Any]:
        """Return where a mail goes.

        A forward begins a thread of its own: ids of the customer's mails are nobody else's
        business.
        """
        mailbox = mailbox_of(connection, target)
        people, answered = self.addressees(connection, target, wanted)
        thread: tuple[str, ...] = ()
        if answered is not None:
            known = rows.load_chains(connection, target.id)
            thread = chain(answered.external_id, answered.thread_ids, known)
        return {
            "channel_account_id": mailbox.account_id,
            "sender": mailbox.address,
            "recipients": json.dumps(list(people.to)),
            "copies": json.dumps(list(people.cc)),
            "blind_copies": json.dumps(list(people.bcc)),
            "thread_ids": json.dumps(list(thread)),
            "answers_id": None if answered is None else answered.id,
        }

    def addressees(
        self, connection: sqlite3.Connection, target: Target, wanted: Wanted
    ) -> tuple[Envelope, Answered | None]:
        """Return whom a mail goes to, and the mail that it answers."""
        own = load_desk(connection).own
        if wanted.is_forward:
            return envelope(outside_addresses(wanted.to, own), wanted.cc, wanted.bcc, own), None
        first = wanted.to[0].strip().lower() if wanted.to else ""
        answered = rows.load_answered(connection, target.id, target.customer_address, first)
        to = to_address(connection, target, answered, own, first)
        return envelope([to], wanted.cc, wanted.bcc, own), answered

    def sender(self, connection: sqlite3.Connection, target: Target) -> tuple[int, str, str]:
        """Return the mailbox that a mail leaves from."""
        mailbox = mailbox_of(connection, target)
        return mailbox.account_id, mailbox.address, mailbox.name

    def proposed(
        self, connection: sqlite3.Connection, target: Target, *, everyone: bool
    ) -> Recipients:
        """Return the people to start from."""
        return proposal(connection, target, load_desk(connection).own, everyone=everyone)

    def check_files(
        self,
        connection: sqlite3.Connection,
        target: Target,
        account_id: int,
        files: list[StoredFile],
    ) -> None:
        """Refuse what the channel or its mail server would refuse.

        Raises:
            UsageError: ``attachment.too-large``, ``attachment.too-many`` or
                ``attachment.server-limit``, with the numbers.
        """
        check_count(target.channel, len(files))
        check_sizes(target.channel, [(file[0], file[2]) for file in files])
        # files grow on the wire
        limit = load_size_limit(connection, account_id)
        size = _ENVELOPE + sum(-(-file[2] // 57) * 78 + 500 for file in files)
        if 0 < limit < size:
            raise UsageError("attachment.server-limit", name=files[-1][0], size=size, limit=limit)

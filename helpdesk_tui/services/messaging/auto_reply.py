"""Telling those who write by SMS and may not be written to why nobody answers."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk_tui.db import activity
from helpdesk_tui.db.activity import Entry
from helpdesk_tui.db.messaging import consents
from helpdesk_tui.db.messaging import messages as rows
from helpdesk_tui.db.messaging.contacts import last_answered, set_answered, support_address
from helpdesk_tui.db.replies import update_ticket
from helpdesk_tui.domain.accounts import Account
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.channels import SMS
from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.messages import AuthorKind, Delivery, Direction
from helpdesk_tui.domain.messaging.auto_reply import Facts, may_answer, unsubscribed_text
from helpdesk_tui.domain.messaging.state import ConsentState
from helpdesk_tui.domain.reopening import ReceivingTicket
from helpdesk_tui.domain.setting.held import Held, text_in
from helpdesk_tui.domain.setting.messaging import (
    SMS_AUTO_REPLY_TEXT,
    SMS_PREFIX,
    audience_of,
)
from helpdesk_tui.services.chat.follow_up import store_name
from helpdesk_tui.services.messaging.lines import Line, Person

if TYPE_CHECKING:
    import sqlite3


class AutoReply:
    """Answers by itself on one account, inside a transaction of the caller."""

    def __init__(
        self, connection: sqlite3.Connection, line: Line, now: datetime, held: Held
    ) -> None:
        self._connection = connection
        self._line = line
        self._account = line.account
        self._now = now
        self._held = held

    def consider(self, ticket: ReceivingTicket, person: Person, sent_at: datetime) -> int | None:
        """Answer a message that stands in a ticket, if the rules want it; return the answer."""
        if self._account.channel != SMS.name or person.is_blocked or ticket.spam:
            return None
        contact = person.contact
        found = consents.newest_consent(
            self._connection, self._account.channel, contact.address, self._account.address
        )
        wanted = may_answer(
            audience_of(self._held),
            ConsentState.UNKNOWN if found is None else found.state,
            address=contact.address,
            sent_at=sent_at,
            now=self._now,
            answered_at=last_answered(self._connection, contact.profile_id, SMS.name),
        )
        text = unsubscribed_text(
            text_in(self._held, SMS_AUTO_REPLY_TEXT),
            facts_of(self._connection, self._held, contact.address, person.name),
        )
        if not wanted or not text:
            return None
        message_id = queue_automatic(
            self._connection, self._account, ticket.id, contact.address, text, self._now
        )
        set_answered(self._connection, self._account.id, contact.address, self._now)
        return message_id


def queue_automatic(
    connection: sqlite3.Connection, account: Account, ticket_id: int, address: str, text: str,
    now: datetime, *, flag: Flag | None = None,
) -> int:  # fmt: skip
    """Queue an automatic message; its ticket counts it and stays otherwise as it is."""
    message_id = rows.insert_message(
        connection,
        {
            "ticket_id": ticket_id,
            "channel": account.channel,
            "channel_account_id": account.id,
            "direction": Direction.OUTBOUND.value,
            "author_kind": AuthorKind.AUTO.value,
            "sender": account.address,
            "recipients": json.dumps([address]),
            "text": text,
            "automatic": 1,
            "flags": "" if flag is None else str(flag),
            "sent_at": now,
            "received_at": now,
            "delivery": Delivery.QUEUED.value,
            "due_at": now,
        },
        (),
    )
    count = {"message_count": rows.count_messages(connection, ticket_id)}
    update_ticket(connection, ticket_id, now, count)
    entry = Entry("message.queued", ticket_id, message_id, {}, {"automatic": True})
    activity.record(connection, SYSTEM, now, [entry])
    return message_id


def facts_of(connection: sqlite3.Connection, held: Held, address: str, name: str) -> Facts:
    """Return what an automatic text to a customer may name."""
    shop = store_name(held)
    return Facts(
        address=address,
        prefix=text_in(held, SMS_PREFIX) or shop,
        name=shop,
        support_email=support_address(connection),
        customer_name="" if name == address else name,
    )

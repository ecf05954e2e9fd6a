"""What a told past leaves behind of people who write by phone: when heard, what agreed to."""

from __future__ import annotations

import sqlite3

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.history import PastMessage, PastTicket
from helpdesk_tui.domain.messages import Direction
from helpdesk_tui.domain.times import to_us

_THREE_HOURS = 3 * 3600 * 1_000_000


def add_contact(connection: sqlite3.Connection, ticket: PastTicket, ticket_id: int) -> None:
    """Note that a person was heard by an account, and the consent that they gave with a keyword."""
    spec = CHANNELS[ticket.channel]
    if not spec.is_messaging or not ticket.address:
        return
    heard = [one.at for one in ticket.messages if one.direction is Direction.INBOUND]
    if not heard:
        return
    values = {
        "ticket": ticket_id, "address": ticket.address, "channel": ticket.channel,
        "name": ticket.customer.name, "heard": to_us(max(heard)), "first": to_us(min(heard)),
    }  # fmt: skip
    connection.execute(
        "INSERT INTO contact (channel_account_id, address, name, profile_id, ticket_id, heard_at)"
        " SELECT channel_account_id, :address, :name, profile_id, id, :heard FROM ticket"
        " WHERE id = :ticket ON CONFLICT (channel_account_id, address) DO UPDATE"
        " SET ticket_id = excluded.ticket_id, heard_at = max(heard_at, excluded.heard_at)",
        values,
    )
    # a carrier stands behind a number, and Instagram behind an account: nobody typed them in
    connection.execute(
        "UPDATE identity SET verified = 1"
        " WHERE value = :address AND kind IN ('phone', 'instagram')",
        values,
    )
    if spec.needs_consent:
        connection.execute(
            "INSERT INTO consent (channel, address, ours, state, kind, source, detail, at)"
            " VALUES (:channel, :address, '', 'given', 'marketing', 'keyword', 'JOIN', :first)",
            values,
        )


def add_campaign(
    connection: sqlite3.Connection,
    ticket: PastTicket,
    message: PastMessage,
    ticket_id: int,
    message_id: int,
) -> None:
    """Put the campaign that a message answers before it."""
    if message.answers is None:
        return
    name, text = message.answers
    sent = to_us(message.at) - _THREE_HOURS
    values = {
        "channel": ticket.channel, "address": ticket.address, "name": name, "text": text,
        "sent": sent, "message": message_id, "ticket": ticket_id, "external": f"past-{message_id}",
    }  # fmt: skip
    connection.execute(
        "INSERT INTO campaign_send (channel, address, source, external_id, kind, name, text,"
        " sent_at, delivered_at, message_id) VALUES (:channel, :address, 'import', :external,"
        " 'campaign', :name, :text, :sent, :sent, :message)",
        values,
    )
    for table, row in (("message", "message"), ("ticket", "ticket")):
        connection.execute(
            f"UPDATE {table} SET campaign_send_id = (SELECT id FROM campaign_send"
            f" WHERE external_id = :external) WHERE id = :{row}",
            values,
        )

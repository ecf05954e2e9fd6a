"""What a ticket of SMS, WhatsApp or Instagram knows beside its messages."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from helpdesk_tui.db.messaging.consents import COUNTS
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.messaging.dead_ends import is_dead_end
from helpdesk_tui.domain.messaging.state import (
    Attribution,
    ConsentInfo,
    ConsentState,
    MessagingInfo,
)
from helpdesk_tui.domain.times import from_us

_TICKET = """
    SELECT ticket.channel, ticket.customer_address, ticket.campaign_send_id, account.id,
        account.name, account.address, account.enabled, account.settings, contact.heard_at,
        contact.name,
        (SELECT count(*) FROM template
            WHERE template.channel_account_id = account.id AND template.status = 'approved')
    FROM ticket JOIN channel_account AS account ON account.id = ticket.channel_account_id
    LEFT JOIN contact ON contact.channel_account_id = account.id
        AND contact.address = ticket.customer_address
    WHERE ticket.id = :ticket
"""
_CONSENT = f"""
    SELECT consent.state, consent.kind, consent.source, consent.detail,
        coalesce(agent.name, ''), consent.at
    FROM consent LEFT JOIN agent ON agent.id = consent.agent_id
    WHERE consent.channel = :channel AND consent.address = :address
        AND consent.ours IN ('', :ours) AND {COUNTS}
    ORDER BY consent.at DESC, consent.id DESC LIMIT 1
"""
_SEND = """
    SELECT id, kind, name, text, sent_at, message_id FROM campaign_send WHERE id = :id
"""
_NEWEST = """
    SELECT direction, error_code FROM message
    WHERE ticket_id = :ticket AND channel = :channel AND (direction = 'inbound'
        OR direction = 'outbound' AND delivery IN ('delivered', 'read', 'failed'))
    ORDER BY id DESC LIMIT 1
"""
UNKNOWN = ConsentInfo(ConsentState.UNKNOWN)


def load_messaging(connection: sqlite3.Connection, ticket_id: int) -> MessagingInfo | None:
    """Return how things stand with the customer of a ticket; None without an account of ours."""
    row = connection.execute(_TICKET, {"ticket": ticket_id}).fetchone()
    if row is None:
        return None
    channel, address, send, account, name, ours, enabled, packed, heard, called, templates = row
    settings: dict[str, Any] = json.loads(packed)
    return MessagingInfo(
        account_id=account,
        account=name,
        is_enabled=enabled == 1,
        provider=str(settings.get("provider", "")),
        address=address,
        ours=ours,
        heard_at=None if heard is None else from_us(heard),
        consent=load_consent(connection, channel, address, ours),
        has_human_agent=settings.get("human_agent") is True,
        templates=templates,
        has_relay=bool(settings.get("relay")),
        handle=_handle(connection, channel, address),
        attribution=None if send is None else _attribution(connection, send),
        name=called or "",
        dead_end=_dead_end(connection, ticket_id, channel),
    )


def _dead_end(connection: sqlite3.Connection, ticket_id: int, channel: str) -> str:
    """Return by what code the provider said that nothing arrives, if that was its last word."""
    row = connection.execute(_NEWEST, {"ticket": ticket_id, "channel": channel}).fetchone()
    if row is None or row[0] == "inbound":
        return ""
    return str(row[1]) if is_dead_end(row[1]) else ""


def load_consent(
    connection: sqlite3.Connection, channel: str, address: str, ours: str
) -> ConsentInfo:
    """Return what is known of a person's consent to hear from a number of ours: the newest word."""
    if not CHANNELS[channel].has_opt_out:
        return UNKNOWN
    row = connection.execute(
        _CONSENT, {"channel": channel, "address": address, "ours": ours}
    ).fetchone()
    if row is None:
        return UNKNOWN
    return ConsentInfo(ConsentState(row[0]), row[1], row[2], row[3], row[4], from_us(row[5]))


def _handle(connection: sqlite3.Connection, channel: str, address: str) -> str:
    if channel != "instagram":
        return ""
    row = connection.execute(
        "SELECT handle.value FROM identity JOIN identity AS handle"
        " ON handle.profile_id = identity.profile_id AND handle.kind = 'instagram-handle'"
        " WHERE identity.kind = 'instagram' AND identity.value = :address LIMIT 1",
        {"address": address},
    ).fetchone()
    return "" if row is None else str(row[0])


def _attribution(connection: sqlite3.Connection, send_id: int) -> Attribution | None:
    row = connection.execute(_SEND, {"id": send_id}).fetchone()
    if row is None:
        return None
    return Attribution(row[0], row[1], row[2], row[3], from_us(row[4]), row[5] or 0)

"""What a person decides about a message of which parts have left, and parts have not."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk_tui.db.messaging import early, parts
from helpdesk_tui.db.messaging.parts import template_of
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.messages import Delivery
from helpdesk_tui.services.messaging.gate import check_open

if TYPE_CHECKING:
    import sqlite3

    from helpdesk_tui.db.replies import Outbound

_NEVER_LEFT = frozenset(
    (
        "channel.off",
        "meta.131047",
        "meta.outside-window",
        "reply.human-only",
        "reply.never-wrote",
        "reply.no-account",
        "reply.no-consent",
        "reply.no-relay",
        "reply.opted-out",
        "reply.window-closed",
        "twilio.63016",
    )
)
"""Why a message failed that our own rules, or the provider's window, have held back."""


def send_missing(connection: sqlite3.Connection, message: Outbound, now: datetime) -> None:
    """Let those parts leave anew that have failed, or may not have left; the others stay.

    Raises:
        NotAllowed: nothing may leave now, with the code and values of the lock.
    """
    check_open(
        connection,
        message.ticket_id,
        message.channel,
        now,
        is_person=message.agent_id is not None,
        template=template_of(message.template),
    )
    for part in parts.load_parts(connection, message.id):
        if part.has_left:
            continue
        if part.provider_id:
            early.give_up(connection, part.account_id, part.provider_id, now)
        parts.put_back(connection, message.id, part.position)


def keep_as_sent(connection: sqlite3.Connection, message: Outbound) -> bool:
    """Take what nobody knows of as sent; return whether that was all of the message."""
    found = parts.load_parts(connection, message.id)
    for part in found:
        if part.state is Delivery.UNKNOWN:
            parts.save_state(connection, part, Delivery.SENT)
    return all(part.has_left or part.state is Delivery.UNKNOWN for part in found)


def has_begun(connection: sqlite3.Connection, message_id: int) -> bool:
    """Tell whether anything of a message may have left."""
    return parts.has_begun(connection, message_id)


def was_held_back(connection: sqlite3.Connection, message: Outbound) -> bool:
    """Tell whether nothing of a message reached the customer, as it was not allowed to."""
    return (
        CHANNELS[message.channel].is_messaging
        and message.delivery is Delivery.FAILED
        and message.error_code in _NEVER_LEFT
        and not parts.has_begun(connection, message.id)
    )

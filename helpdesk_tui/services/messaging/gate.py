"""Whether a message may leave: asked when it is queued, and again when it goes.

What the composer shows is one thing; nothing passes here that may not be sent, whoever asks.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk_tui.db.reads.messaging import load_messaging
from helpdesk_tui.domain.channels import CHANNELS, ChannelSpec
from helpdesk_tui.domain.errors import NotAllowed
from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.messaging.windows import Lock, lock_of

if TYPE_CHECKING:
    import sqlite3

    from helpdesk_tui.db.messaging.parts import Outgoing
    from helpdesk_tui.domain.messaging.parts import TemplateUse
    from helpdesk_tui.domain.messaging.state import MessagingInfo

_PASSES_BY_ITSELF = frozenset(("reply.no-consent", "reply.never-wrote"))
"""What does not hold back the answers that a desk gives by itself: they tell of just that."""


def line_of(connection: sqlite3.Connection, ticket_id: int, channel: str) -> MessagingInfo:
    """Return how things stand with the customer of a ticket.

    Raises:
        NotAllowed: ``reply.no-account``: no account of ours is behind it.
    """
    info = load_messaging(connection, ticket_id)
    if info is None:
        raise NotAllowed("reply.no-account", channel=CHANNELS[channel].label)
    return info


def check_open(
    connection: sqlite3.Connection,
    ticket_id: int,
    channel: str,
    now: datetime,
    *,
    is_person: bool = True,
    template: TemplateUse | None = None,
) -> None:
    """Refuse what may not be sent to the customer of a ticket.

    Args:
        connection: Inside a transaction.
        ticket_id: The ticket.
        channel: Its channel.
        now: The moment at which it would leave.
        is_person: A person has written it.
        template: The approved template that is sent instead of a text of one's own.

    Raises:
        NotAllowed: with the code and values of the lock (``domain/messaging/windows.py``).
    """
    spec = CHANNELS[channel]
    if not spec.is_messaging:
        return
    info = line_of(connection, ticket_id, channel)
    lock = lock_of(info, spec, now, is_person=is_person)
    if lock is not None and not (template is not None and lock.allows_template):
        raise NotAllowed(lock.code, **lock.values)


def lock_at_leaving(
    connection: sqlite3.Connection, message: Outgoing, spec: ChannelSpec, now: datetime
) -> Lock | None:
    """Return why a message that was queued may not leave any more; None where it may.

    The answer to a keyword leaves always: whoever withdraws has to be told that it worked.
    """
    info = load_messaging(connection, message.ticket_id)
    if info is None:
        return Lock("reply.no-account", {"channel": spec.label})
    lock = lock_of(info, spec, now, is_person=not message.is_automatic)
    if lock is None or (message.template is not None and lock.allows_template):
        return None
    if message.is_automatic and lock.code in _PASSES_BY_ITSELF:
        return None
    if Flag.KEYWORD_ANSWER in message.flags and lock.code == "reply.opted-out":
        return None
    return lock

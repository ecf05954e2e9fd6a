"""What became of messages of ours, as providers tell it: in any order, twice, late, or too early.

Everything here runs in the caller's transaction.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk_tui.db import activity
from helpdesk_tui.db.accounts import load_provider
from helpdesk_tui.db.activity import Entry, new_change_id
from helpdesk_tui.db.messaging import early, parts
from helpdesk_tui.db.messaging.consents import ConsentRow, add_consent
from helpdesk_tui.db.messaging.parts import Part, Whole
from helpdesk_tui.db.reads.messaging import load_consent
from helpdesk_tui.db.replies import set_delivery
from helpdesk_tui.domain.messages import Delivery
from helpdesk_tui.domain.messaging.providers import company_of
from helpdesk_tui.domain.messaging.state import ConsentState
from helpdesk_tui.domain.messaging.statuses import furthest, whole
from helpdesk_tui.domain.text import clean, shorten
from helpdesk_tui.services.failing import bring_back

if TYPE_CHECKING:
    import sqlite3

    from helpdesk_tui.domain.actor import Actor
    from helpdesk_tui.domain.messaging.received import ReadUpTo, StatusNews

_OPTED_OUT = frozenset(("twilio.21610",))
"""Codes by which a provider says that the customer has withdrawn there."""
_ARRIVED = {Delivery.DELIVERED: "message.delivered", Delivery.READ: "message.read"}
_MAX_TEXT = 500
_SETTLED = frozenset(
    (Delivery.SENT, Delivery.DELIVERED, Delivery.READ, Delivery.FAILED, Delivery.UNKNOWN)
)


def apply_status(
    connection: sqlite3.Connection,
    actor: Actor,
    now: datetime,
    account_id: int,
    news: StatusNews,
) -> int | None:
    """Note what a provider says of a message of ours; return the message, or None.

    What is said of an id that is not known yet is kept until it is.
    """
    part = parts.by_provider_id(connection, account_id, news.external_id)
    if part is None:
        part = _by_reference(connection, account_id, news)
    if part is None:
        early.keep_early(connection, account_id, news)
        return None
    code = code_of(connection, account_id, news.code)
    told(connection, part, news.state, code, news.text, provider_id=news.external_id)
    settle(connection, actor, now, part.message_id)
    return part.message_id


def apply_read(
    connection: sqlite3.Connection, actor: Actor, now: datetime, account_id: int, news: ReadUpTo
) -> None:
    """Note how far a customer has read."""
    at = news.at
    if news.external_id:
        named = parts.by_provider_id(connection, account_id, news.external_id)
        if named is not None and named.begun_at is not None:
            at = max(named.begun_at, at)
    found = parts.unread_until(connection, account_id, news.address, at)
    for part in found:
        parts.save_state(connection, part, Delivery.READ)
    for message_id in dict.fromkeys(part.message_id for part in found):
        settle(connection, actor, now, message_id)


def told(
    connection: sqlite3.Connection,
    part: Part,
    state: Delivery,
    code: str,
    text: str,
    *,
    provider_id: str = "",
) -> None:
    """Move a part by what is said of it; never backward."""
    reached = furthest(part.state, state)
    failed = reached is Delivery.FAILED
    if reached is part.state and (part.provider_id or not provider_id):
        return
    parts.save_state(
        connection,
        part,
        reached,
        provider_id=provider_id,
        code=(code or "delivery.no-reason") if failed else "",
        text=shorten(" ".join(clean(text).split()), _MAX_TEXT) if failed else "",
    )


def settle(connection: sqlite3.Connection, actor: Actor, now: datetime, message_id: int) -> None:
    """Let a message that nobody is sending stand where its parts stand."""
    message = parts.load_whole(connection, message_id)
    if message is None or message.claimed_by or message.delivery not in _SETTLED:
        return
    found = parts.load_parts(connection, message_id)
    reached = whole(part.state for part in found)
    if message.delivery is Delivery.UNKNOWN and reached is Delivery.QUEUED:
        _go_on(connection, actor, now, message)
        return
    if reached not in _SETTLED or reached is message.delivery:
        return
    worst = next((part for part in found if part.state is reached and part.error_code), None)
    code, text = (worst.error_code, worst.error_text) if worst is not None else ("", "")
    parts.set_whole(connection, message_id, reached, code, text)
    arrived = _ARRIVED.get(reached)
    if arrived is not None:
        # whoever looks at the ticket reads it anew because of this
        entry = Entry(arrived, message.ticket_id, message_id, after={"delivery": reached.value})
        activity.record(connection, actor, now, [entry])
    if reached is Delivery.FAILED:
        entry = Entry("message.failed", message.ticket_id, message_id,
                      {"delivery": message.delivery.value},
                      {"delivery": reached.value, "error": code})  # fmt: skip
        activity.record(connection, actor, now, [entry], new_change_id())
        opted_out(connection, now, message_id, code)
        bring_back(connection, actor, now, message_id, message.ticket_id)


def _go_on(connection: sqlite3.Connection, actor: Actor, now: datetime, message: Whole) -> None:
    """Queue a message again whose uncertain part has turned up: the rest of it has to follow."""
    set_delivery(connection, message.message_id, Delivery.QUEUED, due_at=now, filed=True)
    entry = Entry("message.queued", message.ticket_id, message.message_id,
                  {"delivery": message.delivery.value},
                  {"delivery": Delivery.QUEUED.value})  # fmt: skip
    activity.record(connection, actor, now, [entry], new_change_id())


def opted_out(connection: sqlite3.Connection, now: datetime, message_id: int, code: str) -> None:
    """Note that a customer has withdrawn, where only the provider had been told so."""
    message = parts.load_whole(connection, message_id)
    if message is None or code not in _OPTED_OUT or not message.address:
        return
    known = load_consent(connection, message.channel, message.address, message.ours)
    if known.state is not ConsentState.WITHDRAWN:
        row = ConsentRow(message.channel, message.address, ConsentState.WITHDRAWN, "provider", now,
                         ours=message.ours, detail=code)  # fmt: skip
        add_consent(connection, row)


def code_of(connection: sqlite3.Connection, account_id: int, number: str) -> str:
    """Return a provider's number of an error as the code that its sentence has."""
    if not number or "." in number:
        return number
    return f"{company_of(load_provider(connection, account_id))}.{number}"


def _by_reference(connection: sqlite3.Connection, account_id: int, news: StatusNews) -> Part | None:
    """Return the part that we had named along, as long as its id is not known otherwise."""
    message, _, position = news.reference.partition(".")
    if not (message.isdecimal() and position.isdecimal()) or len(message) > 18:
        return None
    if early.is_given_up(connection, account_id, news.external_id):
        return None
    part = parts.by_reference(connection, account_id, int(message), int(position[:9]))
    if part is not None and part.state is Delivery.QUEUED and news.state is Delivery.FAILED:
        # of a try before the one that is to come
        return None
    return part

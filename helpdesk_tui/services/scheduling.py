"""Replies that leave at a moment of their own: kept, moved, let go, and withdrawn.

A customer who writes before that moment has not read what would leave: the reply goes back into
the draft of its author, in the transaction that stores the customer's message.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from helpdesk_tui.db import activity, scheduling
from helpdesk_tui.db import drafts as draft_rows
from helpdesk_tui.db import replies as rows
from helpdesk_tui.db.activity import Entry, new_change_id
from helpdesk_tui.db.drafts import DraftKey
from helpdesk_tui.db.mentions import call_for
from helpdesk_tui.db.messaging.parts import template_of
from helpdesk_tui.db.overtaking import is_over
from helpdesk_tui.db.replies import Outbound
from helpdesk_tui.domain.actor import SYSTEM, Actor, ActorKind
from helpdesk_tui.domain.errors import NotAllowed, NotFound, UsageError
from helpdesk_tui.domain.folds import first_words, unpacked_folds
from helpdesk_tui.domain.messages import Delivery, DraftKind
from helpdesk_tui.domain.reply_headers import unsigned
from helpdesk_tui.domain.times import to_us
from helpdesk_tui.services.drafts import BETWEEN
from helpdesk_tui.services.messaging.gate import check_open
from helpdesk_tui.services.unsend import check_running, outbound

if TYPE_CHECKING:
    import sqlite3


def release_due(
    connection: sqlite3.Connection, actor: Actor, now: datetime, ids: Iterable[int]
) -> None:
    """Queue scheduled messages whose moment has come, inside the caller's transaction."""
    for message_id in ids:
        message = rows.load_outbound(connection, message_id)
        if message is None or message.delivery is not Delivery.SCHEDULED:
            continue
        if is_over(connection, message.ticket_id):
            _withdraw_one(connection, now, message)
        else:
            _release(connection, actor, now, message)


def _release(
    connection: sqlite3.Connection, actor: Actor, now: datetime, message: Outbound
) -> None:
    """Queue one: from now on it answers the customer, and moves its ticket as any reply does."""
    target = rows.load_target(connection, message.ticket_id)
    if target is None:
        raise NotFound("ticket.missing", id=message.ticket_id)
    scheduling.release(connection, message.id, now)
    waiting = target.waiting_since if message.is_forward else None
    before = {"waiting_since": target.waiting_since, "unread": target.unread,
              "last_message_at": target.last_message_at}  # fmt: skip
    after = {**before, "waiting_since": waiting, "last_message_at": to_us(now)}
    values: dict[str, Any] = {"waiting_since": waiting, "last_message_at": to_us(now)}
    preview = first_words(message.text, unpacked_folds(message.folds))
    if preview:
        values["preview"] = preview
    rows.update_ticket(connection, target.id, now, values)
    entry = Entry("message.queued", target.id, message.id,
                  {**before, "delivery": Delivery.SCHEDULED.value}, after)  # fmt: skip
    activity.record(connection, actor, now, [entry], new_change_id())


def reschedule(
    connection: sqlite3.Connection, actor: Actor, now: datetime, message_id: int, at: datetime
) -> None:
    """Let a scheduled reply leave at another moment.

    Raises:
        NotFound: ``message.missing``.
        NotAllowed: ``reply.not-scheduled``, ``reply.not-yours``, ``chat.ended``, or the window will
            be shut by then.
        UsageError: ``schedule.past``.
    """
    message = _own(connection, actor, message_id)
    if message.delivery is not Delivery.SCHEDULED:
        raise NotAllowed("reply.not-scheduled", id=message_id, state=message.delivery.value)
    if at <= now:
        raise UsageError("schedule.past", text=at.isoformat(timespec="minutes"))
    check_open(connection, message.ticket_id, message.channel, at,
               template=template_of(message.template))  # fmt: skip
    scheduling.set_due(connection, message_id, at)
    entry = Entry("message.rescheduled", message.ticket_id, message_id, {}, {"due_at": to_us(at)})
    activity.record(connection, actor, now, [entry], new_change_id())
    rows.update_ticket(connection, message.ticket_id, now, {})


def send_now(connection: sqlite3.Connection, actor: Actor, now: datetime, message_id: int) -> None:
    """Let a reply leave at once that is scheduled, or waits so that it can be taken back.

    Raises:
        NotFound: ``message.missing``.
        NotAllowed: ``reply.not-waiting``, ``reply.not-yours``, ``chat.ended``, or locked by consent
            or window.
    """
    message = _own(connection, actor, message_id)
    check_open(connection, message.ticket_id, message.channel, now,
               template=template_of(message.template))  # fmt: skip
    if message.delivery is Delivery.SCHEDULED:
        _release(connection, actor, now, message)
    elif message.delivery is Delivery.QUEUED and not message.claimed_by:
        scheduling.set_due(connection, message_id, now)
    else:
        raise NotAllowed("reply.not-waiting", id=message_id, state=message.delivery.value)


def withdraw(
    connection: sqlite3.Connection,
    now: datetime,
    ticket_ids: Iterable[int],
    *,
    forwards: bool = True,
) -> int:
    """Put what is scheduled in tickets back into the drafts of its authors; return how much.

    Called in the transaction that stores what the customers wrote, or (without ``forwards``) that
    says that a ticket is somebody else's: a reply would still go to whom it was written to.
    """
    tickets = sorted(set(ticket_ids))
    found = scheduling.scheduled_in(connection, tickets) if tickets else []
    messages = [outbound(connection, message_id) for message_id in found]
    wanted = [message for message in messages if forwards or not message.is_forward]
    for message in wanted:
        _withdraw_one(connection, now, message)
    return len(wanted)


def _withdraw_one(connection: sqlite3.Connection, now: datetime, message: Outbound) -> None:
    files = rows.load_files(connection, message.id)
    text = unsigned(message.text, unpacked_folds(message.folds))
    rows.remove_message(connection, message.id)
    if message.agent_id is not None:
        kind = DraftKind.FORWARD if message.is_forward else DraftKind.REPLY
        key = DraftKey(message.ticket_id, message.agent_id, kind)
        _below_draft(connection, key, text, files, now)
        call_for(connection, message.ticket_id, message.agent_id, now)
    target = rows.load_target(connection, message.ticket_id)
    if target is not None:
        values = {"message_count": target.message_count - 1,
                  "has_media": rows.has_files(connection, target.id)}  # fmt: skip
        rows.update_ticket(connection, target.id, now, values)
    entry = Entry("message.unscheduled", message.ticket_id, message.id, {},
                  {"agent_id": message.agent_id})  # fmt: skip
    activity.record(connection, SYSTEM, now, [entry], new_change_id())


def _below_draft(
    connection: sqlite3.Connection,
    key: DraftKey,
    text: str,
    files: list[draft_rows.StoredFile],
    now: datetime,
) -> None:
    """Put text and files into a draft, below a line if something stands there already."""
    since = draft_rows.load_draft(connection, key)
    typed = since.text if since is not None else ""
    draft_rows.add_files(connection, key, files)
    whole = f"{typed}{BETWEEN}{text}" if typed.strip() and text else text or typed
    draft_rows.save_draft(connection, key, whole, now)


def _own(connection: sqlite3.Connection, actor: Actor, message_id: int) -> Outbound:
    message = outbound(connection, message_id)
    if actor.kind is ActorKind.AGENT and actor.agent_id != message.agent_id and not actor.is_admin:
        raise NotAllowed("reply.not-yours", id=message_id)
    check_running(connection, message)
    return message

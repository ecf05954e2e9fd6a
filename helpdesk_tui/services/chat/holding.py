"""Asking for patience: the timer of a chat starts again, and whoever waits goes on waiting."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from helpdesk_tui.db import activity
from helpdesk_tui.db import replies as rows
from helpdesk_tui.db.activity import Entry, new_change_id
from helpdesk_tui.db.settings import load_desk_settings
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import NotAllowed
from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.folds import first_words
from helpdesk_tui.domain.reply_headers import signed
from helpdesk_tui.domain.setting.webchat import HOLDING_MESSAGE
from helpdesk_tui.domain.times import to_us
from helpdesk_tui.domain.webchat.holding import holding_text
from helpdesk_tui.services.addressing import answerable
from helpdesk_tui.services.drafts import ReadyFiles
from helpdesk_tui.services.queueing import Queued, insert_reply, taken_over
from helpdesk_tui.services.unsend import HELD
from helpdesk_tui.services.ways.chat import line_of
from helpdesk_tui.services.ways.wanted import Wanted

if TYPE_CHECKING:
    import sqlite3

    from helpdesk_tui.db.replies import Target


def hold(
    connection: sqlite3.Connection, actor: Actor, now: datetime, ticket_id: int, text: str
) -> Queued:
    """Queue a message that asks for patience, inside the caller's transaction.

    Who waits goes on waiting, whose the ticket is and whether it is read stays as it is; only the
    timer that is shown starts again.

    Raises:
        NotFound: ``ticket.missing``.
        NotAllowed: ``chat.no-hold`` on channels on which nobody sits and waits, ``chat.ended``,
            ``chat.closing``, or why else the ticket cannot be answered.
    """
    target = answerable(connection, ticket_id)
    spec = CHANNELS[target.channel]
    if not spec.is_live:
        raise NotAllowed("chat.no-hold", channel=spec.label)
    line = line_of(connection, target)
    if line.is_closing:
        raise NotAllowed("chat.closing", id=ticket_id)
    said = signed(text, "")[0] or holding_text(_own_text(connection), line.language)
    wanted = Wanted(said, (), (), "none", None, ReadyFiles(), use_draft_files=False, undo=True)
    change_id = new_change_id()
    target = taken_over(connection, actor, now, target, change_id)
    message_id, due_at = insert_reply(
        connection, actor.agent_id or 0, now, target, wanted, [], flags=Flag.HOLDING
    )
    entries = _held(connection, target, message_id, first_words(said), now)
    activity.record(connection, actor, now, entries, change_id)
    return Queued(message_id, due_at, change_id)


def _own_text(connection: sqlite3.Connection) -> str:
    return str(load_desk_settings(connection).get(HOLDING_MESSAGE, ""))


def _held(
    connection: sqlite3.Connection, target: Target, message_id: int, preview: str, now: datetime
) -> list[Entry]:
    """Move the ticket to the top of its lists, and nothing else but the timer."""
    at = to_us(now)
    stays: dict[str, Any] = {"waiting_since": target.waiting_since, "unread": target.unread}
    rows.update_ticket(
        connection,
        target.id,
        now,
        {
            "held_at": at,
            "last_message_at": at,
            "preview": preview,
            "message_count": target.message_count + 1,
        },
    )
    before = {**stays, "last_message_at": target.last_message_at}
    queued = Entry("message.queued", target.id, message_id, before,
                   {**stays, "last_message_at": at})  # fmt: skip
    held = Entry(HELD, target.id, message_id, {"held_at": target.held_at}, {"held_at": at})
    return [queued, held]

"""Taking a reply back before it leaves, and deciding about one that did not arrive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from helpdesk_tui.db import activity
from helpdesk_tui.db import drafts as draft_rows
from helpdesk_tui.db import replies as rows
from helpdesk_tui.db.activity import Entry, new_change_id
from helpdesk_tui.db.drafts import DraftKey
from helpdesk_tui.db.overtaking import is_over, newer_reply
from helpdesk_tui.db.replies import Outbound
from helpdesk_tui.db.triage import load_states
from helpdesk_tui.domain.activity import following
from helpdesk_tui.domain.actor import Actor, ActorKind
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import NotAllowed, NotFound
from helpdesk_tui.domain.folds import first_words, unpacked_folds
from helpdesk_tui.domain.messages import Delivery, Draft, DraftKind
from helpdesk_tui.domain.reply_headers import unsigned
from helpdesk_tui.domain.tickets import Status
from helpdesk_tui.services.messaging import again
from helpdesk_tui.services.notes import take_note_back
from helpdesk_tui.services.restoring import undo_entries

if TYPE_CHECKING:
    import sqlite3

HELD = "chat.held"
"""The activity of asking for patience, beside that of its message."""


def outbound(connection: sqlite3.Connection, message_id: int) -> Outbound:
    """Return an outbound message.

    Raises:
        NotFound: ``message.missing``.
    """
    message = rows.load_outbound(connection, message_id)
    if message is None:
        raise NotFound("message.missing", id=message_id)
    return message


def check_running(connection: sqlite3.Connection, message: Outbound) -> None:
    """Refuse to send anything more in a chat that has ended.

    Raises:
        NotAllowed: ``chat.ended``.
    """
    if is_over(connection, message.ticket_id):
        raise NotAllowed("chat.ended", id=message.ticket_id)


def undo_send(
    connection: sqlite3.Connection,
    actor: Actor,
    now: datetime,
    message_id: int,
    *,
    keeps_text: bool = True,
) -> Draft:
    """Remove a queued reply inside the caller's transaction; its text returns to the draft.

    A text that nobody typed (``keeps_text`` false, or one that asks for patience) goes away, and
    the draft stays as it is.

    Raises:
        NotFound: ``message.missing``.
        NotAllowed: ``reply.already-sent`` or ``reply.not-yours``.
    """
    message = outbound(connection, message_id)
    waits = message.delivery in (Delivery.QUEUED, Delivery.SCHEDULED)
    if not waits and not again.was_held_back(connection, message):
        raise NotAllowed("reply.already-sent", id=message_id, state=message.delivery.value)
    if message.claimed_by or _may_have_left(connection, message):
        # taken back, its text would go out again under another id
        raise NotAllowed("reply.already-sent", id=message_id, state=message.delivery.value)
    if actor.kind is ActorKind.AGENT and actor.agent_id != message.agent_id:
        raise NotAllowed("reply.not-yours", id=message_id)
    kind = DraftKind.FORWARD if message.is_forward else DraftKind.REPLY
    key = DraftKey(message.ticket_id, message.agent_id or 0, kind)
    text = unsigned(message.text, unpacked_folds(message.folds))
    files = rows.load_files(connection, message_id)
    # what was logged of it is found by the ticket it first belonged to
    queued = activity.load_queued(connection, message_id, message.ticket_id)
    change_id = activity.load_change_id(connection, message_id, message.ticket_id)
    logged = activity.load_change(connection, change_id)
    rows.remove_message(connection, message_id)
    macros = [entry for entry in logged if entry.kind == "macro.applied"]
    keeps_text = keeps_text and not message.template
    if keeps_text and not message.is_holding and not any(entry.after["ran"] for entry in macros):
        _return_to_draft(connection, key, text, files, now)
        _return_macros(connection, key, macros)
    if queued is not None:
        _move_back(connection, message, queued, now)
        _undo_beside(connection, actor, message, queued, logged, change_id, now)
    draft = draft_rows.load_draft(connection, key)
    draft = draft or Draft(key.ticket_id, key.agent_id, key.kind, text, (), now)
    return replace(draft, to=message.to, cc=message.cc, bcc=message.bcc)


def _may_have_left(connection: sqlite3.Connection, message: Outbound) -> bool:
    if CHANNELS[message.channel].is_messaging:
        return again.has_begun(connection, message.id)
    return activity.may_have_left(connection, message.id, message.ticket_id)


def _return_to_draft(
    connection: sqlite3.Connection,
    key: DraftKey,
    text: str,
    files: list[draft_rows.StoredFile],
    now: datetime,
) -> None:
    """Put text and files before what was typed since."""
    since = draft_rows.load_draft(connection, key)
    typed = since.text if since else ""
    draft_rows.add_files(connection, key, files)
    draft_rows.save_draft(connection, key, f"{text}\n\n{typed}" if typed.strip() else text, now)


def _return_macros(connection: sqlite3.Connection, key: DraftKey, applied: Sequence[Entry]) -> None:
    """Let the actions of macros follow again when the draft is sent."""
    again = {int(each.after["macro"]): str(each.after.get("language", "")) for each in applied}
    since = dict(draft_rows.load_macros(connection, key))
    if again:
        draft_rows.save_macros(connection, key, tuple((again | since).items()))


def _move_back(
    connection: sqlite3.Connection, message: Outbound, queued: Entry, now: datetime
) -> None:
    """Give the ticket back what queueing the reply took, where nothing has changed it since."""
    target = rows.load_target(connection, message.ticket_id)
    if target is None:
        return
    values: dict[str, Any] = {
        "message_count": target.message_count - 1,
        "has_media": rows.has_files(connection, target.id),
    }
    before, after = queued.before, queued.after
    if target.unread == after["unread"]:
        values["unread"] = before["unread"]
    if newer_reply(connection, target.id, message.id, None) is None:
        waits = [at for at in (before["waiting_since"], target.waiting_since) if at is not None]
        values["waiting_since"] = min(waits, default=None)
    if target.last_message_at == after["last_message_at"]:
        values["last_message_at"] = before["last_message_at"]
        newest = rows.newest_shown(connection, target.id)
        text, folds = newest or ("", "[]")
        values["preview"] = first_words(text, unpacked_folds(folds))
    rows.update_ticket(connection, target.id, now, values)


def _undo_beside(
    connection: sqlite3.Connection,
    actor: Actor,
    message: Outbound,
    queued: Entry,
    logged: Sequence[Entry],
    change_id: str,
    now: datetime,
) -> None:
    """Log that a reply was taken back, and undo what else its action did in its ticket."""
    # a macro may have answered other tickets with the same action
    done = [entry for entry in logged if entry.ticket_id in (message.ticket_id, queued.ticket_id)]
    undone_id = following(change_id) if done and done == logged else new_change_id()
    unsent = Entry("message.unsent", message.ticket_id, message.id, queued.after, queued.before)
    activity.record(connection, actor, now, [unsent], undone_id)
    if message.is_holding:
        _hold_no_more(connection, message, done, now)
    then = [entry for entry in done if entry.kind.startswith("ticket.")]
    if then:
        undo_entries(connection, actor, now, then, undone_id)
    for entry in done:
        if entry.kind == "note.added":
            take_note_back(connection, actor, now, entry, undone_id)
    state = load_states(connection, [message.ticket_id])[message.ticket_id]
    if state.status is Status.CLOSED and state.waiting_since is not None:
        # a colleague has closed it since: that they meant it is not undone here
        rows.update_ticket(connection, state.id, now, {"waiting_since": None})


def _hold_no_more(
    connection: sqlite3.Connection, message: Outbound, done: Sequence[Entry], now: datetime
) -> None:
    """Let the timer of a chat run from where it ran before somebody asked for patience."""
    target = rows.load_target(connection, message.ticket_id)
    for entry in done:
        if target is not None and entry.kind == HELD and target.held_at == entry.after["held_at"]:
            rows.update_ticket(connection, target.id, now, {"held_at": entry.before["held_at"]})


def retry(connection: sqlite3.Connection, actor: Actor, now: datetime, message_id: int) -> None:
    """Queue a failed reply again, under the same Message-ID; of parts, those that are missing.

    Raises:
        NotFound: ``message.missing``.
        NotAllowed: ``reply.not-failed``, ``chat.ended``, or locked by consent or window.
    """
    message = outbound(connection, message_id)
    if message.delivery is not Delivery.FAILED:
        raise NotAllowed("reply.not-failed", id=message_id, state=message.delivery.value)
    check_running(connection, message)
    again.send_missing(connection, message, now)
    _decide(connection, actor, message, now, Delivery.QUEUED)


def resolve(
    connection: sqlite3.Connection, actor: Actor, now: datetime, message_id: int, *, sent: bool
) -> None:
    """Settle a reply of which nobody knows whether it left.

    Raises:
        NotFound: ``message.missing``.
        NotAllowed: ``reply.not-unknown``, or ``chat.ended`` and locks of consent and window: it
            can only be kept as sent.
    """
    message = outbound(connection, message_id)
    if message.delivery is not Delivery.UNKNOWN:
        raise NotAllowed("reply.not-unknown", id=message_id, state=message.delivery.value)
    if not sent:
        check_running(connection, message)
        again.send_missing(connection, message, now)
    is_whole = sent and again.keep_as_sent(connection, message)
    _decide(connection, actor, message, now, Delivery.SENT if is_whole else Delivery.QUEUED)


def _decide(
    connection: sqlite3.Connection,
    actor: Actor,
    message: Outbound,
    now: datetime,
    delivery: Delivery,
) -> None:
    queued = delivery is Delivery.QUEUED
    rows.set_delivery(
        connection, message.id, delivery, due_at=now if queued else None, filed=queued
    )
    entry = Entry(
        "message.queued" if queued else "message.sent",
        message.ticket_id,
        message.id,
        {"delivery": message.delivery.value},
        {"delivery": delivery.value},
    )
    activity.record(connection, actor, now, [entry], new_change_id())

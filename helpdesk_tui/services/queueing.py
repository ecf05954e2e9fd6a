"""How a reply enters the outbox: all of it in the caller's transaction, or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from helpdesk_tui.db import activity
from helpdesk_tui.db import drafts as draft_rows
from helpdesk_tui.db import replies as rows
from helpdesk_tui.db.activity import Entry, new_change_id
from helpdesk_tui.db.blobs import put_blobs
from helpdesk_tui.db.drafts import DraftKey, StoredFile
from helpdesk_tui.db.messaging.parts import packed_template
from helpdesk_tui.db.overtaking import newer_reply, newer_word
from helpdesk_tui.db.own import load_desk
from helpdesk_tui.db.paths import StorePaths
from helpdesk_tui.db.replies import Target
from helpdesk_tui.db.scheduling import undo_seconds
from helpdesk_tui.domain import triage as verbs
from helpdesk_tui.domain.actor import Actor, ActorKind
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import Conflict, UsageError
from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.folds import first_words, packed_folds
from helpdesk_tui.domain.macros.render import open_holes
from helpdesk_tui.domain.message_ids import make_id
from helpdesk_tui.domain.messages import AttachmentRow, AuthorKind, Delivery, Direction
from helpdesk_tui.domain.passing_on import passed_on_folds
from helpdesk_tui.domain.reply_headers import id_domain, signed
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.times import to_us
from helpdesk_tui.domain.triage import Snooze
from helpdesk_tui.domain.webchat import responder
from helpdesk_tui.services.addressing import (
    addressed,
    answerable,
    signed_text,
    subject_of,
)
from helpdesk_tui.services.applying import apply_verb
from helpdesk_tui.services.drafts import BETWEEN
from helpdesk_tui.services.messaging.shortening import shorten_links
from helpdesk_tui.services.messaging.template_text import said_by
from helpdesk_tui.services.ways.wanted import Then, Wanted
from helpdesk_tui.services.ways.way import way_of

if TYPE_CHECKING:
    import sqlite3


@dataclass(frozen=True, slots=True)
class Queued:
    """A reply that will leave."""

    message_id: int
    due_at: datetime
    """Until then it can be taken back."""
    change_id: str


def stored_files(files: Iterable[AttachmentRow]) -> list[StoredFile]:
    """Return files of a draft as the files of a message."""
    return [(file.filename, file.content_type, file.size, file.sha256) for file in files]


def common_values(target: Target, agent_id: int, author: str, now: datetime) -> dict[str, Any]:
    """Return the columns that replies and notes share."""
    return {
        "ticket_id": target.id,
        "original_ticket_id": target.id,
        "channel": target.channel,
        "author_kind": AuthorKind.AGENT.value,
        "agent_id": agent_id,
        "author_name": author,
        "sent_at": now,
        "received_at": now,
    }


def queue_reply(
    connection: sqlite3.Connection,
    paths: StorePaths,
    actor: Actor,
    now: datetime,
    target: Target,
    wanted: Wanted,
    change_id: str = "",
) -> Queued:
    """Write a reply, its files, its ticket and the log, and drop the draft.

    Raises:
        UsageError: nothing to send, a hole in it, a bad address, files too large, a snooze in the
            past.
        NotAllowed: no such recipient, nowhere to write from, or locked by consent or window.
        Conflict: ``reply.overtaken``.
    """
    agent_id = actor.agent_id or 0
    wanted = replace(wanted, is_person=actor.kind is ActorKind.AGENT)
    if wanted.template is not None:
        wanted = replace(wanted, text=said_by(connection, target, wanted.template))
    _check_overtaken(connection, target, wanted.seen, agent_id)
    change_id = change_id or new_change_id()
    target = taken_over(connection, actor, now, target, change_id)
    key = DraftKey(target.id, agent_id, wanted.kind)
    drafted = draft_rows.load_files(connection, key) if wanted.use_draft_files else ()
    files = [*stored_files(drafted), *wanted.files.rows]
    message_id, due_at = insert_reply(connection, agent_id, now, target, wanted, files)
    put_blobs(connection, paths, wanted.files.blobs)
    preview = first_words(signed(wanted.text, "")[0]) or files[0][0]
    entry = _move_ticket(connection, target, message_id, preview, now, bool(files), wanted)
    activity.record(connection, actor, now, [entry], change_id)
    if CHANNELS[target.channel].reply_assigns:
        apply_verb(connection, actor, now, [target.id], lambda t: verbs.assign(t, agent_id),
                   kind="ticket.assigned", change_id=change_id)  # fmt: skip
    _then(connection, actor, now, target.id, wanted.then, change_id)
    if not wanted.keeps_draft and (wanted.use_draft_files or not wanted.is_forward):
        _end_draft(connection, key, wanted.text, now)
    return Queued(message_id, due_at, change_id)


def insert_reply(
    connection: sqlite3.Connection,
    agent_id: int,
    now: datetime,
    target: Target,
    wanted: Wanted,
    files: list[StoredFile],
    *,
    flags: str = "",
) -> tuple[int, datetime]:
    """Write a message with its files, and nothing of its ticket; return it and when it leaves.

    Raises:
        UsageError: nothing to send, a hole in it, a bad address, too much text, files too large.
        NotAllowed: no such recipient or no mailbox.
    """
    way_of(target.channel).admit(connection, target, wanted, now)
    to = addressed(connection, target, wanted)
    check_files(connection, target, to["channel_account_id"], files)
    due_at = _due_at(connection, target, agent_id, wanted, now)
    values = {
        **_written(connection, target, agent_id, wanted, now, has_files=bool(files)),
        **to,
        "due_at": due_at,
    }
    if flags:
        values["flags"] = flags
    message_id = rows.insert_message(connection, values, files)
    shorten_links(connection, message_id, target.channel, to["channel_account_id"], values["text"])
    secret = load_desk(connection).secret
    domain = id_domain(values["sender"])
    rows.finish_message(connection, message_id, make_id(secret, target.id, message_id, domain))
    return message_id, due_at


def _due_at(
    connection: sqlite3.Connection, target: Target, agent_id: int, wanted: Wanted, now: datetime
) -> datetime:
    """Return when a message leaves: at its moment, else as soon as it can no more be taken back."""
    if wanted.at is not None:
        if wanted.at <= now:
            raise UsageError("schedule.past", text=wanted.at.isoformat(timespec="minutes"))
        return wanted.at
    if not wanted.undo:
        return now
    usual = CHANNELS[target.channel].undo_seconds
    return now + timedelta(seconds=undo_seconds(connection, agent_id, target.channel, usual))


def _end_draft(connection: sqlite3.Connection, key: DraftKey, sent: str, now: datetime) -> None:
    """Drop a draft that was sent; what came back to it meanwhile and was not sent stays."""
    draft = draft_rows.load_draft(connection, key)
    _, between, returned = draft.text.partition(BETWEEN) if draft is not None else ("", "", "")
    draft_rows.delete_draft(connection, key)
    if between and returned not in sent:
        draft_rows.save_draft(connection, key, returned, now)


def _check_overtaken(
    connection: sqlite3.Connection, target: Target, seen: int | None, agent_id: int
) -> None:
    if seen is None:
        return
    newer = newer_reply(connection, target.id, seen, agent_id)
    if newer is not None:
        raise Conflict("reply.overtaken", message_id=newer[0], agent=newer[1], id=target.id)
    if CHANNELS[target.channel].is_live:
        # both write at once, and see each other do it
        return
    heard = newer_word(connection, target.id, seen)
    if heard is not None:
        raise Conflict("reply.customer-wrote", message_id=heard[0], name=heard[1], id=target.id)


def taken_over(
    connection: sqlite3.Connection, actor: Actor, now: datetime, target: Target, change_id: str
) -> Target:
    """Return the ticket; where the responder talks in it, it is an agent's from now on."""
    if Flag.WITH_RESPONDER not in target.flags:
        return target
    apply_verb(connection, actor, now, [target.id], lambda t: responder.take_over(t, now),
               kind="chat.taken-over", change_id=change_id)  # fmt: skip
    return answerable(connection, target.id)


def check_length(channel: str, text: str) -> None:
    """Refuse a text that the channel does not carry.

    Raises:
        UsageError: ``reply.too-long`` with the numbers.
    """
    limit = CHANNELS[channel].text_limit
    if 0 < limit < len(text):
        raise UsageError("reply.too-long", length=len(text), limit=limit, channel=channel)


def check_files(
    connection: sqlite3.Connection, target: Target, account_id: int, files: list[StoredFile]
) -> None:
    """Refuse at once files that the channel or its provider would refuse later.

    Raises:
        UsageError: ``attachment.too-large``, ``attachment.too-many`` and others, with the numbers.
        NotAllowed: ``reply.no-relay``.
    """
    if files:
        way_of(target.channel).check_files(connection, target, account_id, files)


def check_holes(wanted: Wanted) -> None:
    """Refuse a text in which a macro has left something to be filled in; forwards quote others'.

    Raises:
        UsageError: ``reply.hole`` with the name of the first, and where it stands.
    """
    holes = () if wanted.is_forward else open_holes(wanted.text)
    if holes:
        first = holes[0]
        raise UsageError("reply.hole", name=clean(first.name), start=first.start, end=first.end)


def _written(
    connection: sqlite3.Connection,
    target: Target,
    agent_id: int,
    wanted: Wanted,
    now: datetime,
    *,
    has_files: bool,
) -> dict[str, Any]:
    """Return the columns of what the agent wrote."""
    author = rows.load_author(connection, agent_id)
    said = signed(wanted.text, "")[0]
    if not said and not has_files:
        raise UsageError("reply.empty")
    check_holes(wanted)
    check_length(target.channel, said)
    body, folds = signed_text(connection, target, agent_id, wanted.text)
    folds = passed_on_folds(body, folds) if wanted.is_forward else folds
    return {
        **common_values(target, agent_id, author.name, now),
        "direction": Direction.OUTBOUND.value,
        "delivery": (Delivery.SCHEDULED if wanted.at else Delivery.QUEUED).value,
        "subject": subject_of(target, is_forward=wanted.is_forward),
        "flags": Flag.THIRD_PARTY if wanted.is_forward else "",
        "text": body,
        "folds": packed_folds(folds),
        "template": "" if wanted.template is None else packed_template(wanted.template),
    }


def _move_ticket(
    connection: sqlite3.Connection,
    target: Target,
    message_id: int,
    preview: str,
    now: datetime,
    has_files: bool,
    wanted: Wanted,
) -> Entry:
    """Move the ticket of a reply: nobody waits, it is read, it goes to the top of the list.

    The customer still waits while others are asked, and until a scheduled reply leaves.
    """
    scheduled = wanted.at is not None
    waiting = target.waiting_since if scheduled or wanted.is_forward else None
    last = target.last_message_at if scheduled else to_us(now)
    after: dict[str, Any] = {"waiting_since": waiting, "unread": False, "last_message_at": last}
    more: dict[str, Any] = {
        "message_count": target.message_count + 1,
        "has_media": target.has_media or has_files,
    }
    if not scheduled:
        more["preview"] = preview
    rows.update_ticket(connection, target.id, now, {**after, **more})
    before = {
        "waiting_since": target.waiting_since,
        "unread": target.unread,
        "last_message_at": target.last_message_at,
    }
    if wanted.at is not None:
        after["due_at"] = to_us(wanted.at)
        return Entry("message.scheduled", target.id, message_id, before, after)
    return Entry("message.queued", target.id, message_id, before, after)


def _then(
    connection: sqlite3.Connection,
    actor: Actor,
    now: datetime,
    ticket_id: int,
    then: Then,
    change_id: str,
) -> None:
    if isinstance(then, Snooze):
        if then.until is not None and then.until <= now:
            raise UsageError("snooze.past", text=then.until.isoformat(timespec="minutes"))
        apply_verb(connection, actor, now, [ticket_id], lambda t: verbs.snooze(t, then),
                   kind="ticket.snoozed", change_id=change_id)  # fmt: skip
    elif then == "close":
        apply_verb(connection, actor, now, [ticket_id], lambda t: verbs.close(t, now),
                   kind="ticket.closed", change_id=change_id)  # fmt: skip

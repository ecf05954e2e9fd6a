"""How a reply enters the outbox: all of it in the caller's transaction, or nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from helpdesk_tui.db import activity
from helpdesk_tui.db import drafts as draft_rows
from helpdesk_tui.db import replies as rows
from helpdesk_tui.db.accounts import load_size_limit
from helpdesk_tui.db.activity import Entry, new_change_id
from helpdesk_tui.db.blobs import put_blobs
from helpdesk_tui.db.drafts import DraftKey, StoredFile
from helpdesk_tui.db.ingest import preview_of
from helpdesk_tui.db.own import load_desk
from helpdesk_tui.db.paths import StorePaths
from helpdesk_tui.db.replies import Answered, Target
from helpdesk_tui.db.scheduling import undo_seconds
from helpdesk_tui.domain import triage as verbs
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.errors import Conflict, NotAllowed, NotFound, UsageError
from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.macros.render import open_holes
from helpdesk_tui.domain.mail import Fold
from helpdesk_tui.domain.message_ids import make_id
from helpdesk_tui.domain.messages import AttachmentRow, AuthorKind, Delivery, Direction, DraftKind
from helpdesk_tui.domain.passing_on import forward_subject, passed_on_folds
from helpdesk_tui.domain.reply_headers import chain, id_domain, reply_subject, signed
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.times import to_us
from helpdesk_tui.domain.triage import Snooze
from helpdesk_tui.services.applying import apply_verb
from helpdesk_tui.services.drafts import BETWEEN, ReadyFiles, check_sizes
from helpdesk_tui.services.recipients import (
    Envelope,
    envelope,
    mailbox_of,
    outside_addresses,
    to_address,
)

if TYPE_CHECKING:
    import sqlite3

_ENVELOPE = 20_000
"""Bytes of headers and text that every mail is given room for."""
Then = Snooze | Literal["none", "close"]
"""What happens to the ticket once the reply is queued."""


@dataclass(frozen=True, slots=True)
class Queued:
    """A reply that will leave."""

    message_id: int
    due_at: datetime
    """Until then it can be taken back."""
    change_id: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the agent asks for."""

    text: str
    to: tuple[str, ...]
    """Empty: the customer."""
    cc: tuple[str, ...]
    then: Then
    seen: int | None
    files: ReadyFiles
    use_draft_files: bool
    undo: bool
    bcc: tuple[str, ...] = ()
    kind: DraftKind = DraftKind.REPLY
    keeps_draft: bool = False
    """It is not what the agent has begun to write: the draft stays, and sends nothing along."""
    at: datetime | None = None
    """When it leaves; None: now."""

    @property
    def is_forward(self) -> bool:
        """Whether it goes to somebody outside the ticket."""
        return self.kind is DraftKind.FORWARD


def answerable(connection: sqlite3.Connection, ticket_id: int) -> Target:
    """Return a ticket that replies may be written in.

    Raises:
        NotFound: ``ticket.missing``.
        NotAllowed: ``ticket.merged`` or ``reply.channel-closed``.
    """
    target = rows.load_target(connection, ticket_id)
    if target is None:
        raise NotFound("ticket.missing", id=ticket_id)
    if target.merged_into is not None:
        raise NotAllowed("ticket.merged", id=ticket_id, into=target.merged_into)
    if not CHANNELS[target.channel].can_answer:
        raise NotAllowed("reply.channel-closed", channel=CHANNELS[target.channel].label)
    return target


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
        NotAllowed: no such recipient or no mailbox.
        Conflict: ``reply.overtaken``.
    """
    agent_id = actor.agent_id or 0
    _check_overtaken(connection, target, wanted.seen, agent_id)
    key = DraftKey(target.id, agent_id, wanted.kind)
    drafted = draft_rows.load_files(connection, key) if wanted.use_draft_files else ()
    files = [*stored_files(drafted), *wanted.files.rows]
    addressed = _addressed(connection, target, wanted)
    check_files(connection, target, addressed["channel_account_id"], files)
    put_blobs(connection, paths, wanted.files.blobs)
    due_at = _due_at(connection, target, agent_id, wanted, now)
    values = {
        **_written(connection, target, agent_id, wanted, now, has_files=bool(files)),
        **addressed,
        "due_at": due_at,
    }
    message_id = rows.insert_message(connection, values, files)
    secret = load_desk(connection).secret
    domain = id_domain(values["sender"])
    rows.finish_message(connection, message_id, make_id(secret, target.id, message_id, domain))
    change_id = change_id or new_change_id()
    preview = preview_of(signed(wanted.text, "")[0], ()) or files[0][0]
    entry = _move_ticket(connection, target, message_id, preview, now, bool(files), wanted)
    activity.record(connection, actor, now, [entry], change_id)
    _then(connection, actor, now, target.id, wanted.then, change_id)
    if not wanted.keeps_draft and (wanted.use_draft_files or not wanted.is_forward):
        _end_draft(connection, key, wanted.text, now)
    return Queued(message_id, due_at, change_id)


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
    newer = rows.newer_reply(connection, target.id, seen, agent_id)
    if newer is not None:
        raise Conflict("reply.overtaken", message_id=newer[0], agent=newer[1], id=target.id)
    heard = rows.newer_word(connection, target.id, seen)
    if heard is not None:
        raise Conflict("reply.customer-wrote", message_id=heard[0], name=heard[1], id=target.id)


def check_files(
    connection: sqlite3.Connection, target: Target, account_id: int, files: list[StoredFile]
) -> None:
    """Refuse at once what the channel or its mail server would refuse later.

    Raises:
        UsageError: ``attachment.too-large`` or ``attachment.server-limit``, with the numbers.
    """
    if not files:
        return
    check_sizes(target.channel, [(file[0], file[2]) for file in files])
    # files grow on the wire
    limit = load_size_limit(connection, account_id)
    size = _ENVELOPE + sum(-(-file[2] // 57) * 78 + 500 for file in files)
    if 0 < limit < size:
        raise UsageError("attachment.server-limit", name=files[-1][0], size=size, limit=limit)


def check_holes(wanted: Wanted) -> None:
    """Refuse a text in which a macro has left something to be filled in; forwards quote others'.

    Raises:
        UsageError: ``reply.hole`` with the name of the first, and where it stands.
    """
    holes = () if wanted.is_forward else open_holes(wanted.text)
    if holes:
        first = holes[0]
        raise UsageError("reply.hole", name=clean(first.name), start=first.start, end=first.end)


def signed_text(
    connection: sqlite3.Connection, target: Target, agent_id: int, text: str
) -> tuple[str, tuple[Fold, ...]]:
    """Return a text with what stands below every one: the agent's signature, then the address's."""
    author = rows.load_author(connection, agent_id)
    mailbox = rows.load_mailbox(connection, target)
    below = (author.signature, mailbox.signature if mailbox else "")
    return signed(text, "\n".join(filter(None, below)))


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
    if not signed(wanted.text, "")[0] and not has_files:
        raise UsageError("reply.empty")
    check_holes(wanted)
    body, folds = signed_text(connection, target, agent_id, wanted.text)
    make_subject = forward_subject if wanted.is_forward else reply_subject
    folds = passed_on_folds(body, folds) if wanted.is_forward else folds
    return {
        **common_values(target, agent_id, author.name, now),
        "direction": Direction.OUTBOUND.value,
        "delivery": (Delivery.SCHEDULED if wanted.at else Delivery.QUEUED).value,
        "subject": make_subject(target.subject),
        "flags": Flag.THIRD_PARTY if wanted.is_forward else "",
        "text": body,
        "folds": json.dumps([[part.start, part.end, part.kind.value] for part in folds]),
    }


def _addressed(connection: sqlite3.Connection, target: Target, wanted: Wanted) -> dict[str, Any]:
    """Return the columns of sender, recipients and thread.

    A forward begins a thread of its own: ids of the customer's mails are nobody else's business.
    """
    mailbox = mailbox_of(connection, target)
    people, answered = addressees(connection, target, wanted)
    thread: tuple[str, ...] = ()
    if answered is not None:
        known = rows.load_chains(connection, target.id)
        thread = chain(answered.external_id, answered.thread_ids, known)
    return {
        "channel_account_id": mailbox.account_id,
        "sender": mailbox.address,
        "recipients": json.dumps(list(people.to)),
        "copies": json.dumps(list(people.cc)),
        "blind_copies": json.dumps(list(people.bcc)),
        "thread_ids": json.dumps(list(thread)),
        "answers_id": None if answered is None else answered.id,
    }


def addressees(
    connection: sqlite3.Connection, target: Target, wanted: Wanted
) -> tuple[Envelope, Answered | None]:
    """Return whom a message goes to, and the message that it answers.

    Raises:
        UsageError: a bad address, or none.
        NotAllowed: an address that may not be written to, with the reason.
    """
    own = load_desk(connection).own
    if wanted.is_forward:
        return envelope(outside_addresses(wanted.to, own), wanted.cc, wanted.bcc, own), None
    first = wanted.to[0].strip().lower() if wanted.to else ""
    answered = rows.load_answered(connection, target.id, target.customer_address, first)
    to = to_address(connection, target, answered, own, first)
    return envelope([to], wanted.cc, wanted.bcc, own), answered


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

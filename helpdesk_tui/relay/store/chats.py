"""The visitor's side of a conversation: writing, receipts, presence, a person, the end."""

from __future__ import annotations

import json
import sqlite3
from datetime import timedelta

from helpdesk_tui.domain.webchat.reading import moment_of, moment_text
from helpdesk_tui.domain.webchat.wire import Event, EventKind, Visitor, event_json, event_of
from helpdesk_tui.relay.config import Rate
from helpdesk_tui.relay.refusals import too_many, unreadable
from helpdesk_tui.relay.store.files import files_text, new_id, use_uploads
from helpdesk_tui.relay.store.store import Write
from helpdesk_tui.relay.values import VISITOR, Accepted, Running, Said

_ANY = Rate(0, 0)
"""As many as they like."""


def add_event(write: Write, site: str, event: Event) -> None:
    """Keep an event for the box until it has acknowledged it.

    Raises:
        WireError: if the box would not understand it: it must never stand in the way of others.
    """
    said = event_json(event)
    event_of(said)
    write.connection.execute(
        "INSERT INTO event (seq, site, kind, conversation, at, said) VALUES (?, ?, ?, ?, ?, ?)",
        (
            event.seq,
            site,
            event.kind.value,
            event.conversation,
            write.at,
            json.dumps(said, ensure_ascii=False, separators=(",", ":")),
        ),
    )
    write.outcome.boxes.add(site)


def running_of(connection: sqlite3.Connection, visitor: int) -> Running | None:
    """Return the running conversation of a visitor."""
    row = connection.execute(
        "SELECT visitor, site, id, is_left FROM conversation WHERE visitor = ? AND ended_seq = 0",
        (visitor,),
    ).fetchone()
    return Running(row[0], row[1], row[2], bool(row[3])) if row else None


def all_running(connection: sqlite3.Connection) -> list[Running]:
    """Return all running conversations, for the start."""
    rows = connection.execute(
        "SELECT visitor, site, id, is_left FROM conversation WHERE ended_seq = 0"
    )
    return [Running(row[0], row[1], row[2], bool(row[3])) for row in rows]


def say(write: Write, visitor: int, site: str, said: Said, starts: Rate = _ANY) -> Accepted:
    """Store a message of a visitor; the first one starts the conversation.

    The same ``client_id`` again gives the same answer, also when the conversation ended meanwhile.

    Args:
        write: The transaction.
        visitor: Who writes.
        site: Where.
        said: The message.
        starts: How often a visitor may begin a conversation.

    Raises:
        Refused: 400 where a file is none of the visitor's, or in another message; 429 where they
            begin too many conversations.
    """
    row = write.connection.execute(
        "SELECT seq, conversation, at FROM message"
        " WHERE visitor = ? AND id = ? AND author = 'visitor'",
        (visitor, said.client_id),
    ).fetchone()
    if row is not None:
        return Accepted(*row)
    running = running_of(write.connection, visitor)
    if running is None:
        _check_starts(write, visitor, starts)
    conversation = running.conversation if running else _start(write, visitor, site, said)
    files = use_uploads(write, visitor, conversation, said.files)
    if len(files) != len(said.files):
        raise unreadable("files")
    seq = write.next_seq()
    add_line(write, seq, conversation, visitor, author=VISITOR, id=said.client_id, name="",
             text=said.text, at=write.at, files=files_text(files))  # fmt: skip
    event = Event(
        seq=seq,
        kind=EventKind.MESSAGE,
        at=write.now,
        conversation=conversation,
        client_id=said.client_id,
        text=said.text,
        files=files,
        faq=said.faq,
    )
    add_event(write, site, event)
    return Accepted(seq, conversation, write.at)


def add_line(
    write: Write,
    seq: int,
    conversation: str,
    visitor: int,
    *,
    author: str,
    id: str,
    name: str,
    text: str,
    at: str,
    files: str,
) -> None:
    """Store a message of either side."""
    write.connection.execute(
        "INSERT INTO message (seq, conversation, visitor, author, id, name, text, at, files)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (seq, conversation, visitor, author, id, name, text, at, files),
    )
    write.outcome.visitors.add(visitor)


def tell_received(write: Write, visitor: int, seq: int, *, is_seen: bool) -> None:
    """Note how far a browser has the messages of ours, or how far its user has seen them.

    The box gets one event for the newest of them; one it has not acknowledged is replaced.
    """
    row = write.connection.execute(
        "SELECT message.seq, message.id, message.conversation, conversation.site,"
        " conversation.delivered, conversation.seen FROM message"
        " JOIN conversation ON conversation.id = message.conversation"
        " WHERE message.visitor = ? AND message.seq <= ? AND message.author <> 'visitor'"
        " ORDER BY message.seq DESC LIMIT 1",
        (visitor, seq),
    ).fetchone()
    if row is None:
        return
    newest, ours, conversation, site, delivered, seen = row
    if newest <= (seen if is_seen else max(delivered, seen)):
        return
    kind = EventKind.SEEN if is_seen else EventKind.DELIVERED
    write.connection.execute(
        "UPDATE conversation SET delivered = max(delivered, ?), seen = max(seen, ?) WHERE id = ?",
        (newest, newest if is_seen else 0, conversation),
    )
    write.connection.execute(
        "DELETE FROM event WHERE conversation = ? AND kind IN (?, ?)",
        (conversation, EventKind.DELIVERED.value, kind.value),
    )
    event = Event(write.next_seq(), kind, write.now, conversation=conversation, message=ours)
    add_event(write, site, event)


def ask_person(write: Write, visitor: int) -> None:
    """Tell the box that the visitor wants a person; once per wait is enough."""
    running = running_of(write.connection, visitor)
    if running is None:
        return
    known = write.connection.execute(
        "SELECT 1 FROM event WHERE conversation = ? AND kind = ?",
        (running.conversation, EventKind.PERSON.value),
    ).fetchone()
    if known is None:
        _happened(write, running, EventKind.PERSON)


def tell_presence(write: Write, visitor: int, *, is_left: bool) -> None:
    """Tell the box that a visitor left, or is back; nothing where that is known already."""
    running = running_of(write.connection, visitor)
    if running is None or running.left == is_left:
        return
    write.connection.execute(
        "UPDATE conversation SET is_left = ? WHERE id = ?", (int(is_left), running.conversation)
    )
    _happened(write, running, EventKind.LEFT if is_left else EventKind.BACK)
    write.outcome.running[visitor] = Running(visitor, running.site, running.conversation, is_left)


def end_by_visitor(write: Write, visitor: int) -> None:
    """End the running conversation of a visitor, as they wish; nothing where none runs."""
    running = running_of(write.connection, visitor)
    if running is None:
        return
    seq = _happened(write, running, EventKind.ENDED)
    set_ended(write, running.conversation, visitor, seq, VISITOR)


def set_ended(write: Write, conversation: str, visitor: int, seq: int, by: str) -> None:
    """Note that a conversation is over."""
    write.connection.execute(
        "UPDATE conversation SET ended_seq = ?, ended_at = ?, ended_by = ? WHERE id = ?",
        (seq, write.at, by, conversation),
    )
    write.outcome.visitors.add(visitor)
    write.outcome.running[visitor] = None


def vote(write: Write, site: str, key: str, language: str, *, is_helpful: bool) -> None:
    """Tell the box whether an answer of the FAQ helped."""
    event = Event(write.next_seq(), EventKind.VOTE, write.now, faq=key, language=language,
                  helpful=is_helpful)  # fmt: skip
    add_event(write, site, event)


def _check_starts(write: Write, visitor: int, starts: Rate) -> None:
    since = moment_text(write.now - timedelta(seconds=starts.seconds))
    recent = write.connection.execute(
        "SELECT started_at FROM conversation WHERE visitor = ? AND started_at > ?"
        " ORDER BY started_at DESC LIMIT ?",
        (visitor, since, starts.amount),
    ).fetchall()
    if 0 < starts.amount <= len(recent):
        passed = write.now - moment_of(recent[-1][0])
        raise too_many(starts.seconds - passed.total_seconds())


def _start(write: Write, visitor: int, site: str, said: Said) -> str:
    conversation = new_id()
    seq = write.next_seq()
    row = write.connection.execute(
        "SELECT id, email, name FROM visitor WHERE key = ?", (visitor,)
    ).fetchone()
    write.connection.execute(
        "INSERT INTO conversation (id, site, visitor, started_seq, started_at)"
        " VALUES (?, ?, ?, ?, ?)",
        (conversation, site, visitor, seq, write.at),
    )
    event = Event(
        seq=seq,
        kind=EventKind.STARTED,
        at=write.now,
        conversation=conversation,
        visitor=Visitor(*row),
        language=said.language,
        timezone=said.timezone,
        page=said.page,
    )
    add_event(write, site, event)
    write.outcome.running[visitor] = Running(visitor, site, conversation, left=False)
    return conversation


def _happened(write: Write, running: Running, kind: EventKind) -> int:
    seq = write.next_seq()
    add_event(write, running.site, Event(seq, kind, write.now, conversation=running.conversation))
    return seq

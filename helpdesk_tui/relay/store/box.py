"""The box's side: events and their acknowledgement, messages of ours, the end, the sites."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, replace

from helpdesk_tui.domain.webchat.reading import moment_text
from helpdesk_tui.domain.webchat.site_wire import site_json, site_of
from helpdesk_tui.domain.webchat.wire import Event, EventKind, OurMessage, Site, event_of
from helpdesk_tui.relay.refusals import Refused
from helpdesk_tui.relay.store.chats import add_line, set_ended
from helpdesk_tui.relay.store.files import files_text, give, missing
from helpdesk_tui.relay.store.store import Write
from helpdesk_tui.relay.values import Health

MOST_EVENTS = 500
"""In one answer to the box."""
_MOST_CHARS = 1_000_000
"""In one answer, unless one event alone is larger."""


def events_after(connection: sqlite3.Connection, site: str, after: int) -> tuple[Event, ...]:
    """Return the next events of a site, oldest first."""
    found: list[Event] = []
    size = 0
    rows = connection.execute(
        "SELECT said FROM event WHERE site = ? AND seq > ? ORDER BY seq LIMIT ?",
        (site, after, MOST_EVENTS),
    )
    for (said,) in rows:
        size += len(said)
        if found and size > _MOST_CHARS:
            break
        found.append(event_of(json.loads(said)))
    return tuple(found)


def acknowledge(write: Write, site: str, through: int) -> None:
    """Forget the events that the box has stored."""
    write.connection.execute("DELETE FROM event WHERE site = ? AND seq <= ?", (site, through))


@dataclass(frozen=True, slots=True)
class _Known:
    visitor: int
    ended_seq: int


def _known(connection: sqlite3.Connection, site: str, conversation: str) -> _Known:
    row = connection.execute(
        "SELECT visitor, ended_seq FROM conversation WHERE id = ? AND site = ?",
        (conversation, site),
    ).fetchone()
    if row is None:
        raise Refused(404, "conversation.unknown")
    return _Known(*row)


def visitor_of_chat(connection: sqlite3.Connection, site: str, conversation: str) -> int | None:
    """Return whose running conversation this is; None once it ended.

    Raises:
        Refused: 404.
    """
    found = _known(connection, site, conversation)
    return None if found.ended_seq else found.visitor


def add_message_of_ours(write: Write, site: str, message: OurMessage) -> tuple[int, bool]:
    """Store a message of ours; returns its number and whether it was there before.

    Raises:
        Refused: 404, 409 ``conversation.ended``, 409 ``file.missing``.
    """
    known = _known(write.connection, site, message.conversation)
    row = write.connection.execute(
        "SELECT seq FROM message WHERE conversation = ? AND id = ? AND author <> 'visitor'",
        (message.conversation, message.id),
    ).fetchone()
    if row is not None:
        return int(row[0]), True
    if known.ended_seq:
        raise Refused(409, "conversation.ended")
    lacking = missing(write.connection, site, message.files)
    if lacking:
        raise Refused(409, "file.missing", files=lacking)
    files = tuple(replace(each, id=each.sha256) for each in message.files)
    give(write, site, message.conversation, files)
    seq = write.next_seq()
    add_line(write, seq, message.conversation, known.visitor, author=message.author.value,
             id=message.id, name=message.name, text=message.text, at=moment_text(message.at),
             files=files_text(files))  # fmt: skip
    return seq, False


def set_agent_seen(write: Write, site: str, conversation: str, client_id: str) -> None:
    """Note how far agents have read; nothing if they had read further before.

    Raises:
        Refused: 404 for a conversation or a message that is not there.
    """
    known = _known(write.connection, site, conversation)
    row = write.connection.execute(
        "SELECT seq FROM message WHERE conversation = ? AND id = ? AND author = 'visitor'",
        (conversation, client_id),
    ).fetchone()
    if row is None:
        raise Refused(404, "message.unknown")
    changed = write.connection.execute(
        "UPDATE conversation SET agent_seen = ?, agent_seen_seq = ?"
        " WHERE id = ? AND agent_seen < ?",
        (row[0], write.next_seq(), conversation, row[0]),
    )
    if changed.rowcount:
        write.outcome.visitors.add(known.visitor)


def end_by_box(write: Write, site: str, conversation: str, seen: int, by: str) -> None:
    """End a conversation, unless the visitor said something that the box does not know yet.

    Raises:
        Refused: 404, 409 ``conversation.pending``.
    """
    known = _known(write.connection, site, conversation)
    if known.ended_seq:
        return
    pending = write.connection.execute(
        "SELECT 1 FROM message WHERE conversation = ? AND seq > ? AND author = 'visitor'"
        " UNION ALL SELECT 1 FROM event WHERE conversation = ? AND seq > ? AND kind = ? LIMIT 1",
        (conversation, seen, conversation, seen, EventKind.PERSON.value),
    ).fetchone()
    if pending is not None:
        raise Refused(409, "conversation.pending")
    set_ended(write, conversation, known.visitor, write.next_seq(), by)


def put_site(write: Write, site: Site) -> bool:
    """Publish a site anew; tells whether anything changed."""
    said = json.dumps(site_json(site), ensure_ascii=False, sort_keys=True)
    row = write.connection.execute("SELECT said FROM site WHERE id = ?", (site.id,)).fetchone()
    if row is not None and row[0] == said:
        return False
    write.connection.execute(
        "INSERT INTO site (id, said, put_at) VALUES (?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET said = excluded.said, put_at = excluded.put_at",
        (site.id, said, write.at),
    )
    write.outcome.sites[site.id] = site
    return True


def all_sites(connection: sqlite3.Connection) -> list[Site]:
    """Return the published sites, for the start."""
    rows = connection.execute("SELECT said FROM site").fetchall()
    return [site_of(json.loads(said)) for (said,) in rows]


def health_of(connection: sqlite3.Connection, site: str) -> Health:
    """Return how a site stands: what waits for the box, and how many talk."""
    events, oldest = connection.execute(
        "SELECT count(*), coalesce(min(at), '') FROM event WHERE site = ?", (site,)
    ).fetchone()
    running = connection.execute(
        "SELECT count(*) FROM conversation WHERE site = ? AND ended_seq = 0", (site,)
    ).fetchone()[0]
    known = connection.execute("SELECT 1 FROM site WHERE id = ?", (site,)).fetchone()
    return Health(known is not None, events, oldest, running)

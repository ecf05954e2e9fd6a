"""Rows of messages that came through a provider: stored once, adopted, taken back, marked."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk_tui.db import ingest_sql as sql
from helpdesk_tui.db.fulltext import index_message, unindex_message
from helpdesk_tui.db.notices import packed_notices, unpacked_notices
from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.mail import Notice, NoticeKind
from helpdesk_tui.domain.reopening import ReceivingTicket
from helpdesk_tui.domain.times import to_us

_FILE_COLUMNS = (
    "message_id", "filename", "content_type", "size", "sha256", "inline", "content_id", "state",
    "source", "tries", "next_try_at", "error_code",
)  # fmt: skip
_IN_FLIGHT = """
    SELECT part.message_id, part.position FROM message_part AS part
    JOIN message ON message.id = part.message_id
    WHERE part.channel_account_id = :account AND part.provider_id = ''
        AND part.state IN ('sending', 'unknown') AND part.text = :text
        AND (part.files != '[]') = :has_files
        AND json_extract(message.recipients, '$[0]') = :address
    ORDER BY part.message_id, part.position LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class File:
    """A file of a received message: its bytes are stored, or still to be fetched."""

    filename: str
    content_type: str
    size: int
    sha256: str = ""
    source: str = ""
    """JSON of where the provider holds it."""
    state: str = ""
    next_try_at: int | None = None
    error_code: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A stored message as what comes later about it needs it."""

    id: int
    ticket_id: int
    direction: str
    author_name: str
    text: str
    notices: tuple[Notice, ...]
    flags: tuple[str, ...]
    sender: str


def is_stored(connection: sqlite3.Connection, account: int, external_id: str) -> bool:
    """Tell whether a message came before: it is in a ticket or on the intake list."""
    row = connection.execute(
        "SELECT 1 FROM message WHERE external_id = :id AND channel_account_id = :account"
        " UNION ALL SELECT 1 FROM intake WHERE external_id = :id AND channel_account_id = :account"
        " LIMIT 1",
        {"id": external_id, "account": account},
    ).fetchone()
    return row is not None


def find_part(
    connection: sqlite3.Connection, account: int, provider_id: str
) -> tuple[int, int] | None:
    """Return (message, position) of what we sent that the provider knows by this id."""
    if not provider_id:
        return None
    row = connection.execute(
        "SELECT message_id, position FROM message_part WHERE channel_account_id = :account"
        " AND provider_id = :id AND provider_id != '' LIMIT 1",
        {"account": account, "id": provider_id},
    ).fetchone()
    return None if row is None else (int(row[0]), int(row[1]))


def adopt_part(
    connection: sqlite3.Connection,
    account: int,
    provider_id: str,
    *,
    address: str,
    text: str,
    has_files: bool,
) -> int | None:
    """Give the id to a request of ours that is on its way and says the same; return its message.

    The provider's copy of it may come before its answer, and after a time-out it is the answer.
    """
    wanted = {"account": account, "text": text, "has_files": has_files, "address": address}
    row = connection.execute(_IN_FLIGHT, wanted).fetchone()
    if row is None:
        return None
    connection.execute(
        "UPDATE message_part SET provider_id = :provider WHERE message_id = :message"
        " AND position = :position",
        {"provider": provider_id, "message": row[0], "position": row[1]},
    )
    return int(row[0])


def find_message(connection: sqlite3.Connection, account: int, external_id: str) -> Known | None:
    """Return a message, of the customer's or of ours, by the provider's id of it."""
    if not external_id:
        return None
    row = connection.execute(
        "SELECT id FROM message WHERE external_id = :id AND channel_account_id = :account LIMIT 1",
        {"id": external_id, "account": account},
    ).fetchone()
    if row is None:
        row = find_part(connection, account, external_id)
    return None if row is None else load_known(connection, int(row[0]))


def load_known(connection: sqlite3.Connection, message_id: int) -> Known | None:
    """Return a stored message."""
    row = connection.execute(
        "SELECT id, ticket_id, direction, author_name, text, notices, flags, sender FROM message"
        " WHERE id = :id",
        {"id": message_id},
    ).fetchone()
    if row is None:
        return None
    return Known(row[0], row[1], row[2], row[3], row[4], unpacked_notices(row[5]),
                 tuple(row[6].split()), row[7])  # fmt: skip


def insert_message(
    connection: sqlite3.Connection, values: Mapping[str, Any], files: Sequence[File]
) -> int:
    """Store a message with its files, found by the search from now on; return its id."""
    row = {
        name: to_us(value) if isinstance(value, datetime) else value
        for name, value in values.items()
    }
    row["original_ticket_id"] = row["ticket_id"]
    names = ", ".join(row)
    marks = ", ".join(f":{name}" for name in row)
    done = connection.execute(f"INSERT INTO message ({names}) VALUES ({marks})", row)
    message_id = int(done.lastrowid or 0)
    connection.executemany(
        sql.insert("attachment", *_FILE_COLUMNS),
        [
            (message_id, each.filename, each.content_type, each.size, each.sha256, False, "",
             each.state, each.source, 0, each.next_try_at, each.error_code)
            for each in files
        ],
    )  # fmt: skip
    index_message(connection, message_id)
    return message_id


def insert_ticket(
    connection: sqlite3.Connection, state: ReceivingTicket, account: int, ours: str, now: datetime
) -> None:
    """Store a new ticket."""
    row = sql.new_ticket(state, state.channel, account, state.subject, ours, now=to_us(now))
    connection.execute(sql.INSERTS["ticket"], row)


def newest_message(connection: sqlite3.Connection, ticket_id: int) -> tuple[int, int]:
    """Return id and moment of receipt of a ticket's newest message; zeros without any."""
    row = connection.execute(
        "SELECT id, received_at FROM message WHERE ticket_id = :id AND direction != 'note'"
        " ORDER BY id DESC LIMIT 1",
        {"id": ticket_id},
    ).fetchone()
    return (0, 0) if row is None else (int(row[0]), int(row[1]))


def count_messages(connection: sqlite3.Connection, ticket_id: int) -> int:
    """Return how many messages a ticket has, notes left out."""
    row = connection.execute(
        "SELECT count(*) FROM message WHERE ticket_id = :id AND direction != 'note'",
        {"id": ticket_id},
    ).fetchone()
    return int(row[0])


def blank(connection: sqlite3.Connection, message: Known) -> list[str]:
    """Make a message a tombstone: it said something, and nobody can read what.

    Returns:
        SHA-256 of what it held; bytes that nothing else names are gone.
    """
    held = {row[0] for row in connection.execute(
        "SELECT sha256 FROM attachment WHERE message_id = :id"
        " UNION SELECT raw_sha256 FROM message WHERE id = :id", {"id": message.id})}  # fmt: skip
    unindex_message(connection, message.id)
    connection.execute("DELETE FROM attachment WHERE message_id = :id", {"id": message.id})
    connection.execute(
        "UPDATE message SET text = '', html = '', folds = '[]', links = '[]', subject = '',"
        " raw_sha256 = '', content_hash = '', notices = :notices, flags = :flags WHERE id = :id",
        {
            "id": message.id,
            "notices": packed_notices((Notice(NoticeKind.UNSENT),)),
            "flags": " ".join(sorted({*message.flags, str(Flag.UNSENT)})),
        },
    )
    index_message(connection, message.id)
    _blank_quotes(connection, message)
    held.discard("")
    return sorted(held)


def _blank_quotes(connection: sqlite3.Connection, message: Known) -> None:
    """Take what was taken back out of the messages that quote it."""
    found = connection.execute(
        "SELECT id, notices FROM message WHERE ticket_id = :ticket AND notices LIKE '%\"quoted\"%'",
        {"ticket": message.ticket_id},
    ).fetchall()
    for quoting, notices in found:
        kept = [_unquoted(each, message.id) for each in unpacked_notices(notices)]
        set_notices(connection, quoting, kept)


def _unquoted(notice: Notice, message_id: int) -> Notice:
    values = dict(notice.values)
    if notice.kind is not NoticeKind.QUOTED or values.get("id") != str(message_id):
        return notice
    return Notice(notice.kind, tuple((values | {"text": ""}).items()))


def drop_unused_blobs(connection: sqlite3.Connection, shas: Sequence[str]) -> None:
    """Remove rows of bytes that nothing names any more; their files go with the next sweep."""
    for sha256 in shas:
        connection.execute(
            "DELETE FROM blob WHERE sha256 = :sha"
            " AND NOT EXISTS (SELECT 1 FROM attachment WHERE sha256 = :sha)"
            " AND NOT EXISTS (SELECT 1 FROM message WHERE raw_sha256 = :sha)"
            " AND NOT EXISTS (SELECT 1 FROM intake WHERE raw_sha256 = :sha)"
            " AND NOT EXISTS (SELECT 1 FROM draft_file WHERE sha256 = :sha)",
            {"sha": sha256},
        )


def set_notices(connection: sqlite3.Connection, message_id: int, notices: Sequence[Notice]) -> None:
    """Write what a message carries beside text and files."""
    connection.execute(
        "UPDATE message SET notices = :notices WHERE id = :id",
        {"notices": packed_notices(tuple(notices)), "id": message_id},
    )


def touch(connection: sqlite3.Connection, ticket_id: int, now: datetime) -> None:
    """Let everybody who shows a ticket see that something in it has changed."""
    connection.execute(
        "UPDATE ticket SET updated_at = :now, version = version + 1 WHERE id = :id",
        {"now": to_us(now), "id": ticket_id},
    )


def hide_words(
    connection: sqlite3.Connection, message: Known, *, subject: str, preview: str
) -> None:
    """Take the words of a message out of what lists show of its ticket.

    Args:
        connection: A connection in a write transaction.
        message: As it was before it was blanked.
        subject: What it made the subject; gone, if that still stands there.
        preview: What it made the preview; the newest words of others stand there then.
    """
    wanted = {"id": message.ticket_id, "subject": subject, "preview": preview}
    connection.execute(
        "UPDATE ticket SET subject = '' WHERE id = :id AND subject = :subject", wanted
    )
    if preview:
        connection.execute(
            "UPDATE ticket SET preview = '' WHERE id = :id AND preview = :preview", wanted
        )
    connection.execute(
        "UPDATE ticket SET has_media = EXISTS (SELECT 1 FROM attachment JOIN message"
        " ON message.id = attachment.message_id WHERE message.ticket_id = :id) WHERE id = :id",
        wanted,
    )


def last_words(connection: sqlite3.Connection, ticket_id: int) -> str:
    """Return the text of the newest message of a ticket that has one."""
    row = connection.execute(
        "SELECT text FROM message WHERE ticket_id = :id AND direction != 'note' AND text != ''"
        " AND instr(' ' || flags || ' ', ' blocked ') = 0"
        " AND (automatic = 0 OR direction = 'inbound') ORDER BY id DESC LIMIT 1",
        {"id": ticket_id},
    ).fetchone()
    return "" if row is None else str(row[0])


def set_preview(connection: sqlite3.Connection, ticket_id: int, preview: str) -> None:
    """Write the first words that lists show of a ticket, where none stand."""
    connection.execute(
        "UPDATE ticket SET preview = :preview WHERE id = :id AND preview = ''",
        {"preview": preview, "id": ticket_id},
    )


def mark_outside_read(
    connection: sqlite3.Connection, account: int, address: str, until: int
) -> list[int]:
    """Note that a customer has read what we wrote to them in other programs; return the tickets."""
    found = connection.execute(
        "UPDATE message SET delivery = 'read' WHERE channel_account_id = :account"
        " AND ticket_id IN (SELECT id FROM ticket WHERE profile_id = (SELECT profile_id"
        "  FROM contact WHERE channel_account_id = :account AND address = :address))"
        f" AND direction = 'outbound' AND instr(' ' || flags || ' ', ' {Flag.ANSWERED_OUTSIDE} ')"
        " AND delivery IN ('sent', 'delivered') AND sent_at <= :until RETURNING ticket_id",
        {"account": account, "address": address, "until": until},
    )
    return sorted({int(row[0]) for row in found})


def keep_word(
    connection: sqlite3.Connection, account: int, provider_id: str, state: str, at: datetime,
    *, code: str = "", text: str = "",
) -> None:  # fmt: skip
    """Keep what was said of a message that is not known yet, once."""
    wanted = {"account": account, "id": provider_id, "state": state, "code": code, "text": text}
    connection.execute(
        "INSERT INTO early_status (channel_account_id, provider_id, state, error_code, error_text,"
        " at) SELECT :account, :id, :state, :code, :text, :at WHERE NOT EXISTS (SELECT 1"
        " FROM early_status WHERE channel_account_id = :account AND provider_id = :id"
        " AND state = :state AND error_code = :code AND error_text = :text)",
        {**wanted, "at": to_us(at)},
    )


def take_words(
    connection: sqlite3.Connection, account: int, provider_id: str, states: Sequence[str]
) -> list[tuple[str, str, str, int]]:
    """Take out what was kept of a message: (state, code, text, moment), in its order."""
    marks = ", ".join("?" * len(states))
    found = connection.execute(
        f"DELETE FROM early_status WHERE channel_account_id = ? AND provider_id = ?"
        f" AND state IN ({marks}) RETURNING state, error_code, error_text, at, id",
        (account, provider_id, *states),
    ).fetchall()
    return [row[:4] for row in sorted(found, key=lambda row: (row[3], row[4]))]


def insert_intake(connection: sqlite3.Connection, values: Mapping[str, Any]) -> int:
    """Put something on the list of what made no ticket; return its row."""
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    done = connection.execute(f"INSERT INTO intake ({names}) VALUES ({marks})", dict(values))
    return int(done.lastrowid or 0)


def has_event(
    connection: sqlite3.Connection, ticket_id: int, kind: str, after: Mapping[str, Any]
) -> bool:
    """Tell whether something was noted of a ticket with just these values."""
    row = connection.execute(
        "SELECT 1 FROM activity WHERE ticket_id = :id AND kind = :kind AND after = :after LIMIT 1",
        {"id": ticket_id, "kind": kind, "after": json.dumps(after, separators=(",", ":"))},
    ).fetchone()
    return row is not None

"""Erase a customer: what they said and what is known of them goes, what was counted stays.

Tickets and messages stay as empty shells with their times, so that no figure of the past changes.
The technical id and the hash of each message stay as well: a mailbox that is read anew would bring
an erased mail back. So does every word by which they opted out: nobody may write to them again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from helpdesk_tui.db.commerce.group import Group
from helpdesk_tui.db.commerce.imported import forget_customer
from helpdesk_tui.db.fulltext import index_message, unindex_message
from helpdesk_tui.domain.times import to_us

_BLANK_MESSAGE = """
    UPDATE message SET author_name = CASE direction WHEN 'inbound' THEN '' ELSE author_name END,
        sender = CASE direction WHEN 'inbound' THEN '' ELSE sender END, recipients = '[]',
        copies = '[]', blind_copies = '[]', reply_to = '', subject = '', text = '', html = '',
        folds = '[]', notices = '[]', links = '[]', has_html = 0, thread_ids = '[]',
        raw_sha256 = '', flags = '', error_text = '', template = '', campaign_send_id = NULL,
        filed = 1, due_at = NULL,
        delivery = CASE WHEN delivery IN ('queued', 'scheduled') THEN 'failed' ELSE delivery END
    WHERE id = ?
"""
_BLANK_TICKET = """
    UPDATE ticket SET subject = '', customer_name = '', customer_address = '', preview = '',
        flags = '', status = 'closed', closed_at = coalesce(closed_at, :now), unread = 0,
        waiting_since = NULL, held_at = NULL, snoozed_until = NULL, has_media = 0, offer = '',
        campaign_send_id = NULL, updated_at = :now, version = version + 1
    WHERE id = :ticket
"""
_OF_TICKET = ("draft", "draft_file", "participant", "thread_ref", "auto_answer")
_OF_PROFILE = (
    "source_match", "customer_section", "order_snapshot", "subscription_snapshot",
    "customer_event", "customer_value", "customer_segment", "contact", "identity",
)  # fmt: skip

_PAGES = 500
"""Of the search index that are written in one transaction: agents write in between."""
_FROM_THEM = "(sender = :name OR customer_address = :name)"
_BYTES = """
    SELECT raw_sha256 FROM message WHERE ticket_id = :ticket
    UNION SELECT attachment.sha256 FROM message JOIN attachment
        ON attachment.message_id = message.id WHERE message.ticket_id = :ticket
    UNION SELECT each.value FROM message JOIN message_part
        ON message_part.message_id = message.id, json_each(message_part.files) AS each
        WHERE message.ticket_id = :ticket
    UNION SELECT sha256 FROM draft_file WHERE ticket_id = :ticket
"""
_STILL_NAMED = """
    WITH wanted(sha) AS MATERIALIZED (SELECT value FROM json_each(:wanted)),
        mine(id) AS MATERIALIZED (SELECT value FROM json_each(:tickets))
    SELECT sha256 FROM attachment CROSS JOIN message ON message.id = attachment.message_id
        WHERE sha256 IN (SELECT sha FROM wanted) AND ticket_id NOT IN (SELECT id FROM mine)
    UNION SELECT raw_sha256 FROM message
        WHERE content_hash IN (SELECT value FROM json_each(:contents))
        AND ticket_id NOT IN (SELECT id FROM mine)
    UNION SELECT raw_sha256 FROM intake WHERE raw_sha256 IN (SELECT sha FROM wanted)
        AND sender NOT IN (SELECT value FROM json_each(:names))
        AND customer_address NOT IN (SELECT value FROM json_each(:names))
    UNION SELECT sha256 FROM draft_file WHERE sha256 IN (SELECT sha FROM wanted)
        AND ticket_id NOT IN (SELECT id FROM mine)
    UNION SELECT each.value FROM message_part
        JOIN message ON message.id = message_part.message_id,
        json_each(message_part.files) AS each
        WHERE message_part.files != '[]' AND each.value IN (SELECT sha FROM wanted)
        AND message.ticket_id NOT IN (SELECT id FROM mine)
"""
"""Of some bytes those that others hold as well: the same mail has the same content hash."""


def load_tickets(connection: sqlite3.Connection, group: Group) -> list[int]:
    """Return all tickets of a customer, merged ones included."""
    found = connection.execute(
        f"SELECT id FROM ticket WHERE profile_id IN ({group.marks}) ORDER BY id", group.members
    )
    return [int(row[0]) for row in found]


def load_names(connection: sqlite3.Connection, group: Group) -> tuple[str, ...]:
    """Return all that a customer is called and reached by, the longest first."""
    found = connection.execute(
        f"SELECT value FROM identity WHERE profile_id IN ({group.marks})"
        f" UNION SELECT name FROM profile WHERE id IN ({group.marks})"
        f" UNION SELECT email FROM profile WHERE id IN ({group.marks})"
        f" UNION SELECT phone FROM profile WHERE id IN ({group.marks})",
        group.members * 4,
    )
    return tuple(sorted((row[0] for row in found if len(row[0]) > 1), key=len, reverse=True))


def is_busy(connection: sqlite3.Connection, group: Group) -> bool:
    """Tell whether something of theirs is on its way that cannot be called back."""
    row = connection.execute(
        "SELECT 1 FROM message JOIN ticket ON ticket.id = message.ticket_id"
        f" WHERE ticket.profile_id IN ({group.marks}) AND message.delivery = 'sending'"
        f" UNION ALL SELECT 1 FROM shop_action WHERE profile_id IN ({group.marks})"
        " AND state IN ('queued', 'running', 'unknown')"
        f" UNION ALL SELECT 1 FROM chat JOIN ticket ON ticket.id = chat.ticket_id"
        f" WHERE ticket.profile_id IN ({group.marks}) AND chat.ended_at IS NULL LIMIT 1",
        group.members * 3,
    ).fetchone()
    return row is not None


def drop_bytes(
    connection: sqlite3.Connection, tickets: Sequence[int], names: Sequence[str]
) -> list[str]:
    """Remove the mails and files of a customer that nothing else names; return their hashes.

    Before the tickets are emptied, as nothing else knows these bytes: a run that is broken off
    begins here anew. Files of large ones are left without a row; whoever calls removes them.
    """
    _overwrite(connection)
    hashes: set[str] = set()
    contents: set[str] = set()
    for ticket in tickets:
        for row in connection.execute(_BYTES, {"ticket": ticket}):
            hashes.add(row[0])
        for row in connection.execute(
            "SELECT content_hash FROM message WHERE ticket_id = ?", (ticket,)
        ):
            contents.add(row[0])
    for name in names:
        hashes |= {
            row[0]
            for row in connection.execute(
                f"SELECT raw_sha256 FROM intake WHERE {_FROM_THEM}", {"name": name}
            )
        }
    hashes.discard("")
    if not hashes:
        return []
    found = connection.execute(
        _STILL_NAMED,
        {
            "wanted": json.dumps(sorted(hashes)), "tickets": json.dumps(list(tickets)),
            "contents": json.dumps(sorted(contents)), "names": json.dumps(list(names)),
        },
    )  # fmt: skip
    gone = sorted(hashes - {row[0] for row in found})
    connection.executemany("DELETE FROM blob WHERE sha256 = ?", [(one,) for one in gone])
    return gone


def _overwrite(connection: sqlite3.Connection) -> None:
    """Let what is removed be overwritten, not only forgotten."""
    connection.execute("PRAGMA secure_delete=ON")


def tidy_search(connection: sqlite3.Connection, *, is_first: bool) -> bool:
    """Write a part of the search index anew, without words of what is gone; True: there is more.

    The index only notes what was taken out of it, until its parts are put together.
    """
    _overwrite(connection)
    before = connection.total_changes
    pages = -_PAGES if is_first else _PAGES
    connection.execute(f"INSERT INTO message_fts (message_fts, rank) VALUES ('merge', {pages})")
    # by the manual of SQLite: one change is the command itself
    return connection.total_changes - before >= 2


def blank_ticket(
    connection: sqlite3.Connection, ticket: int, names: Sequence[str], now: datetime
) -> None:
    """Empty a ticket and its messages."""
    _overwrite(connection)
    messages = connection.execute("SELECT id FROM message WHERE ticket_id = ?", (ticket,))
    for (message,) in messages.fetchall():
        unindex_message(connection, message)
        connection.execute("DELETE FROM attachment WHERE message_id = ?", (message,))
        connection.execute("DELETE FROM short_link WHERE message_id = ?", (message,))
        connection.execute(
            "UPDATE message_part SET text = '', files = '[]', error_text = '' WHERE message_id = ?",
            (message,),
        )
        connection.execute(_BLANK_MESSAGE, (message,))
        index_message(connection, message)
    for table in _OF_TICKET:
        connection.execute(f"DELETE FROM {table} WHERE ticket_id = ?", (ticket,))
    connection.execute("UPDATE chat SET visitor = '', page = '' WHERE ticket_id = ?", (ticket,))
    connection.execute(_BLANK_TICKET, {"ticket": ticket, "now": to_us(now)})
    _blank_log(connection, ticket, names)


def _blank_log(connection: sqlite3.Connection, ticket: int, names: Sequence[str]) -> None:
    """Take the customer out of what the log says of a ticket; what happened, and when, stays."""
    rows = connection.execute(
        "SELECT id, before, after FROM activity WHERE ticket_id = ?", (ticket,)
    ).fetchall()
    for number, before, after in rows:
        blanked = _without(before, names), _without(after, names)
        if blanked != (before, after):
            connection.execute(
                "UPDATE activity SET before = ?, after = ? WHERE id = ?", (*blanked, number)
            )


def _without(text: str, names: Sequence[str]) -> str:
    return json.dumps(_blanked(json.loads(text), [name.casefold() for name in names]))


def _blanked(value: object, names: Sequence[str]) -> object:
    if isinstance(value, dict):
        return {name: _blanked(one, names) for name, one in value.items()}
    if isinstance(value, list):
        return [_blanked(one, names) for one in value]
    if isinstance(value, str) and any(name in value.casefold() for name in names):
        return ""
    return value


def blank_profile(
    connection: sqlite3.Connection, group: Group, names: Sequence[str], now: datetime
) -> None:
    """Remove all that is known of a customer beside tickets."""
    _overwrite(connection)
    forget_customer(connection, group.members)
    for name in names:
        connection.execute(
            "DELETE FROM consent WHERE address = ? AND state != 'withdrawn'", (name,)
        )
        connection.execute("UPDATE consent SET detail = '' WHERE address = ?", (name,))
        connection.execute("DELETE FROM campaign_send WHERE address = ?", (name,))
        connection.execute("DELETE FROM keyword_answer WHERE address = ?", (name,))
        connection.execute(
            "UPDATE intake SET sender = '', subject = '', preview = '', customer_name = '',"
            f" customer_address = '', detail = '', raw_sha256 = '' WHERE {_FROM_THEM}",
            {"name": name},
        )
    connection.execute(
        "DELETE FROM job WHERE json_extract(arguments, '$.profile') IN"
        " (SELECT value FROM json_each(?))",
        (json.dumps(group.members),),
    )
    for member in group.members:
        for table in _OF_PROFILE:
            connection.execute(f"DELETE FROM {table} WHERE profile_id = ?", (member,))
        connection.execute(
            "UPDATE shop_action SET arguments = '{}', expected = '{}', progress = '{}',"
            " result = '{}', error_values = '{}' WHERE profile_id = ?",
            (member,),
        )
        connection.execute(
            "UPDATE profile SET name = '', email = '', phone = '', location = '', timezone = '',"
            " updated_at = ?, version = version + 1 WHERE id = ?",
            (to_us(now), member),
        )

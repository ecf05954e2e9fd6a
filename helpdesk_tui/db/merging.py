"""Move messages between tickets: merge, un-merge and split, all inside the caller's transaction.

A message keeps the ticket it first belonged to; only where it stands now changes, so that each of
the three can be taken back exactly.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk_tui.db.drafts import macros_name
from helpdesk_tui.db.reads.merging import standing
from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.folds import first_words, unpacked_folds
from helpdesk_tui.domain.times import to_us

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """What a message that is split off brings along."""

    ticket_id: int
    direction: str
    name: str
    address: str
    subject: str
    received_at: int


def load_profiles(connection: sqlite3.Connection, ids: Sequence[int]) -> dict[int, int]:
    """Return whose tickets these are: ticket → profile."""
    found: dict[int, int] = {}
    for start in range(0, len(ids), _CHUNK):
        part = ids[start : start + _CHUNK]
        marks = ", ".join("?" * len(part))
        found |= dict(
            connection.execute(f"SELECT id, profile_id FROM ticket WHERE id IN ({marks})", part)
        )
    return found


def leaving(connection: sqlite3.Connection, ticket_id: int) -> set[int]:
    """Return the replies of a ticket that are on their way out."""
    found = connection.execute(
        "SELECT id FROM message WHERE ticket_id = :id AND direction = 'outbound'"
        " AND delivery IN ('queued', 'sending')",
        {"id": ticket_id},
    )
    return {row[0] for row in found}


def follow(connection: sqlite3.Connection, ticket_id: int) -> int:
    """Return where a ticket stands now, merges followed."""
    found = standing(connection, ticket_id)
    return ticket_id if found is None else found


def message_ids(connection: sqlite3.Connection, ticket_id: int) -> list[int]:
    """Return the messages and notes that stand in a ticket, oldest first."""
    found = connection.execute(
        "SELECT id FROM message WHERE ticket_id = :id ORDER BY id", {"id": ticket_id}
    )
    return [row[0] for row in found]


def load_origins(connection: sqlite3.Connection, messages: Sequence[int]) -> dict[int, int]:
    """Return the ticket that each message first belonged to."""
    found: dict[int, int] = {}
    for start in range(0, len(messages), _CHUNK):
        part = messages[start : start + _CHUNK]
        marks = ", ".join("?" * len(part))
        found |= dict(
            connection.execute(
                f"SELECT id, original_ticket_id FROM message WHERE id IN ({marks})", part
            )
        )
    return found


def split_claims(connection: sqlite3.Connection, tickets: Sequence[int]) -> dict[int, int]:
    """Return the messages that were split off into one of these tickets, and into which last."""
    made: dict[int, int] = {}
    for start in range(0, len(tickets), _CHUNK):
        part = tickets[start : start + _CHUNK]
        marks = ", ".join("?" * len(part))
        for ticket_id, after in connection.execute(
            "SELECT ticket_id, after FROM activity WHERE kind = 'ticket.created'"
            f" AND ticket_id IN ({marks})",
            part,
        ):
            source = json.loads(after).get("split_from")
            if source is not None:
                made[ticket_id] = source
    claims: dict[int, int] = {}
    for source in set(made.values()):
        for (after,) in connection.execute(
            "SELECT after FROM activity WHERE kind = 'ticket.split' AND ticket_id = :source",
            {"source": source},
        ):
            split = json.loads(after)
            if split["ticket"] in made:
                for message in split["messages"]:
                    # a message is only ever split off into a newer ticket
                    claims[message] = max(split["ticket"], claims.get(message, 0))
    return claims


def move_messages(
    connection: sqlite3.Connection, messages: Sequence[int], *, source: int, target: int
) -> list[int]:
    """Move messages that still stand in ``source``; return those that were moved."""
    moved: list[int] = []
    for start in range(0, len(messages), _CHUNK):
        part = messages[start : start + _CHUNK]
        marks = ", ".join("?" * len(part))
        moved += [
            row[0]
            for row in connection.execute(
                f"UPDATE message SET ticket_id = ? WHERE ticket_id = ? AND id IN ({marks})"
                " RETURNING id",
                (target, source, *part),
            )
        ]
        connection.execute(
            "UPDATE mention SET ticket_id = (SELECT ticket_id FROM message"
            f" WHERE message.id = mention.message_id) WHERE message_id IN ({marks})",
            part,
        )
    return sorted(moved)


def lend_people(connection: sqlite3.Connection, *, source: int, target: int) -> None:
    """Let the participants of a merged ticket write into the one it became part of."""
    connection.execute(
        "INSERT INTO participant (ticket_id, address, name, role)"
        " SELECT :target, address, name, :role FROM participant WHERE ticket_id = :source"
        " ON CONFLICT DO NOTHING",
        {"target": target, "source": source, "role": f"merged:{source}"},
    )


def return_people(connection: sqlite3.Connection, *, source: int, target: int) -> None:
    """Take away again what :func:`lend_people` gave."""
    connection.execute(
        "DELETE FROM participant WHERE ticket_id = :target AND role = :role",
        {"target": target, "role": f"merged:{source}"},
    )


def move_drafts(connection: sqlite3.Connection, *, source: int, target: int) -> None:
    """Move the unsent texts of a merged ticket; where there is one already, add to it."""
    found = connection.execute(
        "SELECT agent_id, kind, text, updated_at FROM draft WHERE ticket_id = :source",
        {"source": source},
    ).fetchall()
    for agent, kind, text, at in found:
        values = {"target": target, "agent": agent, "kind": kind, "text": text, "at": at}
        connection.execute(
            "INSERT INTO draft (ticket_id, agent_id, kind, text, updated_at)"
            " VALUES (:target, :agent, :kind, :text, :at) ON CONFLICT (ticket_id, agent_id, kind)"
            " DO UPDATE SET text = trim(draft.text || char(10, 10) || excluded.text, char(10))",
            values,
        )
    moved = {"source": source, "target": target}
    connection.execute("DELETE FROM draft WHERE ticket_id = :source", moved)
    connection.execute("UPDATE draft_file SET ticket_id = :target WHERE ticket_id = :source", moved)
    connection.execute(
        "UPDATE OR REPLACE setting SET name = :new WHERE scope = 'agent' AND name = :old",
        {"old": macros_name(source), "new": macros_name(target)},
    )


def drafted(connection: sqlite3.Connection, ids: Sequence[int]) -> list[int]:
    """Return those merged tickets among ``ids`` that hold an unsent text or file."""
    found: list[int] = []
    for start in range(0, len(ids), _CHUNK):
        part = ids[start : start + _CHUNK]
        marks = ", ".join("?" * len(part))
        merged = connection.execute(
            f"SELECT id FROM ticket WHERE id IN ({marks}) AND merged_into IS NOT NULL AND"
            " (EXISTS (SELECT 1 FROM draft WHERE draft.ticket_id = ticket.id)"
            " OR EXISTS (SELECT 1 FROM draft_file WHERE draft_file.ticket_id = ticket.id))",
            part,
        )
        found += [row[0] for row in merged]
    return found


def set_merged(
    connection: sqlite3.Connection, ticket_id: int, into: int | None, now: datetime
) -> None:
    """Write into which ticket one was merged; None takes it out again."""
    connection.execute(
        "UPDATE ticket SET merged_into = :into, updated_at = :now,"
        " version = version + 1 WHERE id = :id",
        {"id": ticket_id, "into": into, "now": to_us(now)},
    )


def human_reply_after(connection: sqlite3.Connection, ticket_id: int, moment: int) -> bool:
    """Tell whether a person of the team answered after a moment (microseconds)."""
    row = connection.execute(
        "SELECT 1 FROM message WHERE ticket_id = :id AND direction = 'outbound'"
        " AND author_kind = 'agent' AND delivery NOT IN ('draft', 'scheduled', 'failed')"
        f" AND ' ' || flags || ' ' NOT LIKE '% {Flag.HOLDING} %'"
        f" AND ' ' || flags || ' ' NOT LIKE '% {Flag.ANSWERED_OUTSIDE} %'"
        " AND received_at > :moment LIMIT 1",
        {"id": ticket_id, "moment": moment},
    ).fetchone()
    return row is not None


def refresh_summary(connection: sqlite3.Connection, ticket_id: int, now: datetime) -> None:
    """Count anew what lists show of a ticket: messages, files, the newest words.

    A scheduled reply is counted, but has said nothing yet.
    """
    row = connection.execute(
        "SELECT count(*), max(received_at) FILTER (WHERE delivery != 'scheduled'),"
        " EXISTS (SELECT 1 FROM attachment a JOIN message m"
        " ON m.id = a.message_id WHERE m.ticket_id = :id AND m.direction != 'note'"
        " AND a.inline = 0) FROM message WHERE ticket_id = :id AND direction != 'note'",
        {"id": ticket_id},
    ).fetchone()
    newest = connection.execute(
        "SELECT text, folds, subject FROM message WHERE ticket_id = :id AND direction != 'note'"
        " AND delivery != 'scheduled' ORDER BY received_at DESC, id DESC LIMIT 1",
        {"id": ticket_id},
    ).fetchone()
    preview = ""
    if newest is not None:
        preview = first_words(newest[0], unpacked_folds(newest[1])) or newest[2]
    connection.execute(
        "UPDATE ticket SET message_count = :count, has_media = :media, preview = :preview,"
        " last_message_at = coalesce(:last, last_message_at), updated_at = :now,"
        " version = version + 1 WHERE id = :id",
        {"id": ticket_id, "count": row[0], "media": row[2], "preview": preview, "last": row[1],
         "now": to_us(now)},
    )  # fmt: skip


def load_message_facts(connection: sqlite3.Connection, message_id: int) -> MessageFacts | None:
    """Return what a message brings along when it is split off, or None if there is none."""
    row = connection.execute(
        "SELECT ticket_id, direction, author_name, sender, subject, received_at FROM message"
        " WHERE id = :id",
        {"id": message_id},
    ).fetchone()
    return None if row is None else MessageFacts(*row)


def open_beside(
    connection: sqlite3.Connection,
    ticket_id: int,
    facts: MessageFacts,
    person: tuple[int, str, str],
    now: datetime,
) -> int:
    """Make a ticket for messages that are split off; return its id.

    Args:
        connection: A connection in a write transaction.
        ticket_id: The ticket they stood in.
        facts: The first of them.
        person: Whose ticket it is: profile, name, address.
        now: When.
    """
    profile, name, address = person
    values: dict[str, Any] = {
        "source": ticket_id, "subject": facts.subject, "profile": profile, "name": name,
        "address": address, "at": facts.received_at, "now": to_us(now),
    }  # fmt: skip
    found = connection.execute(
        "INSERT INTO ticket (channel, channel_account_id, subject, status, unread, assignee_id,"
        " profile_id, customer_name, customer_address, recipient, created_at, updated_at,"
        " last_message_at) SELECT channel, channel_account_id,"
        " CASE :subject WHEN '' THEN subject ELSE :subject END, 'open', 0, assignee_id,"
        " :profile, :name, :address, recipient, :at, :now, :at FROM ticket WHERE id = :source",
        values,
    )
    new = int(found.lastrowid or 0)
    connection.execute(
        "INSERT INTO participant (ticket_id, address, name, role)"
        " VALUES (:id, :address, :name, 'customer') ON CONFLICT DO NOTHING",
        {"id": new, "address": address, "name": name},
    )
    return new


def customer_of_ticket(connection: sqlite3.Connection, ticket_id: int) -> tuple[int, str, str]:
    """Return profile, name and address of a ticket's customer."""
    row = connection.execute(
        "SELECT profile_id, customer_name, customer_address FROM ticket WHERE id = :id",
        {"id": ticket_id},
    ).fetchone()
    return int(row[0]), str(row[1]), str(row[2])


def sender_profile(connection: sqlite3.Connection, address: str) -> int | None:
    """Return the profile an e-mail address belongs to, or None."""
    row = connection.execute(
        "SELECT profile_id FROM identity WHERE kind = 'email' AND value = :address",
        {"address": address},
    ).fetchone()
    return None if row is None else int(row[0])


def has_shown(connection: sqlite3.Connection, ticket_id: int) -> bool:
    """Tell whether any message that is no note stands in a ticket."""
    row = connection.execute(
        "SELECT 1 FROM message WHERE ticket_id = :id AND direction != 'note' LIMIT 1",
        {"id": ticket_id},
    ).fetchone()
    return row is not None


def first_wait(connection: sqlite3.Connection, ticket_id: int) -> int | None:
    """Return since when a customer waits in a ticket, by its messages alone."""
    row = connection.execute(
        "SELECT min(received_at) FROM message WHERE ticket_id = :id AND direction = 'inbound'"
        f" AND automatic = 0 AND ' ' || flags || ' ' NOT LIKE '% {Flag.BLOCKED} %'"
        " AND received_at > coalesce((SELECT max(received_at) FROM message"
        " WHERE ticket_id = :id AND direction = 'outbound' AND author_kind = 'agent'"
        f" AND ' ' || flags || ' ' NOT LIKE '% {Flag.HOLDING} %'"
        f" AND ' ' || flags || ' ' NOT LIKE '% {Flag.ANSWERED_OUTSIDE} %'"
        " AND delivery NOT IN ('draft', 'scheduled', 'failed')), 0)",
        {"id": ticket_id},
    ).fetchone()
    return None if row[0] is None else int(row[0])

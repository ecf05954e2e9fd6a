"""Forwards to somebody outside a ticket: what is passed on, and to whom it ever was."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from helpdesk_tui.db.drafts import StoredFile
from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.folds import unpacked_folds
from helpdesk_tui.domain.messages import unfolded
from helpdesk_tui.domain.passing_on import PassedOn
from helpdesk_tui.domain.times import from_us

_IS_FORWARD = f"' ' || flags || ' ' LIKE '% {Flag.THIRD_PARTY} %'"


def load_third_parties(connection: sqlite3.Connection, ticket_id: int) -> tuple[set[str], set[str]]:
    """Return whom a ticket was forwarded to, and the Message-IDs of those forwards."""
    people: set[str] = set()
    ids: set[str] = set()
    for external_id, *lists in connection.execute(
        "SELECT external_id, recipients, copies, blind_copies FROM message"
        f" WHERE ticket_id = :ticket AND direction = 'outbound' AND {_IS_FORWARD}",
        {"ticket": ticket_id},
    ):
        ids.add(external_id)
        people.update(address for each in lists for address in json.loads(each))
    return people, ids


def load_passed_on(
    connection: sqlite3.Connection, ticket_id: int, message_id: int | None
) -> list[tuple[int, PassedOn]]:
    """Return what a forward passes on, oldest first: one message, or the talk with the customer.

    Never a note. The whole talk leaves out what was forwarded to others before and what they
    answered, and of each message what only repeats the ones before.
    """
    third, forwards = load_third_parties(connection, ticket_id)
    found = connection.execute(
        "SELECT id, author_name, sender, sent_at, subject, recipients, copies, text, folds,"
        f" thread_ids, {_IS_FORWARD} FROM message"
        " WHERE ticket_id = :ticket AND direction IN ('inbound', 'outbound')"
        " AND delivery NOT IN ('draft', 'failed')"
        " AND (:message IS NULL OR id = :message) ORDER BY received_at, id",
        {"ticket": ticket_id, "message": message_id},
    )
    passed = []
    for row in found:
        is_whole = message_id is None
        is_aside = row[10] or row[2] in third or not forwards.isdisjoint(json.loads(row[9]))
        if is_whole and is_aside:
            continue
        to, cc = (tuple(json.loads(each)) for each in row[5:7])
        text = unfolded(row[7], unpacked_folds(row[8])) if is_whole else row[7]
        passed.append((row[0], PassedOn(row[1], row[2], from_us(row[3]), row[4], to, cc, text)))
    return passed


def load_files_of(connection: sqlite3.Connection, messages: Sequence[int]) -> list[StoredFile]:
    """Return the files of some messages, each content once."""
    marks = ", ".join("?" * len(messages))
    found = connection.execute(
        "SELECT filename, content_type, size, sha256 FROM attachment"
        f" WHERE message_id IN ({marks}) ORDER BY message_id, id",
        list(messages),
    )
    files: dict[str, StoredFile] = {}
    for row in found:
        files.setdefault(row[3], (row[0], row[1], row[2], row[3]))
    return list(files.values())

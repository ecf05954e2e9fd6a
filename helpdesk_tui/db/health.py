"""Is the database sound? Slow questions that only ``doctor`` asks."""

from __future__ import annotations

import sqlite3

_SHOWN = 5


def find_damage(connection: sqlite3.Connection) -> list[str]:
    """Return what is broken in the file, its references and its counters; empty if nothing is."""
    found = [row[0] for row in connection.execute("PRAGMA quick_check") if row[0] != "ok"]
    found += [
        f"{row[0]} row {row[1]} refers to a missing {row[2]}"
        for row in connection.execute("PRAGMA foreign_key_check")
    ]
    found += [
        f"the counter of {row[0]} tickets of agent {row[1]} says {row[2]}, there are {row[3]}"
        for row in connection.execute(
            """
            SELECT tally.status, tally.assignee_id, tally.total, count(ticket.id) AS counted
            FROM ticket_tally tally LEFT JOIN ticket
              ON coalesce(ticket.assignee_id, 0) = tally.assignee_id
             AND ticket.status = tally.status AND ticket.spam = tally.spam
             AND ticket.merged_into IS NULL
            GROUP BY tally.assignee_id, tally.status, tally.spam
            HAVING tally.total <> counted
            """
        )
    ]
    return found[:_SHOWN]

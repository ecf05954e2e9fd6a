"""Is the database sound? Slow questions that only ``doctor`` asks."""

from __future__ import annotations

import sqlite3

from helpdesk_tui.domain.damage import Damage, DamageKind

SHOWN = 5
"""Things of one kind that are named; there may be as many as tickets."""

_COUNTED = """
    SELECT coalesce(assignee_id, 0) AS assignee_id, status, spam, count(*) AS total,
           sum(unread) AS unread
    FROM ticket WHERE merged_into IS NULL GROUP BY 1, 2, 3
"""
_WRONG_COUNTS = f"""
    WITH counted AS ({_COUNTED}),
    keys AS (SELECT assignee_id, status, spam FROM counted
             UNION SELECT assignee_id, status, spam FROM ticket_tally)
    SELECT keys.status, keys.spam, keys.assignee_id, coalesce(kept.total, 0),
           coalesce(counted.total, 0), coalesce(kept.unread, 0), coalesce(counted.unread, 0)
    FROM keys
    LEFT JOIN counted USING (assignee_id, status, spam)
    LEFT JOIN ticket_tally AS kept USING (assignee_id, status, spam)
    WHERE coalesce(kept.total, 0) <> coalesce(counted.total, 0)
       OR coalesce(kept.unread, 0) <> coalesce(counted.unread, 0)
    ORDER BY 1, 2, 3
"""


def find_damage(connection: sqlite3.Connection) -> list[Damage]:
    """Return what is broken in the file, its references and its counters; empty if nothing is."""
    found = [
        Damage(DamageKind.FILE, row[0])
        for row in connection.execute("PRAGMA quick_check")
        if row[0] != "ok"
    ][:SHOWN]
    found += [
        Damage(DamageKind.FILE, f"{row[0]} row {row[1]} refers to a missing {row[2]}")
        for row in connection.execute("PRAGMA foreign_key_check").fetchmany(SHOWN)
    ]
    wrong = connection.execute(_WRONG_COUNTS).fetchmany(SHOWN)
    return [*found, *(Damage(DamageKind.COUNTERS, _counter_words(*row)) for row in wrong)]


def _counter_words(
    status: str, spam: int, agent: int, kept: int, true: int, kept_unread: int, true_unread: int
) -> str:
    whose = (
        f"{status} {'spam ' if spam else ''}tickets of {f'agent {agent}' if agent else 'nobody'}"
    )
    if kept != true:
        return f"the counter of {whose} says {kept}, there are {true}"
    return f"the counter of unread {whose} says {kept_unread}, there are {true_unread}"


def recount(connection: sqlite3.Connection) -> None:
    """Make the kept counters anew from the tickets, inside the caller's transaction."""
    connection.execute("DELETE FROM ticket_tally")
    connection.execute(
        f"INSERT INTO ticket_tally (assignee_id, status, spam, total, unread) {_COUNTED}"
    )

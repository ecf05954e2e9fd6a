"""Profiles that were linked are one customer: facts stay with the profile that they were found for.

So a link that is taken back leaves both exactly as they were. Whoever reads a customer reads the
whole group; what searches compare is kept for the profile that stands for it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk_tui.db.people import standing

_MEMBERS = """
    WITH RECURSIVE member(id) AS (
        VALUES (:root)
        UNION
        SELECT profile.id FROM profile JOIN member ON profile.merged_into = member.id
    )
    SELECT id FROM member ORDER BY id != :root, id
"""


@dataclass(frozen=True, slots=True)
class Group:
    """One customer: the profile that stands for them, and all that are part of it."""

    root: int
    members: tuple[int, ...]
    """The root comes first."""

    @property
    def marks(self) -> str:
        """Question marks for the members in an ``IN`` list."""
        return ", ".join("?" * len(self.members))


def load_group(connection: sqlite3.Connection, profile_id: int) -> Group:
    """Return the customer that a profile belongs to by now."""
    root = standing(connection, profile_id)
    found = connection.execute(_MEMBERS, {"root": root})
    return Group(root, tuple([int(row[0]) for row in found]))


def has_profile(connection: sqlite3.Connection, profile_id: int) -> bool:
    """Tell whether there is a profile of this number."""
    found = connection.execute("SELECT 1 FROM profile WHERE id = ?", (profile_id,)).fetchone()
    return found is not None


def is_anybody(connection: sqlite3.Connection, profile_id: int) -> bool:
    """Tell whether a profile is there and was not erased: somebody has an address or a name."""
    group = load_group(connection, profile_id)
    found = connection.execute(
        f"SELECT 1 FROM identity WHERE profile_id IN ({group.marks})"
        f" UNION ALL SELECT 1 FROM profile WHERE id IN ({group.marks})"
        " AND name || email || phone != '' LIMIT 1",
        group.members * 2,
    ).fetchone()
    return found is not None


def roots_of(connection: sqlite3.Connection, profiles: Sequence[int]) -> tuple[int, ...]:
    """Return whom profiles belong to, each once, in the same order."""
    return tuple(dict.fromkeys(standing(connection, each) for each in profiles))

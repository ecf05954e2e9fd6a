"""Who a profile is at each source, and by what it may be looked up."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from helpdesk_tui.db.commerce.group import Group
from helpdesk_tui.domain.commerce.identities import Match, MatchedBy
from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.times import to_us

_PROVEN = """
    SELECT 1 FROM ticket JOIN message ON message.ticket_id = ticket.id
    WHERE ticket.profile_id = :profile AND message.direction = 'inbound'
        AND message.channel = 'email' AND message.sender = :address
        AND ' ' || message.flags || ' ' NOT LIKE :failed
        AND ' ' || message.flags || ' ' NOT LIKE :passed_on
        AND ' ' || message.flags || ' ' NOT LIKE :typed
    LIMIT 1
"""
_DOUBTS = {
    "failed": f"% {Flag.AUTH_FAILED.value} %",
    "passed_on": f"% {Flag.PASSED_ON.value} %",
    "typed": f"% {Flag.TYPED_SENDER.value} %",
}
"""A mail that is marked so does not prove that its sender has this address."""
_DOUBTED = (
    Flag.AUTH_FAILED, Flag.PASSED_ON, Flag.TYPED_SENDER, Flag.NEW_SENDER, Flag.SPOOFED_NAME,
)  # fmt: skip
"""One that is marked so may be of somebody else than the customer of its ticket."""


@dataclass(frozen=True, slots=True)
class Address:
    """Something that a customer is known by."""

    kind: str
    value: str
    is_verified: bool
    is_vouched: bool
    """An agent has looked it up all the same."""


def load_addresses(connection: sqlite3.Connection, group: Group) -> list[Address]:
    """Return what a customer is known by, the oldest first."""
    found = connection.execute(
        "SELECT kind, value, verified, vouched_by IS NOT NULL FROM identity"
        f" WHERE profile_id IN ({group.marks}) ORDER BY id",
        group.members,
    )
    return [Address(row[0], row[1], bool(row[2]), bool(row[3])) for row in found]


def load_written_down(connection: sqlite3.Connection, group: Group) -> list[tuple[str, str]]:
    """Return address and number as they stand on a profile, wherever they came from."""
    row = connection.execute(
        "SELECT email, phone FROM profile WHERE id = ?", (group.root,)
    ).fetchone()
    return [(kind, value) for kind, value in zip(("email", "phone"), row or (), strict=False)
            if value]  # fmt: skip


def has_written_from(connection: sqlite3.Connection, group: Group, address: str) -> bool:
    """Tell whether a mail came from an address that nothing speaks against."""
    found = connection.execute(
        _PROVEN, {"profile": group.root, "address": address, **_DOUBTS}
    ).fetchone()
    return found is not None


def has_doubted_mail(connection: sqlite3.Connection, ticket_id: int) -> bool:
    """Tell whether a message of a ticket may be of somebody else than its customer."""
    doubts = " OR ".join(["' ' || flags || ' ' LIKE ?"] * len(_DOUBTED))
    found = connection.execute(
        "SELECT 1 FROM message WHERE ticket_id = ? AND direction = 'inbound' AND flags != ''"
        f" AND ({doubts}) LIMIT 1",
        (ticket_id, *[f"% {flag.value} %" for flag in _DOUBTED]),
    ).fetchone()
    return found is not None


def is_anothers(connection: sqlite3.Connection, group: Group, value: str) -> bool:
    """Tell whether an address or number belongs to somebody else here, and to them only."""
    found = connection.execute(
        f"SELECT max(profile_id IN ({group.marks})) FROM identity"
        " WHERE kind IN ('email', 'phone') AND value = ?",
        (*group.members, value),
    ).fetchone()
    return bool(found[0] == 0)


def load_matches(
    connection: sqlite3.Connection, group: Group
) -> tuple[tuple[int, int, Match], ...]:
    """Return who a customer is at the sources: profile, source and match."""
    found = connection.execute(
        "SELECT profile_id, source_id, external_id, matched_by, value FROM source_match"
        f" WHERE profile_id IN ({group.marks}) ORDER BY source_id, profile_id, at",
        group.members,
    )
    return tuple([(row[0], row[1], Match(row[2], MatchedBy(row[3]), row[4])) for row in found])


def load_match(connection: sqlite3.Connection, source: int, profile: int) -> Match | None:
    """Return who a single profile is at a source."""
    row = connection.execute(
        "SELECT external_id, matched_by, value FROM source_match"
        " WHERE profile_id = ? AND source_id = ?",
        (profile, source),
    ).fetchone()
    return None if row is None else Match(row[0], MatchedBy(row[1]), row[2])


def save_match(
    connection: sqlite3.Connection, source: int, profile: int, match: Match, now: datetime
) -> None:
    """Write who a profile is at a source; it is one customer there."""
    connection.execute(
        "DELETE FROM source_match WHERE profile_id = ? AND source_id = ? AND external_id != ?",
        (profile, source, match.external_id),
    )
    connection.execute(
        "INSERT INTO source_match (source_id, external_id, profile_id, matched_by, value, at)"
        " VALUES (:source, :external, :profile, :by, :value, :now)"
        " ON CONFLICT (source_id, external_id, profile_id) DO UPDATE SET"
        " matched_by = excluded.matched_by, value = excluded.value"
        " WHERE matched_by != excluded.matched_by OR value != excluded.value",
        {
            "source": source, "external": match.external_id, "profile": profile,
            "by": match.matched_by.value, "value": match.value, "now": to_us(now),
        },
    )  # fmt: skip


def load_same(connection: sqlite3.Connection, group: Group) -> tuple[int, ...]:
    """Return other profiles that a source holds for the same person."""
    found = connection.execute(
        "SELECT DISTINCT other.profile_id FROM source_match AS mine"
        " JOIN source_match AS other ON other.source_id = mine.source_id"
        " AND other.external_id = mine.external_id"
        f" WHERE mine.profile_id IN ({group.marks})"
        f" AND other.profile_id NOT IN ({group.marks}) ORDER BY other.profile_id LIMIT 20",
        (*group.members, *group.members),
    )
    return tuple([int(row[0]) for row in found])


def vouch(
    connection: sqlite3.Connection, group: Group, kind: str, value: str, agent: int | None
) -> bool:
    """Write that an agent wants a customer looked up by what they only claim.

    False if it is somebody else's: nobody is taken for another customer that way.
    """
    done = connection.execute(
        "INSERT INTO identity (profile_id, kind, value, verified, vouched_by)"
        " VALUES (?, ?, ?, 0, ?) ON CONFLICT (kind, value) DO UPDATE"
        f" SET vouched_by = excluded.vouched_by WHERE profile_id IN ({group.marks})",
        (group.root, kind, value, agent or 0, *group.members),
    )
    return done.rowcount == 1

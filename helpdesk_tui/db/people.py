"""Profiles that are one person: whose identities and tickets are whose."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk_tui.domain.customers import PersonRow
from helpdesk_tui.domain.times import to_us

_CHUNK = 500
_BEGAN = """
    CASE WHEN ticket.channel NOT IN ('sms', 'whatsapp') THEN ticket.customer_address
    ELSE coalesce((SELECT sender FROM message WHERE message.ticket_id = ticket.id
        AND message.original_ticket_id = ticket.id AND message.direction = 'inbound'
        ORDER BY message.id LIMIT 1), ticket.customer_address) END
"""
"""Whose address a ticket began with: a person may write in one ticket from several numbers."""
_READDRESS = """
    UPDATE ticket SET customer_address = coalesce((SELECT sender FROM message
        WHERE message.ticket_id = ticket.id AND message.direction = 'inbound' AND sender IN (
            SELECT value FROM identity WHERE identity.profile_id = ticket.profile_id)
        ORDER BY message.id DESC LIMIT 1), customer_address)
    WHERE profile_id = :profile AND channel IN ('sms', 'whatsapp', 'instagram')
        AND customer_address NOT IN (
            SELECT value FROM identity WHERE identity.profile_id = ticket.profile_id)
"""
_FILLED = ("name", "email", "phone", "location", "timezone")
"""What a profile takes from the one linked to it, where it has nothing itself."""


@dataclass(frozen=True, slots=True)
class ProfileLink:
    """Where a profile stands."""

    id: int
    merged_into: int | None


def load_link(connection: sqlite3.Connection, profile_id: int) -> ProfileLink | None:
    """Return where a profile stands; None if there is none of this number."""
    row = connection.execute(
        "SELECT id, merged_into FROM profile WHERE id = :id", {"id": profile_id}
    ).fetchone()
    return None if row is None else ProfileLink(row[0], row[1])


def standing(connection: sqlite3.Connection, profile_id: int) -> int:
    """Return the profile that one belongs to by now, links followed."""
    seen: set[int] = set()
    found = load_link(connection, profile_id)
    while found is not None and found.merged_into is not None and found.id not in seen:
        seen.add(found.id)
        found = load_link(connection, found.merged_into)
    return profile_id if found is None else found.id


def set_linked(
    connection: sqlite3.Connection, profile_id: int, into: int | None, now: datetime
) -> None:
    """Write whose profile one is a part of; None lets it stand by itself."""
    connection.execute(
        "UPDATE profile SET merged_into = :into, updated_at = :now, version = version + 1"
        " WHERE id = :id",
        {"id": profile_id, "into": into, "now": to_us(now)},
    )


def identities_of(connection: sqlite3.Connection, profile_id: int) -> list[int]:
    """Return the identities of a profile."""
    found = connection.execute(
        "SELECT id FROM identity WHERE profile_id = :id ORDER BY id", {"id": profile_id}
    )
    return [int(row[0]) for row in found]


def tickets_of(connection: sqlite3.Connection, profile_id: int) -> list[int]:
    """Return the tickets of a profile, merged ones included."""
    found = connection.execute(
        "SELECT id FROM ticket WHERE profile_id = :id ORDER BY id", {"id": profile_id}
    )
    return [int(row[0]) for row in found]


def tickets_by(
    connection: sqlite3.Connection, profile_id: int, identities: Sequence[int]
) -> list[int]:
    """Return a profile's tickets whose customer writes from one of some identities."""
    found: list[int] = []
    for identity in identities:
        rows = connection.execute(
            f"SELECT ticket.id FROM ticket JOIN identity ON identity.value = {_BEGAN}"
            " WHERE identity.id = :identity AND ticket.profile_id = :profile",
            {"identity": identity, "profile": profile_id},
        )
        found += [int(row[0]) for row in rows]
    return sorted(found)


def readdress(connection: sqlite3.Connection, profile_id: int) -> None:
    """Let replies in a person's tickets go to a number of theirs, the one they last wrote from."""
    connection.execute(_READDRESS, {"profile": profile_id})


def move_identities(
    connection: sqlite3.Connection, ids: Sequence[int], *, source: int, target: int
) -> list[int]:
    """Give identities that are still ``source``'s to another profile; return those moved."""
    return _move(connection, "UPDATE identity SET profile_id = ?", ids, (target,), source)


def move_tickets(
    connection: sqlite3.Connection, ids: Sequence[int], *, source: int, target: int, now: datetime
) -> list[int]:
    """Give tickets that are still ``source``'s to another profile; return those moved."""
    assigned = "UPDATE ticket SET profile_id = ?, updated_at = ?, version = version + 1"
    return _move(connection, assigned, ids, (target, to_us(now)), source)


def _move(
    connection: sqlite3.Connection,
    assigned: str,
    ids: Sequence[int],
    values: tuple[int, ...],
    source: int,
) -> list[int]:
    moved: list[int] = []
    for start in range(0, len(ids), _CHUNK):
        part = ids[start : start + _CHUNK]
        marks = ", ".join("?" * len(part))
        found = connection.execute(
            f"{assigned} WHERE profile_id = ? AND id IN ({marks}) RETURNING id",
            (*values, source, *part),
        )
        moved += [int(row[0]) for row in found]
    return sorted(moved)


def fill_in(connection: sqlite3.Connection, *, source: int, target: int) -> list[str]:
    """Take over what a profile does not know itself; return what was taken."""
    filled = []
    for name in _FILLED:
        done = connection.execute(
            f"UPDATE profile SET {name} = (SELECT {name} FROM profile WHERE id = :source)"
            f" WHERE id = :target AND {name} = ''"
            f" AND (SELECT {name} FROM profile WHERE id = :source) != ''",
            {"source": source, "target": target},
        )
        if done.rowcount:
            filled.append(name)
    return filled


def empty_out(
    connection: sqlite3.Connection, names: Sequence[str], *, source: int, target: int
) -> None:
    """Take back what :func:`fill_in` took over, where nobody has changed it since."""
    for name in _FILLED:
        if name in names:
            connection.execute(
                f"UPDATE profile SET {name} = '' WHERE id = :target"
                f" AND {name} = (SELECT {name} FROM profile WHERE id = :source)",
                {"source": source, "target": target},
            )


def load_same_line(
    connection: sqlite3.Connection, profile_id: int, channels: Sequence[str]
) -> list[list[int]]:
    """Return a profile's tickets that should be one: same channel, same number of ours.

    Each group is a list of tickets, the oldest first.
    """
    marks = ", ".join("?" * len(channels))
    groups: dict[Any, list[int]] = {}
    for ticket_id, *line in connection.execute(
        "SELECT id, channel, channel_account_id FROM ticket WHERE profile_id = ?"
        f" AND merged_into IS NULL AND channel IN ({marks}) ORDER BY id",
        (profile_id, *channels),
    ):
        groups.setdefault(tuple(line), []).append(int(ticket_id))
    return [tickets for tickets in groups.values() if len(tickets) > 1]


def load_link_change(connection: sqlite3.Connection, profile_id: int) -> str:
    """Return the change under which a profile was linked last; empty if it never was."""
    found = connection.execute(
        "SELECT change_id, after FROM activity WHERE ticket_id IS NULL"
        " AND kind = 'profile.linked' ORDER BY id DESC"
    )
    for change_id, after in found:
        if json.loads(after)["profile"] == profile_id:
            return str(change_id)
    return ""


def load_person(connection: sqlite3.Connection, profile_id: int) -> PersonRow | None:
    """Return a customer by the number of their profile."""
    row = connection.execute(
        "SELECT id, name, email, phone FROM profile WHERE id = :id", {"id": profile_id}
    ).fetchone()
    return None if row is None else PersonRow(*row)


def load_same_values(
    connection: sqlite3.Connection, person: PersonRow, limit: int
) -> list[PersonRow]:
    """Return profiles that hold an address or a number of a person as their own, with what."""
    found: dict[int, PersonRow] = {}
    for why, value in (("email", person.email), ("phone", person.phone)):
        if not value:
            continue
        for row in connection.execute(
            "SELECT profile.id, name, email, phone FROM identity"
            " JOIN profile ON profile.id = identity.profile_id"
            " WHERE identity.value = :value AND profile.id != :id"
            " AND profile.merged_into IS NULL LIMIT :limit",
            {"value": value, "id": person.id, "limit": limit},
        ):
            number, name, email, phone = row
            found.setdefault(number, PersonRow(number, name, email, phone, why))
    return list(found.values())


def load_linked(connection: sqlite3.Connection, profile_id: int, limit: int) -> list[PersonRow]:
    """Return profiles that were linked to one, as the log of its tickets tells."""
    found = connection.execute(
        "SELECT id, name, email, phone FROM profile WHERE merged_into = :id AND id IN ("
        " SELECT json_extract(activity.before, '$.profile_id') FROM ticket"
        " JOIN activity ON activity.ticket_id = ticket.id AND activity.kind = 'ticket.linked'"
        " WHERE ticket.profile_id = :id) LIMIT :limit",
        {"id": profile_id, "limit": limit},
    )
    return [PersonRow(*row) for row in found]

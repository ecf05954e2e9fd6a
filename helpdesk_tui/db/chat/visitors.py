"""Who a visitor of a site is here: their profile, by what the shop's server has signed of them."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from helpdesk_tui.db.blocks import is_blocked
from helpdesk_tui.domain.channels import WEBCHAT
from helpdesk_tui.domain.mail import Address

_FIND = """
    SELECT identity.profile_id, profile.name FROM identity
    JOIN profile ON profile.id = identity.profile_id
    WHERE identity.kind = :kind AND identity.value = :value
"""
_TIE = """
    INSERT INTO identity (profile_id, kind, value, verified) VALUES (:profile, :kind, :value, 1)
    ON CONFLICT (kind, value) DO UPDATE SET verified = 1
"""

Key = tuple[str, str]
"""Kind and value of an identity."""


@dataclass(frozen=True, slots=True)
class Customer:
    """A visitor as a ticket shows them."""

    profile_id: int
    name: str
    address: str
    """Their address, or what stands for one where the shop has signed none."""
    is_blocked: bool


def keys_of(site: str, visitor_id: str, email: str) -> list[Key]:
    """Return the identities that a signed visitor has, the surest one first."""
    keys = [(WEBCHAT.name, f"{site}:{visitor_id}")] if visitor_id else []
    return [*keys, ("email", email)] if email else keys


def customer_of(
    connection: sqlite3.Connection, site: str, visitor_id: str, who: Address, now: int
) -> Customer:
    """Return whose a chat is; the profile is made if none of the identities is known.

    The identities are verified from now on; one that belongs to another profile stays there, as
    two profiles are joined by people only.

    Args:
        connection: A connection in a write transaction.
        site: The site's id.
        visitor_id: The customer's id in the shop; empty for one who is not known.
        who: Their name, and their address as the shop has signed it.
        now: When, in microseconds.
    """
    keys = keys_of(site, visitor_id, who.addr)
    known = next(filter(None, (_find(connection, key) for key in keys)), None)
    if known is None:
        known = _insert(connection, who, now), who.name
    elif who.name and not known[1]:
        known = known[0], who.name
        connection.execute(
            "UPDATE profile SET name = ?, updated_at = ? WHERE id = ?", (who.name, now, known[0])
        )
    for kind, value in keys:
        connection.execute(_TIE, {"profile": known[0], "kind": kind, "value": value})
    if who.addr:
        connection.execute(
            "UPDATE profile SET email = ?, updated_at = ? WHERE id = ? AND email = ''",
            (who.addr, now, known[0]),
        )
    return Customer(
        profile_id=known[0],
        name=known[1] or who.name or who.addr,
        address=who.addr or f"{WEBCHAT.name}:{visitor_id}",
        is_blocked=any(is_blocked(connection, key) for key in keys),
    )


def ticket_is_blocked(connection: sqlite3.Connection, ticket_id: int, visitor_id: str) -> bool:
    """Tell whether the visitor of a chat is blocked by now."""
    row = connection.execute(
        "SELECT recipient, customer_address FROM ticket WHERE id = :id", {"id": ticket_id}
    ).fetchone()
    if row is None:
        return False
    email = row[1] if "@" in row[1] else ""
    return any(is_blocked(connection, key) for key in keys_of(row[0], visitor_id, email))


def add_participant(connection: sqlite3.Connection, ticket_id: int, who: Address) -> None:
    """Let the customer of a chat write into its ticket by mail too."""
    connection.execute(
        "INSERT INTO participant (ticket_id, address, name, role) VALUES (?, ?, ?, 'customer')"
        " ON CONFLICT DO NOTHING",
        (ticket_id, who.addr, who.name),
    )


def _find(connection: sqlite3.Connection, key: Key) -> tuple[int, str] | None:
    row = connection.execute(_FIND, {"kind": key[0], "value": key[1]}).fetchone()
    return None if row is None else (int(row[0]), str(row[1]))


def _insert(connection: sqlite3.Connection, who: Address, now: int) -> int:
    row = connection.execute(
        "INSERT INTO profile (name, email, created_at, updated_at) VALUES (?, ?, ?, ?)"
        " RETURNING id",
        (who.name, who.addr, now, now),
    ).fetchone()
    return int(row[0])

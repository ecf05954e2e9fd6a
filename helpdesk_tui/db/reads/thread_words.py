"""What a conversation knows already, and whose addresses are whose: for a look before sending."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from helpdesk_tui.db.own import load_desk

_MOST = 500


def load_words(connection: sqlite3.Connection, ticket_id: int) -> str:
    """Return what was written between us and the customer, the newest messages of it."""
    found = connection.execute(
        "SELECT text FROM message WHERE ticket_id = :ticket AND direction != 'note'"
        " ORDER BY id DESC LIMIT :most",
        {"ticket": ticket_id, "most": _MOST},
    )
    return "\n".join(row[0] for row in found)


def load_known_addresses(connection: sqlite3.Connection, ticket_id: int) -> frozenset[str]:
    """Return, in lower case, the addresses of the customer and of all who take part."""
    found = connection.execute(
        "SELECT lower(address) FROM participant WHERE ticket_id = :ticket"
        " UNION SELECT lower(customer_address) FROM ticket WHERE id = :ticket"
        " UNION SELECT identity.value FROM identity"
        " JOIN ticket ON ticket.profile_id = identity.profile_id WHERE ticket.id = :ticket",
        {"ticket": ticket_id},
    )
    return frozenset(row[0] for row in found)


def customers_among(connection: sqlite3.Connection, addresses: Sequence[str]) -> frozenset[str]:
    """Return those of some addresses that are customers', without our own."""
    if not addresses:
        return frozenset()
    marks = ", ".join("?" * len(addresses))
    found = connection.execute(
        f"SELECT value FROM identity WHERE kind = 'email' AND value IN ({marks})", list(addresses)
    ).fetchall()
    own = load_desk(connection).own
    return frozenset(row[0] for row in found if row[0] not in own)

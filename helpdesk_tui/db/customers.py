"""Whose a ticket is: its profile, the address that replies go to, and who takes part."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

from helpdesk_tui.db.people import standing
from helpdesk_tui.domain.mail import Address
from helpdesk_tui.domain.triage import TicketState

_NEWEST = """
    SELECT reply_to, sender, author_name, recipients, copies, text FROM message
    WHERE ticket_id = ? AND direction = 'inbound' ORDER BY automatic, id DESC LIMIT 1
"""
_UNANSWERED = """
    SELECT min(received_at) FROM message
    WHERE ticket_id = :ticket AND direction = 'inbound' AND automatic = 0 AND id > coalesce(
        (SELECT max(id) FROM message WHERE ticket_id = :ticket AND direction = 'outbound'
         AND author_kind = 'agent' AND automatic = 0
         AND ' ' || flags || ' ' NOT LIKE '% holding %'
         AND ' ' || flags || ' ' NOT LIKE '% answered-outside %'), 0)
"""


@dataclass(frozen=True, slots=True)
class NewestMail:
    """The newest mail of a ticket, as far as it names people."""

    reply_to: str
    sender: Address
    recipients: tuple[str, ...]
    copies: tuple[str, ...]
    text: str


def customer_identity(
    connection: sqlite3.Connection, address: str, name: str, now: int
) -> tuple[int, int]:
    """Return profile and identity of an address, made if it is new; a missing name is filled in."""
    row = connection.execute(
        "SELECT profile_id, id FROM identity WHERE kind = 'email' AND value = ?", (address,)
    ).fetchone()
    if row is not None:
        connection.execute(
            "UPDATE profile SET name = ?, updated_at = ? WHERE id = ? AND name = '' AND ? != ''",
            (name, now, row[0], name),
        )
        return int(row[0]), int(row[1])
    profile = connection.execute(
        "INSERT INTO profile (name, email, phone, location, timezone, created_at, updated_at,"
        " version) VALUES (?, ?, '', '', '', ?, ?, 1)",
        (name, address, now, now),
    ).lastrowid
    identity = connection.execute(
        "INSERT INTO identity (profile_id, kind, value, verified) VALUES (?, 'email', ?, 0)",
        (profile, address),
    ).lastrowid
    return int(profile or 0), int(identity or 0)


def owner_of(connection: sqlite3.Connection, state: TicketState) -> int:
    """Return the profile that a ticket's customer is part of by now, links followed."""
    row = connection.execute(
        "SELECT profile_id FROM identity WHERE id = ?", (state.identity_id,)
    ).fetchone()
    return standing(connection, state.profile_id if row is None else int(row[0]))


def move_customer(connection: sqlite3.Connection, before: TicketState, after: TicketState) -> None:
    """Give a ticket the address, name and participant of its new customer.

    Who was the customer goes on taking part only if they wrote something here.
    """
    address, name = _person(connection, after.identity_id)
    old, _ = _person(connection, before.identity_id)
    connection.execute(
        "UPDATE ticket SET customer_address = ?, customer_name = ? WHERE id = ?",
        (address, name or address, after.id),
    )
    if old:
        connection.execute(
            "DELETE FROM participant WHERE ticket_id = :ticket AND address = :address"
            " AND role = 'customer' AND NOT EXISTS (SELECT 1 FROM message"
            " WHERE ticket_id = :ticket AND direction = 'inbound' AND sender = :address)",
            {"ticket": after.id, "address": old},
        )
    if address:
        connection.execute(
            "INSERT INTO participant (ticket_id, address, name, role)"
            " VALUES (?, ?, ?, 'customer') ON CONFLICT DO NOTHING",
            (after.id, address, name),
        )


def _person(connection: sqlite3.Connection, identity_id: int | None) -> tuple[str, str]:
    """Return address and name of an identity; empty where there is none.

    A visitor of a chat has no address but what the shop knows them by.
    """
    row = connection.execute(
        "SELECT CASE identity.kind WHEN 'webchat'"
        " THEN 'webchat' || substr(identity.value, instr(identity.value, ':'))"
        " ELSE identity.value END, profile.name FROM identity"
        " JOIN profile ON profile.id = identity.profile_id WHERE identity.id = ?",
        (identity_id,),
    ).fetchone()
    return ("", "") if row is None else (row[0], row[1])


def first_unanswered(connection: sqlite3.Connection, ticket_id: int) -> int | None:
    """Return when the first message came that no person has answered, or None."""
    row = connection.execute(_UNANSWERED, {"ticket": ticket_id}).fetchone()
    return None if row is None or row[0] is None else int(row[0])


def load_newest(connection: sqlite3.Connection, ticket_id: int) -> NewestMail | None:
    """Return whom the newest mail of a ticket names; people's mail comes before automatic."""
    row = connection.execute(_NEWEST, (ticket_id,)).fetchone()
    if row is None:
        return None
    return NewestMail(
        row[0], Address(row[2], row[1]), tuple(json.loads(row[3])), tuple(json.loads(row[4])),
        row[5],
    )  # fmt: skip


def load_people(connection: sqlite3.Connection, ticket_id: int) -> list[Address]:
    """Return who takes part in a ticket."""
    found = connection.execute(
        "SELECT name, address FROM participant WHERE ticket_id = ? ORDER BY role, address",
        (ticket_id,),
    )
    return [Address(row[0], row[1]) for row in found]


def load_names(connection: sqlite3.Connection, addresses: list[str]) -> dict[str, str]:
    """Return the known names of addresses."""
    marks = ", ".join("?" * len(addresses))
    return dict(
        connection.execute(
            "SELECT identity.value, profile.name FROM identity"
            " JOIN profile ON profile.id = identity.profile_id"
            f" WHERE identity.kind = 'email' AND identity.value IN ({marks})",
            addresses,
        ).fetchall()
    )

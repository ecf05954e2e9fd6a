"""Whom we talk to on a channel that a provider carries: contacts, their profiles, their tickets."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from helpdesk_tui.db.people import standing
from helpdesk_tui.domain.messaging.people import Key
from helpdesk_tui.domain.times import from_us, to_us

_LOAD = """
    SELECT address, name, profile_id, ticket_id, heard_at, auto_answered_at FROM contact
    WHERE channel_account_id = :account AND address = :address
"""
_SAVE = """
    INSERT INTO contact (channel_account_id, address, name, profile_id, ticket_id, heard_at)
    VALUES (:account, :address, :name, :profile, :ticket, :heard)
    ON CONFLICT (channel_account_id, address) DO UPDATE SET
        name = CASE WHEN excluded.name = '' THEN name ELSE excluded.name END,
        profile_id = excluded.profile_id, ticket_id = excluded.ticket_id,
        heard_at = CASE WHEN heard_at IS NULL OR heard_at < excluded.heard_at
                        THEN excluded.heard_at ELSE heard_at END
"""


@dataclass(frozen=True, slots=True)
class Contact:
    """One person as one account of ours knows them."""

    address: str
    name: str
    profile_id: int
    ticket_id: int | None
    heard_at: datetime | None
    auto_answered_at: datetime | None


def load_contact(connection: sqlite3.Connection, account: int, address: str) -> Contact | None:
    """Return a contact; None for somebody who never wrote to this account."""
    row = connection.execute(_LOAD, {"account": account, "address": address}).fetchone()
    if row is None:
        return None
    return Contact(row[0], row[1], row[2], row[3], _moment(row[4]), _moment(row[5]))


def save_contact(
    connection: sqlite3.Connection, account: int, contact: Contact, heard_at: datetime | None
) -> None:
    """Store whose a contact is and which ticket they write in; the newest moment heard stays."""
    heard = None if heard_at is None else to_us(heard_at)
    connection.execute(
        _SAVE,
        {
            "account": account, "address": contact.address, "name": contact.name,
            "profile": contact.profile_id, "ticket": contact.ticket_id, "heard": heard,
        },
    )  # fmt: skip


def forget_ticket(connection: sqlite3.Connection, account: int, address: str) -> None:
    """Let a contact stand without a ticket: whoever writes from there next is somebody else."""
    connection.execute(
        "UPDATE contact SET ticket_id = NULL WHERE channel_account_id = :account"
        " AND address = :address",
        {"account": account, "address": address},
    )


def find_profile(connection: sqlite3.Connection, keys: list[Key]) -> tuple[int, str] | None:
    """Return profile and name of the first of some identities that is known, links followed."""
    for kind, value in keys:
        row = connection.execute(
            "SELECT profile_id FROM identity WHERE kind = :kind AND value = :value",
            {"kind": kind, "value": value},
        ).fetchone()
        if row is not None:
            profile = standing(connection, int(row[0]))
            name = connection.execute(
                "SELECT name FROM profile WHERE id = :id", {"id": profile}
            ).fetchone()
            return profile, str(name[0])
    return None


def insert_profile(connection: sqlite3.Connection, name: str, phone: str, now: int) -> int:
    """Store a new customer."""
    row = connection.execute(
        "INSERT INTO profile (name, email, phone, location, timezone, created_at, updated_at,"
        " version) VALUES (:name, '', :phone, '', '', :now, :now, 1) RETURNING id",
        {"name": name, "phone": phone, "now": now},
    ).fetchone()
    return int(row[0])


def complete_profile(
    connection: sqlite3.Connection, profile_id: int, name: str, phone: str, now: int
) -> None:
    """Fill in name and number of a customer, where nobody has."""
    for column, value in (("name", name), ("phone", phone)):
        if value:
            connection.execute(
                f"UPDATE profile SET {column} = :value, updated_at = :now"
                f" WHERE id = :id AND {column} = ''",
                {"value": value, "now": now, "id": profile_id},
            )


def change_phone(connection: sqlite3.Connection, profile_id: int, former: str, phone: str) -> None:
    """Write the new number of a customer over the former one."""
    connection.execute(
        "UPDATE profile SET phone = :phone WHERE id = :id AND phone = :former",
        {"phone": phone, "id": profile_id, "former": former},
    )


def tie_identity(connection: sqlite3.Connection, profile_id: int, key: Key) -> None:
    """Give a profile an identity that the provider vouches for; another's stays another's."""
    connection.execute(
        "INSERT INTO identity (profile_id, kind, value, verified)"
        " VALUES (:profile, :kind, :value, 1)"
        " ON CONFLICT (kind, value) DO UPDATE SET verified = 1",
        {"profile": profile_id, "kind": key[0], "value": key[1]},
    )


def drop_identity(connection: sqlite3.Connection, profile_id: int, key: Key) -> bool:
    """Take an identity from a profile: somebody else may have it from now on."""
    done = connection.execute(
        "DELETE FROM identity WHERE profile_id = :profile AND kind = :kind AND value = :value",
        {"profile": profile_id, "kind": key[0], "value": key[1]},
    )
    return done.rowcount == 1


def set_handle(connection: sqlite3.Connection, profile_id: int, kind: str, handle: str) -> None:
    """Note the name that a person goes by now: it changes, and may have been another's before."""
    connection.execute(
        "DELETE FROM identity WHERE kind = :kind AND value != :value AND profile_id = :profile"
        " AND 1 = (SELECT count(*) FROM identity AS account"
        "          WHERE account.profile_id = :profile AND account.kind = 'instagram')",
        {"kind": kind, "value": handle, "profile": profile_id},
    )
    connection.execute(
        "INSERT INTO identity (profile_id, kind, value, verified)"
        " VALUES (:profile, :kind, :value, 1)"
        " ON CONFLICT (kind, value) DO UPDATE SET profile_id = :profile, verified = 1",
        {"kind": kind, "value": handle, "profile": profile_id},
    )


def line_ticket(
    connection: sqlite3.Connection, profile_id: int, channel: str, account: int
) -> int | None:
    """Return the oldest ticket of a person on one line of ours, whatever became of it."""
    row = connection.execute(
        "SELECT id FROM ticket WHERE profile_id = :profile AND channel = :channel"
        " AND channel_account_id = :account AND merged_into IS NULL ORDER BY id LIMIT 1",
        {"profile": profile_id, "channel": channel, "account": account},
    ).fetchone()
    return None if row is None else int(row[0])


def newest_ticket(
    connection: sqlite3.Connection, profile_id: int, channel: str, account: int, *, running: bool
) -> int | None:
    """Return the newest ticket of a person on one line of ours; ``running``: not a closed one."""
    row = connection.execute(
        "SELECT id FROM ticket WHERE profile_id = :profile AND channel = :channel"
        " AND channel_account_id = :account AND merged_into IS NULL"
        f" {'AND status != :closed' if running else ''} ORDER BY id DESC LIMIT 1",
        {"profile": profile_id, "channel": channel, "account": account, "closed": "closed"},
    ).fetchone()
    return None if row is None else int(row[0])


def tickets_of_address(connection: sqlite3.Connection, channel: str, address: str) -> list[int]:
    """Return the tickets of a channel whose customer is at an address."""
    found = connection.execute(
        "SELECT ticket.id FROM identity JOIN ticket ON ticket.profile_id = identity.profile_id"
        " WHERE identity.kind IN ('phone', :channel) AND identity.value = :address"
        " AND ticket.channel = :channel AND ticket.customer_address = :address"
        " AND ticket.merged_into IS NULL ORDER BY ticket.id",
        {"channel": channel, "address": address},
    )
    return [int(row[0]) for row in found]


def set_customer_address(
    connection: sqlite3.Connection, ticket_id: int, address: str, name: str
) -> None:
    """Let replies in a ticket go to where its customer wrote from last."""
    connection.execute(
        "UPDATE ticket SET customer_address = :address WHERE id = :id",
        {"address": address, "id": ticket_id},
    )
    add_participant(connection, ticket_id, address, name)


def add_participant(
    connection: sqlite3.Connection, ticket_id: int, address: str, name: str
) -> None:
    """Let somebody take part in a ticket."""
    connection.execute(
        "INSERT INTO participant (ticket_id, address, name, role)"
        " VALUES (:ticket, :address, :name, 'customer') ON CONFLICT DO NOTHING",
        {"ticket": ticket_id, "address": address, "name": name},
    )


def last_answered(connection: sqlite3.Connection, profile_id: int, channel: str) -> datetime | None:
    """Return when a person was last answered by itself, on any of their numbers."""
    row = connection.execute(
        "SELECT max(contact.auto_answered_at) FROM contact JOIN channel_account AS account"
        " ON account.id = contact.channel_account_id"
        " WHERE contact.profile_id = :profile AND account.channel = :channel",
        {"profile": profile_id, "channel": channel},
    ).fetchone()
    return _moment(row[0])


def set_answered(connection: sqlite3.Connection, account: int, address: str, now: datetime) -> None:
    """Note that somebody was answered by itself."""
    connection.execute(
        "UPDATE contact SET auto_answered_at = :now WHERE channel_account_id = :account"
        " AND address = :address",
        {"now": to_us(now), "account": account, "address": address},
    )


def support_address(connection: sqlite3.Connection) -> str:
    """Return the mail address that customers may write to; empty where there is none."""
    row = connection.execute(
        "SELECT address FROM support_address WHERE state = 'verified' ORDER BY id LIMIT 1"
    ).fetchone()
    if row is None:
        row = connection.execute(
            "SELECT address FROM channel_account WHERE channel = 'email' AND enabled = 1"
            " ORDER BY id LIMIT 1"
        ).fetchone()
    return "" if row is None else str(row[0])


def _moment(value: int | None) -> datetime | None:
    return None if value is None else from_us(value)

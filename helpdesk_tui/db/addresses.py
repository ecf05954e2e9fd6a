"""Support addresses: which there are, whether their mail arrives, and what providers ask."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from helpdesk_tui.db.activity import Entry, record
from helpdesk_tui.domain.accounts import AddressState, Confirmation, SupportAddress
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.providers import hides_own_mail
from helpdesk_tui.domain.times import from_us, to_us
from helpdesk_tui.domain.verification import AddressChange, Outcome, Watched

_SELECT = """
    SELECT s.id, s.address, s.name, a.name, a.address, s.state, s.provider, s.asked_at,
           s.verified_at, s.error_code, s.confirmation, s.signature, s.forwarded_at, a.settings
    FROM support_address AS s
    JOIN channel_account AS a ON a.id = s.channel_account_id AND a.channel = 'email'
"""


_WAITED_FOR = (
    "token != '' AND (state IN ('pending', 'verified') OR (state = 'failing' AND error_code = ''))"
)
"""A test mail is on its way and its time has not run out yet."""


def load_addresses(connection: sqlite3.Connection) -> tuple[SupportAddress, ...]:
    """Return all support addresses: the mailboxes in their order, each with its own first."""
    found = connection.execute(
        f"{_SELECT} ORDER BY s.channel_account_id, s.address != a.address, s.address"
    )
    return tuple(_address(row) for row in found)


def load_address(connection: sqlite3.Connection, address: str) -> SupportAddress | None:
    """Return a support address, or None if it is none."""
    row = connection.execute(f"{_SELECT} WHERE s.address = :address", {"address": address})
    found = row.fetchone()
    return _address(found) if found else None


def load_token(connection: sqlite3.Connection, address: str) -> str:
    """Return the token of the test mail that is on its way, or nothing."""
    row = connection.execute(
        "SELECT token FROM support_address WHERE address = :address", {"address": address}
    ).fetchone()
    return str(row[0]) if row else ""


def load_watched(connection: sqlite3.Connection) -> tuple[Watched, ...]:
    """Return what recognising test mails and confirmations needs of each address, newest first."""
    found = connection.execute(
        "SELECT s.address, s.channel_account_id, a.address, s.state, s.token"
        " FROM support_address AS s JOIN channel_account AS a ON a.id = s.channel_account_id"
        " ORDER BY s.id DESC"
    )
    return tuple(Watched(row[0], row[1], row[2], AddressState(row[3]), row[4]) for row in found)


def insert_address(
    connection: sqlite3.Connection,
    account_id: int,
    address: str,
    name: str,
    provider: str,
) -> bool:
    """Add an address whose forwarding is still to be set up; False if it is taken."""
    done = connection.execute(
        "INSERT INTO support_address (address, name, channel_account_id, state, provider)"
        " VALUES (:address, :name, :account, 'pending', :provider) ON CONFLICT DO NOTHING",
        {"address": address, "name": name, "account": account_id, "provider": provider},
    )
    return done.rowcount == 1


def update_address(connection: sqlite3.Connection, address: str, **values: object) -> bool:
    """Write columns of an address; False if there is none of this name."""
    columns = ", ".join(f"{name} = :{name}" for name in values)
    done = connection.execute(
        f"UPDATE support_address SET {columns} WHERE address = :address",
        {**values, "address": address},
    )
    return done.rowcount == 1


def is_used(connection: sqlite3.Connection, address: str) -> bool:
    """Tell whether a ticket was written to an address, or a message left from it."""
    row = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM ticket WHERE recipient = :address)"
        " OR EXISTS (SELECT 1 FROM message WHERE direction = 'outbound' AND sender = :address)",
        {"address": address},
    ).fetchone()
    return bool(row[0])


def delete_address(connection: sqlite3.Connection, address: str) -> None:
    """Remove an address."""
    connection.execute("DELETE FROM support_address WHERE address = :address", {"address": address})


def expire_tests(connection: sqlite3.Connection, before: int) -> list[SupportAddress]:
    """Let tests fail whose mail left before a moment; return each address as it was until now.

    Their tokens stay: a mail that arrives later still verifies its address.
    """
    rows = connection.execute(
        f"{_SELECT} WHERE s.asked_at < :before AND s.address IN"
        f" (SELECT address FROM support_address WHERE {_WAITED_FOR})",
        {"before": before},
    )
    found = [_address(row) for row in rows]
    connection.executemany(
        "UPDATE support_address SET state = 'failing', error_code ="
        " CASE WHEN error_code = '' THEN 'address.test-timed-out' ELSE error_code END"
        " WHERE address = :address",
        [{"address": each.address} for each in found],
    )
    return found


def next_expiry(connection: sqlite3.Connection) -> int | None:
    """Return when the oldest test that is waited for was sent, or None."""
    row = connection.execute(
        f"SELECT min(asked_at) FROM support_address WHERE {_WAITED_FOR}"
    ).fetchone()
    return None if row[0] is None else int(row[0])


def note_change(
    connection: sqlite3.Connection, change: AddressChange, account_id: int | None, now: int
) -> bool:
    """Write what an incoming mail says of an address, with its activity; tell whether it counted.

    Each statement asks for the token or the state again, so that nothing counts twice.
    """
    before = load_address(connection, change.address)
    if before is None or _is_weaker(change, before):
        return False
    asked = change.confirmation and replace(change.confirmation, seen_at=from_us(now))
    values = {"address": change.address, "token": change.token, "account": account_id, "now": now,
              "confirmation": _to_json(asked)}  # fmt: skip
    done = connection.execute(_CHANGES[change.outcome], values)
    if done.rowcount != 1:
        return False
    after = load_address(connection, change.address)
    entry = None if after is None else state_entry(before, after)
    if entry is not None:
        record(connection, SYSTEM, from_us(now), [entry])
    return True


def _is_weaker(change: AddressChange, before: SupportAddress) -> bool:
    """Tell whether a request to confirm names another address than the one that is kept.

    Anybody can have a provider ask for a forwarding to us; that hides no request for our own.
    """
    kept, asked = before.confirmation, change.confirmation
    return (
        kept is not None
        and asked is not None
        and kept.address == before.address
        and asked.address != before.address
    )


_CHANGES: Mapping[Outcome, str] = {
    Outcome.VERIFIED: "UPDATE support_address SET state = 'verified', token = '', error_code = '',"
    " confirmation = '{}', verified_at = :now, forwarded_at = coalesce(forwarded_at, :now)"
    " WHERE address = :address AND token = :token AND token != '' AND state != 'off'"
    " AND channel_account_id = :account",
    Outcome.BOUNCED: "UPDATE support_address SET state = 'failing', token = '',"
    " error_code = 'address.test-bounced'"
    " WHERE address = :address AND token = :token AND token != '' AND state != 'off'",
    Outcome.BY_HAND: "UPDATE support_address SET error_code = 'address.test-by-hand'"
    " WHERE address = :address AND token = :token AND token != '' AND state != 'off'",
    Outcome.CONFIRMATION: "UPDATE support_address SET confirmation = :confirmation"
    " WHERE address = :address AND state IN ('pending', 'failing')",
}
"""What each outcome writes."""


def state_entry(before: SupportAddress, after: SupportAddress) -> Entry:
    """Return the activity of a change of an address."""
    return Entry(
        "address.state",
        before={"address": before.id, "state": before.state, "code": before.error_code},
        after={"address": after.id, "state": after.state, "code": after.error_code},
    )


def _address(row: tuple[Any, ...]) -> SupportAddress:
    return SupportAddress(
        id=row[0],
        address=row[1],
        name=row[2],
        account=row[3],
        workspace=row[4],
        state=AddressState(row[5]),
        provider=row[6],
        asked_at=None if row[7] is None else from_us(row[7]),
        verified_at=None if row[8] is None else from_us(row[8]),
        error_code=row[9],
        confirmation=_from_json(row[10]),
        signature=row[11],
        forwarded_at=None if row[12] is None else from_us(row[12]),
        hides_own_mail=hides_own_mail(str(json.loads(row[13] or "{}").get("imap_host", ""))),
    )


def _to_json(found: Confirmation | None) -> str:
    if found is None:
        return "{}"
    return json.dumps({
        "code": found.code, "link": found.link, "provider": found.provider,
        "address": found.address, "seen_at": to_us(found.seen_at),
    })  # fmt: skip


def _from_json(text: str) -> Confirmation | None:
    values = json.loads(text or "{}")
    if not values:
        return None
    return Confirmation(
        values["code"], values["link"], values["provider"], from_us(values["seen_at"]),
        values.get("address", ""),
    )  # fmt: skip

"""The log of who gave and who withdrew consent: rows are added, never changed."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from helpdesk_tui.domain.messaging.state import ConsentState
from helpdesk_tui.domain.times import from_us, to_us

_COLUMNS = """
    consent.id, consent.channel, consent.address, consent.ours, consent.state, consent.kind,
    consent.source, consent.detail, coalesce(agent.name, ''), consent.at
"""
_FROM = "FROM consent LEFT JOIN agent ON agent.id = consent.agent_id"
COUNTS = """
    (consent.state = 'withdrawn' OR consent.source IN ('keyword', 'provider')
        OR coalesce((
            SELECT own.state FROM consent AS own
            WHERE own.channel = consent.channel AND own.address = consent.address
                AND own.source IN ('keyword', 'provider')
                AND (:ours IS NULL OR own.ours IN ('', :ours))
            ORDER BY own.at DESC, own.id DESC LIMIT 1
        ), '') != 'withdrawn')
"""
"""Who has opted out themselves is not opted in by anybody else, not even by a word that is newer:
it was noted before it was known that they had, as providers tell late."""


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """One time that somebody gave or withdrew consent."""

    channel: str
    address: str
    state: ConsentState
    source: str
    at: datetime
    ours: str = ""
    """The number of ours that it was said to; empty: to all of them."""
    kind: str = "transactional"
    detail: str = ""
    agent: str = ""
    id: int = 0


def add_consent(
    connection: sqlite3.Connection, row: ConsentRow, agent_id: int | None = None
) -> int:
    """Add to the log; return the row."""
    done = connection.execute(
        "INSERT INTO consent (channel, address, ours, state, kind, source, detail, agent_id, at)"
        " VALUES (:channel, :address, :ours, :state, :kind, :source, :detail, :agent, :at)",
        {
            "channel": row.channel, "address": row.address, "ours": row.ours,
            "state": row.state.value, "kind": row.kind, "source": row.source,
            "detail": row.detail, "agent": agent_id, "at": to_us(row.at),
        },
    )  # fmt: skip
    return int(done.lastrowid or 0)


def has_consent_row(connection: sqlite3.Connection, row: ConsentRow) -> bool:
    """Tell whether just this was noted before."""
    found = connection.execute(
        "SELECT 1 FROM consent WHERE channel = :channel AND address = :address AND ours = :ours"
        " AND state = :state AND kind = :kind AND source = :source AND at = :at LIMIT 1",
        {
            "channel": row.channel, "address": row.address, "ours": row.ours,
            "state": row.state.value, "kind": row.kind, "source": row.source, "at": to_us(row.at),
        },
    ).fetchone()  # fmt: skip
    return found is not None


def newest_consent(
    connection: sqlite3.Connection, channel: str, address: str, ours: str | None = None
) -> ConsentRow | None:
    """Return the last word of somebody; to a number of ours, to all of them, or (None) to any."""
    where = "" if ours is None else "AND consent.ours IN ('', :ours)"
    row = connection.execute(
        f"SELECT {_COLUMNS} {_FROM} WHERE consent.channel = :channel"
        f" AND consent.address = :address {where} AND {COUNTS}"
        " ORDER BY consent.at DESC, consent.id DESC"
        " LIMIT 1",
        {"channel": channel, "address": address, "ours": ours},
    ).fetchone()
    return None if row is None else _row(row)


def load_consents(
    connection: sqlite3.Connection, *, channel: str = "", address: str = "",
    before: int | None = None, limit: int = 50,
) -> list[ConsentRow]:  # fmt: skip
    """Return the newest rows of the log, or those before one."""
    conditions = ["1 = 1"]
    if channel:
        conditions.append("consent.channel = :channel")
    if address:
        conditions.append("consent.address = :address")
    if before is not None:
        conditions.append("consent.id < :before")
    found = connection.execute(
        f"SELECT {_COLUMNS} {_FROM} WHERE {' AND '.join(conditions)}"
        " ORDER BY consent.id DESC LIMIT :limit",
        {"channel": channel, "address": address, "before": before, "limit": limit},
    )
    return [_row(row) for row in found]


def line_of_ticket(connection: sqlite3.Connection, ticket_id: int) -> tuple[str, str] | None:
    """Return channel and customer's address of a ticket; None if there is none of this number."""
    row = connection.execute(
        "SELECT channel, customer_address FROM ticket WHERE id = :id", {"id": ticket_id}
    ).fetchone()
    return None if row is None else (str(row[0]), str(row[1]))


def _row(row: tuple[int, str, str, str, str, str, str, str, str, int]) -> ConsentRow:
    return ConsentRow(
        channel=row[1], address=row[2], state=ConsentState(row[4]), source=row[6],
        at=from_us(row[9]), ours=row[3], kind=row[5], detail=row[7], agent=row[8], id=row[0],
    )  # fmt: skip

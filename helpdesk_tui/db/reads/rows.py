"""Assemble list rows from tuples of the ticket table."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from helpdesk_tui.domain.channels import CHANNELS
from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.tickets import Priority, SortKey, Status, TicketRow
from helpdesk_tui.domain.times import from_us

COLUMNS = (
    "id, subject, channel, status, spam, unread, customer_name, customer_address, preview, tags,"
    " priority, assignee_id, last_message_at, waiting_since, snoozed_until, has_media,"
    " message_count, version, flags, team_id, held_at"
)
"""What a list reads of a ticket, in the order that :func:`assemble` takes it."""

Raw = tuple[
    int, str, str, str, int, int, str, str, str, str,
    str, int | None, int, int | None, int | None, int, int, int, str, int | None, int | None,
]  # fmt: skip

_LIVE = frozenset(spec.name for spec in CHANNELS.values() if spec.is_live)
_STATUS = {status.value: status for status in Status}
_PRIORITY = {priority.value: priority for priority in Priority}


def key_of(raw: Raw) -> SortKey:
    """Return the place of a row in a list."""
    return SortKey(raw[12], raw[0])


def agent_names(connection: sqlite3.Connection) -> dict[int, str]:
    """Return the names of all agents by id; a team is small."""
    return dict(connection.execute("SELECT id, name FROM agent").fetchall())


def assemble(
    connection: sqlite3.Connection, found: Sequence[Raw], agent_id: int | None
) -> tuple[TicketRow, ...]:
    """Return the rows of a page; two small queries for all of them together, three with teams.

    Args:
        connection: inside a read transaction.
        found: tuples of :data:`COLUMNS`.
        agent_id: whose drafts are marked; None marks those of all agents.
    """
    if not found:
        return ()
    names = agent_names(connection)
    drafts = _with_draft(connection, [raw[0] for raw in found], agent_id)
    teams = team_names(connection) if any(raw[19] is not None for raw in found) else {}
    closing = _closing(connection, found)
    return tuple([_row(raw, names, teams, raw[0] in drafts, closing) for raw in found])


def team_names(connection: sqlite3.Connection) -> dict[int, str]:
    """Return the names of all teams by id."""
    return dict(connection.execute("SELECT id, name FROM team").fetchall())


def _closing(connection: sqlite3.Connection, found: Sequence[Raw]) -> dict[int, int]:
    """Return when the visitors of chats are told that they are closed; asks only where some are."""
    ids = [
        raw[0]
        for raw in found
        if raw[3] == Status.CLOSED and raw[2] in _LIVE and Flag.CHAT_ENDED not in raw[18]
    ]
    if not ids:
        return {}
    marks = ",".join(map(str, ids))
    return dict(
        connection.execute(
            "SELECT ticket_id, closing_at FROM chat"
            f" WHERE ticket_id IN ({marks}) AND closing_at IS NOT NULL AND ended_at IS NULL"
        ).fetchall()
    )


def _row(
    raw: Raw,
    names: dict[int, str],
    teams: dict[int, str],
    has_draft: bool,
    closing: dict[int, int],
) -> TicketRow:
    assignee, team = raw[11], raw[19]
    return TicketRow(
        id=raw[0],
        subject=raw[1],
        channel=raw[2],
        status=_STATUS[raw[3]],
        spam=raw[4] == 1,
        unread=raw[5] == 1,
        customer_name=raw[6] or raw[7],
        preview=raw[8],
        tags=tuple(raw[9].split()) if raw[9] else (),
        priority=_PRIORITY[raw[10]],
        assignee_id=assignee,
        assignee=None if assignee is None else names.get(assignee),
        last_message_at=from_us(raw[12]),
        waiting_since=None if raw[13] is None else from_us(raw[13]),
        snoozed_until=None if raw[14] is None else from_us(raw[14]),
        has_media=raw[15] == 1,
        has_draft=has_draft,
        message_count=raw[16],
        version=raw[17],
        flags=tuple(raw[18].split()) if raw[18] else (),
        team_id=team,
        team=None if team is None else teams.get(team),
        held_at=None if raw[20] is None else from_us(raw[20]),
        closing_at=None if raw[0] not in closing else from_us(closing[raw[0]]),
    )


def _with_draft(
    connection: sqlite3.Connection, ids: Sequence[int], agent_id: int | None
) -> frozenset[int]:
    marks = ",".join(map(str, ids))
    whose = "" if agent_id is None else " AND agent_id = :agent"
    return frozenset(
        ticket
        for (ticket,) in connection.execute(
            f"SELECT ticket_id FROM draft WHERE ticket_id IN ({marks}){whose}", {"agent": agent_id}
        )
    )

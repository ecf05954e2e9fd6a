"""Saved views as rows."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from helpdesk_tui.domain.tickets import Sort, Status
from helpdesk_tui.domain.times import to_us
from helpdesk_tui.domain.views import SavedView, ViewDraft

_COLUMNS = "id, agent_id, name, query, status, sort, position, pin, version"
_STATUSES = {status.value: status for status in Status}
_SORTS = {sort.value: sort for sort in Sort}


def load_views(connection: sqlite3.Connection, agent_id: int | None) -> tuple[SavedView, ...]:
    """Return an agent's own views in their order, then the shared ones in theirs."""
    found = connection.execute(
        f"SELECT {_COLUMNS} FROM view WHERE agent_id IN (0, :agent)"
        " ORDER BY agent_id = 0, position, id",
        {"agent": agent_id},
    )
    return tuple(_view(row) for row in found)


def insert_view(
    connection: sqlite3.Connection, owner: int, draft: ViewDraft, position: int, now: datetime
) -> int:
    """Add a view and return its id."""
    values = {**_values(draft), "owner": owner, "position": position, "now": to_us(now)}
    made = connection.execute(
        "INSERT INTO view (agent_id, name, query, status, sort, position, pin, created_at,"
        " updated_at, version) VALUES (:owner, :name, :query, :status, :sort, :position, :pin,"
        " :now, :now, 1)",
        values,
    )
    if made.lastrowid is None:
        raise AssertionError("an inserted view has an id")
    return made.lastrowid


def restore_view(connection: sqlite3.Connection, view: SavedView, now: datetime) -> None:
    """Put a deleted view back where it was."""
    connection.execute(
        "INSERT INTO view (id, agent_id, name, query, status, sort, position, pin, created_at,"
        " updated_at, version) VALUES (:id, :owner, :name, :query, :status, :sort, :position,"
        " :pin, :now, :now, :version)",
        {
            **_values(view.draft),
            "id": view.id,
            "owner": view.agent_id,
            "position": view.position,
            "version": view.version + 1,
            "now": to_us(now),
        },
    )


def update_view(
    connection: sqlite3.Connection, view: SavedView, owner: int, draft: ViewDraft, now: datetime
) -> None:
    """Write what a view shall be from now on."""
    connection.execute(
        "UPDATE view SET agent_id = :owner, name = :name, query = :query, status = :status,"
        " sort = :sort, pin = :pin, updated_at = :now, version = version + 1 WHERE id = :id",
        {**_values(draft), "owner": owner, "id": view.id, "now": to_us(now)},
    )


def place_view(connection: sqlite3.Connection, view_id: int, position: int) -> None:
    """Move a view to a place among those of its owner."""
    connection.execute(
        "UPDATE view SET position = :position, version = version + 1 WHERE id = :id",
        {"position": position, "id": view_id},
    )


def free_pin(connection: sqlite3.Connection, owner: int, pin: str, *, keep: int) -> None:
    """Take a key from the views of an owner, but one."""
    connection.execute(
        "UPDATE view SET pin = '', version = version + 1"
        " WHERE agent_id = :owner AND pin = :pin AND pin != '' AND id != :keep",
        {"owner": owner, "pin": pin, "keep": keep},
    )


def delete_view(connection: sqlite3.Connection, view_id: int) -> None:
    """Remove a view."""
    connection.execute("DELETE FROM view WHERE id = :id", {"id": view_id})


def _values(draft: ViewDraft) -> dict[str, object]:
    return {
        "name": draft.name,
        "query": draft.query,
        "status": "" if draft.status is None else draft.status.value,
        "sort": draft.sort.value,
        "pin": draft.pin,
    }


def _view(row: tuple[int, int, str, str, str, str, int, str, int]) -> SavedView:
    number, owner, name, query, status, sort, position, pin, version = row
    return SavedView(
        id=number,
        agent_id=owner,
        name=name,
        query=query,
        status=_STATUSES.get(status),
        sort=_SORTS.get(sort, Sort.NEWEST),
        position=position,
        pin=pin,
        version=version,
    )

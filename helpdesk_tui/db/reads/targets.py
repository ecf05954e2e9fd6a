"""Which tickets an action over a whole list is about: their ids, and the versions they have."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

from helpdesk_tui.db.reads.criteria import Criteria
from helpdesk_tui.db.reads.lists import scope_of
from helpdesk_tui.db.reads.search import find
from helpdesk_tui.db.reads.search_sql import Walk
from helpdesk_tui.domain.tickets import Sort, ViewFilter

_STEP = 20_000
"""Hits asked for at a time …"""
_STEP_SECONDS = 1.0
"""… and how long that may take: each step looks anew for where it begins, and by which side, so
with steps as short as those of a screen most of the time went there."""
_ROWS = 2000
"""Rows read at a time."""

Part = list[tuple[int, int]]
"""Some tickets: (id, version)."""


def load_plain(connection: sqlite3.Connection, where: ViewFilter) -> Iterator[Part]:
    """Give all tickets of a plain view in the order of its list, part by part."""
    scope = scope_of(where)
    order = "ASC" if where.sort is Sort.OLDEST else "DESC"
    found = connection.execute(
        f"SELECT id, version FROM ticket WHERE {scope.where}"
        f" ORDER BY last_message_at {order}, id {order}",
        scope.params,
    )
    while part := found.fetchmany(_ROWS):
        yield part


def load_found(connection: sqlite3.Connection, criteria: Criteria) -> Iterator[Part]:
    """Give all tickets that a query finds, in the order of its list, part by part."""
    down, left = criteria.sort is not Sort.OLDEST, criteria.limit
    known: set[int] = set()
    walk = Walk(None, down, _STEP, _STEP_SECONDS)
    while True:
        found = find(connection, criteria, walk)
        fresh = [key.id for key in found.keys if key.id not in known][:left]
        known.update(fresh)
        yield load_versions(connection, fresh)
        if left is not None:
            left -= len(fresh)
        is_end = found.place is None and len(found.keys) < _STEP
        if is_end or left == 0:
            return
        walk = Walk(found.place or found.keys[-1], down, _STEP, _STEP_SECONDS)


def load_versions(connection: sqlite3.Connection, ids: Sequence[int]) -> Part:
    """Return those of some tickets that there are, in the order named."""
    marks = ",".join(str(int(one)) for one in ids)
    versions: dict[int, int] = dict(
        connection.execute(f"SELECT id, version FROM ticket WHERE id IN ({marks})")
    )
    return [(one, versions[one]) for one in ids if one in versions]

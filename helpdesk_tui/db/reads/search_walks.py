"""Walks of a search where both its words and its conditions are many: until a page is full.

They go through the index of words, or the list of tickets, in its order and in chunks, and end when
the time is up: then they say where to go on.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic

from helpdesk_tui.db.reads.criteria import Criteria
from helpdesk_tui.db.reads.lists import SHOWN
from helpdesk_tui.db.reads.orders import PLAIN, stretch_sql, stretches_of
from helpdesk_tui.db.reads.search_sql import (
    Walk,
    allowed,
    checked,
    hits,
    messages_of_view,
    newest_match,
    tickets_of,
)
from helpdesk_tui.db.reads.text_match import Clause
from helpdesk_tui.domain.tickets import Sort, SortKey, Status

FIRST_CHUNK = 100
_LAST_CHUNK = 800
_WIDER = 8
"""How much more of the index a chunk takes where nothing else has to be looked up."""
_SLICE = 50
"""Hits verified at a time."""


@dataclass(frozen=True, slots=True)
class Found:
    """Hits nearest to where the walk began, and whether it got to the end."""

    keys: tuple[SortKey, ...]
    place: SortKey | None
    """Where the walk stopped because its time was up; None if it did not."""


@dataclass(frozen=True, slots=True)
class _Chunk:
    """The next part of a walk."""

    keys: list[SortKey]
    """Those that fulfil the conditions of columns, in order."""
    place: SortKey | None
    """Where the part ends; None if it is the last one."""


def _walk(
    walk: Walk,
    read: Callable[[SortKey | None, int], _Chunk],
    verified: Callable[[list[SortKey]], list[SortKey]],
) -> Found:
    deadline = monotonic() + walk.budget
    keys: list[SortKey] = []
    place, size = walk.beyond, FIRST_CHUNK
    while True:
        chunk = read(place, size)
        for start in range(0, len(chunk.keys), _SLICE):
            part = chunk.keys[start : start + _SLICE]
            keys += verified(part)
            if len(keys) >= walk.limit:
                return Found(tuple(keys[: walk.limit]), None)
            if monotonic() > deadline:
                return Found(tuple(keys), part[-1])
        if chunk.place is None:
            return Found(tuple(keys), None)
        place, size = chunk.place, min(size * 2, _LAST_CHUNK)
        if monotonic() > deadline:
            return Found(tuple(keys), place)


def walk_words(
    connection: sqlite3.Connection,
    criteria: Criteria,
    match: Clause,
    walk: Walk,
    head: Sequence[int],
) -> Found:
    """Walk the full-text index; ``head`` is its beginning where that was read already."""
    words = _Words(connection, criteria, match, walk, head)
    return _walk(walk, words.read, words.verified)


class _Words:
    """The full-text index as a list of tickets: each stands where its newest match is."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        criteria: Criteria,
        match: Clause,
        walk: Walk,
        head: Sequence[int],
    ) -> None:
        self._connection = connection
        self._criteria = criteria
        self._match = match
        self._walk = walk
        self._waiting = list(head)
        self._seen: set[int] = set()
        self._owners = messages_of_view(connection, criteria, match)
        """The tickets of all messages that fit; None where they are too many to be read first."""

    def read(self, place: SortKey | None, size: int) -> _Chunk:
        """Return the next tickets in the order of their matches."""
        rowids, is_last = self._rowids(place, size)
        owner = self._owners_of(rowids)
        keys = []
        for rowid in rowids:
            ticket = owner.get(rowid)
            if ticket is not None and ticket not in self._seen:
                keys.append(SortKey(rowid, ticket))
                if self._walk.descending:
                    self._seen.add(ticket)
        return _Chunk(keys, None if is_last else SortKey(rowids[-1], 0))

    def _rowids(self, place: SortKey | None, size: int) -> tuple[list[int], bool]:
        """Return the next messages that match, and whether they are the last."""
        rowids = self._waiting[:size]
        del self._waiting[:size]
        if rowids:
            return rowids, False
        size = size if self._owners is None else size * _WIDER
        rowids, _ = hits(self._connection, self._match, Walk(place, self._walk.descending, size))
        return rowids, len(rowids) < size

    def _owners_of(self, rowids: list[int]) -> Mapping[int, int]:
        """Return the tickets of messages, but for those that the view does not show."""
        if self._owners is not None:
            return self._owners
        found = dict(tickets_of(self._connection, self._match, rowids))
        fit = allowed(self._connection, self._criteria, set(found.values()) - self._seen)
        return {rowid: ticket for rowid, ticket in found.items() if ticket in fit}

    def verified(self, keys: list[SortKey]) -> list[SortKey]:
        """Return those keys whose tickets pass every check and stand where the key says.

        When a walk begins in the middle, or goes from old to new, it meets older matches of tickets
        that belong elsewhere.
        """
        walk = self._walk
        kept = checked(self._connection, self._criteria, [key.id for key in keys])
        keys = [key for key in keys if key.id in kept]
        if walk.descending and walk.beyond is None:
            return keys
        since = 0 if walk.beyond is None or not walk.descending else walk.beyond.at
        newest = newest_match(self._connection, self._match, kept, since=since)
        return [key for key in keys if newest.get(key.id, key.at) == key.at]


def walk_tickets(connection: sqlite3.Connection, criteria: Criteria, walk: Walk) -> Found:
    """Walk the list of tickets in its order."""
    walks = _scopes(criteria)

    def read(place: SortKey | None, size: int) -> _Chunk:
        rows = []
        is_last = True
        for scope, test in walks:
            part = _stretch_rows(connection, criteria, walk, scope, test, place, size)
            is_last = is_last and len(part) < size
            rows += part
        if len(walks) > 1:
            rows.sort(key=lambda row: (row[0], row[1]), reverse=walk.descending)
            is_last = is_last and len(rows) <= size
            del rows[size:]
        keys = [SortKey(at, number) for at, number, hit in rows if hit == 1]
        return _Chunk(keys, None if is_last else SortKey(rows[-1][0], rows[-1][1]))

    def verified(keys: list[SortKey]) -> list[SortKey]:
        kept = checked(connection, criteria, [key.id for key in keys])
        if criteria.match is not None:
            kept &= newest_match(connection, criteria.match, kept).keys()
        return [key for key in keys if key.id in kept]

    return _walk(walk, read, verified)


def _scopes(criteria: Criteria) -> list[tuple[str, str]]:
    """Return the lists to walk, each with the condition that its rows are tested by.

    Orders that views have no index for are walked over all tickets, by status where the index
    begins with it; what the view asks beyond that is tested row by row.
    """
    test = criteria.test
    found = []
    for scope in criteria.scopes:
        if criteria.sort in PLAIN or not scope.startswith(SHOWN):
            found.append((scope + _moved(criteria), test))
            continue
        rest = scope.removeprefix(SHOWN).removeprefix(" AND ")
        tested = f"{rest} AND {test}" if rest else test
        if criteria.sort is not Sort.PRIORITY:
            found.append((SHOWN, tested))
            continue
        wanted = criteria.view.status
        statuses = Status if wanted is None else (wanted,)
        found += [(f"{SHOWN} AND status = '{status.value}'", tested) for status in statuses]
    return found


def _moved(criteria: Criteria) -> str:
    """Return the condition on when tickets moved last; it ends a walk of the plain lists."""
    floor, ceiling = criteria.floor, criteria.ceiling
    low = "" if floor is None else f" AND last_message_at >= {int(floor)}"
    return low + ("" if ceiling is None else f" AND last_message_at < {int(ceiling)}")


def _stretch_rows(
    connection: sqlite3.Connection,
    criteria: Criteria,
    walk: Walk,
    scope: str,
    test: str,
    place: SortKey | None,
    size: int,
) -> list[tuple[int, int, int]]:
    rows: list[tuple[int, int, int]] = []
    for part in stretches_of(criteria.sort, place, descending=walk.descending):
        sql, params = stretch_sql(part, scope, f"({test})", place, descending=walk.descending)
        params = {**criteria.params, **params, "limit": size - len(rows)}
        rows += connection.execute(sql, params).fetchall()
        if len(rows) >= size:
            break
    return rows

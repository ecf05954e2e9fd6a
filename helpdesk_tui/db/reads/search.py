"""Searches: hits newest first, in bounded time, whatever is asked for.

Three ways, chosen by cheap estimates. A rare word: all its hits are looked at. A rare condition
(a tag, a person, a small view): all its tickets are looked at. Otherwise the index of words, or
the list of tickets, is walked from the newest on in chunks until a page is full or the time is up;
then the answer is partial and says where to go on.

Hits of words have the place (newest matching message, ticket), since the full-text index is walked
by message ids, which follow the order of arrival; searches without words have the places of lists.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from time import monotonic

from helpdesk_tui.db.reads.counts import load_total
from helpdesk_tui.db.reads.criteria import Criteria
from helpdesk_tui.db.reads.lists import BY_ID, page_sql
from helpdesk_tui.domain.tickets import SortKey

BUDGET = 0.08
"""Seconds after which a walk gives what it has."""
COUNTED = 1000
"""Hits counted at most; more are shown as "1,000+"."""
_COUNT_BUDGET = 0.05
_RARE_HITS = 500
"""Up to so many matching messages are all looked at."""
_RARE_TICKETS = 1000
"""Up to so many tickets are all looked at."""
_FIRST_CHUNK = 200
_LAST_CHUNK = 1600
_SLICE = 100
"""Hits verified at a time."""
_TIMES_START = 2**45
"""Places of lists are microseconds and larger than this, message ids are smaller."""


@dataclass(frozen=True, slots=True)
class Found:
    """Hits nearest to where the walk began, and whether it got to the end."""

    keys: tuple[SortKey, ...]
    place: SortKey | None
    """Where the walk stopped because its time was up; None if it did not."""


@dataclass(frozen=True, slots=True)
class Walk:
    """Which part of the hits is wanted."""

    beyond: SortKey | None
    descending: bool
    limit: int
    budget: float = BUDGET


def find(connection: sqlite3.Connection, criteria: Criteria, walk: Walk) -> Found:
    """Return the places of hits beyond a key, nearest first.

    Args:
        connection: inside a read transaction.
        criteria: what is searched.
        walk: which part of the hits.
    """
    head: list[int] = []
    if criteria.match:
        walk = _by_message(connection, criteria, walk)
        head = _hits(connection, criteria.match, Walk(None, True, _RARE_HITS + 1))
    everything = _find_all(connection, criteria, head)
    if everything is not None:
        return _part(everything, walk)
    if criteria.match:
        from_top = walk.beyond is None and walk.descending
        return _walk_words(connection, criteria, walk, head if from_top else [])
    return _walk_tickets(connection, criteria, walk)


def count(connection: sqlite3.Connection, criteria: Criteria) -> int:
    """Return the number of hits, as far as it is counted: up to 1,000, for a moment at most."""
    return len(find(connection, criteria, Walk(None, True, COUNTED, _COUNT_BUDGET)).keys)


def _part(keys: list[SortKey], walk: Walk) -> Found:
    keys.sort(reverse=walk.descending)
    beyond = walk.beyond
    if beyond is not None:
        keys = [key for key in keys if (key < beyond if walk.descending else key > beyond)]
    return Found(tuple(keys[: walk.limit]), None)


def _by_message(connection: sqlite3.Connection, criteria: Criteria, walk: Walk) -> Walk:
    """Turn the place of a list into that of a hit: callers may have made it from a row."""
    beyond = walk.beyond
    if beyond is None or beyond.at < _TIMES_START:
        return walk
    newest = _newest_match(connection, criteria.match, [beyond.id]).get(beyond.id)
    if newest is None:
        found = connection.execute(
            "SELECT max(id) FROM message WHERE ticket_id = :ticket", {"ticket": beyond.id}
        ).fetchone()
        newest = found[0]
    key = None if newest is None else SortKey(int(newest), beyond.id)
    return Walk(key, walk.descending, walk.limit, walk.budget)


# --- few hits or few tickets: all of them --------------------------------------------------------


def _find_all(
    connection: sqlite3.Connection, criteria: Criteria, head: Sequence[int]
) -> list[SortKey] | None:
    """Return all hits where words or conditions are rare, or None where neither is.

    ``head`` are the newest matching messages, one more than are few.
    """
    newest = None
    if criteria.match and len(head) <= _RARE_HITS:
        newest = _newest_of(connection, head)
    tickets = _rare_tickets(connection, criteria) if newest is None else list(newest)
    if tickets is None:
        return None
    if criteria.match and newest is None:
        newest = _newest_match(connection, criteria.match, tickets)
    places = _allowed(connection, criteria, tickets)
    if newest is not None:
        places = {ticket: newest[ticket] for ticket in places if ticket in newest}
    kept = _without(connection, criteria, places)
    return [SortKey(at, ticket) for ticket, at in places.items() if ticket in kept]


def _newest_of(connection: sqlite3.Connection, rowids: Sequence[int]) -> dict[int, int]:
    """Return the tickets of messages, each with the newest of them."""
    newest: dict[int, int] = {}
    for message, ticket in _tickets_of(connection, rowids):
        newest[ticket] = max(message, newest.get(ticket, 0))
    return newest


def _rare_tickets(connection: sqlite3.Connection, criteria: Criteria) -> list[int] | None:
    """Return the ids of all tickets that can be meant, if these are few."""
    params = {**criteria.all_params, "limit": _RARE_TICKETS + 1}
    for source in criteria.sources:
        ids = connection.execute(
            f"SELECT * FROM ({source}) AS source LIMIT :limit", params
        ).fetchall()
        if len(ids) <= _RARE_TICKETS:
            return [number for (number,) in ids]
    if load_total(connection, criteria.view) > _RARE_TICKETS:
        return None
    sql = page_sql(criteria.where, keyed=False, descending=True, columns="id")
    return [number for (number,) in connection.execute(sql, params)]


# --- many of both: walk until the page is full ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Chunk:
    """The next stretch of a walk."""

    keys: list[SortKey]
    """Those that fulfil the conditions of columns, in order."""
    place: SortKey | None
    """Where the stretch ends; None if it is the last one."""


def _walk(
    connection: sqlite3.Connection,
    criteria: Criteria,
    walk: Walk,
    read: Callable[[SortKey | None, int], _Chunk],
) -> Found:
    deadline = monotonic() + walk.budget
    keys: list[SortKey] = []
    place, size = walk.beyond, _FIRST_CHUNK
    while True:
        chunk = read(place, size)
        for start in range(0, len(chunk.keys), _SLICE):
            part = chunk.keys[start : start + _SLICE]
            keys += _verified(connection, criteria, walk, part)
            if len(keys) >= walk.limit:
                return Found(tuple(keys[: walk.limit]), None)
            if monotonic() > deadline:
                return Found(tuple(keys), part[-1])
        if chunk.place is None:
            return Found(tuple(keys), None)
        place, size = chunk.place, min(size * 2, _LAST_CHUNK)
        if monotonic() > deadline:
            return Found(tuple(keys), place)


def _walk_words(
    connection: sqlite3.Connection, criteria: Criteria, walk: Walk, head: Sequence[int]
) -> Found:
    """Walk the full-text index; ``head`` is its beginning where that was read already."""
    seen: set[int] = set()

    def read(place: SortKey | None, size: int) -> _Chunk:
        rowids = head
        if place is not None or not head:
            rowids = _hits(connection, criteria.match, Walk(place, walk.descending, size))
        owner = dict(_tickets_of(connection, rowids))
        allowed = _allowed(connection, criteria, set(owner.values()) - seen)
        keys = []
        for rowid in rowids:
            ticket = owner[rowid]
            if ticket in allowed and ticket not in seen:
                keys.append(SortKey(rowid, ticket))
                if walk.descending:
                    seen.add(ticket)
        is_last = rowids is not head and len(rowids) < size
        return _Chunk(keys, None if is_last else SortKey(rowids[-1], 0))

    return _walk(connection, criteria, walk, read)


def _walk_tickets(connection: sqlite3.Connection, criteria: Criteria, walk: Walk) -> Found:
    test = " AND ".join(criteria.conditions) or "1"
    scope = Criteria(criteria.view).where

    def read(place: SortKey | None, size: int) -> _Chunk:
        sql = page_sql(
            scope,
            keyed=place is not None,
            descending=walk.descending,
            columns=f"last_message_at, id, ({test})",
        )
        params = {**criteria.all_params, "limit": size}
        if place is not None:
            params |= {"at": place.at, "id": place.id}
        rows = connection.execute(sql, params).fetchall()
        keys = [SortKey(at, number) for at, number, hit in rows if hit == 1]
        return _Chunk(keys, None if len(rows) < size else SortKey(rows[-1][0], rows[-1][1]))

    return _walk(connection, criteria, walk, read)


def _verified(
    connection: sqlite3.Connection, criteria: Criteria, walk: Walk, keys: list[SortKey]
) -> list[SortKey]:
    """Return those keys whose tickets hold no excluded word and stand where the key says.

    A ticket stands where its newest match is: when a walk begins in the middle, or goes from old
    to new, it meets older matches of tickets that belong elsewhere.
    """
    kept = _without(connection, criteria, [key.id for key in keys])
    keys = [key for key in keys if key.id in kept]
    if not criteria.match or (walk.descending and walk.beyond is None):
        return keys
    since = 0 if walk.beyond is None or not walk.descending else walk.beyond.at
    newest = _newest_match(connection, criteria.match, kept, since=since)
    return [key for key in keys if newest.get(key.id, key.at) == key.at]


# --- statements ----------------------------------------------------------------------------------


def _hits(connection: sqlite3.Connection, match: str, walk: Walk) -> list[int]:
    """Return the ids of matching messages beyond a place, nearest first."""
    sign, order = ("<", "DESC") if walk.descending else (">", "ASC")
    bound = "" if walk.beyond is None else f" AND rowid {sign} :place"
    found = connection.execute(
        f"SELECT rowid FROM message_fts WHERE message_fts MATCH :match{bound}"
        f" ORDER BY rowid {order} LIMIT :limit",
        {
            "match": match,
            "place": None if walk.beyond is None else walk.beyond.at,
            "limit": walk.limit,
        },
    )
    return [rowid for (rowid,) in found]


def _tickets_of(connection: sqlite3.Connection, rowids: Sequence[int]) -> list[tuple[int, int]]:
    """Return (message, ticket) of messages."""
    return connection.execute(
        f"SELECT id, ticket_id FROM message WHERE id IN ({_list(rowids)})"
    ).fetchall()


def _newest_match(
    connection: sqlite3.Connection, match: str, tickets: Iterable[int], *, since: int = 0
) -> dict[int, int]:
    """Return the newest matching message of each ticket that has one (of that id or later)."""
    found = connection.execute(
        "SELECT message.ticket_id, max(message.id) FROM message"
        " CROSS JOIN message_fts ON message_fts.rowid = message.id"
        f" WHERE message.ticket_id IN ({_list(tickets)}) AND message.id >= :since"
        " AND message_fts MATCH :match GROUP BY message.ticket_id",
        {"match": match, "since": since},
    )
    return dict(found.fetchall())


def _allowed(
    connection: sqlite3.Connection, criteria: Criteria, tickets: Iterable[int]
) -> dict[int, int]:
    """Return those tickets that fulfil the conditions of columns, and when each last moved."""
    found = connection.execute(
        f"SELECT id, last_message_at FROM {BY_ID} WHERE id IN ({_list(tickets)})"
        f" AND {criteria.where}",
        criteria.all_params,
    )
    return dict(found.fetchall())


def _without(
    connection: sqlite3.Connection, criteria: Criteria, tickets: Iterable[int]
) -> frozenset[int]:
    """Return those tickets that no excluded word stands in."""
    kept = frozenset(tickets)
    for expression in criteria.without:
        kept -= _newest_match(connection, expression, kept).keys()
    return kept


def _list(numbers: Iterable[int]) -> str:
    return ",".join([str(int(number)) for number in numbers])

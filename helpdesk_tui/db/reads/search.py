"""Searches: hits in the order asked for, in bounded time, whatever is asked.

The small side leads. Rare words: all their messages are looked at. A rare condition (a tag, a
person, a small view): all its tickets are looked at. Otherwise the index of words, or the list of
tickets, is walked in its order in chunks until a page is full or the time is up; then the answer is
partial and says where to go on.

Hits of words, newest or oldest first, have the place (newest matching message, ticket), since the
full-text index is walked by message ids, which follow the order of arrival; all other searches have
the places of lists.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace

from helpdesk_tui.db.reads.counts import load_total
from helpdesk_tui.db.reads.criteria import Criteria
from helpdesk_tui.db.reads.guard import guarded
from helpdesk_tui.db.reads.lists import page_sql
from helpdesk_tui.db.reads.search_sql import (
    BUDGET,
    Walk,
    allowed,
    checked,
    hits,
    newest_match,
    tickets_of,
)  # fmt: skip
from helpdesk_tui.db.reads.search_walks import FIRST_CHUNK, Found, walk_tickets, walk_words
from helpdesk_tui.db.reads.text_match import Clause
from helpdesk_tui.domain.tickets import Sort, SortKey

COUNTED = 1000
"""Hits counted at most; more are shown as "1,000+"."""
_COUNT_BUDGET = 0.05
_SOURCE_BUDGET = 0.01
"""Seconds that looking for a small side may take, each."""
_RARE_HITS = 500
"""Up to so many matching messages are all looked at."""
_RARE_TICKETS = 500
"""Up to so many tickets are all looked at, messages and all …"""
_PLAIN_TICKETS = 5000
"""… or so many, where columns tell everything and a walk found no page in time."""
_TOP = 2**45
"""Places of lists are microseconds and larger than this, message ids are smaller."""


def find(connection: sqlite3.Connection, criteria: Criteria, walk: Walk) -> Found:
    """Return the places of hits beyond a key, nearest first.

    Args:
        connection: inside a read transaction.
        criteria: what is searched.
        walk: which part of the hits.
    """
    head: list[int] = []
    is_rare = False
    if criteria.walks_words:
        walk = _by_message(connection, criteria, walk)
    if criteria.match is not None:
        few = FIRST_CHUNK if criteria.is_plain else _RARE_HITS
        read = Walk(None, True, few + 1, BUDGET)
        head, is_whole = hits(connection, criteria.match, read, is_guarded=walk.beyond is None)
        if not (is_whole or head) and criteria.walks_words:
            # nothing yet: it goes on from where it began, then without a limit
            return Found((), SortKey(_TOP - 1 if walk.descending else 0, 0))
        is_rare = is_whole and len(head) <= few
    everything = _find_all(connection, criteria, head if is_rare else None)
    if everything is not None:
        return _part(everything, walk)
    if criteria.match is not None and criteria.walks_words:
        from_top = walk.beyond is None and walk.descending
        return walk_words(connection, criteria, criteria.match, walk, head if from_top else [])
    found = walk_tickets(connection, criteria, walk)
    if found.place is not None and not criteria.checks and criteria.match is None:
        # nothing but columns is asked: what is too much to begin with beats a list with gaps
        everything = _find_all(connection, criteria, None, most=_PLAIN_TICKETS)
        if everything is not None:
            return _part(everything, walk)
    return found


def count(connection: sqlite3.Connection, criteria: Criteria) -> int:
    """Return the number of hits, as far as it is counted: up to 1,000, for a moment at most."""
    most = COUNTED if criteria.limit is None else criteria.limit
    down = criteria.sort is not Sort.OLDEST
    return len(find(connection, criteria, Walk(None, down, most, _COUNT_BUDGET)).keys)


def passing(
    connection: sqlite3.Connection, criteria: Criteria, tickets: Iterable[int]
) -> dict[int, int]:
    """Return those of some tickets that fulfil every condition, each with its place."""
    places = allowed(connection, criteria, tickets)
    kept = checked(connection, criteria, places)
    if criteria.match is not None:
        kept &= newest_match(connection, criteria.match, kept).keys()
    return {ticket: at for ticket, at in places.items() if ticket in kept}


def _part(keys: list[SortKey], walk: Walk) -> Found:
    keys.sort(reverse=walk.descending)
    beyond = walk.beyond
    if beyond is not None:
        keys = [key for key in keys if (key < beyond if walk.descending else key > beyond)]
    return Found(tuple(keys[: walk.limit]), None)


def _by_message(connection: sqlite3.Connection, criteria: Criteria, walk: Walk) -> Walk:
    """Turn the place of a list into that of a hit: callers may have made it from a row."""
    beyond = walk.beyond
    if beyond is None or beyond.at < _TOP or criteria.match is None:
        return walk
    newest = newest_match(connection, criteria.match, [beyond.id]).get(beyond.id)
    if newest is None:
        found = connection.execute(
            "SELECT max(id) FROM message WHERE ticket_id = :ticket", {"ticket": beyond.id}
        ).fetchone()
        newest = found[0]
    return replace(walk, beyond=None if newest is None else SortKey(int(newest), beyond.id))


# --- few hits or few tickets: all of them --------------------------------------------------------


def _find_all(
    connection: sqlite3.Connection,
    criteria: Criteria,
    head: Sequence[int] | None,
    *,
    most: int | None = None,
) -> list[SortKey] | None:
    """Return all hits where words or conditions are rare, or None where neither is.

    ``head`` are all messages that match, where these are few; ``most`` is how many tickets are.
    """
    newest = None
    most = _RARE_TICKETS if most is None else most
    if criteria.match is not None and head is not None:
        newest = _newest_of(connection, criteria.match, head)
    tickets = _rare_tickets(connection, criteria, most) if newest is None else list(newest)
    if tickets is None:
        return None
    places = allowed(connection, criteria, tickets)
    if criteria.match is not None and newest is None:
        newest = newest_match(connection, criteria.match, places)
    if newest is not None:
        by_words = criteria.walks_words
        places = {
            ticket: newest[ticket] if by_words else at
            for ticket, at in places.items() if ticket in newest
        }  # fmt: skip
    kept = checked(connection, criteria, places)
    return [SortKey(at, ticket) for ticket, at in places.items() if ticket in kept]


def _newest_of(
    connection: sqlite3.Connection, match: Clause, rowids: Sequence[int]
) -> dict[int, int]:
    """Return the tickets of messages, each with the newest of them."""
    newest: dict[int, int] = {}
    for message, ticket in tickets_of(connection, match, rowids):
        newest[ticket] = max(message, newest.get(ticket, 0))
    return newest


def _rare_tickets(
    connection: sqlite3.Connection, criteria: Criteria, most: int
) -> list[int] | None:
    """Return the ids of all tickets that can be meant, if these are few."""
    for source in criteria.sources:
        ids = _union(connection, source, criteria.params, most)
        if ids is not None:
            return ids
    if len(criteria.scopes) > 1 or criteria.scopes[0].startswith("merged_into IS NOT"):
        return None
    if load_total(connection, criteria.view) > most:
        return None
    sql = page_sql(criteria.where, keyed=False, descending=True, columns="id")
    params = {**criteria.params, "limit": most + 1}
    return [number for (number,) in connection.execute(sql, params)]


def _union(
    connection: sqlite3.Connection, selects: Sequence[str], params: dict[str, object], most: int
) -> list[int] | None:
    """Return the tickets of some selects together, if these are few and quickly found."""
    found: set[int] = set()
    for select in selects:
        with guarded(connection, _SOURCE_BUDGET) as guard:
            rows = connection.execute(
                f"SELECT * FROM ({select}) AS source LIMIT :limit",
                {**params, "limit": most + 1},
            ).fetchall()
        if guard.is_up or len(rows) > most:
            return None
        found.update(number for (number,) in rows)
        if len(found) > most:
            return None
    return list(found)

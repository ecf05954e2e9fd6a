"""The timeline of a customer: rows of several tables, merged by time and read page by page."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from helpdesk_tui.db.commerce.bodies import from_body
from helpdesk_tui.db.commerce.group import Group
from helpdesk_tui.domain.commerce.facts import CustomerEvent, Order, Subscription
from helpdesk_tui.domain.commerce.timeline import RANKS, Entry, EntryKind, Place, TimelinePage
from helpdesk_tui.domain.folds import first_words, unpacked_folds
from helpdesk_tui.domain.times import from_us, to_us

_TICKETS = 500
"""The newest tickets whose messages are read; an address of a robot may have very many."""
_TEXT = 4000
"""Characters of a message that are shown beside the list."""


def load_timeline(
    connection: sqlite3.Connection,
    group: Group,
    *,
    kinds: Collection[EntryKind],
    words: Sequence[str],
    before: Place | None,
    limit: int,
    metrics: Sequence[str] = (),
) -> TimelinePage:
    """Return a page of what happened, the newest first.

    Args:
        connection: the store.
        group: the customer.
        kinds: what is wanted.
        words: all of them must stand in an entry.
        before: where the page before ended; None for the first.
        limit: how many entries a page has.
        metrics: kinds of events that are wanted; empty: all.
    """
    readers: dict[EntryKind, Callable[..., list[Entry]]] = {
        EntryKind.MESSAGE: _messages,
        EntryKind.ORDER: _orders,
        EntryKind.SUBSCRIPTION: _subscriptions,
        EntryKind.EVENT: partial(_events, metrics=metrics),
    }
    found = [
        entry
        for kind, read in readers.items()
        if kind in kinds
        for entry in read(connection, group, words, before, limit + 1)
    ]
    found.sort(key=place_of, reverse=True)
    page = tuple(found[:limit])
    return TimelinePage(page, place_of(page[-1]) if len(found) > limit else None)


def place_of(entry: Entry) -> Place:
    """Return where an entry stands; of one moment messages stand above what sources tell."""
    return Place(to_us(entry.at), -RANKS.index(entry.kind), entry.id)


def _older(before: Place | None, kind: EntryKind, at: str, id: str) -> tuple[str, dict[str, int]]:
    """Return the condition for rows of a kind that come behind a place."""
    if before is None:
        return "", {}
    rank = -RANKS.index(kind)
    values = {"before_at": before.at, "before_id": before.id}
    if rank == before.rank:
        same = f"({at} = :before_at AND {id} < :before_id)"
        return f" AND ({at} < :before_at OR {same})", values
    sign = "<" if rank > before.rank else "<="
    return f" AND {at} {sign} :before_at", {"before_at": before.at}


def _holding(words: Sequence[str], columns: Iterable[str]) -> tuple[str, dict[str, str]]:
    """Return the condition that every word stands in one of some columns."""
    values = {}
    parts = []
    for place, word in enumerate(words):
        for sign in ("\\", "%", "_"):
            word = word.replace(sign, "\\" + sign)
        values[f"word{place}"] = f"%{word}%"
        either = " OR ".join([f"{one} LIKE :word{place} ESCAPE '\\'" for one in columns])
        parts.append(f" AND ({either})")
    return "".join(parts), values


def _among(metrics: Sequence[str]) -> tuple[str, dict[str, str]]:
    """Return the condition that an event is of one of some kinds."""
    values = {f"metric{place}": metric for place, metric in enumerate(metrics)}
    names = ", ".join([f":{name}" for name in values])
    return (f" AND metric IN ({names})" if values else ""), values


def _members(group: Group) -> tuple[str, Mapping[str, int]]:
    values = {f"member{place}": one for place, one in enumerate(group.members)}
    return ", ".join([f":{name}" for name in values]), values


def _read(
    connection: sqlite3.Connection,
    sql: str,
    group: Group,
    conditions: tuple[tuple[str, Mapping[str, Any]], ...],
    limit: int,
) -> list[tuple[Any, ...]]:
    members, values = _members(group)
    where = "".join([text for text, _values in conditions])
    every: dict[str, Any] = {**values, "limit": limit}
    for _text, each in conditions:
        every |= each
    return connection.execute(sql.format(members=members, where=where), every).fetchall()


_MESSAGES = (
    "SELECT message.id, message.received_at, message.ticket_id, message.channel,"
    " message.direction, message.author_kind, message.author_name, message.subject,"
    f" substr(message.text, 1, {_TEXT}), ticket.subject, message.folds FROM message"
    " JOIN ticket ON ticket.id = message.ticket_id WHERE message.ticket_id IN"
    " (SELECT id FROM ticket WHERE profile_id IN ({members}) AND merged_into IS NULL"
    f" ORDER BY last_message_at DESC LIMIT {_TICKETS}){{where}}"
    " ORDER BY message.received_at DESC, message.id DESC LIMIT :limit"
).replace("{{where}}", "{where}")


def _messages(
    connection: sqlite3.Connection,
    group: Group,
    words: Sequence[str],
    before: Place | None,
    limit: int,
) -> list[Entry]:
    conditions = (
        _older(before, EntryKind.MESSAGE, "message.received_at", "message.id"),
        _holding(words, ("message.text", "message.subject", "message.author_name")),
    )
    return [
        Entry(
            EntryKind.MESSAGE, row[0], from_us(row[1]), ticket_id=row[2], channel=row[3],
            who=row[6], is_ours=row[4] != "inbound",
            is_note=row[4] == "note", title=row[7] or row[9], text=row[8],
            first_words=first_words(row[8], unpacked_folds(row[10])),
        )
        for row in _read(connection, _MESSAGES, group, conditions, limit)
    ]  # fmt: skip


_ORDERS = (
    "SELECT id, placed_at, source_id, body FROM order_snapshot"
    " WHERE profile_id IN ({members}){where} ORDER BY placed_at DESC, id DESC LIMIT :limit"
)


def _orders(
    connection: sqlite3.Connection,
    group: Group,
    words: Sequence[str],
    before: Place | None,
    limit: int,
) -> list[Entry]:
    conditions = (
        _older(before, EntryKind.ORDER, "placed_at", "id"),
        _holding(words, ("name", "body")),
    )
    out = []
    for row in _read(connection, _ORDERS, group, conditions, limit):
        order = from_body(Order, row[3])
        at = from_us(row[1])
        out.append(Entry(EntryKind.ORDER, row[0], at, row[2], title=order.name, value=order))
    return out


_SUBSCRIPTIONS = (
    "SELECT id, seen_at, source_id, body FROM subscription_snapshot"
    " WHERE profile_id IN ({members}){where} LIMIT 500"
)


def _subscriptions(
    connection: sqlite3.Connection,
    group: Group,
    words: Sequence[str],
    before: Place | None,
    limit: int,
) -> list[Entry]:
    """Read subscriptions: they are few, and when they began stands in their bodies alone."""
    out = []
    for row in _read(connection, _SUBSCRIPTIONS, group, (_holding(words, ("body",)),), limit):
        one = from_body(Subscription, row[3])
        at = one.started_at or from_us(row[1])
        entry = Entry(EntryKind.SUBSCRIPTION, row[0], at, row[2], title=one.product, value=one)
        if before is None or place_of(entry) < before:
            out.append(entry)
    out.sort(key=place_of, reverse=True)
    return out[:limit]


_EVENTS = (
    "SELECT id, at, source_id, body, metric, title FROM customer_event"
    " WHERE profile_id IN ({members}){where} ORDER BY at DESC, id DESC LIMIT :limit"
)


def _events(
    connection: sqlite3.Connection,
    group: Group,
    words: Sequence[str],
    before: Place | None,
    limit: int,
    *,
    metrics: Sequence[str] = (),
) -> list[Entry]:
    conditions = (
        _older(before, EntryKind.EVENT, "at", "id"),
        _holding(words, ("metric", "title", "body")),
        _among(metrics),
    )
    return [
        Entry(
            EntryKind.EVENT, row[0], from_us(row[1]), row[2], title=row[4], text=row[5],
            value=from_body(CustomerEvent, row[3]),
        )
        for row in _read(connection, _EVENTS, group, conditions, limit)
    ]  # fmt: skip

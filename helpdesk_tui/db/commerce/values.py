"""What searches compare: the numbers and segments of a customer over all sources."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace

from helpdesk_tui.db.commerce.bodies import from_body
from helpdesk_tui.db.commerce.group import Group, load_group
from helpdesk_tui.db.commerce.sections import Groups, Kept, SectionRow, load_sections
from helpdesk_tui.db.commerce.sources import load_kinds
from helpdesk_tui.domain.commerce.facts import Section, SectionState, Segment, Value
from helpdesk_tui.domain.commerce.sources import SOURCES
from helpdesk_tui.domain.commerce.worth import Worth, known_fields, together, worth_of
from helpdesk_tui.domain.money import MICROS, to_micros
from helpdesk_tui.domain.text import fold

_SAVE = """
    INSERT INTO customer_value (profile_id, ltv, churn, orders, subscriptions)
    VALUES (:profile, :ltv, :churn, :orders, :subscriptions)
    ON CONFLICT (profile_id) DO UPDATE SET ltv = excluded.ltv, churn = excluded.churn,
        orders = excluded.orders, subscriptions = excluded.subscriptions
    WHERE ltv IS NOT excluded.ltv OR churn IS NOT excluded.churn
        OR orders IS NOT excluded.orders OR subscriptions IS NOT excluded.subscriptions
"""
_SAVE_SEGMENT = """
    INSERT INTO customer_segment (profile_id, source_id, external_id, kind, name, folded)
    VALUES (?, ?, ?, ?, ?, ?)
"""

COMPARED = frozenset({Section.VALUE, Section.ORDERS, Section.SUBSCRIPTIONS, Section.SEGMENTS})
"""The sections that :func:`refresh_worth` goes by."""


def refresh_worth(connection: sqlite3.Connection, profile_id: int) -> None:
    """Work out anew what is compared and looked for of the customer that a profile belongs to."""
    group = load_group(connection, profile_id)
    rows = load_sections(connection, group)
    worth = _worth(rows, load_kinds(connection))
    subscriptions = _active(connection, group, rows)
    for member in group.members[1:]:
        connection.execute("DELETE FROM customer_value WHERE profile_id = ?", (member,))
    if worth == Worth() and subscriptions is None:
        connection.execute("DELETE FROM customer_value WHERE profile_id = ?", (group.root,))
    else:
        connection.execute(
            _SAVE,
            {
                "profile": group.root, "ltv": None if worth.ltv is None else to_micros(worth.ltv),
                "churn": None if worth.churn is None else int(worth.churn * MICROS),
                "orders": worth.orders, "subscriptions": subscriptions,
            },
        )  # fmt: skip
    _save_segments(connection, group, segments_of(rows))


def values_of(rows: Sequence[SectionRow]) -> tuple[tuple[int, Value], ...]:
    """Return what each source says of a customer's worth, whoever knows most first."""
    found: dict[int, list[Value]] = {}
    for each in rows:
        if each.section is Section.VALUE and _is_there(each):
            found.setdefault(each.word.source_id, []).append(from_body(Value, each.body))
    summed = [(source, together(values)) for source, values in found.items()]
    return tuple(sorted(summed, key=lambda one: -known_fields(one[1])))


def segments_of(rows: Sequence[SectionRow]) -> tuple[tuple[int, Segment], ...]:
    """Return the segments and lists of a customer, each once, by name."""
    found: dict[tuple[int, str], Segment] = {}
    for each in rows:
        if each.section is Section.SEGMENTS and _is_there(each):
            for one in from_body(Groups, each.body).segments:
                found.setdefault((each.word.source_id, one.id), one)
    ordered = sorted(found.items(), key=lambda one: (one[1].kind != "segment", fold(one[1].name)))
    return tuple([(source, segment) for (source, _), segment in ordered])


def kept_of(rows: Sequence[SectionRow], section: Section) -> tuple[tuple[int, Kept], ...]:
    """Return what a section of many rows says of them, of each source and profile."""
    return tuple(
        [
            (each.word.source_id, from_body(Kept, each.body))
            for each in rows
            if each.section is section and _is_there(each)
        ]
    )


def order_count(rows: Sequence[SectionRow]) -> int | None:
    """Return how many orders a customer has at the shops; None: nobody knows."""
    values = dict(values_of(rows))
    counted = _counted(rows)
    for source in {of for of, each in kept_of(rows, Section.ORDERS) if each.has_more}:
        value = values.get(source)
        if value is not None and value.orders is not None:
            counted[source] = max(counted[source], value.orders)
    return sum(counted.values()) if counted else None


def _worth(rows: Sequence[SectionRow], kinds: Mapping[int, str]) -> Worth:
    predicting: list[Value] = []
    shops: list[Value] = []
    counted = _counted(rows)
    for source, value in values_of(rows):
        known = SOURCES.get(kinds.get(source, ""))
        is_shop = known is not None and Section.ORDERS in known.sections
        count = counted.pop(source, None)
        if is_shop and value.orders is None:
            value = replace(value, orders=count)
        (shops if is_shop else predicting).append(value)
    # a shop that says nothing of worth has its orders all the same
    shops += [Value(orders=count) for count in counted.values()]
    worth = worth_of(predicting, shops)
    if all(each.orders is None for each in shops) and _is_known_to_nobody(rows):
        return replace(worth, orders=0)
    return worth


def _counted(rows: Sequence[SectionRow]) -> dict[int, int]:
    """Return how many orders each shop has told of."""
    found: dict[int, int] = {}
    for source, kept in kept_of(rows, Section.ORDERS):
        found[source] = found.get(source, 0) + kept.count
    return found


def _is_known_to_nobody(rows: Sequence[SectionRow]) -> bool:
    """Tell whether every shop that was asked says that they never bought anything there."""
    asked = [each for each in rows if each.section is Section.ORDERS]
    return bool(asked) and all(each.word.state is SectionState.NOBODY for each in asked)


def _active(connection: sqlite3.Connection, group: Group, rows: Sequence[SectionRow]) -> int | None:
    if not any(each.section is Section.SUBSCRIPTIONS and each.word.fetched_at for each in rows):
        return None
    row = connection.execute(
        "SELECT count(DISTINCT source_id || ' ' || external_id) FROM subscription_snapshot"
        f" WHERE profile_id IN ({group.marks}) AND status = 'active'",
        group.members,
    ).fetchone()
    return int(row[0])


def _save_segments(
    connection: sqlite3.Connection, group: Group, segments: Sequence[tuple[int, Segment]]
) -> None:
    wanted = {
        (group.root, source, each.id, each.kind, each.name, fold(each.name))
        for source, each in segments
    }
    found = {
        tuple(row)
        for row in connection.execute(
            "SELECT profile_id, source_id, external_id, kind, name, folded FROM customer_segment"
            f" WHERE profile_id IN ({group.marks})",
            group.members,
        )
    }
    connection.executemany(
        "DELETE FROM customer_segment WHERE profile_id = ? AND source_id = ? AND external_id = ?",
        [row[:3] for row in found - wanted],
    )
    connection.executemany(_SAVE_SEGMENT, sorted(wanted - found))


def _is_there(row: SectionRow) -> bool:
    """Tell whether a section holds a value, be it an old one."""
    return row.body != ""

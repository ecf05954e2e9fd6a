"""Sections of customers: what each source said last of each, when, and why it could not."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from helpdesk_tui.db.commerce.group import Group
from helpdesk_tui.domain.commerce.context import Word
from helpdesk_tui.domain.commerce.facts import Failure, Section, SectionState, Segment
from helpdesk_tui.domain.times import from_us, to_us

FIRST_PAUSE = timedelta(seconds=30)
"""How long a section that failed once is left alone; each further failure doubles it …"""
LONGEST_PAUSE = timedelta(hours=1)
"""… up to this."""

_SAVE = """
    INSERT INTO customer_section (profile_id, source_id, section, state, body, fetched_at,
        asked_at, error_code, error_values, retry_at)
    VALUES (:profile, :source, :section, :state, :body, :now, :now, '', '{}', NULL)
    ON CONFLICT (profile_id, source_id, section) DO UPDATE SET state = excluded.state,
        body = excluded.body, fetched_at = excluded.fetched_at, asked_at = excluded.asked_at,
        error_code = '', error_values = '{}', retry_at = NULL
"""
_FAIL = """
    INSERT INTO customer_section (profile_id, source_id, section, state, asked_at, error_code,
        error_values, retry_at, body)
    VALUES (:profile, :source, :section, 'failed', :now, :code, :values, :retry_at, '')
    ON CONFLICT (profile_id, source_id, section) DO UPDATE SET state = 'failed',
        asked_at = excluded.asked_at, error_code = excluded.error_code,
        error_values = excluded.error_values, retry_at = excluded.retry_at
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a section of many rows says of them."""

    count: int = 0
    """How many are kept."""
    has_more: bool = False
    """The source has more than are kept."""
    cursor: str = ""
    """Where the source goes on with older ones."""
    metrics: tuple[tuple[str, int], ...] = ()
    """Of events: how many of each kind, the most frequent first."""


@dataclass(frozen=True, slots=True)
class Groups:
    """What a section of segments holds."""

    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionRow:
    """One section of one source for one profile."""

    profile_id: int
    section: Section
    word: Word
    body: str
    """Empty where it holds nothing."""
    asked_at: datetime = field(compare=False)


def save_known(
    connection: sqlite3.Connection,
    place: tuple[int, int, Section],
    state: SectionState,
    body: str,
    now: datetime,
) -> None:
    """Write what a source said of a section; ``place`` is profile, source and section.

    The body is empty where it holds nothing.
    """
    profile, source, section = place
    connection.execute(
        _SAVE,
        {
            "profile": profile, "source": source, "section": section.value,
            "state": state.value, "body": body, "now": to_us(now),
        },
    )  # fmt: skip


def save_failed(
    connection: sqlite3.Connection,
    place: tuple[int, int, Section],
    failure: Failure,
    now: datetime,
) -> None:
    """Write that a section could not be fetched; what is kept of it stays with its age."""
    profile, source, section = place
    pause = max(_next_pause(connection, place), timedelta(seconds=failure.retry_after))
    connection.execute(
        _FAIL,
        {
            "profile": profile, "source": source, "section": section.value, "now": to_us(now),
            "code": failure.code, "values": json.dumps(dict(failure.values)),
            "retry_at": to_us(now + pause),
        },
    )  # fmt: skip


def _next_pause(connection: sqlite3.Connection, place: tuple[int, int, Section]) -> timedelta:
    row = connection.execute(
        "SELECT retry_at - asked_at FROM customer_section"
        " WHERE profile_id = ? AND source_id = ? AND section = ? AND state = 'failed'",
        place,
    ).fetchone()
    if row is None or row[0] is None:
        return FIRST_PAUSE
    return min(timedelta(microseconds=int(row[0])) * 2, LONGEST_PAUSE)


def load_sections(connection: sqlite3.Connection, group: Group) -> list[SectionRow]:
    """Return all sections of a customer: few, whatever was bought."""
    found = connection.execute(
        "SELECT profile_id, source_id, section, state, body, fetched_at, asked_at, error_code,"
        f" error_values, retry_at FROM customer_section WHERE profile_id IN ({group.marks})"
        " ORDER BY source_id, profile_id",
        group.members,
    )
    return [row for each in found if (row := _row(each)) is not None]


def _row(row: tuple[int, int, str, str, str, int | None, int, str, str, int | None]) -> (
    SectionRow | None
):  # fmt: skip
    """Return a row as a value; None for a section that another version knows."""
    try:
        section, state = Section(row[2]), SectionState(row[3])
    except ValueError:
        return None
    # most have not failed: of all that is read here, this would take the longest
    values: Mapping[str, str] = {} if row[8] == "{}" else json.loads(row[8])
    word = Word(
        row[1], state, None if row[5] is None else from_us(row[5]), row[7], values,
        None if row[9] is None else from_us(row[9]),
    )  # fmt: skip
    return SectionRow(row[0], section, word, row[4], from_us(row[6]))


def body_of(connection: sqlite3.Connection, profile: int, source: int, section: Section) -> str:
    """Return what is kept of a section, as JSON text; empty where nothing is."""
    row = connection.execute(
        "SELECT body FROM customer_section WHERE profile_id = ? AND source_id = ? AND section = ?",
        (profile, source, section.value),
    ).fetchone()
    return "" if row is None else str(row[0])


def ask_again(connection: sqlite3.Connection, profile: int, but_of: int) -> None:
    """Let sources that know nobody be asked again: there is more to look a profile up by."""
    connection.execute(
        "UPDATE customer_section SET asked_at = 0"
        " WHERE profile_id = ? AND source_id <> ? AND state = 'nobody'",
        (profile, but_of),
    )


def told_of(connection: sqlite3.Connection, profile: int, source: int) -> frozenset[Section]:
    """Return the sections of a profile that a source has said anything of."""
    found = connection.execute(
        "SELECT section FROM customer_section WHERE profile_id = ? AND source_id = ?",
        (profile, source),
    )
    known = {each.value: each for each in Section}
    return frozenset(known[name] for (name,) in found if name in known)


def newest_asked(connection: sqlite3.Connection, group: Group) -> int:
    """Return when anything of a customer was last asked for, in microseconds; 0: never."""
    row = connection.execute(
        f"SELECT max(asked_at) FROM customer_section WHERE profile_id IN ({group.marks})",
        group.members,
    ).fetchone()
    return int(row[0] or 0)

"""The steps of a change of an order or subscription, as the worker takes them.

Every step after the claim is a compare-and-set: who has lost a change to somebody else changes
nothing of it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from helpdesk_tui.db.commerce.actions import SELECT_ACTIONS, UNDER_WAY, action_of
from helpdesk_tui.domain.commerce.actions import Action, ActionState, Phase
from helpdesk_tui.domain.times import from_us, to_us

_HELD = "id = :id AND state = 'running' AND claimed_by = :owner"


def _packed(values: Mapping[str, Any]) -> str:
    # what a source says of a change that was made is never the reason for losing that it was
    return json.dumps(values, default=str)


def sources_at_work(connection: sqlite3.Connection) -> tuple[int, ...]:
    """Return the sources of which a change is queued, runs, or is to be looked up."""
    rows = connection.execute(
        f"SELECT DISTINCT source_id FROM shop_action WHERE {UNDER_WAY}"
        " AND (state != 'unknown' OR next_try_at IS NOT NULL)"
    )
    return tuple(int(row[0]) for row in rows)


def due_actions(
    connection: sqlite3.Connection, source_id: int, now: datetime, furthest: timedelta
) -> tuple[Action, ...]:
    """Return what is to be done about changes at a source now, the oldest first.

    Queued ones that may begin, accepted ones that are asked for, unknown ones that are looked up.
    What is due further ahead than anything ever waits was put there by a clock that was wrong.

    Args:
        connection: A connection.
        source_id: The source.
        now: The moment.
        furthest: The longest that anything waits.
    """
    rows = connection.execute(
        f"{SELECT_ACTIONS} WHERE source_id = :source AND {UNDER_WAY} AND"
        " (next_try_at <= :now OR next_try_at > :far"
        "  OR (next_try_at IS NULL AND (state = 'queued' OR phase = 'accepted')))"
        " ORDER BY shop_action.id",
        {"source": source_id, "now": to_us(now), "far": to_us(now + furthest)},
    )
    return tuple(action_of(row) for row in rows)


def next_due(connection: sqlite3.Connection, source_id: int) -> datetime | None:
    """Return when something is to be done at a source next; None: nothing waits for its time."""
    row = connection.execute(
        f"SELECT min(next_try_at) FROM shop_action WHERE source_id = :source AND {UNDER_WAY}",
        {"source": source_id},
    ).fetchone()
    return None if row[0] is None else from_us(row[0])


def left_behind(
    connection: sqlite3.Connection, source_id: int, in_hand: int | None
) -> tuple[Action, ...]:
    """Return changes that run by their row and in nobody's hand: whoever began them is gone.

    One that the source has accepted runs there, and is asked for when its time comes.
    """
    rows = connection.execute(
        f"{SELECT_ACTIONS} WHERE source_id = :source AND state = 'running' AND phase != 'accepted'"
        " AND shop_action.id IS NOT :in_hand ORDER BY shop_action.id",
        {"source": source_id, "in_hand": in_hand},
    )
    return tuple(action_of(row) for row in rows)


def claim(connection: sqlite3.Connection, action_id: int, owner: str, now: datetime) -> bool:
    """Take a queued change; False if it is not queued any more."""
    done = connection.execute(
        "UPDATE shop_action SET state = 'running', phase = '', claimed_by = :owner,"
        " tries = tries + 1, next_try_at = NULL, changed_at = :now"
        " WHERE id = :id AND state = 'queued'",
        {"id": action_id, "owner": owner, "now": to_us(now)},
    )
    return done.rowcount == 1


def step(
    connection: sqlite3.Connection,
    action_id: int,
    owner: str,
    phase: Phase,
    progress: Mapping[str, Any],
    now: datetime,
) -> bool:
    """Note how far a change that one has claimed has come; False if it is somebody else's.

    A change may have been made until long after it was asked last, so that moment is kept.
    """
    done = connection.execute(
        "UPDATE shop_action SET phase = :phase, progress = :progress,"
        " asked_at = CASE WHEN :phase IN ('', 'checked') THEN NULL ELSE :now END,"
        f" changed_at = :now WHERE {_HELD}",
        {
            "id": action_id, "owner": owner, "phase": phase.value,
            "progress": _packed(progress), "now": to_us(now),
        },
    )  # fmt: skip
    return done.rowcount == 1


def requeue(
    connection: sqlite3.Connection,
    action: Action,
    now: datetime,
    next_try_at: datetime,
    code: str,
    values: Mapping[str, str],
) -> bool:
    """Queue a running change again that certainly has changed nothing."""
    done = connection.execute(
        "UPDATE shop_action SET state = 'queued', phase = '', claimed_by = '', progress = '{}',"
        " asked_at = NULL, next_try_at = :at, error_code = :code, error_values = :values,"
        " changed_at = :now WHERE id = :id AND state = 'running' AND phase IN ('', 'checked')",
        {
            "id": action.id, "at": to_us(next_try_at), "code": code,
            "values": _packed(values), "now": to_us(now),
        },
    )  # fmt: skip
    return done.rowcount == 1


def wait(
    connection: sqlite3.Connection,
    action: Action,
    state: ActionState,
    now: datetime,
    next_try_at: datetime | None,
    code: str,
    values: Mapping[str, str],
) -> bool:
    """Note that what became of a change is not known (yet), and when it is looked up next."""
    done = connection.execute(
        "UPDATE shop_action SET state = :state, next_try_at = :at, error_code = :code,"
        " error_values = :values, claimed_by = '', changed_at = :now"
        " WHERE id = :id AND state = :was",
        {
            "id": action.id, "was": action.state.value, "state": state.value,
            "at": None if next_try_at is None else to_us(next_try_at),
            "code": code, "values": _packed(values), "now": to_us(now),
        },
    )  # fmt: skip
    return done.rowcount == 1


def accept(
    connection: sqlite3.Connection,
    action_id: int,
    progress: Mapping[str, Any],
    result: Mapping[str, Any],
    now: datetime,
    next_try_at: datetime,
) -> bool:
    """Note that the source has said yes to a change and works on it by itself."""
    done = connection.execute(
        "UPDATE shop_action SET state = 'running', phase = 'accepted', claimed_by = '',"
        " progress = :progress, result = :result, next_try_at = :at, error_code = '',"
        " error_values = '{}', changed_at = :now"
        " WHERE id = :id AND state IN ('running', 'unknown')",
        {
            "id": action_id, "progress": _packed(progress), "result": _packed(result),
            "at": to_us(next_try_at), "now": to_us(now),
        },
    )  # fmt: skip
    return done.rowcount == 1


def finish(
    connection: sqlite3.Connection,
    action_id: int,
    owner: str,
    also: ActionState | None,
    state: ActionState,
    now: datetime,
    *,
    result: Mapping[str, Any],
    code: str = "",
    values: Mapping[str, str] | None = None,
) -> bool:
    """End a change; False if it is somebody else's, or has ended.

    Args:
        connection: A connection in a write transaction.
        action_id: The change.
        owner: Who has claimed it.
        also: Whoever has it, it may be ended from this state.
        state: How it has ended.
        now: The moment.
        result: What came of it.
        code: Why it failed.
        values: What the sentence of the code says.
    """
    done = connection.execute(
        "UPDATE shop_action SET state = :state, result = :result, error_code = :code,"
        " error_values = :values, finished_at = :now, changed_at = :now, next_try_at = NULL,"
        " claimed_by = '' WHERE id = :id"
        " AND ((state = 'running' AND claimed_by = :owner) OR state = :also)",
        {
            "id": action_id, "owner": owner, "also": also and also.value, "state": state.value,
            "result": _packed(result), "code": code, "values": _packed(values or {}),
            "now": to_us(now),
        },
    )  # fmt: skip
    return done.rowcount == 1


def look_now(connection: sqlite3.Connection, action_id: int, now: datetime) -> bool:
    """Let an unknown or accepted change be looked up now."""
    done = connection.execute(
        "UPDATE shop_action SET next_try_at = :now, changed_at = :now WHERE id = :id"
        " AND (state = 'unknown' OR (state = 'running' AND phase = 'accepted'))",
        {"id": action_id, "now": to_us(now)},
    )
    return done.rowcount == 1

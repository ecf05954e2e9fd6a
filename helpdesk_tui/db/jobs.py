"""Jobs: what screens and commands want from the network, and what came of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from helpdesk_tui.domain.accounts import Job, JobState

_COLUMNS = "id, kind, arguments, state, result"


def _job(row: tuple[Any, ...]) -> Job:
    return Job(row[0], row[1], json.loads(row[2]), JobState(row[3]), json.loads(row[4]))


def add_job(
    connection: sqlite3.Connection,
    kind: str,
    arguments: Mapping[str, Any],
    agent_id: int | None,
    *,
    key: str,
    now: int,
    deadline: int,
) -> int:
    """Add a job, or return the id of the one with the same key."""
    connection.execute(
        "INSERT INTO job (kind, arguments, agent_id, key, state, created_at, deadline,"
        " claimed_by, result) VALUES (:kind, :arguments, :agent, :key, 'queued', :now, :deadline,"
        " '', '{}') ON CONFLICT (key) DO NOTHING",
        {"kind": kind, "arguments": json.dumps(arguments), "agent": agent_id, "key": key,
         "now": now, "deadline": deadline},
    )  # fmt: skip
    row = connection.execute("SELECT id FROM job WHERE key = :key", {"key": key}).fetchone()
    return int(row[0])


def load_job(connection: sqlite3.Connection, job_id: int) -> Job | None:
    """Return a job, or None."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM job WHERE id = :id", {"id": job_id}
    ).fetchone()
    return _job(row) if row else None


_TAKEN = "(:only = '' OR kind = :only) AND kind != :besides"
"""Of which kinds jobs are taken."""


def has_open_job(
    connection: sqlite3.Connection, owner: str, *, only: str = "", besides: str = ""
) -> bool:
    """Tell whether a job waits for this worker, or was left behind by another one."""
    row = connection.execute(
        "SELECT 1 FROM job WHERE state IN ('queued', 'running') AND claimed_by != :owner"
        f" AND {_TAKEN} LIMIT 1",
        {"owner": owner, "only": only, "besides": besides},
    ).fetchone()
    return row is not None


def claim_job(
    connection: sqlite3.Connection, owner: str, now: int, *, only: str = "", besides: str = ""
) -> Job | None:
    """Take the oldest waiting job, or one whose worker is gone; late ones fail first.

    Args:
        connection: A connection in a write transaction.
        owner: Who takes it.
        now: The moment.
        only: Of this kind; empty: of any.
        besides: Of any kind but this one.
    """
    connection.execute(
        "UPDATE job SET state = 'failed', result = :late"
        " WHERE state IN ('queued', 'running') AND deadline < :now",
        {"late": json.dumps({"code": "job.late"}), "now": now},
    )
    row = connection.execute(
        "UPDATE job SET state = 'running', claimed_by = :owner WHERE id ="
        " (SELECT id FROM job WHERE (state = 'queued'"
        f" OR (state = 'running' AND claimed_by != :owner)) AND {_TAKEN} ORDER BY id LIMIT 1)"
        f" RETURNING {_COLUMNS}",
        {"owner": owner, "only": only, "besides": besides},
    ).fetchone()
    return _job(row) if row else None


def finish_job(
    connection: sqlite3.Connection, job_id: int, state: JobState, result: Mapping[str, Any]
) -> None:
    """Write what came of a job."""
    connection.execute(
        "UPDATE job SET state = :state, result = :result WHERE id = :id AND state = 'running'",
        {"id": job_id, "state": state.value, "result": json.dumps(result)},
    )

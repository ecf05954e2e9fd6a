"""Jobs for the worker: asked for by screens and commands, done by whoever holds the lock."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from helpdesk_tui.db import jobs as rows
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Job, JobState
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.errors import NotFound
from helpdesk_tui.domain.times import to_us
from helpdesk_tui.services.clock import Clock, utc_now

SYNC_NOW = "sync.now"
CHANNEL_TEST = "channel.test"
SOURCE_TEST = "source.test"
ADDRESS_TEST = "address.test"
INTAKE_TICKET = "intake.ticket"
ORDER_FIND = "order.find"
ACTION_PREVIEW = "action.preview"
_DEADLINE = timedelta(minutes=10)


class Jobs:
    """Asks for jobs and does them; every call blocks."""

    def __init__(self, store: Store, actor: Actor, *, now: Clock = utc_now) -> None:
        self._store = store
        self._actor = actor
        self._now = now

    def ask(
        self,
        kind: str,
        arguments: Mapping[str, Any] | None = None,
        *,
        key: str = "",
        within: timedelta = _DEADLINE,
    ) -> int:
        """Ask the worker for a job and return its id.

        Args:
            kind: ``sync.now`` or ``channel.test``.
            arguments: What the kind needs, as JSON can hold it.
            key: Two requests with the same key are one job.
            within: After this time the job fails instead of running late.
        """
        now = self._now()
        with self._store.write() as connection:
            return rows.add_job(
                connection,
                kind,
                arguments or {},
                self._actor.agent_id,
                key=key or secrets.token_hex(8),
                now=to_us(now),
                deadline=to_us(now + within),
            )

    def load(self, job_id: int) -> Job:
        """Return a job and, once it is done, its result.

        Raises:
            NotFound: ``job.missing``.
        """
        with self._store.read() as connection:
            job = rows.load_job(connection, job_id)
        if job is None:
            raise NotFound("job.missing", id=job_id)
        return job

    def claim(self, owner: str, *, only: str = "", besides: str = "") -> Job | None:
        """Take the next waiting job for this worker, or None.

        Args:
            owner: Who takes it.
            only: Of this kind; empty: of any.
            besides: Of any kind but this one.
        """
        with self._store.read() as connection:
            if not rows.has_open_job(connection, owner, only=only, besides=besides):
                return None
        with self._store.write() as connection:
            now = to_us(self._now())
            return rows.claim_job(connection, owner, now, only=only, besides=besides)

    def finish(self, job: Job, result: Mapping[str, Any], *, failed: bool = False) -> None:
        """Write what came of a claimed job."""
        state = JobState.FAILED if failed else JobState.DONE
        with self._store.write() as connection:
            rows.finish_job(connection, job.id, state, result)

"""Waiting for what the worker does: looked at in a thread, never on the drawing one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from helpdesk_tui.domain.accounts import Check, Job, JobState
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.screens.jobs import Jobs as Starter
from helpdesk_tui.services.worker_state import worker_running

if TYPE_CHECKING:
    from helpdesk_tui.services.desk import Desk

EVERY = 0.25
"""Seconds between two looks at a job."""
_UNKNOWN = "job.failed"


class JobWatch:
    """Follows jobs for a screen, as long as the screen stands."""

    def __init__(self, owner: Starter, desk: Desk) -> None:
        self._owner = owner
        self._desk = desk

    def follow(
        self,
        job_id: int,
        done: Callable[[Job], object],
        failed: Callable[[HelpdeskError], None],
        waits: Callable[[bool], object] = lambda _: None,
    ) -> None:
        """Look at a job until it is over.

        Args:
            job_id: the job.
            done: takes it once it is done.
            failed: takes the error it ended with.
            waits: told while it is not over, with whether a worker runs that could do it.
        """
        desk = self._desk

        def look() -> tuple[Job, bool]:
            from helpdesk_tui.services.jobs import Jobs

            job = Jobs(desk.store, desk.actor, now=desk.clock).load(job_id)
            return job, worker_running(desk.store.paths)

        def seen(found: tuple[Job, bool]) -> None:
            job, is_worked = found
            if job.state is JobState.DONE:
                done(job)
            elif job.state is JobState.FAILED:
                failed(error_of(job))
            else:
                waits(is_worked)
                self._owner.set_timer(EVERY, again)

        def again() -> None:
            if self._owner.is_attached:
                self._owner.start(look, seen, failed, group="job-watch")

        again()


def checks_of(job: Job) -> tuple[Check, ...]:
    """Return the steps of a test that the worker has made."""
    return tuple(map(_check, job.result.get("checks", ())))


def _check(said: Any) -> Check:
    return Check(
        str(said.get("name", "")),
        said.get("ok") is True,
        str(said.get("code", "")),
        said.get("values") or {},
    )


def error_of(job: Job) -> HelpdeskError:
    """Return what a failed job said, as the error it was."""
    values = job.result.get("values")
    known = {str(name): value for name, value in values.items()} if isinstance(values, dict) else {}
    return HelpdeskError(str(job.result.get("code", "")) or _UNKNOWN, **known)

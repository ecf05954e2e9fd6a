"""Working out what a change would do, for whoever is about to ask for it."""

from __future__ import annotations

from typing import Any

from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Job
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.commerce.action_json import preview_json, request_of
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.jobs import ACTION_PREVIEW, Jobs
from helpdesk_tui.sync.channels.errors import AuthFailed
from helpdesk_tui.sync.commerce.opened import Connect, OpenedSource, Secret, connect_acting
from helpdesk_tui.sync.loop import Loop

_LOOK_EVERY = 60.0


class PreviewLoop(Loop):
    """Takes the jobs that ask what a change would do; an agent waits before a dialog for each."""

    def __init__(
        self,
        store: Store,
        owner: str,
        secret: Secret,
        *,
        connect: Connect = connect_acting,
        now: Clock = utc_now,
    ) -> None:
        super().__init__("previews")
        self._store = store
        self._owner = owner
        self._secret = secret
        self._connect = connect
        self._jobs = Jobs(store, SYSTEM, now=now)
        self._opened: dict[int, OpenedSource] = {}

    def store_changed(self) -> None:
        """Something may have been asked for."""
        self.wake()

    def step(self) -> float:
        """Work out what is asked for."""
        while not self.stopping.is_set():
            job = self._jobs.claim(self._owner, only=ACTION_PREVIEW)
            if job is None:
                break
            self._do(job)
        return _LOOK_EVERY

    def interrupt(self) -> None:
        """End what waits for an answer."""
        for each in list(self._opened.values()):
            each.close()

    def finish(self) -> None:
        """Close what the thread has opened."""
        self.interrupt()

    def _do(self, job: Job) -> None:
        # whatever else happens in it, a job that did not end well has failed, and says so at once
        result: dict[str, Any] = {"code": "job.failed"}
        has_failed = True
        try:
            result = self._previewed(job)
            has_failed = False
        except HelpdeskError as error:
            values = {key: str(value) for key, value in error.values.items()}
            result = {"code": error.code, "values": values}
        finally:
            self._jobs.finish(job, result, failed=has_failed)

    def _previewed(self, job: Job) -> dict[str, Any]:
        request = request_of(job.arguments)
        opened = self._opened.get(request.source_id)
        if opened is None:
            opened = OpenedSource(self._store, request.source_id, self._secret, self._connect)
            self._opened[request.source_id] = opened
        try:
            return preview_json(opened.get().preview(request))
        except AuthFailed:
            # the next one reads the secret anew: it may have been changed since
            opened.drop()
            raise

"""Working out what a change would do, for whoever is about to ask for it."""

from __future__ import annotations

from dataclasses import replace
from queue import SimpleQueue
from typing import Any

from helpdesk_tui.db.commerce.matches import has_doubted_mail
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.accounts import Job
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.commerce.action_json import preview_json, read_request
from helpdesk_tui.domain.commerce.actions import Preview
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.jobs import ACTION_PREVIEW, Jobs
from helpdesk_tui.sync.channels.errors import AuthFailed
from helpdesk_tui.sync.commerce.opened import Connect, OpenedSource, Secret, connect_acting
from helpdesk_tui.sync.commerce.per_source import IDLE_FOR, PerSourceLoop
from helpdesk_tui.sync.loop import Loop


class SourcePreviews(Loop):
    """The thread that asks one source."""

    def __init__(self, store: Store, source_id: int, opened: OpenedSource, jobs: Jobs) -> None:
        super().__init__(f"previews {source_id}")
        self._store = store
        self._opened = opened
        self._jobs = jobs
        self._waiting: SimpleQueue[Job] = SimpleQueue()

    def take(self, job: Job) -> None:
        """Work this out when what came before is."""
        self._waiting.put(job)
        self.wake()

    def step(self) -> float:
        """Work out what waits."""
        while not (self.stopping.is_set() or self._waiting.empty()):
            self._do(self._waiting.get())
        return IDLE_FOR

    def interrupt(self) -> None:
        """End what waits for an answer."""
        self._opened.close()

    def finish(self) -> None:
        """Close what the thread has opened."""
        self._opened.close()

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
        try:
            preview = self._opened.get().preview(read_request(job.arguments))
        except AuthFailed:
            # the next one reads the secret anew: it may have been changed since
            self._opened.drop()
            raise
        return preview_json(self._with_doubt(preview))

    def _with_doubt(self, preview: Preview) -> Preview:
        """Warn where somebody else may have written in the name of the customer."""
        ticket = preview.request.ticket_id
        with self._store.read() as connection:
            is_doubted = ticket is not None and has_doubted_mail(connection, ticket)
        warnings = (("action.doubted-sender", {}), *preview.warnings)
        return replace(preview, warnings=warnings) if is_doubted else preview


class PreviewLoop(PerSourceLoop[SourcePreviews]):
    """Takes the jobs that ask what a change would do; an agent waits before a dialog for each.

    A source that does not answer keeps nobody waiting but those who ask for something there.
    """

    def __init__(
        self,
        store: Store,
        owner: str,
        secret: Secret,
        *,
        connect: Connect = connect_acting,
        now: Clock = utc_now,
    ) -> None:
        super().__init__("previews", store, secret, connect)
        self._owner = owner
        self._jobs = Jobs(store, SYSTEM, now=now)

    def step(self) -> float:
        """Hand what is asked for to who asks its source."""
        while not self.stopping.is_set():
            job = self._jobs.claim(self._owner, only=ACTION_PREVIEW)
            if job is None:
                break
            self.thread_of(int(job.arguments["source"])).take(job)
        return IDLE_FOR

    def once(self) -> None:
        """Work out what is asked for in the caller's thread."""
        while (job := self._jobs.claim(self._owner, only=ACTION_PREVIEW)) is not None:
            previews = self.made(int(job.arguments["source"]))
            try:
                previews.take(job)
                previews.step()
            finally:
                previews.finish()

    def made(self, source_id: int) -> SourcePreviews:
        """Return who asks a source, not begun."""
        return SourcePreviews(self._store, source_id, self.opened(source_id), self._jobs)

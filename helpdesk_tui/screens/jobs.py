"""Blocking calls off the drawing thread: run in a worker, answered by a message."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from textual.message import Message
from textual.widget import Widget
from textual.worker import Worker, WorkerState

from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.screens.keyboard import KeyboardApp

log = logging.getLogger(__name__)
T = TypeVar("T")

_UNFORESEEN = "app.unforeseen"


class Jobs(Widget):
    """A widget that asks services: each answer comes back as a call on the drawing thread."""

    @dataclass
    class Finished(Message, bubble=False):
        """A job is done; ``call`` takes its answer."""

        call: Callable[[], object]

    def start(
        self,
        job: Callable[[], T],
        done: Callable[[T], object],
        failed: Callable[[HelpdeskError], None] | None = None,
        *,
        group: str,
        exclusive: bool = False,
    ) -> Worker[None]:
        """Run ``job`` in a thread, then ``done`` (or ``failed``) here.

        Args:
            job: a blocking call.
            done: takes what it returned.
            failed: takes its error, a general one if nobody foresaw it; by default the error is
                shown as a toast.
            group: the name of the worker group.
            exclusive: an answer that is still on its way is not wanted any more.

        Returns:
            The worker, cancelled where another job of its group took its place.
        """
        refuse = failed or self.complain

        def run() -> None:
            try:
                result = job()
            except HelpdeskError as error:
                reason = error  # the name in an except clause is gone when the call is made
                self.post_message(Jobs.Finished(lambda: refuse(reason)))
            except Exception:
                # whoever waits for the answer must not wait for ever; the toast comes with the log
                if failed is not None:
                    self.post_message(Jobs.Finished(lambda: refuse(HelpdeskError(_UNFORESEEN))))
                raise
            else:
                self.post_message(Jobs.Finished(lambda: done(result)))

        return self.run_worker(
            run, thread=True, group=group, exclusive=exclusive, exit_on_error=False
        )

    def ask(
        self,
        job: Callable[[], T],
        done: Callable[[T], object],
        failed: Callable[[HelpdeskError], None] | None = None,
        *,
        group: str,
        exclusive: bool = False,
    ) -> None:
        """Run ``job`` as :meth:`start` does; keys that come before its answer wait for it.

        For what opens a dialog or another pane: what is typed behind the key is meant for that. If
        the job fails, what was typed is dropped.
        """
        app = self.app
        if not isinstance(app, KeyboardApp):
            self.start(job, done, failed, group=group, exclusive=exclusive)
            return
        hold = app.hold_keys(self)

        def answered(answer: T) -> None:
            try:
                done(answer)
            finally:
                hold.release()

        def refused(error: HelpdeskError) -> None:
            app.drop_keys()
            hold.release()
            if failed is not None:
                failed(error)
            elif error.code != _UNFORESEEN:  # that has its toast already
                self.complain(error)

        hold.job = self.start(job, answered, refused, group=group, exclusive=exclusive)

    def complain(self, error: HelpdeskError) -> None:
        """Show an error that has no better place."""
        # the sentences are many, and nothing of the first picture needs one
        from helpdesk_tui.widgets.words.errors import sentence

        self.notify(sentence(error), severity="error", markup=False)

    def on_jobs_finished(self, message: Finished) -> None:
        """Take the answer of a job."""
        message.call()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Tell about a job that failed in a way nobody foresaw; the log has the details."""
        event.stop()
        if event.state is WorkerState.ERROR:
            log.error("job %s failed", event.worker.group, exc_info=event.worker.error)
            from helpdesk_tui.widgets.words.errors import sentence_of

            self.notify(sentence_of(_UNFORESEEN), severity="error", markup=False)

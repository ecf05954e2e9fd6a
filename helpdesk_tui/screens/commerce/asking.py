"""Asks the desk for changes of orders and subscriptions, and follows each, in threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from helpdesk_tui.domain.commerce.actions import Action, ActionRequest, Preview
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.screens.beside.job_watch import JobWatch
from helpdesk_tui.screens.jobs import Jobs
from helpdesk_tui.services.worker_state import worker_running

if TYPE_CHECKING:
    from helpdesk_tui.domain.accounts import Job
    from helpdesk_tui.services.desk import Desk

EVERY = 0.25
"""Seconds between two looks at a change that is under way."""
Failed = Callable[[HelpdeskError], None]


class Asker:
    """Asks for one dialog, as long as it stands; every answer comes on the drawing thread."""

    def __init__(self, owner: Jobs, desk: Desk) -> None:
        self._owner = owner
        self._desk = desk
        self._watch = JobWatch(owner, desk)
        self._turn = 0

    def preview(
        self,
        request: ActionRequest,
        done: Callable[[Preview], object],
        failed: Failed,
        waits: Callable[[bool], object],
    ) -> None:
        """Have worked out what a change would do; an answer to an older question is dropped.

        Args:
            request: The change.
            done: Takes what it would do.
            failed: Takes why it cannot be done, or not be worked out.
            waits: Told while it is worked out, with whether anything works on it.
        """
        self._turn += 1
        turn, actions = self._turn, self._desk.shop_actions

        def is_wanted() -> bool:
            return turn == self._turn and self._owner.is_attached

        def over(job: Job) -> None:
            if is_wanted():
                done(actions.previewed(job))

        def refused(error: HelpdeskError) -> None:
            if is_wanted():
                failed(error)

        def told(is_worked: bool) -> None:
            if is_wanted():
                waits(is_worked)

        self._owner.start(
            lambda: actions.preview(request),
            lambda job_id: self._watch.follow(job_id, over, refused, told) if is_wanted() else None,
            refused,
            group="preview",
        )

    def forget(self) -> None:
        """Want no answer to what was asked to be worked out."""
        self._turn += 1

    def ask(self, request: ActionRequest, done: Callable[[Action], object], failed: Failed) -> None:
        """Ask for a change; the same request asked twice is one change."""
        self._owner.start(
            lambda: self._desk.shop_actions.ask(request), done, failed, group="action"
        )

    def follow(self, action_id: int, show: Callable[[Action, bool], object]) -> None:
        """Tell of a change until it is over, with whether anything works on it."""
        desk = self._desk
        shown: list[Action] = []

        def look() -> tuple[Action, bool]:
            return desk.shop_actions.load(action_id), worker_running(desk.store.paths)

        def seen(found: tuple[Action, bool]) -> None:
            if not self._owner.is_attached:
                return
            action, is_worked = found
            if shown != [action] or not is_worked:
                shown[:] = [action]
                show(action, is_worked)
            if not action.is_over:
                self._owner.set_timer(EVERY, again)

        def again() -> None:
            if self._owner.is_attached:
                self._owner.start(look, seen, group="action-watch")

        again()

    def check(self, action_id: int, failed: Failed) -> None:
        """Have the shop looked at now for a change that nobody can tell of."""
        actions = self._desk.shop_actions
        self._owner.start(lambda: actions.check(action_id), lambda _: None, failed, group="action")

    def decide(self, action_id: int, *, was_done: bool, failed: Failed) -> None:
        """Say what became of a change that nobody can tell of."""
        actions = self._desk.shop_actions
        self._owner.start(
            lambda: actions.decide(action_id, was_done=was_done),
            lambda _: None, failed, group="action",
        )  # fmt: skip

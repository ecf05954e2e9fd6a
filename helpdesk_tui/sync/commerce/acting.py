"""Carrying out changes of orders and subscriptions at one source: each once, whatever happens.

Before every step that others can see, how far a change has come is committed. So a worker that is
killed leaves behind what the next one needs: what was not asked yet is begun again, what may have
been asked is looked up at the source, and nothing is ever asked a second time blindly.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from helpdesk_tui.db.commerce import action_steps as steps
from helpdesk_tui.db.commerce.actions import load_action
from helpdesk_tui.db.live import LiveStore
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.commerce.actions import Action, ActionState, Phase
from helpdesk_tui.domain.commerce.wants import REFRESH
from helpdesk_tui.domain.errors import HelpdeskError, NotAllowed, StoreError
from helpdesk_tui.domain.times import to_us
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.commerce.actions import check_still, note
from helpdesk_tui.sync.channels.errors import AuthFailed, Gone, Rejected, Retry, Uncertain
from helpdesk_tui.sync.commerce.opened import OpenedSource
from helpdesk_tui.sync.providers.source import Outcome, Stale, Suspended

log = logging.getLogger(__name__)

LOOK_AFTER = tuple(timedelta(seconds=one) for one in (5, 30, 120, 600))
"""When a change is looked up whose answer was lost, counted from when it was asked for …"""
LOOK_EVERY = timedelta(hours=1)
"""… and after that so often …"""
LOOK_UNTIL = timedelta(days=1)
"""… until here: then nobody looks any more, and an agent decides."""
BELIEVED_AFTER = timedelta(seconds=100)
"""So long a request that nobody waits for any more may still be carried out over there."""
_FURTHEST = LOOK_EVERY + timedelta(minutes=1)
"""Nothing ever waits longer than this."""
POLLED_FOR = timedelta(minutes=10)
"""So long what a source has accepted is taken to be on its way."""
_POLL_FIRST, _POLL_MOST = timedelta(seconds=1), timedelta(seconds=30)
_AGAIN_AFTER = timedelta(seconds=5)
_REFUSED = (Rejected, AuthFailed, Gone, Suspended)
"""What certainly has changed nothing, also once it was asked for."""


class _Lost(Exception):
    """Somebody else has this change now."""


class _DryRun(Exception):
    """Everything was done but the request that changes something."""


class Acting:
    """What is to be done about changes at one source; used by one thread at a time."""

    def __init__(
        self,
        store: Store,
        owner: str,
        source_id: int,
        opened: OpenedSource,
        *,
        is_stopping: Callable[[], bool] = lambda: False,
        now: Clock = utc_now,
    ) -> None:
        """Begin nothing yet.

        Args:
            store: Where changes stand.
            owner: Who claims them.
            source_id: Where they are made.
            opened: The source.
            is_stopping: Tells whether no further change is to be begun.
            now: The clock.
        """
        self._store = store
        self._owner = owner
        self._source_id = source_id
        self._opened = opened
        self._is_stopping = is_stopping
        self._now = now
        self._live = LiveStore(store.paths.live)
        self._is_asking = False

    def round(self) -> float | None:
        """Do what is due; return the seconds until something is again, None: nothing waits."""
        self._recover()
        with self._store.read() as connection:
            due = steps.due_actions(connection, self._source_id, self._now(), _FURTHEST)
        for action in due:
            if self._is_stopping():
                break
            if action.state is ActionState.QUEUED:
                self._begin(action)
            else:
                self._look_up(action)
        with self._store.read() as connection:
            at = steps.next_due(connection, self._source_id)
        return None if at is None else max(0.0, (at - self._now()).total_seconds())

    def close(self) -> None:
        """Drop the connection; what waits for an answer ends.

        A change on its way out is not cut off: nobody would know what became of it.
        """
        if not self._is_asking:
            self._opened.close()

    def finish(self) -> None:
        """Close what only the thread itself may."""
        self._live.close()

    # what a worker that was killed has left

    def _recover(self) -> None:
        with self._store.read() as connection:
            left = steps.left_behind(connection, self._source_id, None)
        for action in left:
            if action.phase in (Phase.NONE, Phase.CHECKED):
                # not at once: one on which the program itself stumbles lets the others pass
                now = self._now()
                with self._store.write() as connection:
                    steps.requeue(connection, action, now, now + _AGAIN_AFTER, "", {})
            else:
                self._doubt(action, "action.interrupted", {})

    # a change that was asked for

    def _begin(self, action: Action) -> None:
        now = self._now()
        if action.deadline is not None and now > action.deadline:
            self._end(action, ActionState.FAILED, code="action.late", also=ActionState.QUEUED)
            return
        try:
            with self._store.write() as connection:
                check_still(connection, action)
                if not steps.claim(connection, action.id, self._owner, now):
                    return
        except NotAllowed as error:
            self._end(
                action, ActionState.FAILED, code=error.code, values=error.values,
                also=ActionState.QUEUED,
            )  # fmt: skip
            return
        self._act(action)

    def _act(self, action: Action) -> None:
        come = _Progress(self, action)
        try:
            outcome = self._ask(action, come)
        except _Lost:
            return
        except _DryRun:
            self._end(action, ActionState.DONE)
        except StoreError:
            # our own store: what it holds says how far this has come, the next round goes on
            raise
        except HelpdeskError as error:
            self._failed(action, come, error)
        else:
            self._came(action, outcome, come.values, also=ActionState.UNKNOWN)

    def _ask(self, action: Action, come: _Progress) -> Outcome:
        try:
            return self._opened.get().act(action.request, come)
        finally:
            self._is_asking = False

    def _failed(self, action: Action, come: _Progress, error: HelpdeskError) -> None:
        """Take in why a change did not come through, and whether it may have been made."""
        was_asked = come.phase not in (Phase.NONE, Phase.CHECKED)
        if isinstance(error, AuthFailed):
            self._opened.drop()
        # once it was asked, a line that breaks may have broken after the change was made
        if isinstance(error, Retry | Uncertain) and not was_asked:
            self._again(action, error)
        elif was_asked and (come.phase is Phase.ACCEPTED or not isinstance(error, _REFUSED)):
            self._lose(action, error)
        else:
            result = {"now": dict(error.now)} if isinstance(error, Stale) else {}
            self._end(action, ActionState.FAILED, result, code=error.code, values=error.values)

    def _came(
        self,
        action: Action,
        outcome: Outcome,
        progress: Mapping[str, Any],
        *,
        also: ActionState,
    ) -> None:
        """Take in what the source says: the true answer wins, whoever has given up meanwhile."""
        if outcome.is_finished:
            self._end(action, ActionState.DONE, outcome.result, also=also)
            return
        now = self._now()
        if now - (action.asked_at or now) >= POLLED_FOR:
            self._doubt(action, "action.slow", {})
            return
        with self._store.write() as connection:
            at = now + self._poll_in(action, now)
            steps.accept(connection, action.id, progress, outcome.result, now, at)

    def _again(self, action: Action, error: HelpdeskError) -> None:
        """Queue a change anew that was not asked for yet, if there is time left for it."""
        now = self._now()
        wait = max(_AGAIN_AFTER, timedelta(seconds=getattr(error, "after", 0.0)))
        if action.deadline is not None and now + wait > action.deadline:
            self._end(action, ActionState.FAILED, code=error.code, values=error.values)
            return
        with self._store.write() as connection:
            steps.requeue(connection, action, now, now + wait, error.code, _told(error.values))

    def _lose(self, action: Action, error: HelpdeskError) -> None:
        with self._store.read() as connection:
            current = load_action(connection, action.id)
        if current is not None and current.state is ActionState.RUNNING:
            self._doubt(current, error.code, error.values)

    def _doubt(self, action: Action, code: str, values: Mapping[str, object]) -> None:
        """Note that nobody knows whether a change was made; the first to say so logs it."""
        now = self._now()
        at = self._look_at(action, now)
        if action.state is not ActionState.UNKNOWN:
            # however long nobody was there to look: the first look is soon
            soon = now + LOOK_AFTER[0]
            at = soon if at is None else min(at, soon)
        with self._store.write() as connection:
            is_noted = steps.wait(
                connection, action, ActionState.UNKNOWN, now, at, code, _told(values)
            )
            found = load_action(connection, action.id)
            is_new = is_noted and action.state is not ActionState.UNKNOWN
            if is_new and found is not None:
                note(connection, SYSTEM, self._now, "action.unknown", found)
        if is_new:
            self._refresh(action)

    # a change whose answer was lost, or that the source works on

    def _look_up(self, action: Action) -> None:
        # the next look is set before this one is made: one that ends in a crash is not made over
        # and over, before anything else
        now = self._now()
        is_accepted = action.state is ActionState.RUNNING
        at = now + self._poll_in(action, now) if is_accepted else self._look_at(action, now)
        with self._store.write() as connection:
            if not steps.wait(
                connection, action, action.state, now, at, action.code, action.values
            ):
                return
        try:
            outcome = self._opened.get().look_up(action.request, action.progress)
        except StoreError:
            raise
        except HelpdeskError as error:
            if isinstance(error, AuthFailed):
                self._opened.drop()
            self._wait_on(action, error)
            return
        if outcome is not None:
            values = {**action.progress, **_followed(outcome)}
            self._came(action, outcome, values, also=action.state)
        elif action.phase is Phase.ACCEPTED or self._is_settled(action):
            self._end(action, ActionState.FAILED, code="action.not-made", also=action.state)
        else:
            # it may be under way still: who says "not made" now may be wrong in a moment
            self._doubt(action, "action.not-seen", {})

    def _is_settled(self, action: Action) -> bool:
        return self._now() - (action.asked_at or action.created_at) >= BELIEVED_AFTER

    def _wait_on(self, action: Action, error: HelpdeskError) -> None:
        now = self._now()
        is_accepted = action.state is ActionState.RUNNING
        asked = action.asked_at or action.created_at
        if is_accepted and now - asked < POLLED_FOR:
            at = now + self._poll_in(action, now)
            with self._store.write() as connection:
                steps.wait(
                    connection, action, ActionState.RUNNING, now, at, error.code,
                    _told(error.values),
                )  # fmt: skip
            return
        self._doubt(action, _why(action, error), error.values)

    def _look_at(self, action: Action, now: datetime) -> datetime | None:
        asked = action.asked_at or now
        for after in LOOK_AFTER:
            if now < asked + after:
                # a clock that was set back puts no look days ahead
                return min(asked + after, now + after)
        return now + LOOK_EVERY if now - asked < LOOK_UNTIL else None

    def _poll_in(self, action: Action, now: datetime) -> timedelta:
        since = now - (action.asked_at or now)
        return min(_POLL_MOST, _POLL_FIRST + since / 4)

    # its end

    def _end(
        self,
        action: Action,
        state: ActionState,
        result: Mapping[str, Any] | None = None,
        *,
        code: str = "",
        values: Mapping[str, object] | None = None,
        also: ActionState | None = None,
    ) -> None:
        with self._store.write() as connection:
            done = steps.finish(
                connection, action.id, self._owner, also, state, self._now(),
                result=result or {}, code=code, values=_told(values or {}),
            )  # fmt: skip
            found = load_action(connection, action.id)
            if done and found is not None:
                kind = "action.done" if state is ActionState.DONE else "action.refused"
                note(connection, SYSTEM, self._now, kind, found)
        if done and not action.is_dry_run:
            self._refresh(action)

    def _refresh(self, action: Action) -> None:
        """Have fetched anew what is shown of the customer."""
        if action.request.profile_id is not None:
            self._live.want([action.request.profile_id], REFRESH, to_us(self._now()))

    def step(self, action: Action, phase: Phase, values: Mapping[str, Any]) -> bool:
        """Commit how far a change has come; False if it is somebody else's by now.

        Raises:
            NotAllowed: it may not be asked for any more, or not that late.
        """
        now = self._now()
        with self._store.write() as connection:
            if phase is Phase.ASKED:
                # nobody has forbidden it between the claim and here
                check_still(connection, action)
                if action.deadline is not None and now > action.deadline:
                    raise NotAllowed("action.late")
            # before it is committed: whoever stops the worker from here on waits for the answer
            self._is_asking = phase is Phase.ASKED
            return steps.step(connection, action.id, self._owner, phase, values, now)


class _Progress:
    """What a source is given to tell how far it has come."""

    def __init__(self, acting: Acting, action: Action) -> None:
        self._acting = acting
        self._action = action
        self.phase = Phase.NONE
        self.values: dict[str, Any] = {}

    def __call__(self, phase: Phase, progress: Mapping[str, Any]) -> None:
        if phase is Phase.ASKED and self._action.is_dry_run:
            raise _DryRun
        values = {**self.values, **progress}
        if not self._acting.step(self._action, phase, values):
            raise _Lost
        self.phase, self.values = phase, values


def _why(action: Action, error: HelpdeskError) -> str:
    """Return the code to keep: why nobody can tell, rather than that the line is down again."""
    return action.code if isinstance(error, Retry) and action.code else error.code


def _followed(outcome: Outcome) -> Mapping[str, Any]:
    return {} if outcome.is_finished else dict(outcome.result)


def _told(values: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}

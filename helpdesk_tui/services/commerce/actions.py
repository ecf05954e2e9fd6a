"""Changes of orders and subscriptions: asked for by a person, carried out by the worker.

They cost somebody money, so only an agent asks for them, one who has seen what they would do; no
rule and no macro does. What was asked stands in the ledger (``shop_action``) for good.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from helpdesk_tui.db import activity
from helpdesk_tui.db.activity import Entry, new_change_id
from helpdesk_tui.db.commerce import action_steps as steps
from helpdesk_tui.db.commerce import actions as rows
from helpdesk_tui.db.commerce.actions import ActionFilter
from helpdesk_tui.db.commerce.group import load_group
from helpdesk_tui.db.messaging.messages import touch
from helpdesk_tui.db.settings import load_desk_settings
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain import triage as verbs
from helpdesk_tui.domain.accounts import Job
from helpdesk_tui.domain.actor import Actor, ActorKind, Role
from helpdesk_tui.domain.commerce.action_json import read_preview, request_json
from helpdesk_tui.domain.commerce.action_log import moved_by
from helpdesk_tui.domain.commerce.actions import (
    Action,
    ActionKind,
    ActionRequest,
    ActionState,
    Mode,
    Preview,
)
from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.sources import SOURCES
from helpdesk_tui.domain.errors import Conflict, NotAllowed, NotFound, UsageError
from helpdesk_tui.domain.setting.commerce import mode_of, role_of
from helpdesk_tui.services.applying import apply_verb
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.jobs import ACTION_PREVIEW, Jobs

if TYPE_CHECKING:
    import sqlite3

__all__ = ["ActionFilter", "ShopActions"]

DEADLINE = timedelta(minutes=10)
"""What has not begun by then fails: nobody wants an order changed that they gave up on."""
_PREVIEW_WITHIN = timedelta(minutes=2)
_RANKS = tuple(Role)
_TROUBLE = ("action.refused", "action.unknown")


class ShopActions:
    """Asks for changes and tells of them; every call blocks."""

    def __init__(self, store: Store, actor: Actor, *, now: Clock = utc_now) -> None:
        self._store = store
        self._actor = actor
        self._now = now

    def mode(self) -> Mode:
        """Return whether changes are carried out at this desk."""
        with self._store.read() as connection:
            return mode_of(load_desk_settings(connection))

    def gate(self, kind: ActionKind, source: ConnectedSource) -> None:
        """Let nobody pass who may not ask for a change, or where it cannot be made.

        Raises:
            NotAllowed: ``action.not-a-person``, ``action.role``, ``action.off``,
                ``action.source-off`` or ``action.not-possible``.
        """
        with self._store.read() as connection:
            _gate(connection, self._actor, kind, source.id)

    def preview(self, request: ActionRequest) -> int:
        """Have worked out what a change would do; returns the job that does it.

        Raises:
            NotAllowed: as :meth:`gate`.
        """
        with self._store.read() as connection:
            _gate(connection, self._actor, request.kind, request.source_id)
        jobs = Jobs(self._store, self._actor, now=self._now)
        return jobs.ask(ACTION_PREVIEW, request_json(request), within=_PREVIEW_WITHIN)

    def previewed(self, job: Job) -> Preview:
        """Return what a job that is done has worked out."""
        return read_preview(job.result)

    def ask(self, request: ActionRequest) -> Action:
        """Ask for a change, as it was shown; the same key again is the same change.

        Of two agents who ask for something else of one order, the first is served: what the other
        one saw is about to be no longer so.

        Raises:
            NotAllowed: as :meth:`gate`; ``action.not-theirs``: it is another customer's, since
                a link was taken back, or ever.
            UsageError: ``action.unseen`` for a change whose effect nobody has seen.
            Conflict: ``action.under-way`` or ``action.undecided``: another change of it is not over
                yet; ``action.key-taken``: the key belongs to something else.
        """
        if not request.key or not request.expected:
            raise UsageError("action.unseen", name=request.name)
        request = replace(request, agent_id=self._actor.agent_id)
        now = self._now()
        with self._store.write() as connection:
            known = rows.action_of_key(connection, request.key)
            if known is not None:
                return _same(known, request)
            mode = _gate(connection, self._actor, request.kind, request.source_id)
            _check_theirs(connection, request)
            _check_free(connection, request)
            action_id = rows.add_action(
                connection, request, now, now + DEADLINE, dry_run=mode is Mode.DRY_RUN
            )
            action = _loaded(connection, action_id)
            note(connection, self._actor, self._now, "action.asked", action)
        return action

    def load(self, action_id: int) -> Action:
        """Return a change.

        Raises:
            NotFound: ``action.missing``.
        """
        with self._store.read() as connection:
            return _loaded(connection, action_id)

    def list(self, wanted: ActionFilter, limit: int = 50) -> tuple[Action, ...]:
        """Return changes, the newest first."""
        with self._store.read() as connection:
            return rows.load_actions(connection, wanted, limit)

    def counts(self) -> Mapping[str, int]:
        """Return how many changes are queued, running and unknown."""
        with self._store.read() as connection:
            return rows.count_states(connection)

    def check(self, action_id: int) -> Action:
        """Have the shop looked at now for a change that nobody can tell of.

        What is over, or has not begun, stays as it is.

        Raises:
            NotFound: ``action.missing``.
        """
        with self._store.write() as connection:
            _loaded(connection, action_id)
            steps.look_now(connection, action_id, self._now())
            return _loaded(connection, action_id)

    def decide(self, action_id: int, *, was_done: bool) -> Action:
        """Say what became of a change that nobody can tell of; nothing is asked of the shop.

        Raises:
            NotFound: ``action.missing``.
            NotAllowed: as :meth:`gate`.
            Conflict: ``action.not-unknown``.
        """
        now = self._now()
        with self._store.write() as connection:
            action = _loaded(connection, action_id)
            _gate_agent(connection, self._actor)
            done = steps.finish(
                connection, action_id, "", ActionState.UNKNOWN,
                ActionState.DONE if was_done else ActionState.FAILED, now,
                result={**action.result, "decided": was_done},
                code="" if was_done else "action.not-made",
            )  # fmt: skip
            if not done:
                raise Conflict("action.not-unknown", name=action.request.name)
            after = _loaded(connection, action_id)
            note(connection, self._actor, self._now, "action.decided", after)
        return after


def note(
    connection: sqlite3.Connection, actor: Actor, now: Clock, kind: str, action: Action
) -> None:
    """Write a step of a change into the log of its ticket, and show the ticket where it failed.

    The log is kept when a customer is erased: it holds names of orders, amounts, dates and numbers,
    and none of the texts that were written along.
    """
    request, at = action.request, now()
    before, after = moved_by(action)
    facts: dict[str, object] = {
        "action": action.id,
        "change": request.kind.value,
        "object": request.name,
        **after,
    }
    if action.code:
        facts["code"] = action.code
    if action.is_dry_run:
        facts["dry_run"] = True
    activity.record(connection, actor, at, [Entry(kind, request.ticket_id, None, before, facts)])
    if request.ticket_id is None:
        return
    if kind in _TROUBLE and not action.is_dry_run:
        # who asked may be elsewhere by now: what has gone wrong is not left in a closed ticket
        apply_verb(connection, actor, at, [request.ticket_id], verbs.reopen,
                   kind="ticket.reopened", change_id=new_change_id())  # fmt: skip
    touch(connection, request.ticket_id, at)


def check_still(connection: sqlite3.Connection, action: Action) -> None:
    """Let no change begin that may not be asked for any more.

    Raises:
        NotAllowed: ``action.role``, ``action.off``, ``action.now-dry-run``, ``action.source-off``,
            ``action.not-possible``.
    """
    request = action.request
    actor = Actor(ActorKind.AGENT, request.agent_id)
    mode = _gate(connection, actor, request.kind, request.source_id)
    if mode is Mode.DRY_RUN and not action.is_dry_run:
        raise NotAllowed("action.now-dry-run", name=request.name)


def _same(known: Action, request: ActionRequest) -> Action:
    """Return a change that was asked for under this key, if it is this one."""
    if request_json(known.request) != json.loads(json.dumps(request_json(request))):
        raise Conflict("action.key-taken", name=request.name)
    return known


def _check_theirs(connection: sqlite3.Connection, request: ActionRequest) -> None:
    """Let nothing be asked in the name of a customer of what only others are known to have."""
    if request.profile_id is None:
        return
    members = load_group(connection, request.profile_id).members
    if rows.is_only_of_others(connection, members, request.source_id, request.target):
        raise NotAllowed("action.not-theirs", name=request.name)


def _check_free(connection: sqlite3.Connection, request: ActionRequest) -> None:
    """Let nothing be asked of an order or subscription that is about to be changed."""
    other = rows.under_way_of(connection, request.source_id, request.target)
    if other is None:
        return
    is_unknown = other.state is ActionState.UNKNOWN
    code = "action.undecided" if is_unknown else "action.under-way"
    raise Conflict(code, name=request.name, agent=other.agent, id=other.id)


def _gate(connection: sqlite3.Connection, actor: Actor, kind: ActionKind, source_id: int) -> Mode:
    """Return whether a change would be carried out; raises as :meth:`ShopActions.gate`."""
    _gate_agent(connection, actor)
    mode = mode_of(load_desk_settings(connection))
    if mode is Mode.OFF:
        raise NotAllowed("action.off")
    source = rows.load_source_right(connection, source_id)
    if source is None or not source[2]:
        raise NotAllowed("action.source-off", name=source[0] if source else str(source_id))
    spec = SOURCES.get(source[1])
    if spec is None or kind not in spec.actions:
        raise NotAllowed("action.not-possible", name=source[0])
    return mode


def _gate_agent(connection: sqlite3.Connection, actor: Actor) -> None:
    if actor.kind is not ActorKind.AGENT or actor.agent_id is None:
        raise NotAllowed("action.not-a-person")
    needed = role_of(load_desk_settings(connection))
    found = rows.load_agent_right(connection, actor.agent_id)
    if found is None or not found[1]:
        raise NotAllowed("action.not-a-person")
    role = Role(found[0]) if found[0] in set(Role) else None
    if role is None or _RANKS.index(role) < _RANKS.index(needed):
        raise NotAllowed("action.role", role=needed.value)


def _loaded(connection: sqlite3.Connection, action_id: int) -> Action:
    action = rows.load_action(connection, action_id)
    if action is None:
        raise NotFound("action.missing", id=action_id)
    return action

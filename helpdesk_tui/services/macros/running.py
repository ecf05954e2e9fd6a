"""Running a macro: reply, note and verbs of each ticket, all under one change id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk_tui.db import activity
from helpdesk_tui.db import macros as rows
from helpdesk_tui.db.activity import Entry
from helpdesk_tui.db.paths import StorePaths
from helpdesk_tui.db.triage import load_states
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.errors import Conflict, HelpdeskError, NotAllowed, NotFound
from helpdesk_tui.domain.macros.macro import BodyKind
from helpdesk_tui.services.addressing import answerable
from helpdesk_tui.services.applying import apply_verb
from helpdesk_tui.services.drafts import ReadyFiles
from helpdesk_tui.services.macros.plan import Plan, Step
from helpdesk_tui.services.notes import write_note
from helpdesk_tui.services.queueing import queue_reply
from helpdesk_tui.services.ways.wanted import Wanted

if TYPE_CHECKING:
    import sqlite3

APPLIED = "macro.applied"
"""The activity that marks a change as a macro's: undoing it takes back reply and note too."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one ticket."""

    ticket_id: int
    text: str = ""
    """The reply that was (or would be) sent; empty for none."""
    body: BodyKind | None = None
    steps: tuple[Step, ...] = ()
    message_id: int | None = None
    due_at: datetime | None = None
    """Until then the reply can be taken back."""
    note_id: int | None = None
    error: HelpdeskError | None = None
    """Why nothing at all was done to it."""


@dataclass(frozen=True, slots=True)
class Run:
    """How a macro is run."""

    macro_id: int
    actor: Actor
    now: datetime
    change_id: str
    sends: bool
    """Send its text; else only the actions are done."""
    undo: bool = True
    """Leave time to take the reply back."""
    seen: int | None = None
    """The newest message the agent saw."""
    versions: Mapping[int, int] = field(default_factory=dict)
    """Tickets as they were shown: one that changed since is left alone."""
    language: str = ""
    """Which of its languages, for an undo that puts it back into the draft."""
    attended: bool = False
    """An agent is asked about each change of an order or a subscription."""


def dry(connection: sqlite3.Connection, run: Run, ticket_id: int, plan: Plan) -> Outcome:
    """Return what running it would do to a ticket; nothing is written."""
    found = load_states(connection, [ticket_id]).get(ticket_id)
    try:
        _check(connection, run, ticket_id, plan)
    except HelpdeskError as error:
        return Outcome(ticket_id, plan.text.text, plan.body, plan.steps, error=error)
    steps: list[Step] = [*plan.steps[: len(plan.steps) - len(plan.verbs)]]
    state = found
    for planned in plan.verbs:
        after = planned.verb(state) if state is not None else "ticket.missing"
        code = after if isinstance(after, str) else ""
        state = state if isinstance(after, str) else after
        steps.append(replace(planned.step, code=code))
    text = plan.text.text if run.sends else ""
    return Outcome(ticket_id, text, plan.body, tuple(steps))


def run_one(
    connection: sqlite3.Connection, paths: StorePaths, run: Run, ticket_id: int, plan: Plan
) -> Outcome:
    """Do it to one ticket inside the caller's transaction: all of it, or nothing with the error."""
    try:
        with rows.one_ticket(connection):
            _check(connection, run, ticket_id, plan)
            return _written(connection, paths, run, ticket_id, plan)
    except HelpdeskError as error:
        return Outcome(ticket_id, plan.text.text, plan.body, plan.steps, error=error)


def _check(connection: sqlite3.Connection, run: Run, ticket_id: int, plan: Plan) -> None:
    state = load_states(connection, [ticket_id]).get(ticket_id)
    if state is None:
        raise NotFound("ticket.missing", id=ticket_id)
    if run.versions.get(ticket_id, state.version) != state.version:
        raise Conflict("ticket.changed-meanwhile", id=ticket_id)
    if state.merged_into is not None:
        raise NotAllowed("ticket.merged", id=ticket_id, into=state.merged_into)
    holes = {hole.name for hole in plan.note.holes}
    for problem in plan.problems:
        # the holes of a text that is not sent are its editor's
        is_texts = problem.code == "macro.hole" and problem.values["name"] not in holes
        if run.sends or not is_texts:
            raise problem
    if plan.asks and not run.attended:
        raise NotAllowed("macro.asks-first", action=plan.asks[0])
    if run.sends and plan.text.text:
        answerable(connection, ticket_id)


def _written(
    connection: sqlite3.Connection, paths: StorePaths, run: Run, ticket_id: int, plan: Plan
) -> Outcome:
    after = {"macro": run.macro_id, "ran": run.sends, "language": run.language}
    mark = Entry(APPLIED, ticket_id, None, {}, after)
    activity.record(connection, run.actor, run.now, [mark], run.change_id)
    steps: list[Step] = []
    note_id = message_id = None
    due_at = None
    if plan.note.text:
        note_id = write_note(connection, run.actor, run.now, ticket_id, plan.note.text,
                             (), run.change_id)  # fmt: skip
        steps.append(Step("note", {"text": plan.note.text}))
    if run.sends and plan.text.text:
        if run.actor.agent_id is None:
            raise NotAllowed("agent.missing")
        wanted = Wanted(plan.text.text, (), (), "none", run.seen, ReadyFiles(plan.files),
                        use_draft_files=False, undo=run.undo, keeps_draft=True,
                        template=plan.template)  # fmt: skip
        target = answerable(connection, ticket_id)
        queued = queue_reply(connection, paths, run.actor, run.now, target, wanted, run.change_id)
        message_id, due_at = queued.message_id, queued.due_at
        steps += [Step("attach", {"name": file[0]}) for file in plan.files]
    steps += _verbs(connection, run, ticket_id, plan)
    text = plan.text.text if message_id else ""
    return Outcome(ticket_id, text, plan.body, tuple(steps), message_id, due_at, note_id)


def _verbs(connection: sqlite3.Connection, run: Run, ticket_id: int, plan: Plan) -> Sequence[Step]:
    done: list[Step] = []
    for planned in plan.verbs:
        change = apply_verb(connection, run.actor, run.now, [ticket_id], planned.verb,
                            kind=planned.kind, change_id=run.change_id)  # fmt: skip
        code = next((code for _, code in change.skipped), "")
        done.append(replace(planned.step, code=code))
    return done

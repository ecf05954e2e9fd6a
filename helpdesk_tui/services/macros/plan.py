"""What a macro would do to one ticket: worked out before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from helpdesk_tui.db.drafts import StoredFile
from helpdesk_tui.db.macros import MacroFacts, load_file_size
from helpdesk_tui.db.reads.people import load_agent
from helpdesk_tui.db.teams import team_id_of
from helpdesk_tui.domain import triage as verbs
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.commerce.commands import asked_by, read_command
from helpdesk_tui.domain.errors import HelpdeskError, NotAllowed, NotFound, UsageError
from helpdesk_tui.domain.macros.macro import Actions, Bodies, BodyKind, Macro
from helpdesk_tui.domain.macros.render import Context, Filled, render
from helpdesk_tui.domain.macros.text import read
from helpdesk_tui.domain.messaging.parts import TemplateUse
from helpdesk_tui.domain.sms import Segments, count_segments
from helpdesk_tui.domain.snoozing.snooze import parse_snooze, zone_of
from helpdesk_tui.services.applying import Verb
from helpdesk_tui.services.drafts import file_type
from helpdesk_tui.services.macros.approved import Approved, approved_for

if TYPE_CHECKING:
    import sqlite3


@dataclass(frozen=True, slots=True)
class Step:
    """One thing a macro does to the ticket beside its text."""

    name: str
    """``note``, ``attach``, ``tag``, ``untag``, ``assign``, ``priority``, ``status`` …"""
    values: Mapping[str, str] = field(default_factory=dict)
    code: str = ""
    """Why it changes nothing: ``ticket.already-closed`` …; empty if it does."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A verb of triage that is to be done."""

    step: Step
    kind: str
    """Its activity."""
    verb: Verb


@dataclass(frozen=True, slots=True)
class Plan:
    """A macro for one ticket, filled in."""

    text: Filled
    language: str
    body: BodyKind | None
    """Which of its texts was taken; None for none."""
    segments: Segments | None
    """The size of a text message, where the ticket is one."""
    note: Filled
    files: tuple[StoredFile, ...]
    verbs: tuple[Planned, ...]
    problems: tuple[HelpdeskError, ...]
    """Why it cannot be run as it is; it can still be inserted and edited."""
    template: TemplateUse | None = None
    """The approved template that its text is (WhatsApp)."""
    asks: tuple[str, ...] = ()
    """Changes of orders and subscriptions whose dialogs it opens: ``order cancel #1042``."""

    @property
    def steps(self) -> tuple[Step, ...]:
        """Everything it does beside its text, in order."""
        note = [Step("note", {"text": self.note.text})] if self.note.text else []
        files = [Step("attach", {"name": file[0]}) for file in self.files]
        asks = [Step("ask", {"text": one}) for one in self.asks]
        return (*note, *files, *asks, *(each.step for each in self.verbs))


@dataclass(frozen=True, slots=True)
class Setting:
    """What the planning of all tickets of a macro shares."""

    macro: Macro
    bodies: Bodies | None
    actor: Actor
    now: datetime
    zone: str


def make_plan(
    connection: sqlite3.Connection, setting: Setting, facts: MacroFacts, context: Context
) -> Plan:
    """Return what a macro would do to a ticket; nothing is written."""
    macro, actions = setting.macro, setting.macro.actions
    found = setting.bodies.for_channel(facts.channel) if setting.bodies else None
    kind, source = found or (None, "")
    text, note = render(read(source), context), render(read(actions.note), context)
    approved, problems = _approved(connection, setting, facts, context)
    if approved is not None:
        text = approved.text
    problems += [
        UsageError("macro.hole", name=hole.name, reason=hole.reason, id=facts.ticket_id)
        for hole in (*text.holes, *note.holes)
    ]
    problems += _not_there(actions)
    planned: list[Planned] = []
    for make in (_tags, _assign, _priority, _status, _snooze, _spam):
        try:
            planned += make(connection, setting, actions)
        except HelpdeskError as error:
            problems.append(error)
    files = () if approved is not None else _files(connection, macro, problems)
    segments = count_segments(text.text) if facts.channel == "sms" and found else None
    return Plan(text, context.language, kind, segments, note, files, tuple(planned),
                tuple(problems), None if approved is None else approved.use,
                asked_by(actions))  # fmt: skip


def _approved(
    connection: sqlite3.Connection, setting: Setting, facts: MacroFacts, context: Context
) -> tuple[Approved | None, list[HelpdeskError]]:
    """Return the template that is sent instead of a text, and why none can be."""
    try:
        return approved_for(connection, setting.bodies, facts, context, setting.now), []
    except HelpdeskError as error:
        return None, [error]


def _not_there(actions: Actions) -> list[HelpdeskError]:
    """Name the actions that nothing in this desk can do."""
    missing = [
        ("set", bool(actions.fields)),
        ("webhook", bool(actions.webhook)),
        *[(one, read_command(one) is None) for one in asked_by(actions)],
    ]
    return [NotAllowed("macro.not-there", action=name) for name, is_there in missing if is_there]


def _files(
    connection: sqlite3.Connection, macro: Macro, problems: list[HelpdeskError]
) -> tuple[StoredFile, ...]:
    """Return the files that go along, as rows; what is not in the store is a problem."""
    found: list[StoredFile] = []
    for file in macro.actions.attach:
        size = load_file_size(connection, file.sha256) if file.sha256 else None
        if size is None:
            problems.append(NotFound("macro.file-missing", name=file.path, macro=macro.name))
            continue
        name = file.path.replace("\\", "/").rpartition("/")[2]
        found.append((name, file_type(name), size, file.sha256))
    return tuple(found)


def _tags(
    _connection: sqlite3.Connection, _setting: Setting, actions: Actions
) -> Sequence[Planned]:
    found = []
    if actions.add_tags:
        step = Step("tag", {"tags": " ".join(actions.add_tags)})
        found.append(Planned(step, "ticket.tagged", partial(verbs.tag, names=actions.add_tags)))
    if actions.remove_tags:
        step = Step("untag", {"tags": " ".join(actions.remove_tags)})
        verb = partial(verbs.untag, names=actions.remove_tags)
        found.append(Planned(step, "ticket.untagged", verb))
    return found


def _assign(
    connection: sqlite3.Connection, setting: Setting, actions: Actions
) -> Sequence[Planned]:
    who = actions.assign
    if not who:
        return ()
    agent_id: int | None = None
    name = "none"
    if who == "me":
        if setting.actor.agent_id is None:
            raise NotAllowed("agent.missing")
        agent_id, name = setting.actor.agent_id, setting.actor.name
    elif who.startswith("@"):
        agent = load_agent(connection, who[1:])
        if agent is None or not agent.active:
            raise NotFound("agent.unknown", name=who[1:])
        agent_id, name = agent.id, agent.name
    elif who == "round-robin":
        # sharing work out has no verb yet
        raise NotAllowed("macro.no-round-robin")
    elif who != "none":
        return (_to_team(connection, who),)
    verb = partial(verbs.assign, agent_id=agent_id)
    return (Planned(Step("assign", {"name": name}), "ticket.assigned", verb),)


def _to_team(connection: sqlite3.Connection, name: str) -> Planned:
    team_id = team_id_of(connection, name)
    if team_id is None:
        raise NotFound("team.unknown", name=name)
    verb = partial(verbs.assign_team, team_id=team_id)
    return Planned(Step("team", {"name": name}), "ticket.team", verb)


def _priority(
    _connection: sqlite3.Connection, _setting: Setting, actions: Actions
) -> Sequence[Planned]:
    if actions.priority is None:
        return ()
    verb = partial(verbs.set_priority, priority=actions.priority)
    step = Step("priority", {"priority": actions.priority.value})
    return (Planned(step, "ticket.priority", verb),)


def _status(
    _connection: sqlite3.Connection, setting: Setting, actions: Actions
) -> Sequence[Planned]:
    if not actions.status:
        return ()
    step = Step("status", {"status": actions.status})
    if actions.status == "open":
        return (Planned(step, "ticket.reopened", verbs.reopen),)
    return (Planned(step, "ticket.closed", partial(verbs.close, now=setting.now)),)


def _snooze(
    _connection: sqlite3.Connection, setting: Setting, actions: Actions
) -> Sequence[Planned]:
    if not actions.snooze:
        return ()
    language = setting.bodies.language if setting.bodies else ""
    sleep = parse_snooze(actions.snooze_text, setting.now, setting.zone, language=language)
    zone = zone_of(setting.zone)
    until = sleep.until.astimezone(zone).isoformat(timespec="minutes") if sleep.until else ""
    step = Step("snooze", {"until": until})
    return (Planned(step, "ticket.snoozed", partial(verbs.snooze, sleep=sleep)),)


def _spam(
    _connection: sqlite3.Connection, _setting: Setting, actions: Actions
) -> Sequence[Planned]:
    return (Planned(Step("spam"), "ticket.spam", verbs.spam),) if actions.spam else ()

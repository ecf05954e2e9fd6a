"""What the verbs of triage do to a ticket, and how they are taken back: pure functions.

Each verb gives the ticket as it will be, or the code why it does not apply to this one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from helpdesk_tui.domain.flags import Flag
from helpdesk_tui.domain.tickets import Priority, Status
from helpdesk_tui.domain.times import from_us, to_us
from helpdesk_tui.domain.webchat.chats import Talk


@dataclass(frozen=True, slots=True)
class TicketState:
    """The fields of a ticket that triage moves."""

    id: int
    channel: str
    status: Status
    spam: bool
    unread: bool
    assignee_id: int | None
    waiting_since: datetime | None
    closed_at: datetime | None
    snoozed_until: datetime | None
    snooze_zone: str
    snooze_keep: bool
    tags: tuple[str, ...]
    merged_into: int | None
    version: int
    profile_id: int = 0
    identity_id: int | None = None
    """The customer's address, as the row that ties it to the profile."""
    flags: tuple[str, ...] = ()
    offer: str = ""
    """What one key could mend, see ``TicketDetail.offer``."""
    priority: Priority = Priority.NORMAL
    team_id: int | None = None
    """Whose queue it is in, with or without an assignee."""
    talk: Talk | None = None
    """The conversation of a chat, as far as its ticket moves it (:mod:`.webchat.rules`)."""


@dataclass(frozen=True, slots=True)
class Snooze:
    """Until when a ticket sleeps."""

    until: datetime | None
    """None sleeps until the customer writes."""
    keep: bool = False
    """Customer messages do not wake it (``!``)."""
    zone: str = "UTC"
    """Zone it was typed in; for showing only."""


@dataclass(frozen=True, slots=True)
class Change:
    """What one action did to which tickets."""

    change_id: str
    """What :meth:`undo` takes back."""
    changed: tuple[int, ...]
    skipped: tuple[tuple[int, str], ...] = ()
    """(ticket id, code why it was left as it is)."""
    kept: tuple[tuple[int, str], ...] = ()
    """Undo: (ticket id, field) that somebody else has changed since and that was left alone."""


FIELDS = (
    "status", "spam", "unread", "assignee_id", "waiting_since", "closed_at", "snoozed_until",
    "snooze_zone", "snooze_keep", "profile_id", "identity_id", "offer", "priority",
    "team_id",
)  # fmt: skip
"""The plain fields of a change; tags and flags are taken one by one."""

_SETS = ("tags", "flags")

_PLACE = ("status", "closed_at", "snoozed_until", "snooze_zone", "snooze_keep")
_TOGETHER = (_PLACE, ("profile_id", "identity_id"))
"""Fields that say one thing: where one of them was changed since, none goes back."""

_ENUMS: Mapping[str, Callable[[Any], Any]] = {"status": Status, "priority": Priority}
_TIMES = frozenset({"waiting_since", "closed_at", "snoozed_until"})
_AWAKE: dict[str, Any] = {"snoozed_until": None, "snooze_zone": "", "snooze_keep": False}


def is_final(state: TicketState) -> bool:
    """Tell whether a ticket is closed for ever: a chat that has ended for both sides."""
    return Flag.CHAT_ENDED in state.flags


def _looked_at(state: TicketState) -> tuple[str, ...]:
    """Return the flags without the mark of a snooze that has ended."""
    return without(state.flags, Flag.WOKEN)


def without(flags: tuple[str, ...], *gone: Flag) -> tuple[str, ...]:
    """Return flags without some of them."""
    return tuple(flag for flag in flags if flag not in gone)


def close(state: TicketState, now: datetime) -> TicketState | str:
    """Close; a customer who waits is taken as needing no reply.

    A chat that the responder talks in is closed for lists already: an agent ends it.
    """
    if is_final(state):
        return "ticket.chat-ended"
    if state.status is Status.CLOSED and Flag.WITH_RESPONDER not in state.flags:
        return "ticket.already-closed"
    return replace(
        state,
        status=Status.CLOSED,
        closed_at=now,
        waiting_since=None,
        flags=without(_looked_at(state), Flag.WITH_RESPONDER),
        **_AWAKE,
    )


def reopen(state: TicketState) -> TicketState | str:
    """Open again; wakes a snoozed one too."""
    if state.status is Status.OPEN:
        return "ticket.already-open"
    if is_final(state):
        return "ticket.chat-ended"
    return replace(state, status=Status.OPEN, closed_at=None, **_AWAKE)


def snooze(state: TicketState, sleep: Snooze) -> TicketState | str:
    """Put to sleep."""
    if is_final(state):
        return "ticket.chat-ended"
    after = replace(
        state,
        status=Status.SNOOZED,
        closed_at=None,
        snoozed_until=sleep.until,
        snooze_zone=sleep.zone,
        snooze_keep=sleep.keep,
        flags=_looked_at(state),
    )
    return "ticket.already-snoozed" if after == state else after


def wake(state: TicketState, now: datetime) -> TicketState | str:
    """Open a ticket whose snooze has ended, marked until somebody opens it."""
    due = state.snoozed_until is not None and state.snoozed_until <= now
    if state.status is not Status.SNOOZED or not due:
        return "ticket.not-due"
    flags = (*_looked_at(state), str(Flag.WOKEN))
    return replace(state, status=Status.OPEN, flags=flags, **_AWAKE)


def assign(state: TicketState, agent_id: int | None) -> TicketState | str:
    """Give to an agent, who may be of another team, or take from agent and team alike."""
    after = replace(
        state, assignee_id=agent_id, team_id=None if agent_id is None else state.team_id
    )
    return "ticket.already-assigned" if after == state else after


def assign_team(state: TicketState, team_id: int) -> TicketState | str:
    """Give to a team: nobody's until one of it takes it."""
    after = replace(state, assignee_id=None, team_id=team_id)
    return "ticket.already-assigned" if after == state else after


def set_priority(state: TicketState, priority: Priority) -> TicketState | str:
    """Say how urgent it is."""
    if state.priority is priority:
        return "ticket.already-priority"
    return replace(state, priority=priority)


def tag(state: TicketState, names: tuple[str, ...]) -> TicketState | str:
    """Add tags."""
    after = tuple(sorted({*state.tags, *names}))
    return "ticket.already-tagged" if after == state.tags else replace(state, tags=after)


def untag(state: TicketState, names: tuple[str, ...]) -> TicketState | str:
    """Take tags away."""
    after = tuple(name for name in state.tags if name not in names)
    return "ticket.not-tagged" if after == state.tags else replace(state, tags=after)


def mark(state: TicketState, *, unread: bool) -> TicketState | str:
    """Mark read or unread; what is read needs no mark that its snooze has ended."""
    after = replace(state, unread=unread, flags=state.flags if unread else _looked_at(state))
    if after == state:
        return "ticket.already-unread" if unread else "ticket.already-read"
    return after


def spam(state: TicketState) -> TicketState | str:
    """Move to Spam."""
    return "ticket.already-spam" if state.spam else replace(state, spam=True)


def not_spam(state: TicketState) -> TicketState | str:
    """Take out of Spam; it opens as a new one would."""
    if not state.spam:
        return "ticket.not-spam"
    after = replace(state, spam=False)
    return (
        after if is_final(state) else replace(after, status=Status.OPEN, closed_at=None, **_AWAKE)
    )


def _plain(name: str, value: Any) -> Any:
    return to_us(value) if name in _TIMES and value is not None else value


def is_beyond(state: TicketState, after: Mapping[str, Any]) -> bool:
    """Tell whether a change can no more be taken back: it moved a chat that has ended since."""
    return is_final(state) and not set(_PLACE).isdisjoint(after)


def differences(
    before: TicketState, after: TicketState
) -> tuple[dict[str, object], dict[str, object]]:
    """Return what a change replaced and by what, as values for the activity log."""
    old: dict[str, object] = {}
    new: dict[str, object] = {}
    for name in FIELDS:
        was, is_now = getattr(before, name), getattr(after, name)
        if was != is_now:
            old[name], new[name] = _plain(name, was), _plain(name, is_now)
    for name in _SETS:
        was, is_now = getattr(before, name), getattr(after, name)
        if was != is_now:
            old[name], new[name] = list(was), list(is_now)
    return old, new


def restored(
    state: TicketState, before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[TicketState, tuple[str, ...]]:
    """Take back a change: only fields that still are as it left them.

    Returns:
        The ticket as it will be, and the fields that somebody has changed since.
    """
    kept = _kept(state, after)
    values = {
        name: _stored(name, before[name]) for name in FIELDS if name in after and name not in kept
    }
    for name in _SETS:
        if name in after:
            had, got = set(before[name]), set(after[name])
            kept_now = set(getattr(state, name)) - (got - had)
            values[name] = tuple(sorted(kept_now | (had - got)))
    return _sound(replace(state, **values)), tuple(kept)


def _kept(state: TicketState, after: Mapping[str, Any]) -> list[str]:
    """Return the fields of a change that stay as they are: changed since, or of one that was."""
    names = [name for name in FIELDS if name in after]
    moved = {name for name in names if _plain(name, getattr(state, name)) != after[name]}
    for group in _TOGETHER:
        if moved.intersection(group):
            moved.update(group)
    if state.waiting_since is not None and "waiting_since" not in set(names) - moved:
        # a customer has written since: what would hide the ticket again is left
        moved.update(_PLACE if after.get("closed_at", "") is None else ())
    return [name for name in names if name in moved]


def _stored(name: str, value: Any) -> Any:
    """Return a value of the log as the field has it."""
    if name in _TIMES and value is not None:
        return from_us(value)
    return _ENUMS[name](value) if name in _ENUMS else value


def _sound(state: TicketState) -> TicketState:
    """Return a ticket without what only one of another status has."""
    if state.status is not Status.SNOOZED:
        state = replace(state, **_AWAKE)
    if state.status is Status.CLOSED:
        return replace(state, waiting_since=None)
    return replace(state, closed_at=None)

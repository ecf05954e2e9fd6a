"""What happened to tickets and on the desk: values of the log, its groups, what can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

_MARK = "~"
"""Stands between the id of a change and how often it was undone or done again."""


class ActivityGroup(StrEnum):
    """What kinds of changes are about."""

    STATUS = "status"
    ASSIGNED = "assigned"
    TAGS = "tags"
    MESSAGES = "messages"
    NOTES = "notes"
    MERGES = "merges"
    CUSTOMER = "customer"
    MACROS = "macros"
    UNDONE = "undone"
    DESK = "desk"


KINDS: Mapping[ActivityGroup, tuple[str, ...]] = {
    ActivityGroup.STATUS: (
        "ticket.created", "ticket.closed", "ticket.reopened", "ticket.snoozed", "ticket.woken",
        "ticket.spam", "ticket.not-spam", "ticket.read", "ticket.unread", "ticket.priority",
        "intake.ticket", "chat.left", "chat.back", "chat.ended", "chat.asked-for-person",
    ),
    ActivityGroup.ASSIGNED: (
        "ticket.assigned", "ticket.team", "ticket.watched", "ticket.unwatched",
        "ticket.taken-over", "chat.taken-over",
        "chat.handed-over", "chat.handed-elsewhere", "chat.solved",
    ),
    ActivityGroup.TAGS: ("ticket.tagged", "ticket.untagged"),
    ActivityGroup.MESSAGES: (
        "message.received", "message.queued", "message.sent", "message.failed", "message.unknown",
        "message.delivered", "message.read", "message.file",
        "message.unsent", "message.filed", "message.blocked", "message.scheduled",
        "message.rescheduled", "message.unscheduled", "auto-answer.held", "chat.held",
        "chat.away-told", "chat.open-told", "chat.followed-up", "chat.answered",
        "message.outside", "message.taken-back", "message.attributed", "messaging.gap",
        "keyword.stop", "keyword.start", "keyword.help",
    ),
    ActivityGroup.NOTES: ("note.added", "note.removed"),
    ActivityGroup.MERGES: (
        "ticket.merged", "ticket.absorbed", "ticket.unmerged", "ticket.released", "ticket.split",
        "ticket.offer-declined", "ticket.follows", "chat.continued",
    ),
    ActivityGroup.CUSTOMER: (
        "ticket.customer", "ticket.blocked", "ticket.unblocked", "ticket.linked",
        "ticket.unlinked", "profile.linked", "profile.unlinked", "consent.given",
        "consent.withdrawn", "profile.vouched", "profile.erased", "action.asked", "action.done",
        "action.refused", "action.unknown", "action.decided",
    ),
    ActivityGroup.MACROS: ("macro.applied",),
    ActivityGroup.UNDONE: ("change.undone",),
    ActivityGroup.DESK: (
        "address.added", "address.changed", "address.removed", "address.state", "agent.available",
        "agent.away", "agent.removed", "agent.restored", "agent.role", "channel.state",
        "faq.added", "faq.changed", "faq.moved", "faq.published", "faq.removed", "faq.restored",
        "faq.unpublished", "intake.dismissed", "intake.restored", "source.added", "source.changed",
        "source.removed", "source.state", "team.added", "team.joined",
        "team.left", "team.removed", "view.deleted", "view.moved", "view.saved",
    ),
}  # fmt: skip
"""Every kind there is, by what it is about."""

UNDOABLE = frozenset(
    {
        "ticket.closed", "ticket.reopened", "ticket.snoozed", "ticket.spam", "ticket.not-spam",
        "ticket.unread", "ticket.read", "ticket.priority", "ticket.assigned", "ticket.team",
        "ticket.watched", "ticket.unwatched", "ticket.tagged", "ticket.untagged", "ticket.merged",
        "ticket.unmerged", "ticket.split", "ticket.offer-declined", "ticket.customer",
        "ticket.blocked", "ticket.unblocked", "profile.linked", "profile.unlinked",
        "macro.applied", "change.undone", "ticket.taken-over",
    }
)  # fmt: skip
"""Kinds whose change can be taken back; a reply only while it has not left."""

ON_ITS_WAY = frozenset({"message.queued", "message.scheduled"})
"""Kinds of a reply that can be taken back until it leaves."""

BY_READING = frozenset({"ticket.read"})
"""Changes that an agent makes without asking for them: no ``z`` goes back to one."""

_BESIDE = frozenset(
    {"ticket.absorbed", "ticket.released", "ticket.linked", "ticket.unlinked", "ticket.created"}
)
"""Entries that stand beside one of the same change that can be undone."""

ONCE = frozenset({"message.unsent", "note.removed"})
"""What an undo does and no further one can bring back: the text is gone or a draft again."""


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """One line of the log."""

    id: int
    at: datetime
    kind: str
    actor_kind: str
    agent_id: int | None = None
    agent: str = ""
    """Name of the agent who did it; empty for customers and the desk itself."""
    ticket_id: int | None = None
    subject: str = ""
    message_id: int | None = None
    change_id: str = ""
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    latest: str = ""
    """The newest undoing or redoing of its change; empty where there is none."""

    @property
    def can_undo(self) -> bool:
        """Whether its change is of a kind that is taken back."""
        return bool(self.change_id) and self.kind in UNDOABLE | _BESIDE

    @property
    def is_undone(self) -> bool:
        """Whether it was taken back, and not done again since; an undoing itself never is."""
        return not turns_of(self.change_id) and self.is_away

    @property
    def is_away(self) -> bool:
        """Whether the action it goes back to does not stand now: undoing does it again."""
        return is_undone(self.change_id, self.latest)


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """Which part of the log is asked for."""

    ticket_id: int | None = None
    """With what was merged into it; None is the whole desk."""
    agent_id: int | None = None
    groups: frozenset[ActivityGroup] = frozenset()
    """Empty for all."""
    since: datetime | None = None
    until: datetime | None = None

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of the groups, empty for all."""
        return tuple(kind for group in KINDS if group in self.groups for kind in KINDS[group])


@dataclass(frozen=True, slots=True)
class ActivityPage:
    """A part of the log, the newest first."""

    rows: tuple[ActivityRow, ...]
    next: int | None = None
    """Where the next page begins; None at the end. A page may be short, or empty, before it."""


@dataclass(frozen=True, slots=True)
class UndoPreview:
    """What taking back a change would do now."""

    change_id: str
    """What is given to undo."""
    at: datetime
    agent: str
    entries: tuple[ActivityRow, ...]
    """The changes that would be made, with before and after; not all of them for a large one."""
    done: tuple[ActivityRow, ...]
    """What was done, as the log has it; not all of it for a large one."""
    tickets: int = 0
    """How many tickets it would change."""
    kept: tuple[tuple[int, str], ...] = ()
    """(ticket id, field) changed since, that would be left alone."""
    skipped: tuple[tuple[int, str], ...] = ()
    """(ticket id, code why) that would be left wholly alone."""
    again: bool = False
    """It was undone already: this does it again."""


def root_of(change_id: str) -> str:
    """Return the action that a change, its undoing and its redoing go back to."""
    return change_id.partition(_MARK)[0]


def turns_of(change_id: str) -> int:
    """Return how often an action was undone and done again by this change; 0 is the action."""
    turns = change_id.partition(_MARK)[2]
    return int(turns) if turns.isdecimal() else 0


def following(change_id: str) -> str:
    """Return the id under which a change is taken back: there is one for each."""
    return f"{root_of(change_id)}{_MARK}{turns_of(change_id) + 1}"


def is_undone(change_id: str, latest: str) -> bool:
    """Tell whether an action does not stand any more, by the newest change of it."""
    return bool(change_id) and turns_of(latest) % 2 == 1


def family_of(change_id: str) -> tuple[str, str]:
    """Return the bounds between which the ids of all undoings of an action lie."""
    root = root_of(change_id)
    return f"{root}{_MARK}", f"{root}{_MARK}:"

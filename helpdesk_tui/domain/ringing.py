"""Which news an agent is told of, and when: by the agent's own rules, a burst as one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

VIP_TAG = "vip"
"""The tag of customers who come first."""
RINGING_KINDS = frozenset(
    {"message.received", "ticket.assigned", "ticket.woken", "note.added", "message.queued",
     "message.unscheduled"}
)  # fmt: skip
"""Activity that somebody may want to hear of."""
SETTLING = timedelta(seconds=1)
"""How long news is gathered before it rings: what comes together rings once."""
GAP = timedelta(seconds=10)
"""The least time between two rings; what comes meanwhile is told as one."""
OLD = timedelta(days=1)
"""Mail that arrived longer ago is history that is being fetched: nobody is told of it."""
MOST = 50
"""News counted in one ring; more is "many"."""


class Rule(StrEnum):
    """What an agent may want to hear of, the most personal first."""

    MENTIONS = "mentions"
    MINE = "mine"
    VIP = "vip"
    WATCHED = "watched"
    BACK = "back"
    UNASSIGNED = "unassigned"
    ALL = "all"


class Means(StrEnum):
    """How a terminal tells."""

    BELL = "bell"
    OSC9 = "osc9"
    OSC777 = "osc777"


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that happened to a ticket, as far as it matters to one agent."""

    kind: str
    """The kind of activity."""
    ticket_id: int
    by: int | None = None
    """The agent who did it; None for customers and the system."""
    assignee_id: int | None = None
    is_vip: bool = False
    is_watched: bool = False
    is_mentioned: bool = False
    is_author: bool = False
    """This agent wrote the scheduled reply that it is about."""
    who: str = ""
    """The customer. Text of strangers: cleaned before it is shown."""
    subject: str = ""


Fits = Callable[[Incident, int | None], bool]


def _has_arrived(one: Incident) -> bool:
    return one.kind == "message.received"


_FITS: Mapping[Rule, Fits] = {
    Rule.MENTIONS: lambda one, _me: one.kind == "note.added" and one.is_mentioned,
    Rule.MINE: lambda one, me: (
        me is not None
        and (one.is_author or one.assignee_id == me)
        and (_has_arrived(one) or one.kind == "ticket.assigned" or one.is_author)
    ),
    Rule.VIP: lambda one, _me: _has_arrived(one) and one.is_vip,
    Rule.WATCHED: lambda one, _me: (
        one.is_watched and one.kind in ("message.received", "note.added", "message.queued")
    ),
    Rule.BACK: lambda one, me: one.kind == "ticket.woken" and one.assignee_id in (None, me),
    Rule.UNASSIGNED: lambda one, _me: _has_arrived(one) and one.assignee_id is None,
    Rule.ALL: lambda one, _me: _has_arrived(one),
}


def rule_of(incident: Incident, rules: Collection[str], agent_id: int | None) -> Rule | None:
    """Return the first of an agent's rules that something falls under; own actions never do."""
    if incident.by is not None and incident.by == agent_id:
        return None
    for rule, fits in _FITS.items():
        if rule.value in rules and fits(incident, agent_id):
            return rule
    return None


def means_of(setting: object) -> tuple[Means, ...]:
    """Return how the setting ``bell+osc9`` tells; nothing for what is no such setting."""
    words = setting.split("+") if isinstance(setting, str) else []
    return tuple(means for means in Means if means.value in words)


@dataclass(frozen=True, slots=True)
class Ring:
    """What is told at once."""

    count: int
    """How many tickets it is about."""
    newest: Incident
    rule: Rule
    """Why: that of the newest."""
    names: tuple[str, ...] = ()
    """The customers, the newest first, each once."""


@dataclass(slots=True)
class Gathering:
    """News that wait to be told."""

    _waiting: list[tuple[Incident, Rule]] = field(default_factory=list)
    _since: datetime | None = None
    _rung: datetime | None = None

    def add(self, news: Iterable[tuple[Incident, Rule]], now: datetime) -> None:
        """Add what happened."""
        self._waiting.extend(news)
        del self._waiting[:-MOST]
        if self._waiting and self._since is None:
            self._since = now

    def due(self, now: datetime) -> Ring | None:
        """Return what shall ring now; it is forgotten then."""
        if self._since is None or _is_within(SETTLING, self._since, now):
            return None
        if self._rung is not None and _is_within(GAP, self._rung, now):
            return None
        found, self._waiting = self._waiting, []
        self._since, self._rung = None, now
        return _ring(found)


def _is_within(span: timedelta, since: datetime, now: datetime) -> bool:
    """Tell whether a span has not passed yet; a clock that was set back silences nobody."""
    return since <= now < since + span


def _ring(found: Sequence[tuple[Incident, Rule]]) -> Ring:
    newest, rule = found[-1]
    by_ticket = {one.ticket_id: one for one, _rule in found}
    names = dict.fromkeys(one.who for one, _rule in reversed(found) if one.who)
    return Ring(len(by_ticket), newest, rule, tuple(names))

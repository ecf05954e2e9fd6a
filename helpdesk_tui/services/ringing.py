"""What an agent is told of while the program is open."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from helpdesk_tui.db.reads.incidents import load_incidents
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.changes import Changes
from helpdesk_tui.domain.ringing import (
    RINGING_KINDS,
    Gathering,
    Incident,
    Means,
    Ring,
    Rule,
    means_of,
    rule_of,
)
from helpdesk_tui.domain.setting.interface import (
    DEFAULT_NOTIFY,
    DEFAULT_RULES,
    NOTIFY,
    NOTIFY_RULES,
    QUIET_HOURS,
    hours_of,
)
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.settings import Settings


@dataclass(frozen=True, slots=True)
class Told:
    """Something to tell, and how."""

    ring: Ring
    means: tuple[Means, ...]


class Ringing:
    """Follows the change feed by the agent's rules; blocks, for the thread that watches."""

    def __init__(
        self, store: Store, actor: Actor, *, now: Clock = utc_now, zone: str = "UTC"
    ) -> None:
        self._store = store
        self._actor = actor
        self._now = now
        self._settings = Settings(store, actor)
        self._zone = _zone(zone)
        self._gathering = Gathering()

    def saw(self, changes: Changes) -> None:
        """Take note of what happened, as far as this agent wants to hear of it."""
        if not changes.kinds & RINGING_KINDS:
            return
        wanted = self._settings.chosen((NOTIFY, NOTIFY_RULES, QUIET_HOURS))
        if not means_of(wanted.get(NOTIFY, DEFAULT_NOTIFY)):
            return
        hours = hours_of(wanted.get(QUIET_HOURS))
        if hours is not None and hours.covers(self._now(), self._zone):
            return
        rules = wanted.get(NOTIFY_RULES, DEFAULT_RULES)
        self._gathering.add(self._news(changes, rules), self._now())

    def _news(self, changes: Changes, rules: object) -> list[tuple[Incident, Rule]]:
        agent = self._actor.agent_id
        names = {str(rule) for rule in rules} if isinstance(rules, list | tuple) else set()
        with self._store.read() as connection:
            found = load_incidents(connection, changes.first_id, changes.last_id, agent)
        ruled = ((one, rule_of(one, names, agent)) for one in found)
        return [(one, rule) for one, rule in ruled if rule is not None]

    def due(self) -> Told | None:
        """Return what is to be told now, if anything; cheap while there is nothing."""
        ring = self._gathering.due(self._now())
        if ring is None:
            return None
        means = means_of(self._settings.get(NOTIFY, DEFAULT_NOTIFY))
        return Told(ring, means) if means else None


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")

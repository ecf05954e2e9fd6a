"""Presence: agents see each other and the visitors of chats, without a server."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from secrets import token_hex

from helpdesk_tui.db.live import LiveRow, LiveStore, VisitorLive
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import Actor
from helpdesk_tui.domain.presence import PresenceState, Present, VisitorNow
from helpdesk_tui.domain.text import clean
from helpdesk_tui.domain.times import from_us, to_us
from helpdesk_tui.services.clock import Clock, utc_now

BEAT = timedelta(seconds=5)
"""How often others are told anew that this agent is still here."""
STILL_HERE = timedelta(minutes=1)
"""How often an agent who is alone tells the worker: it asks providers more often meanwhile."""
_LOOK_ANYWAY = timedelta(seconds=3)
"""After so long those are looked for who went without a word."""
TYPING_COUNTS = timedelta(seconds=35)
"""How long the word counts that a visitor types, if nobody takes it back: the relay does, within
seconds; whoever asks it asks again after at most 25 s."""
_SAY_ANEW = timedelta(seconds=20)
"""How often it is said anew of a visitor that nothing has changed."""
_RANK = {state: rank for rank, state in enumerate(PresenceState)}


class Presence:
    """Tells where this agent is and sees the others.

    :meth:`look` is called a few times a second: it says where this agent is when that changed, and
    every few seconds while others are here. Alone, it writes once a minute and reads hardly at all.

    Every call blocks, for a moment at most, and none fails: without the live database nobody is
    seen.
    """

    def __init__(self, store: Store, actor: Actor, *, now: Clock = utc_now) -> None:
        self._actor = actor
        self._now = now
        self._session = token_hex(8)
        self._live = LiveStore(store.paths.live, read_only=store.read_only)
        self._told: tuple[int | None, PresenceState] | None = None
        self._told_at: datetime | None = None
        self._version = -1
        self._since = now()
        self._company: list[Present] = []
        self._seen_at: datetime | None = None

    def beat(self, ticket_id: int | None, typing: bool = False, *, idle: bool = False) -> None:
        """Say that this agent is here: on a ticket or (None) in a list."""
        self._tell(ticket_id, _state_of(ticket_id, typing=typing, idle=idle))

    def _tell(self, ticket_id: int | None, state: PresenceState) -> None:
        agent_id = self._actor.agent_id
        if agent_id is None:
            return
        now = self._now()
        self._told, self._told_at = (ticket_id, state), now
        self._live.beat(
            self._session, (agent_id, self._actor.name), ticket_id, state.value, to_us(now)
        )

    def look(
        self,
        ticket_id: int | None,
        *,
        typing: bool = False,
        idle: bool = False,
        to_visitor: bool = False,
    ) -> list[Present]:
        """Say where this agent is if anybody has to hear it, and return everybody who is here.

        Args:
            ticket_id: Where this agent is; None: in a list.
            typing: A text is being written there.
            idle: No key was pressed for long.
            to_visitor: What is typed is shown to somebody outside, who hears of it from the worker.
        """
        now, version = self._now(), self._live.version()
        is_old = self._seen_at is None or now - self._seen_at >= _LOOK_ANYWAY
        if version != self._version or is_old:
            self._version, self._seen_at = version, now
            me = self._actor.agent_id
            self._company = [one for one in self.team() if one.agent_id != me]
        where = ticket_id, _state_of(ticket_id, typing=typing, idle=idle)
        if self._told is None or self._told[0] != ticket_id:
            self._since = now
        is_due = self._told_at is None or now - self._told_at >= BEAT
        is_late = self._told_at is None or now - self._told_at >= STILL_HERE
        is_awaited = bool(self._company) or (to_visitor and typing)
        if self._told != where or is_late or (is_due and is_awaited):
            self._tell(*where)
        if self._actor.agent_id is None:
            return self._company
        myself = Present(self._actor.agent_id, self._actor.name, where[1], ticket_id, self._since)
        return sorted([*self._company, myself], key=lambda present: present.agent)

    def others(self, ticket_id: int) -> list[Present]:
        """Return the other agents on a ticket, whoever types first."""
        return [
            present
            for present in self._present(ticket_id)
            if present.agent_id != self._actor.agent_id
        ]

    def team(self) -> list[Present]:
        """Return everybody who is here, this agent included, each once."""
        return sorted(self._present(None), key=lambda present: present.agent)

    def is_anybody_here(self) -> bool:
        """Tell whether any agent's session runs."""
        return self._live.has_beat_since(to_us(self._now() - 2 * STILL_HERE))

    def leave(self) -> None:
        """Say goodbye."""
        self._live.leave(self._session)

    def close(self) -> None:
        """Say goodbye and close the live database."""
        self.leave()
        self._live.close()

    def _rows(self) -> list[LiveRow]:
        return self._live.present(to_us(self._now()))

    def _present(self, ticket_id: int | None) -> list[Present]:
        """Return agents on a ticket (or anywhere), each with the most telling of its sessions."""
        best: dict[int, Present] = {}
        for row in self._rows():
            found = _read(row)
            if found is None or ticket_id not in (None, found.ticket_id):
                continue
            agent_id = found.agent_id
            known = best.get(agent_id)
            if known is None or _RANK[found.state] < _RANK[known.state]:
                best[agent_id] = found
        return sorted(best.values(), key=lambda present: (_RANK[present.state], present.since))


def _read(row: LiveRow) -> Present | None:
    """Return a row as a value; None for one that no program of ours would write.

    Everybody who shares the store can write the file.
    """
    agent_id, agent, where, state, since = row
    try:
        found = Present(agent_id, clean(agent), PresenceState(state), where, from_us(since))
    except (ValueError, TypeError, AttributeError, OverflowError):
        return None
    return found if isinstance(agent_id, int) and isinstance(where, int | None) else None


def _state_of(ticket_id: int | None, *, typing: bool, idle: bool) -> PresenceState:
    if idle and not typing:
        return PresenceState.IDLE
    if ticket_id is None:
        return PresenceState.HERE
    return PresenceState.TYPING if typing else PresenceState.VIEWING


class Visitors:
    """Which visitors of running chats are there, and who of them types.

    The worker tells it, whenever the relay has answered; screens look, a few times a second, which
    costs next to nothing while nobody tells anything new. Both block for a moment at most and never
    fail. What was told counts for about a minute: without word from the relay nobody is seen.
    """

    def __init__(self, store: Store, *, now: Clock = utc_now) -> None:
        self._live = LiveStore(store.paths.live, read_only=store.read_only)
        self._now = now
        self._told: dict[int, tuple[VisitorNow, datetime]] = {}
        self._version = -1
        self._seen: dict[int, VisitorNow] = {}
        self._seen_at: datetime | None = None

    def tell(self, visitors: Mapping[int, VisitorNow]) -> None:
        """Say of tickets how their visitors are now; what is known already is written seldom."""
        now = self._now()
        rows: list[VisitorLive] = []
        for ticket_id, visitor in visitors.items():
            known = self._told.get(ticket_id)
            if known is None or known[0] != visitor or now - known[1] >= _SAY_ANEW:
                until = to_us(now + TYPING_COUNTS) if visitor.typing else 0
                rows.append((ticket_id, int(visitor.online), until))
                self._told[ticket_id] = visitor, now
        self._live.tell_visitors(rows, to_us(now))

    def forget(self, ticket_id: int) -> None:
        """Say that a chat has ended: its visitor is no longer spoken of."""
        if self._told.pop(ticket_id, None) is not None:
            self._live.tell_visitors([(ticket_id, 0, 0)], to_us(self._now()))

    def look(self, ticket_id: int | None = None) -> Mapping[int, VisitorNow]:
        """Return who is there, away or typing by the last word of them, by ticket.

        Of one ticket it is at most that one; a ticket that nobody spoke of lately is not named.

        The same object again means that nothing has changed.
        """
        now, version = self._now(), self._live.version()
        is_old = self._seen_at is None or now - self._seen_at >= _LOOK_ANYWAY
        if version != self._version or (is_old and self._seen) or version < 0:
            self._version, self._seen_at = version, now
            seen = _visitors(self._live.visitors(to_us(now)), to_us(now))
            if seen != self._seen:
                self._seen = seen
        if ticket_id is None:
            return self._seen
        return {ticket_id: self._seen[ticket_id]} if ticket_id in self._seen else {}

    def close(self) -> None:
        """Close the live database."""
        self._live.close()


def _visitors(rows: list[VisitorLive], now: int) -> dict[int, VisitorNow]:
    """Return rows as values, without those that no program of ours would write."""
    found = {}
    for ticket_id, online, until in rows:
        if isinstance(ticket_id, int) and isinstance(until, int):
            found[ticket_id] = VisitorNow(online == 1, typing=online == 1 and until > now)
    return found

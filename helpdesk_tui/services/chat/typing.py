"""Who of the agents types in which ticket: what the worker passes on to visitors of chats."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk_tui.db.live import LiveStore
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.presence import PresenceState
from helpdesk_tui.domain.times import span_us, to_us
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.services.presence import BEAT


class Typing:
    """Looks who types; next to free while nobody's place has changed, and it never fails."""

    def __init__(self, store: Store, *, now: Clock = utc_now) -> None:
        self._live = LiveStore(store.paths.live, read_only=store.read_only)
        self._now = now
        self._version = -1
        self._looked_at = 0
        self._found: Mapping[int, int] = {}

    def look(self) -> Mapping[int, int]:
        """Return the agent who types, by ticket; of several the one who came there first."""
        now, version = to_us(self._now()), self._live.version()
        # who went without a word is found out in time too
        is_old = bool(self._found) and now - self._looked_at >= span_us(BEAT)
        if version != self._version or is_old or version < 0:
            self._version, self._looked_at = version, now
            self._found = {
                ticket_id: agent_id
                for agent_id, _, ticket_id, state, _ in reversed(self._live.present(now))
                if state == PresenceState.TYPING.value and isinstance(ticket_id, int)
            }
        return self._found

    def close(self) -> None:
        """Close the live database."""
        self._live.close()

"""The threads that carry out changes of orders and subscriptions, one for each source with any.

A source that does not answer keeps nobody waiting but those who want something changed there.
"""

from __future__ import annotations

from helpdesk_tui.db.commerce.action_steps import sources_at_work
from helpdesk_tui.db.store import Store
from helpdesk_tui.services.clock import Clock, utc_now
from helpdesk_tui.sync.commerce.acting import Acting
from helpdesk_tui.sync.commerce.opened import Connect, OpenedSource, Secret, connect_acting
from helpdesk_tui.sync.commerce.per_source import IDLE_FOR, PerSourceLoop
from helpdesk_tui.sync.loop import Loop


class SourceActions(Loop):
    """The thread of one source."""

    def __init__(
        self,
        store: Store,
        owner: str,
        source_id: int,
        opened: OpenedSource,
        *,
        now: Clock = utc_now,
    ) -> None:
        super().__init__(f"actions {source_id}")
        self._acting = Acting(
            store, owner, source_id, opened, is_stopping=self.stopping.is_set, now=now
        )

    def step(self) -> float:
        """Do what is due; return the seconds until the next look."""
        wait = self._acting.round()
        return IDLE_FOR if wait is None else min(wait, IDLE_FOR)

    def interrupt(self) -> None:
        """End what waits for an answer."""
        self._acting.close()

    def finish(self) -> None:
        """Close what the thread has opened."""
        self._acting.close()
        self._acting.finish()


class ActionLoop(PerSourceLoop[SourceActions]):
    """Looks at which sources something is to be changed, and has a thread for each of them."""

    def __init__(
        self,
        store: Store,
        owner: str,
        secret: Secret,
        *,
        connect: Connect = connect_acting,
        now: Clock = utc_now,
    ) -> None:
        super().__init__("actions", store, secret, connect)
        self._owner = owner
        self._now = now

    def step(self) -> float:
        """Wake those who have something to do."""
        for source_id in self._at_work():
            self.thread_of(source_id).wake()
        return IDLE_FOR

    def once(self) -> None:
        """Do what is due at every source, in the caller's thread."""
        for source_id in self._at_work():
            acting = self.made(source_id)
            try:
                acting.step()
            finally:
                acting.finish()

    def made(self, source_id: int) -> SourceActions:
        """Return the changes at a source, not begun."""
        opened = self.opened(source_id)
        return SourceActions(self._store, self._owner, source_id, opened, now=self._now)

    def _at_work(self) -> tuple[int, ...]:
        with self._store.read() as connection:
            return sources_at_work(connection)

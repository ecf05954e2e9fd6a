"""The thread that hears which customers agents look at, and has what is not fresh fetched.

Agents' programs write into the live database whom they look at, beside the store, so that looking
costs no commit. Each connected source has threads of its own: a slow one delays no other.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from helpdesk_tui.db.commerce.group import load_group
from helpdesk_tui.db.live import LiveStore
from helpdesk_tui.db.store import Store
from helpdesk_tui.domain.actor import SYSTEM
from helpdesk_tui.domain.commerce.connected import ConnectedSource
from helpdesk_tui.domain.commerce.facts import Section
from helpdesk_tui.domain.commerce.identities import Identities
from helpdesk_tui.domain.commerce.wants import BESIDE, REFRESH
from helpdesk_tui.domain.errors import HelpdeskError
from helpdesk_tui.domain.times import to_us
from helpdesk_tui.services.clock import utc_now
from helpdesk_tui.services.commerce.matching import Due, due_of, identities_of
from helpdesk_tui.services.commerce.sources import Sources, key_of
from helpdesk_tui.services.commerce.storing import ContextStore
from helpdesk_tui.sync.commerce.answers import AT_ONCE, Answers
from helpdesk_tui.sync.commerce.errands import Errand
from helpdesk_tui.sync.commerce.fetching import Fetching
from helpdesk_tui.sync.commerce.opened import Secret
from helpdesk_tui.sync.loop import Loop
from helpdesk_tui.sync.pacing import Paces
from helpdesk_tui.sync.providers.registry import connect
from helpdesk_tui.sync.providers.source import Source

log = logging.getLogger(__name__)

_LOOK_EVERY = 0.05
_LOOK_AT_WORK = 0.01
_AT_WORK = 60.0
"""Seconds after somebody was wanted in which the next one is soon: agents are at work."""
_SOURCES_EVERY = 1.0
_SECRETS_EVERY = 15.0
_NONE_CONNECTED = 60.0
_END_WITHIN = 0.5
LOOKED_FOR = 180.0
"""Seconds after which nobody waits any more for what was wanted when they looked."""


def stored_secrets(root: Path) -> Secret:
    """Return what gives the secrets of a store's sources."""
    return partial(key_of, root)


class ContextLoop(Loop):
    """Fetches customer context as it is wanted."""

    def __init__(self, store: Store, secret: Secret) -> None:
        super().__init__("customers")
        self._store = store
        self._secret = secret
        self._sources = Sources(store, SYSTEM)
        self._kept = ContextStore(store)
        self._live = LiveStore(store.paths.live)
        self._fetching: dict[int, Fetching] = {}
        self._answers = Answers(store)
        self._seen = -2
        self._at_work_until = 0.0
        self._look_at_sources = 0.0
        self._look_at_words = 0.0
        self._secret_at: dict[int, float] = {}
        """When the secret of a source that cannot be asked is looked at next."""

    def store_changed(self) -> None:
        """A source may have been connected, or somebody have written."""
        self._answers.hear()
        if not self._fetching:
            self.wake()

    def step(self) -> float:
        """Take up what is wanted; return the seconds until the next look."""
        now = time.monotonic()
        is_time = now >= self._look_at_sources
        if is_time:
            self._look_at_sources = now + _SOURCES_EVERY
            self._refresh()
        if not self._fetching:
            return _NONE_CONNECTED if is_time else self._look_at_sources - now
        version = self._live.version()
        if version != self._seen:
            self._seen = version
            self._take_up()
        if now >= self._look_at_words:
            self._look_at_words = now + _LOOK_EVERY
            self._look_for_campaigns()
        return _LOOK_AT_WORK if now < self._at_work_until else _LOOK_EVERY

    def is_idle(self) -> bool:
        """Tell whether nothing is being fetched."""
        return all(each.is_idle() for each in self._fetching.values())

    def finish(self) -> None:
        """End the threads of all sources."""
        for each in self._fetching.values():
            each.close()
        for each in self._fetching.values():
            if not each.join(_END_WITHIN):
                log.warning("source %s did not end in time", each.connected.name)
        self._live.close()

    def _take_up(self) -> None:
        now, clock = to_us(utc_now()), time.monotonic()
        wanted = self._live.take_wanted(now)
        if wanted:
            self._at_work_until = clock + _AT_WORK
        for profile, rank, since in wanted:
            looked_at = clock - max(0, now - since) / 1e6
            with self._store.read() as connection:
                due = due_of(
                    connection, profile, max(rank, 0), utc_now(), is_forced=rank == REFRESH
                )
            until = looked_at + LOOKED_FOR if rank != REFRESH else float("inf")
            self._put(due, rank, looked_at, until)

    def _look_for_campaigns(self) -> None:
        """Have events fetched of whoever wrote where campaigns are sent, opened or not."""
        those = [
            each for each in self._fetching.values()
            if Section.EVENTS in each.connected.spec.sections and not each.is_shut
        ]  # fmt: skip
        # the store keeps what is to be asked for: those who are looked at need not wait behind it
        if all(each.waiting < AT_ONCE for each in those):
            self._put(
                self._answers.due([each.connected.id for each in those]), BESIDE, time.monotonic()
            )

    def _put(
        self, due: Iterable[Due], rank: int, looked_at: float, until: float = float("inf")
    ) -> None:
        for each in due:
            if (fetching := self._fetching.get(each.source.id)) is not None:
                fetching.put(
                    Errand(
                        each.profile_id, each.match, each.sections, rank,
                        looked_at=looked_at, until=until,
                    )
                )  # fmt: skip

    def _refresh(self) -> None:
        """Have threads for those sources that are connected just now, as they are."""
        enabled = {each.id: each for each in self._sources.enabled()}
        for source_id, fetching in list(self._fetching.items()):
            now = enabled.get(source_id)
            # somebody who tried it out has noted that it works again
            is_well = fetching.is_shut and now is not None and not now.error_code
            if not _is_same(now, fetching.connected) or is_well or self._has_new_secret(fetching):
                fetching.close()
                del self._fetching[source_id]
        for each in enabled.values():
            if each.id not in self._fetching:
                self._begin(each)

    def _begin(self, connected: ConnectedSource) -> None:
        now = time.monotonic()
        if now < self._secret_at.get(connected.id, now):
            return
        try:
            secret = self._secret(connected)
        except HelpdeskError as error:
            # finding a secret may run a command: not at every commit
            self._secret_at[connected.id] = now + _SECRETS_EVERY
            if connected.error_code != error.code:
                self._sources.trouble(connected.id, error.code, error.values)
            return
        self._fetching[connected.id] = Fetching(
            connected,
            secret,
            store=self._kept,
            sources=self._sources,
            identities=self._identities,
            opened=self._opened,
        )

    def _has_new_secret(self, fetching: Fetching) -> bool:
        """Tell whether a source that is shut may be tried with another secret."""
        now = time.monotonic()
        if not fetching.is_shut or now < self._secret_at.get(fetching.connected.id, 0.0):
            return False
        self._secret_at[fetching.connected.id] = now + _SECRETS_EVERY
        try:
            is_new = self._secret(fetching.connected) != fetching.secret
        except HelpdeskError:
            return False
        if is_new:
            del self._secret_at[fetching.connected.id]
        return is_new

    def _opened(self, connected: ConnectedSource, secret: str, paces: Paces) -> Source:
        return connect(connected, secret, paces=paces, store=self._store)

    def _identities(self, profile: int) -> Identities:
        with self._store.read() as connection:
            return identities_of(connection, load_group(connection, profile))


def _is_same(now: ConnectedSource | None, before: ConnectedSource) -> bool:
    return now is not None and (now.name, now.kind, now.settings) == (
        before.name, before.kind, before.settings,
    )  # fmt: skip

"""One running relay: its store, limits, sites, and who waits; routes find it at their app."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from dataclasses import dataclass, field

from starlette.requests import Request

from helpdesk_tui.relay.config import Rate, RelayConfig
from helpdesk_tui.relay.hub import Hub
from helpdesk_tui.relay.limits import Limits
from helpdesk_tui.relay.presence import Patience, Presence
from helpdesk_tui.relay.sites import Sites, is_news
from helpdesk_tui.relay.store.box import all_sites
from helpdesk_tui.relay.store.chats import all_running
from helpdesk_tui.relay.store.cleaning import clean_up, sweep
from helpdesk_tui.relay.store.store import Store
from helpdesk_tui.relay.values import Outcome

_CLEANING_SECONDS = 600.0
_FLUSH_SECONDS = 1.0

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Relay:
    """All that the routes share."""

    store: Store
    config: RelayConfig
    patience: Patience = field(default_factory=Patience)
    sites: Sites = field(init=False)
    hub: Hub = field(init=False)
    limits: Limits = field(init=False)
    presence: Presence = field(init=False)
    closing: asyncio.Event = field(init=False)
    """Set when the program is told to stop: streams end, so that the rest can."""
    held: int = field(init=False, default=0)
    """Bytes of large webhooks that are coming in."""
    _tasks: list[asyncio.Task[None]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        """Put the parts together."""
        self.sites = Sites(self.config.file_limit)
        self.hub = Hub()
        self.limits = Limits(self.store, pepper=self.config.token)
        self.presence = Presence(self.store, self.patience, self.hub.wake_box)
        self.closing = asyncio.Event()

    async def start(self) -> None:
        """Read what the store knows and begin to keep house."""
        self.store.listen(self._heard)
        for site in await self.store.read(all_sites):
            self.sites.put(site)
        self.presence.start(await self.store.read(all_running))
        await sweep(self.store)
        loop = asyncio.get_running_loop()
        self._tasks += [
            loop.create_task(each) for each in (self._clean(), self._flush(), self._close())
        ]

    async def stop(self) -> None:
        """End everything that waits."""
        self.closing.set()
        self.hub.end()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.presence.stop()
        self.limits.flush()

    async def check_session(self, action: str, session: bytes, rate: Rate) -> None:
        """Count one of what a session does.

        Raises:
            Refused: 429.
        """
        await self.limits.check((self.limits.session_key(action, session.hex()), rate))

    async def check_address(self, action: str, request: Request, rate: Rate) -> None:
        """Count one of what an address does.

        Raises:
            Refused: 429.
        """
        address = str(getattr(request.state, "address", ""))
        await self.limits.check((self.limits.address_key(action, address), rate))

    def _heard(self, outcome: Outcome) -> None:
        for site in outcome.sites.values():
            if is_news(self.sites.site(site.id), site, self.store.now):
                self.hub.tell_site(site.id)
            self.sites.put(site)
        self.presence.heard(outcome)
        self.hub.heard(outcome)

    async def _close(self) -> None:
        await self.closing.wait()
        self.hub.end()

    async def _flush(self) -> None:
        while True:
            await asyncio.sleep(_FLUSH_SECONDS)
            self.limits.flush()

    async def _clean(self) -> None:
        while True:
            try:
                await clean_up(self.store)
            except (sqlite3.Error, OSError) as error:
                log.warning("housekeeping: %s", error)
            await asyncio.sleep(_CLEANING_SECONDS)


def relay_of(request: Request) -> Relay:
    """Return the relay that a request came to."""
    found: Relay = request.app.state.relay
    return found


def number(request: Request, name: str, *, otherwise: int = 0, most: int = 2**63 - 1) -> int:
    """Return a whole number of the query; nonsense counts as absent."""
    found = whole(request.query_params.get(name, ""))
    return otherwise if found is None else min(found, most)


def whole(word: str) -> int | None:
    """Return a whole number that the store can hold, or None if it is none."""
    if not (word.isascii() and word.isdigit() and len(word) < 20):
        return None
    return min(int(word), 2**63 - 1)
